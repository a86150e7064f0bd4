"""The ASGI application of the pages, under `/desk`.

request ── envelope ── compression ── policy ── own origin ── body limit ── route ── frame (web.frame)
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Final

import anyio
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import RedirectResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from didban.errors import Unavailable
from didban.guard.sessions import Doorkeeper
from didban.serving.body_limit import BodyLimit
from didban.serving.envelope import Envelope
from didban.web import frame
from didban.web.desk import PREFIX
from didban.web.guarding import OwnOrigin, Policy
from didban.web.presenters.land import world
from didban.web.rendering import STATIC
from didban.web.views import ROOMS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import Scope

    from didban.serving.services import Services
    from didban.web.desk import View

__all__ = ["create", "views"]

_FETCHED: Final = "vendor/htmx.js"  # one of the files that tools/assets.py puts in place
_YEAR: Final = 31_536_000  # seconds
_DAY: Final = 86_400
_LEVEL: Final = 5  # of 9: half the time of the highest, and pages a twentieth larger


def create(services: Services) -> Starlette:
    """Return the application that shows pages from these parts. Opens nothing by itself.

    Raises ConfigError for a map of the node that cannot be drawn, Unavailable where the scripts and
    fonts of other projects are not in place.
    """
    if not (STATIC / _FETCHED).exists():
        raise Unavailable(
            f"the desk's scripts and fonts are not in place ({STATIC / _FETCHED}): where Didban runs"
            " from its sources, 'python tools/assets.py' fetches them; a wheel carries them"
        )
    if services.settings.desk.map_file is not None:
        world(services.settings.desk.map_file)
    app = Starlette(
        routes=[
            Route("/", _to_the_desk),
            Route(PREFIX, _to_the_desk),
            Mount(f"{PREFIX}/static", _Static(directory=STATIC), name="static"),
            *(_route(view) for view in views()),
        ],
        middleware=[
            Middleware(Envelope, failed=frame.failed),
            Middleware(GZipMiddleware, compresslevel=_LEVEL),
            Middleware(Policy),
            Middleware(OwnOrigin, hosts=services.hosts, refuse=frame.error_page),
            Middleware(BodyLimit, max_bytes=services.settings.serving.max_body_bytes),
        ],
        exception_handlers=dict(frame.HANDLERS),
    )
    app.state.services = services
    app.state.door = Doorkeeper(services.database, services.settings.access, services.secrets)
    app.state.turns = anyio.CapacityLimiter(services.turns)
    return app


def views() -> Iterator[View]:
    """Yield the pages and deeds of every room."""
    for room in ROOMS:
        yield from importlib.import_module(f"didban.web.views.{room}").room.views


def _route(view: View) -> Route:
    async def endpoint(request: Request) -> Response:
        request.state.room = view.name.partition(".")[0]
        return await frame.answer(view, request)

    return Route(view.path, endpoint, methods=[view.method], name=view.name)


async def _to_the_desk(request: Request) -> Response:
    return RedirectResponse(request.app.url_path_for("home.mine"), 303)


class _Static(StaticFiles):
    """Files that a browser may keep: for good where the address tells their content."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file."""
        response = await super().get_response(path, scope)
        keep = f"max-age={_YEAR}, immutable" if scope["query_string"] else f"max-age={_DAY}"
        response.headers["Cache-Control"] = f"public, {keep}"
        return response
