"""A client that speaks to an ASGI application in this process: no socket, no third party."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlencode

_HOST = "127.0.0.1:8000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What came back; header names are in lower case. `cookies`: each `Set-Cookie`."""

    status_code: int
    headers: Mapping[str, str]
    body: bytes
    cookies: tuple[str, ...] = ()

    @property
    def unpacked(self) -> bytes:
        """The body as it was before it was compressed, if it was."""
        is_packed = self.headers.get("content-encoding") == "gzip"
        return gzip.decompress(self.body) if is_packed else self.body

    def json(self) -> Any:
        """Return the body as JSON."""
        return json.loads(self.unpacked)


class Client:
    """Sends one request at a time, as from the loopback address."""

    def __init__(self, app: Any) -> None:
        self._app = app

    def get(self, url: str, *, headers: Mapping[str, str] | None = None) -> Response:
        """Send a GET."""
        return self._send("GET", url, b"", headers or {})

    def post(
        self,
        url: str,
        *,
        json: Any = None,
        content: bytes | None = None,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Send a POST with a body of JSON, or of any bytes."""
        body = _dumped(json) if content is None else content
        query = f"?{urlencode(params)}" if params else ""
        return self._send("POST", url + query, body, headers or {})

    def send(
        self,
        method: str,
        url: str,
        *,
        json: Any = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Send any request; a body only where one is given."""
        body = _dumped(json) if json is not None else (content or b"")
        kind = {"content-type": "application/json"} if json is not None else {}
        return self._send(method, url, body, {**kind, **(headers or {})})

    def _send(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> Response:
        path, _, query = url.partition("?")
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": unquote(path),
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": query.encode(),
            "headers": [(k.encode(), v.encode()) for k, v in {"host": _HOST, **headers}.items()],
            "client": ("127.0.0.1", 50_000),
            "server": ("127.0.0.1", 8000),
        }
        return asyncio.run(self._run(scope, body))

    async def _run(self, scope: dict[str, Any], body: bytes) -> Response:
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        await self._app(scope, receive, send)
        start, *rest = sent
        return Response(
            status_code=start["status"],
            headers={k.decode().lower(): v.decode() for k, v in start["headers"]},
            body=b"".join(part.get("body", b"") for part in rest),
            cookies=tuple(v.decode() for k, v in start["headers"] if k.lower() == b"set-cookie"),
        )


def _dumped(data: Any) -> bytes:
    return json.dumps(data).encode()
