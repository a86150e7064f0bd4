"""W3C Trace Context: the caller's trace goes on through us, and comes back in the answer.

`traceparent: 00-<trace id>-<span id>-<flags>`; each answer has a span of its own, and `tracestate`
names it first. Where the caller sends none, a trace begins here.
"""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_PARENT = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")
_VENDOR = "yente"  # the key that existing clients look for
_MAX_STATE = 512  # bytes of tracestate that are handed on (section 3.3.1.5)
_NOT_SAMPLED = "00"


class Trace:
    """ASGI middleware that adds `traceparent` and `tracestate` to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request as ASGI has it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        parent, state = continued(Headers(scope=scope))

        async def send_traced(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["traceparent"] = parent
                headers["tracestate"] = state
            await send(message)

        await self._app(scope, receive, send_traced)


def continued(headers: Headers) -> tuple[str, str]:
    """Return the `traceparent` and `tracestate` of the answer to a request with these headers."""
    span = secrets.token_hex(8)
    found = _PARENT.fullmatch(headers.get("traceparent", "").strip())
    if found is None or not found[1].strip("0") or not found[2].strip("0"):
        return f"00-{secrets.token_hex(16)}-{span}-{_NOT_SAMPLED}", f"{_VENDOR}={span}"
    others = [
        member
        for member in (part.strip() for part in headers.get("tracestate", "").split(","))
        if member and member.isascii() and not member.startswith(f"{_VENDOR}=")
    ]
    state = ",".join([f"{_VENDOR}={span}", *others])
    return f"00-{found[1]}-{span}-{found[3]}", state if len(
        state
    ) <= _MAX_STATE else f"{_VENDOR}={span}"
