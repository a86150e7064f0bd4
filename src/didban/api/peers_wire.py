"""What other nodes call: `POST /x/v1/{call}`, sealed and signed, whoever carries it.

It stands before everything else that this node answers: neither Host nor Origin means anything
here, for nothing is believed but signatures. Who cannot be answered gets 404 without a word, be it
a stranger, a wrong signature or a replay: a node does not say whom it knows, nor that it is one.

A question for new entries that finds none waits in the event loop, and holds no thread.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from functools import partial
from typing import TYPE_CHECKING, Final

import anyio
import structlog
from anyio.to_thread import run_sync
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from didban.errors import Conflict, DidbanError, PeerFault
from didban.exchange.calls import MAX_BYTES
from didban.exchange.lines import MEDIA_TYPE, PATH
from didban.logs import place_of
from didban.model.exchange.kinds import Call
from didban.serving.envelope import GUARDING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.types import ASGIApp, Receive, Scope, Send

    from didban.exchange.calls import Received
    from didban.exchange.serving import Server
    from didban.store.exchange.bell import Bell

_THREADS: Final = 4
"""Calls that are worked on at once, each with a connection to the database."""

_LOOK_SECONDS: Final = 5.0
"""A wake-up that was missed costs so long at most."""

_log = structlog.get_logger("didban.exchange")


class _Unspoken(Exception):
    """Nothing is to be said."""


class _NamedRoute:
    """What the log and the counters call a call by, as they do routes."""

    path: Final = PATH + "{call}"


class PeersWire:
    """ASGI middleware that answers other nodes, and lets everything else pass."""

    def __init__(self, app: ASGIApp, *, server: Server, bell: Bell) -> None:
        self._app = app
        self._server = server
        self._bell = bell
        self._turns = anyio.CapacityLimiter(_THREADS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request as ASGI has it."""
        if scope["type"] != "http" or not scope["path"].startswith(PATH):
            await self._app(scope, receive, send)
            return
        scope["route"] = _NamedRoute
        response = Response(status_code=404, headers=dict(GUARDING))
        try:
            found = await self._answer(Request(scope, receive))
            response = Response(found, headers=dict(GUARDING), media_type=MEDIA_TYPE)
        except (_Unspoken, ClientDisconnect):
            pass
        except DidbanError as error:  # the database is away, a secret is missing: ours to mend
            _log.warning("call.failed", fault=error.code)
            response.status_code = 503
        except Exception as error:  # noqa: BLE001 - the last place where it can be answered
            _log.error("call.failed", kind=type(error).__name__, at=place_of(error))
            response.status_code = 500
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> bytes:
        call = request.scope["path"].removeprefix(PATH)
        if request.method != "POST":
            raise _Unspoken
        raw = await _body(request)
        began = time.monotonic()
        try:
            received = await run_sync(self._server.receive, call, raw, limiter=self._turns)
        except (PeerFault, Conflict) as error:
            _log.warning("call.refused", fault=error.code)
            raise _Unspoken from error
        if call == Call.PULL:
            return await self._pulled(received)
        answer = await run_sync(self._server.answer, received, limiter=self._turns)
        spent = round((time.monotonic() - began) * 1000, 1)
        _log.info("call.answered", node=received.caller.node, kind=call, ms=spent)
        return answer

    async def _pulled(self, received: Received) -> bytes:
        """Return new entries for a node, or that there are none after it has waited."""
        ends_at = time.monotonic() + self._server.longest_wait(received)
        with self._rung() as rung:
            while True:
                rung.clear()
                left = ends_at - time.monotonic()
                may_wait = left > 0 and not self._bell.is_over
                look = partial(self._server.pull, received, may_wait=may_wait)
                found = await run_sync(look, limiter=self._turns)
                if found is not None:
                    return found
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(rung.wait(), min(left, _LOOK_SECONDS))

    @contextlib.contextmanager
    def _rung(self) -> Iterator[asyncio.Event]:
        """Give an event that is set whenever something new may be there."""
        loop, event = asyncio.get_running_loop(), asyncio.Event()

        def told(_channel: str, _payload: str) -> None:
            with contextlib.suppress(RuntimeError):  # the loop is over
                loop.call_soon_threadsafe(event.set)

        with self._bell.heard(told):
            yield event


async def _body(request: Request) -> bytes:
    """Return the body, unless it is longer than any call."""
    found, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > MAX_BYTES:
            raise _Unspoken
        found.append(chunk)
    return b"".join(found)
