"""What every page stands in: who asks, one transaction, one permission, one answer.

    turn ── transaction ── who asks ── permission ── (a deed: token of the form) ── the function
         ── commit ── the answer is sent

- The transaction is committed before the answer leaves, and undone by any error.
- A refusal is entered in the audit in a transaction of its own (PR-01, PR-04).
- Whoever is not signed in is sent to sign in, and comes back to where they wanted to go.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, cast
from urllib.parse import quote, urlencode

from anyio.to_thread import run_sync
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from didban.errors import (
    Conflict,
    DidbanError,
    InvalidFields,
    InvalidInput,
    LimitReached,
    NotAuthenticated,
    NotPermitted,
)
from didban.guard import access, credentials, refusals
from didban.web import look as looks
from didban.web.desk import PREFIX, SAID, SPEAK, TOKEN, Desk, Go, Page, Sent, set_cookie
from didban.web.errors import STATUS, status_of
from didban.web.forms import Attached, Form
from didban.web.guarding import POLICY
from didban.web.i18n import N_
from didban.web.i18n.speech import Speech
from didban.web.rendering import drawn

if TYPE_CHECKING:
    from collections.abc import Callable

    import anyio
    from starlette.requests import Request

    from didban.model.actors import Actor
    from didban.serving.services import Services
    from didban.store.database import Transaction
    from didban.web.desk import View


_MENDED: Final = (InvalidInput, Conflict, NotPermitted, NotAuthenticated, LimitReached)
"""Errors that are mended where they were made: the page of the deed is shown again."""


async def answer(view: View, request: Request) -> Response:
    """Answer a request as its view says."""
    form = await _form_of(request) if view.method == "POST" else Form()
    services = cast("Services", request.app.state.services)
    async with cast("anyio.CapacityLimiter", request.app.state.turns):
        return await run_sync(_answered, view, request, services, form)


async def _form_of(request: Request) -> Form:
    form = Form()
    async with request.form(max_files=20, max_fields=500) as sent:
        for name, value in sent.multi_items():
            if isinstance(value, UploadFile):
                content = await value.read()
                if content:  # a field of files that was left empty sends one without content
                    form.files[name] = Attached(
                        name=value.filename or "",
                        media_type=value.content_type or "application/octet-stream",
                        content=content,
                    )
            else:
                form.sent.setdefault(name, []).append(value)
    return form


def _answered(view: View, request: Request, services: Services, form: Form) -> Response:
    desk = desk_of(request, services, form)
    try:
        reply = _in_transaction(view, view.function, desk)
    except DidbanError as error:
        if isinstance(error, NotAuthenticated) and view.permission is not None:
            return _to_the_door(desk)
        reply = _not_done(view, desk, error)
    return respond(desk, reply)


def desk_of(request: Request, services: Services, form: Form) -> Desk:
    """Return the desk of a request, before anything is known of who sits there."""
    cookie = request.cookies.get(looks.COOKIE, "")
    look = looks.read(cookie, request.headers.get("accept-language", ""))
    spoken = (form.sent.pop(SPEAK, None) or [""])[-1]
    if spoken in looks.CHOICES["language"]:
        look = replace(look, language=spoken)
    speech = Speech(look=look, zone=services.settings.desk.time_zone)
    desk = Desk(request=request, services=services, look=look, speech=speech, form=form)
    if spoken:
        desk.look_as(look)
    return desk


def _in_transaction(
    view: View, function: Callable[..., Page | Go | Sent], desk: Desk
) -> Page | Go | Sent:
    """Do what a view does, or show its page, in a transaction. The page is made in it, too."""
    with desk.services.database.begin() as tx:
        desk._tx = tx  # noqa: SLF001 - the frame fills what it hands out
        if view.permission is not None:
            desk._who = credentials.actor_of(tx, desk.secret, desk.request.state.request_id)  # noqa: SLF001
            desk.request.state.actor = desk.who
            access.require(desk.who, view.permission)
        elif desk.secret:
            desk._who = _known(tx, desk)  # noqa: SLF001
        if view.method == "POST" and desk.fault is None:
            _require_token(desk)
        reply = function(desk, **desk.request.path_params)
        if isinstance(reply, Page):
            reply = _drawn(desk, reply)
        return reply


def _drawn(desk: Desk, page: Page) -> Sent:
    return Sent(content=drawn(desk, page), media_type="text/html", status=page.status)


def _known(tx: Transaction, desk: Desk) -> Actor | None:
    try:
        return credentials.actor_of(tx, desk.secret, desk.request.state.request_id)
    except NotAuthenticated:
        return None


def _require_token(desk: Desk) -> None:
    if desk._who is None:  # noqa: SLF001 - before sign-in, the origin of the request guards it
        return
    given = (desk.form.sent.get(TOKEN) or [""])[-1]
    if not desk.is_own(given):
        raise NotPermitted(
            N_("This form is of another session: load the page again."), "form_token"
        )


def _to_the_door(desk: Desk) -> Response:
    path = desk.request.url.path
    back = {"next": path} if desk.request.method == "GET" else {}
    if "HX-Request" in desk.request.headers:  # else a script puts the door into a part of the page
        return Response(status_code=204, headers={"HX-Redirect": desk.url("session.door")})
    return respond(desk, Go("session.door", query=back))


def _not_done(view: View, desk: Desk, error: DidbanError) -> Page | Go | Sent:
    """Show the page of a deed again, with what is wrong; a page of errors where it has none."""
    actor = desk._who  # noqa: SLF001
    if actor is not None and isinstance(error, refusals.REFUSALS):
        with desk.services.database.begin() as tx:
            refusals.enter(tx, actor, error, asked=view.name)
    if view.again is None or not isinstance(error, _MENDED):
        raise error
    desk.fault = error
    if isinstance(error, InvalidFields):
        for name, fault in error.faults:
            desk.form.blame(name, fault)
    reply = _in_transaction(view, view.again, desk)
    if isinstance(reply, Sent):
        reply.status = status_of(error)
    return reply


def respond(desk: Desk, reply: Page | Go | Sent) -> Response:
    """Return what is sent for a reply, with its cookies."""
    response: Response
    if isinstance(reply, Go):
        response = _redirect(desk, reply)
    else:
        sent = reply if isinstance(reply, Sent) else _drawn(desk, reply)
        response = Response(sent.content, sent.status, media_type=sent.media_type)
        if sent.name:
            response.headers["Content-Disposition"] = f'attachment; filename="{sent.name}"'
        if sent.media_type == "text/html" and SAID in desk.request.cookies:
            response.delete_cookie(SAID, path=PREFIX)
        response.headers["Vary"] = "HX-Request, Cookie, Accept-Language"
    for do in desk._cookies:  # noqa: SLF001
        do(response)
    return response


def _redirect(desk: Desk, go: Go) -> Response:
    address = go.to if go.to.startswith("/") else desk.url(go.to, **go.path)
    query = f"?{urlencode(go.query)}" if go.query else ""
    anchor = f"#{go.anchor}" if go.anchor else ""
    response = RedirectResponse(address + query + anchor, 303)
    if go.said:
        set_cookie(desk, response, SAID, quote(go.said), seconds=60)
    return response


def our_error(request: Request, error: Exception) -> Response:
    """Answer with the page that says what is wrong and what to do."""
    assert isinstance(error, DidbanError)  # noqa: S101 - it is registered for nothing else
    return error_page(request, status_of(error), error)


def http_error(request: Request, error: Exception) -> Response:
    """Answer what the framework refused: no such path or method, or too long a body."""
    assert isinstance(error, HTTPException)  # noqa: S101 - it is registered for nothing else
    return error_page(request, error.status_code)


def failed(request: Request) -> Response:
    """Answer what is our fault; it tells nothing but the number of the request.

    It is made outside of what gives every page its policy, and so bears it by itself.
    """
    page = error_page(request, 500)
    page.headers["Content-Security-Policy"] = POLICY
    return page


def error_page(request: Request, status: int, error: DidbanError | None = None) -> Response:
    """Return the page of an error; what broke here is not told."""
    if "app" not in request.scope:
        return PlainTextResponse("something failed on this node", status)
    desk = desk_of(request, request.app.state.services, Form())
    desk._who = getattr(request.state, "actor", None)  # noqa: SLF001
    told = error if status != STATUS[DidbanError] else None
    return respond(desk, Page("pages/error.html", status=status, part="main", error=told))


HANDLERS: Final = {DidbanError: our_error, HTTPException: http_error}
