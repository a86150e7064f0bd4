"""What guards every page: our own origin only, and a policy that runs nothing but our own files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request

from didban.serving.access import LOOPBACK, name_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
"""Nothing inline, nothing from elsewhere."""

_SAFE: Final = frozenset({"GET", "HEAD"})


class Policy:
    """ASGI middleware: every answer bears the policy, unless a page has set its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request as ASGI has it."""

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("Content-Security-Policy", POLICY)
                headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
                # With "no-referrer" a browser calls the origin of a form "null".
                headers.setdefault("Referrer-Policy", "same-origin")
            await send(message)

        await self._app(scope, receive, send_guarded)


class OwnOrigin:
    """ASGI middleware: answers under the names of this node, and takes forms of its own pages only.

    - *Host*: a page whose name somebody points at this address (DNS rebinding) is refused.
    - *Origin*, *Sec-Fetch-Site*: a form that another site sends is refused, signed in or not. A
      link from another site may be followed: the cookie of the session does not come with it.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        hosts: tuple[str, ...],
        refuse: Callable[[Request, int], Response],
    ) -> None:
        self._app = app
        self._refuse = refuse
        self._hosts = LOOPBACK | {host.lower() for host in hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request as ASGI has it."""
        if scope["type"] == "http" and not self._may_pass(scope):
            await self._refuse(Request(scope), 403)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _may_pass(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if name_of(host) not in self._hosts:
            return False
        if scope["method"] in _SAFE:
            return True
        origin = headers.get("origin")
        if origin is not None and urlsplit(origin).netloc.lower() != host.lower():
            return False
        return headers.get("sec-fetch-site", "same-origin") in {"same-origin", "none"}
