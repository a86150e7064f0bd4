"""Exit codes mean the same everywhere, so that a script need not read words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from screening_help import LISTED, PURPOSE, ask, build_now, run, write_queries

NOBODY = "Quirin Eggenfelder"


def _screen(folder: Path, *lines: str, age: timedelta = timedelta()) -> int:
    snapshot = build_now(folder / "lists", age=age)
    source = write_queries(folder / "in.jsonl", lines)
    if "broken" in lines:
        source.write_text(source.read_text().replace('["broken"]', '["broken"'))
    out = ("--output", folder / "out")
    return run("screen", source, "--snapshot", snapshot, *out, *PURPOSE).code


def _damaged(folder: Path) -> int:
    snapshot = build_now(folder / "lists")
    (segment,) = snapshot.glob("*.didban")
    segment.write_bytes(segment.read_bytes()[:-100])
    return ask(snapshot, "--name", NOBODY).code


CASES: dict[str, tuple[int, Callable[[Path], int]]] = {
    "nothing found": (0, lambda f: ask(build_now(f / "s"), "--name", NOBODY).code),
    "a possible match": (10, lambda f: ask(build_now(f / "s"), "--name", LISTED).code),
    "expired": (20, lambda f: ask(build_now(f / "s", age=timedelta(99)), "--name", NOBODY).code),
    "no question": (2, lambda f: ask(build_now(f / "s")).code),
    "no zone": (2, lambda f: ask(build_now(f / "s"), "--mrz", "hello").code),
    "no date": (2, lambda f: ask(build_now(f / "s"), "--name", "x", "--birth-date", "soon").code),
    "no snapshot": (2, lambda f: ask(f / "none", "--name", NOBODY).code),
    "no snapshot named": (2, lambda _: run("check", *PURPOSE, "--name", NOBODY).code),
    "a damaged snapshot": (3, _damaged),
    "a list without a match": (0, lambda f: _screen(f, NOBODY)),
    "a list with a match": (10, lambda f: _screen(f, NOBODY, LISTED)),
    "a list with rejects": (4, lambda f: _screen(f, NOBODY, "broken")),
    "a list with both": (10, lambda f: _screen(f, LISTED, "broken")),
    "a list, expired": (20, lambda f: _screen(f, LISTED, age=timedelta(days=99))),
}


@pytest.mark.parametrize(("code", "happens"), CASES.values(), ids=CASES)
def test_a_command_ends_with(tmp_path: Path, code: int, happens: Callable[[Path], int]):
    """The code of `docs/reference/exit-codes.md`."""
    assert happens(tmp_path) == code
