"""`POST /bulk/{scope}`: queries as JSON lines, answered as JSON lines while more are still coming.

    {"id": "q1", "schema": "Person", "properties": {"name": ["..."]}}      one line, one query
    {"id": "q1", "status": 200, "total": {...}, "results": [...]}          one line, its answer

- Answers come in the order of the queries, one for each; a line that cannot be read is answered with
  its number, a status and a reason, and the next ones go on.
- Queries are read ahead of their answers, but no further than `AHEAD` pieces of the network: a client
  that does not read its answers is not read from either, and one that has not read for a minute is
  hung up on.
- Each block has its entry in the check log before its answers leave.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import anyio
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from didban.api.bodies import Query, Refusal, read_query
from didban.api.errors import Unprocessable
from didban.api.match import found_for, response
from didban.api.parameters import OF_MATCHING, only, read_parameters
from didban.api.running import run, service_of
from didban.errors import SnapshotExpired
from didban.intake.readers.jsonlines import clean_text, not_json

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, AsyncIterator, Sequence

    from anyio.abc import TaskGroup
    from anyio.streams.memory import MemoryObjectSendStream
    from starlette.requests import Request
    from starlette.types import Receive, Scope, Send

    from didban.api.parameters import Parameters
    from didban.api.service import Service

MAX_LINE_BYTES: Final = 65_536
BLOCK: Final = 64
"""So many lines at most are answered together: a block is an entry in the check log."""

AHEAD: Final = 100
"""So many pieces of a body (64 KiB at most, each) are read ahead of their answers."""

_PATIENCE: Final = 60.0  # seconds that a client may leave its answers unread
_MEDIA_TYPE: Final = "application/x-ndjson"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the body, by its number from 1; `text` is None where it is too long."""

    number: int
    text: bytes | None


async def post_bulk(request: Request) -> Response:
    """Answer lines as they come. What is wrong with the request itself is told before the first."""
    service = service_of(request)
    only(request.query_params, OF_MATCHING)
    parameters = read_parameters(
        request.query_params,
        request.path_params["scope"],
        (dataset.name for dataset in service.snapshot.datasets),
        max_limit=service.settings.serving.max_limit,
    )
    await run(request, lambda service: service.require_fresh())
    return _Answers(request, parameters)


class _Answers(Response):
    """The answers, sent block by block."""

    def __init__(self, request: Request, parameters: Parameters) -> None:
        # Compressing would hold lines back until there is enough of them.
        super().__init__(media_type=_MEDIA_TYPE, headers={"content-encoding": "identity"})
        del self.headers["content-length"]
        self._request = request
        self._parameters = parameters

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - the request has its own
        """Send the head, and a block for each that was read."""
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        into, ahead = anyio.create_memory_object_stream[bytes](AHEAD)
        async with ahead, anyio.create_task_group() as group:
            group.start_soon(self._read_ahead, into, group)
            async for block in blocks(ahead):
                answers = await run(self._request, partial(self._answered, block))
                with anyio.move_on_after(_PATIENCE) as waiting:
                    await send({"type": "http.response.body", "body": answers, "more_body": True})
                if waiting.cancelled_caught:  # the server hangs up on what is not finished
                    group.cancel_scope.cancel()
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _read_ahead(self, into: MemoryObjectSendStream[bytes], group: TaskGroup) -> None:
        """Hand on what comes; a client that is gone needs no answers."""
        async with into:
            try:
                async for chunk in self._request.stream():
                    await into.send(chunk)
            except ClientDisconnect:
                group.cancel_scope.cancel()

    def _answered(self, block: Sequence[Line], service: Service) -> bytes:
        """Return the answers to a block, entered in the check log."""
        try:
            service.require_fresh()
        except SnapshotExpired as error:
            return b"".join(map(_line, (_refused(line, 503, str(error)) for line in block)))
        answers: list[dict[str, Any]] = []
        asked = matched = 0
        for line in block:
            query = read_line(line)
            if isinstance(query, dict):
                answers.append(query)
                continue
            found = found_for(
                service, query.record, self._parameters, most=service.settings.serving.max_limit
            )
            asked += 1
            matched += any(match.score >= self._parameters.threshold for match in found)
            answers.append(
                {"id": query.record.id, **response(query, found, self._parameters.threshold)}
            )
        if asked:
            service.enter(asked=asked, matched=matched)
        return b"".join(map(_line, answers))


async def blocks(chunks: AsyncIterable[bytes]) -> AsyncIterator[list[Line]]:
    """Yield the lines of a body as its pieces come: those that are there, up to a block of them.

    Empty lines have a number and no answer. Memory holds one line and what the network brought.
    """
    rest, number, is_too_long = bytearray(), 0, False
    lines: list[Line] = []
    async for chunk in chunks:
        rest += chunk
        while (end := rest.find(b"\n")) >= 0:
            number += 1
            text = bytes(rest[:end]).strip()
            del rest[: end + 1]
            if text or is_too_long:
                is_long = is_too_long or len(text) > MAX_LINE_BYTES
                lines.append(Line(number=number, text=None if is_long else text))
            is_too_long = False
            if len(lines) == BLOCK:
                yield lines
                lines = []
        if len(rest) > MAX_LINE_BYTES:
            rest.clear()
            is_too_long = True
        if lines:
            yield lines
            lines = []
    if rest.strip() or is_too_long:
        last = None if is_too_long or len(rest) > MAX_LINE_BYTES else bytes(rest).strip()
        yield [Line(number=number + 1, text=last)]


def read_line(line: Line) -> Query | dict[str, Any]:
    """Return the query of a line, or the answer that says why it is none.

    Stricter than `/match`, which clients of other servers ask: a property that there is not is no
    slip of one line, and would be missing from each.
    """
    if line.text is None:
        return _refused(line, 413, f"a line has at most {MAX_LINE_BYTES} bytes")
    stated: Any = None
    try:
        stated = json.loads(line.text)
        query = read_query(str(line.number), stated)
    except Unprocessable as error:
        faults = (f"{'.'.join(f.place[3:])} {f.message}".strip() for f in error.faults)
        status, detail = 422, "; ".join(faults)
    except HTTPException as error:
        status, detail = error.status_code, error.detail
    except (ValueError, RecursionError) as error:
        status, detail = 422, not_json(error)
    else:
        if isinstance(query, Query) and not query.unknown:
            return query
        reason = query.reason if isinstance(query, Refusal) else "; ".join(query.unknown)
        status, detail = 400, reason
    return _refused(line, status, detail, stated)


def _refused(line: Line, status: int, detail: str, stated: Any = None) -> dict[str, Any]:
    """Return the answer to a line that was not searched: not an empty all-clear.

    By its own id too, where that could be read.
    """
    own = clean_text(stated.get("id")) if isinstance(stated, Mapping) else ""
    named = {"id": own} if own else {}
    return {**named, "line": line.number, "status": status, "detail": detail}


def _line(answer: dict[str, Any]) -> bytes:
    return (
        json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")
        + b"\n"
    )
