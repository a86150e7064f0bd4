"""Requests of persons about their data: from the letter that comes to the letter that goes (4.7)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from didban.errors import InvalidInput
from didban.guard import subject_requests as requests
from didban.guard.subject_requests import MAX_ASKS
from didban.model.permissions import Permission
from didban.model.subject_requests import (
    LANGUAGES,
    OPEN,
    REQUEST,
    DataSubject,
    Proof,
    RequestEvent,
    RequestKind,
    RequestState,
    SubjectRequest,
    deadlines,
    letter,
)
from didban.web.desk import Go, Page, Room, Sent
from didban.web.i18n import N_
from didban.web.paging import ROWS, moment, paged_by_time

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from didban.web.desk import Desk

room = Room("subject_requests")

_HANDLE: Final = Permission.RIGHTS_REQUEST_HANDLE
_NAMED: Final = {"en": "English", "fa": "فارسی", "ar": "العربية", "ru": "Русский"}
_STEPS: Final[Mapping[RequestEvent, Callable[..., SubjectRequest]]] = {
    RequestEvent.SCOPE: requests.scope,
    RequestEvent.CONSULT: requests.consult,
    RequestEvent.LAPSE: requests.lapse,
    RequestEvent.APPEAL: requests.appeal,
    RequestEvent.CONSULT_AGAIN: requests.consult_again,
    RequestEvent.CLOSE: requests.close,
}
"""Steps that need nothing more to be said."""


@room.page("/subject-requests", _HANDLE)
def listed(desk: Desk) -> Page:
    """Show the open requests, or those of one state, the oldest first."""
    state = desk.asked("state")
    chosen = RequestState(state) if state in set(RequestState) else None
    found = requests.listed(
        desk.tx,
        desk.who,
        states=(chosen,) if chosen else OPEN,
        after=moment(desk),
        limit=ROWS + 1,
    )
    rows, more = paged_by_time(desk, [(one.received_at, one.id, one) for one in found])
    return Page(
        "pages/subject_requests/listed.html",
        rows=[(one, next_deadline(one)) for one in rows],
        states=list(RequestState),
        chosen=chosen,
        more=more,
    )


def next_deadline(request: SubjectRequest) -> tuple[str, datetime] | None:
    """Return the clock of a request that ends first, and when."""
    running = deadlines(request)
    return min(running.items(), key=lambda item: item[1]) if running else None


@room.page("/subject-requests/new", _HANDLE)
def new(desk: Desk) -> Page:
    """Show the form on which a request is entered."""
    kinds = [(one.value, desk.speech.term(one)) for one in RequestKind]
    languages = [(one, _NAMED[one]) for one in LANGUAGES]
    return Page("pages/subject_requests/new.html", kinds=kinds, languages=languages)


@room.deed("/subject-requests", _HANDLE, again=new)
def receive(desk: Desk) -> Go:
    """Enter a request that came; its clocks run from now."""
    form = desk.form
    kind = form.one_of("kind", RequestKind)
    names, contact = form.lines("names"), form.text("contact", needed=True, most=500)
    if not names:
        form.blame("names", N_("Fill this in."))
    language = form.text("language")
    if language not in LANGUAGES:
        form.blame("language", N_("Choose one of the answers."))
    asks = form.text("asks", most=MAX_ASKS)
    form.require()
    assert kind is not None  # noqa: S101 - `require` has seen to it
    subject = DataSubject(
        names=names,
        contact=contact,
        birth_date=form.text("birth_date", most=40),
        nationalities=form.lines("nationalities"),
        documents=form.lines("documents"),
    )
    made = requests.receive(desk.tx, desk.who, subject, kind=kind, asks=asks, language=language)
    said = N_("The request is entered. Its deadlines run from now.")
    return Go("subject_requests.one", path={"request": made.id}, said=said)


@room.page("/subject-requests/{request}", _HANDLE)
def one(desk: Desk, request: str) -> Page:
    """Show a request: the person, the deadlines, what the owners said, and the next step."""
    found, asked = requests.view(desk.tx, desk.who, request)
    return Page(
        "pages/subject_requests/one.html",
        request=found,
        consultations=asked,
        deadlines=deadlines(found),
        events=sorted(REQUEST.events(found.state)),
        steps=[event for event in _STEPS if event in REQUEST.events(found.state)],
        proofs=[(each.value, desk.speech.term(each)) for each in Proof],
        language=_NAMED.get(found.language, found.language),
    )


def _back(request: str, said: str) -> Go:
    return Go("subject_requests.one", path={"request": request}, said=said)


@room.deed("/subject-requests/{request}/acknowledgement", _HANDLE, again=one)
def acknowledge(desk: Desk, request: str) -> Go:
    """Note that the person was told that the request came."""
    requests.acknowledge(desk.tx, desk.who, request)
    return _back(request, N_("It is noted that the person was told."))


@room.deed("/subject-requests/{request}/proof", _HANDLE, again=one)
def prove(desk: Desk, request: str) -> Go:
    """Note how the person proved who they are."""
    proof = desk.form.one_of("proof", Proof)
    desk.form.require()
    assert proof is not None  # noqa: S101 - `require` has seen to it
    terms = desk.services.settings.rights
    requests.prove_identity(desk.tx, desk.who, request, proof, terms)
    return _back(request, N_("The identity of the person is proven."))


@room.deed("/subject-requests/{request}/step", _HANDLE, again=one)
def step(desk: Desk, request: str) -> Go:
    """Ask all owners, go on when they have answered, note an appeal, or close."""
    event = desk.form.one_of("step", RequestEvent)
    desk.form.require()
    if event is None or event not in _STEPS:
        raise InvalidInput(N_("This step needs more to be said."))
    _STEPS[event](desk.tx, desk.who, request, desk.services.settings.rights)
    return _back(request, N_("The request has gone one step on."))


@room.deed("/subject-requests/{request}/notification", _HANDLE, again=one)
def notify(desk: Desk, request: str) -> Go:
    """Note that the answer leaves, and show its letter."""
    requests.notify(desk.tx, desk.who, request, desk.services.settings.rights)
    said = N_("It is noted that the answer leaves today. Print the letter.")
    return Go("subject_requests.letter_page", path={"request": request}, said=said)


@room.page("/subject-requests/{request}/letter", _HANDLE)
def letter_page(desk: Desk, request: str) -> Page:
    """Show the words of the answer in the language of the person, to be printed."""
    found, _asked = requests.view(desk.tx, desk.who, request)
    if found.answer is None:
        raise InvalidInput(N_("Nothing is decided yet: there is no letter."))
    return Page(
        "pages/subject_requests/letter.html",
        request=found,
        words=letter(found.answer, found.language),
        is_rtl=found.language in {"fa", "ar"},
    )


@room.deed("/subject-requests/{request}/enclosure", _HANDLE, again=one)
def enclosure(desk: Desk, request: str) -> Sent:
    """Send the records that the owners disclose; each is entered as exported."""
    disclosed: list[dict[str, Any]] = [
        each.entity.to_json() for each in requests.enclosure(desk.tx, desk.who, request)
    ]
    content = json.dumps(disclosed, ensure_ascii=False, indent=1).encode()
    return Sent(content=content, media_type="application/json", name=f"{request}.json")
