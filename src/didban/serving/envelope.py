"""What goes around every request: its identifier, its one line in the log, its guarding headers."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Final

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request

from didban.ids import new_id
from didban.logs import place_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HEADER: Final = "X-Request-Id"
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

GUARDING: Final[Mapping[str, str]] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""Headers of every answer that does not set them itself: nothing keeps, frames or runs it."""

_log = structlog.get_logger("didban.serving")


class Envelope:
    """ASGI middleware, the outermost.

    - The request has an identifier in `request.state.request_id`: the caller's, where it is a UUID,
      or a new one. It comes back with the answer and stands in log and audit.
    - One line in the log when the answer is out: route, status, time. Never path, query or body.
    - What nobody expected is answered with 500 and logged by its kind and place, without its words.
    - `failed`: makes that answer.
    """

    def __init__(self, app: ASGIApp, *, failed: Callable[[Request], Response]) -> None:
        self._app = app
        self._failed = failed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request as ASGI has it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.monotonic(), 0
        request_id = scope.setdefault("state", {})["request_id"] = _id_of(Headers(scope=scope))

        async def send_guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers[_HEADER] = request_id
                for name, value in GUARDING.items():
                    headers.setdefault(name, value)
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self._app(scope, receive, send_guarded)
            except Exception as error:  # noqa: BLE001 - the last place where it can be answered
                _log.error("request.failed", kind=type(error).__name__, at=place_of(error))
                if not status:
                    await self._failed(Request(scope))(scope, receive, send_guarded)
            _log.info("request.answered", **_facts(scope, status, time.monotonic() - began))


def _id_of(headers: Headers) -> str:
    given = headers.get(_HEADER, "")
    return given if _UUID.fullmatch(given) else new_id("req")


def _facts(scope: Scope, status: int, seconds: float) -> dict[str, str | int | float]:
    """Return what the log says of a request; a path that is no route of ours is not repeated."""
    route = getattr(scope.get("route"), "path", "none")
    facts = {"method": scope["method"], "route": route, "status": status}
    actor = scope["state"].get("actor")
    who = {"actor": actor.user, "authority": actor.authority} if actor else {}
    return {**facts, **who, "ms": round(seconds * 1000, 1)}
