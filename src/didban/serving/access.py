"""Who may ask: programs on this machine, and web pages only of origins that were named.

A page that an officer has open could otherwise ask this service through the officer's own browser.

- *Host*: only the loopback's names are answered, so that a page whose name an attacker points at
  127.0.0.1 (DNS rebinding) is refused.
- *Origin*, *Sec-Fetch-Site*: a browser says so when another site's page is asking.
- A path and query of more than 60,000 bytes are refused, before anything reads them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.responses import Response
    from starlette.types import ASGIApp, Receive, Scope, Send

LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
MAX_URL_BYTES = 60_000
_ANY = "*"  # an origin that stands for every one
_OTHER_SITES = frozenset({"cross-site", "same-site"})


def _detail(_request: Request, status: int, detail: str) -> Response:
    return JSONResponse({"detail": detail}, status)


class Access:
    """ASGI middleware that lets through what may ask, and answers the rest itself.

    - `refuse`: makes the answer of status and reason.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        hosts: tuple[str, ...],
        origins: tuple[str, ...],
        refuse: Callable[[Request, int, str], Response] = _detail,
    ) -> None:
        self._app = app
        self._refuse = refuse
        self._hosts = LOOPBACK | {host.lower() for host in hosts}
        self._origins = frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request as ASGI has it."""
        if scope["type"] == "http":
            refusal = self._refusal(scope)
            if refusal is not None:
                status, detail = refusal
                await self._refuse(Request(scope), status, detail)(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        """Return status and reason of a refusal, or None."""
        path = scope.get("raw_path") or scope["path"].encode()
        if len(path) + len(scope["query_string"]) > MAX_URL_BYTES:
            return 414, "Request URI too long"
        headers = Headers(scope=scope)
        if name_of(headers.get("host", "")) not in self._hosts:
            return 403, "this service answers under the names that it was given only"
        origin = headers.get("origin")
        if origin is not None:
            return (
                None
                if {origin, _ANY} & self._origins
                else (403, "web pages may not ask this service")
            )
        if headers.get("sec-fetch-site") in _OTHER_SITES and _ANY not in self._origins:
            return 403, "web pages may not ask this service"
        return None


def name_of(host: str) -> str:
    """Return the name in a `Host` header, without its port, in lower case."""
    host = host.strip().lower()
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0]
