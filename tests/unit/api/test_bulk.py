from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from unittest import mock

import anyio
import pytest

from asgi_help import Client, Response
from didban.api.bulk import AHEAD, BLOCK, MAX_LINE_BYTES, Line, blocks
from screening_help import LISTED, build_now, entries
from serve_help import serve


@pytest.fixture(scope="module")
def client(tmp_path_factory) -> Client:
    """Return a client of a service over the invented snapshot."""
    return serve(build_now(tmp_path_factory.mktemp("bulk") / "lists"))


def line(name: str, **more: Any) -> bytes:
    """Return a query as a line."""
    return json.dumps({"schema": "Person", "properties": {"name": [name]}, **more}).encode()


def read(answer: Response) -> list[Any]:
    """Return the lines of an answer."""
    return [json.loads(one) for one in answer.body.splitlines()]


def test_each_line_is_answered_in_its_turn(client: Client):
    """By its own id, else by its number."""
    body = b"\n".join([line(LISTED, id="a"), line("Nobody Known"), line(LISTED, id="c")])
    answer = client.post("/bulk/default?limit=1", content=body)
    lines = read(answer)

    assert answer.headers["content-type"] == "application/x-ndjson"
    assert [(one["id"], one["status"], one["total"]["value"]) for one in lines] == [
        ("a", 200, 1), ("2", 200, 0), ("c", 200, 1),
    ]  # fmt: skip
    assert lines[0]["results"][0]["explanations"]["name"]["detail"]


def test_a_line_that_cannot_be_read_is_told_and_the_next_goes_on(client: Client):
    """It is never an empty all-clear."""
    body = b"\n".join(
        [
            b"no json",
            b'{"schema": "Banana"}',
            b'{"properties": {}}',
            b'{"schema": "Person", "properties": {}}',
            b"x" * (MAX_LINE_BYTES + 1),
            b"",
            line("a" * 1_001),
            b'{"id": "b", "schema": "Person", "properties": {"nme": ["x"], "alias": ["y"]}}',
            line(LISTED),
        ]
    )
    lines = read(client.post("/bulk/default", content=body))

    assert [(one.get("line"), one["status"]) for one in lines] == [
        (1, 422), (2, 400), (3, 422), (4, 400), (5, 413), (7, 400), (8, 400), (None, 200),
    ]  # fmt: skip
    assert all("results" not in one for one in lines[:7])
    assert lines[0]["detail"] == "not JSON: Expecting value at character 1"
    assert lines[6]["id"] == "b"
    assert lines[6]["detail"].endswith(
        "no property 'nme'; it is not searched; did you mean 'name'?"
    )
    assert lines[7]["id"] == "9"


@pytest.mark.parametrize(
    ("path", "status"),
    [("nowhere", 404), ("default?limit=0", 422), ("default?algoritm=didban-border", 422)],
)
def test_what_is_wrong_with_the_request_is_told_at_once(client: Client, path: str, status: int):
    """Before any line is read."""
    assert client.post(f"/bulk/{path}", content=line(LISTED)).status_code == status


def test_each_block_is_entered_before_it_is_answered(tmp_path: Path):
    """How many were asked and matched, not the lines that could not be read."""
    listed = build_now(tmp_path / "lists")
    body = b"\n".join([line(LISTED)] * BLOCK + [b"no json", line("Nobody Known")])
    serve(listed).post("/bulk/default", content=body)

    assert [(entry.asked, entry.matched) for entry in entries(listed)] == [(BLOCK, BLOCK), (1, 0)]


async def _coming(*chunks: bytes) -> AsyncIterator[bytes]:
    """Yield a body in pieces as a network brings them."""
    for chunk in chunks:
        yield chunk


@pytest.mark.parametrize(
    ("chunks", "lines"),
    [
        ((b"a\nb",), [(1, b"a"), (2, b"b")]),
        ((b"a", b"b\n", b"c\n"), [(1, b"ab"), (2, b"c")]),
        ((b"a\r\n\n  \nb\n", b""), [(1, b"a"), (4, b"b")]),
        ((b"x" * 50_000, b"x" * 50_000, b"x\nb\n"), [(1, None), (2, b"b")]),
        ((b"x" * 70_000,), [(1, None)]),
        ((b"",), []),
    ],
)
def test_lines_are_put_together_from_what_comes(chunks: tuple[bytes, ...], lines: list[Any]):
    """One that is too long is left out, whatever pieces it comes in."""

    async def collect() -> list[Line]:
        return [one async for block in blocks(_coming(*chunks)) for one in block]

    assert [(one.number, one.text) for one in asyncio.run(collect())] == lines


async def _talk(client: Client, receive: Any, send: Any) -> None:
    scope = {
        "type": "http", "method": "POST", "path": "/bulk/default", "query_string": b"",
        "headers": [(b"host", b"127.0.0.1")], "client": ("127.0.0.1", 5), "root_path": "",
    }  # fmt: skip
    await client._app(scope, receive, send)


def test_answers_leave_while_more_is_still_coming(client: Client):
    """Somebody may wait for one before asking the next."""
    answered = 0

    async def talk() -> None:
        told = asyncio.Event()
        told.set()
        pieces = [line(LISTED) + b"\n"] * 3

        async def receive() -> dict[str, Any]:
            await told.wait()
            told.clear()
            return {"type": "http.request", "body": pieces.pop(), "more_body": bool(pieces)}

        async def send(message: Any) -> None:
            nonlocal answered
            if message.get("body"):
                answered += 1
                told.set()

        await _talk(client, receive, send)

    asyncio.run(talk())

    assert answered == 3


def test_a_client_that_does_not_read_is_not_read_from(client: Client):
    """What is read ahead has a bound, and nobody is waited for without end."""
    read = 0

    async def talk() -> None:
        full = asyncio.Event()

        async def receive() -> dict[str, Any]:
            nonlocal read
            read += 1
            if read == AHEAD:
                full.set()
            return {"type": "http.request", "body": line(LISTED) + b"\n", "more_body": True}

        async def send(message: Any) -> None:
            if message.get("body"):
                with anyio.CancelScope(shield=True):  # patience begins once all was read ahead
                    await full.wait()
                await asyncio.sleep(3_600)

        await _talk(client, receive, send)

    with mock.patch("didban.api.bulk._PATIENCE", 0.2):
        asyncio.run(talk())

    assert AHEAD <= read <= AHEAD + 5


def test_who_hangs_up_is_answered_no_more(client: Client):
    """And nothing is left running."""
    messages: list[dict[str, Any]] = [
        {"type": "http.request", "body": line(LISTED) + b"\n", "more_body": True},
        {"type": "http.disconnect"},
    ]
    sent: list[Any] = []

    async def talk() -> None:
        async def receive() -> dict[str, Any]:
            return messages.pop(0)

        async def send(message: Any) -> None:
            sent.append(message)

        await _talk(client, receive, send)

    asyncio.run(talk())

    assert all(message.get("more_body", True) for message in sent)
