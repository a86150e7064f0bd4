"""What asking blind costs: keys, blinding, evaluating with a proof, verifying; and what it misses.

    python -m benchmarks.blind

In one process without a wire or a database: what is measured is the cryptography and the keys. The
names are those of `tests/names/cases.csv`, which are labelled.
"""

from __future__ import annotations

import csv
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from benchmarks.figures import Table
from didban.exchange.blind import oprf
from didban.match.blind_keys import BlindList, keys_of
from didban.model.documents import Document
from didban.model.records import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_T = TypeVar("_T")

PASSENGERS: Final = 300
TAGGED: Final = 5_000
_CASES: Final = Path(__file__).resolve().parent.parent / "tests" / "names" / "cases.csv"
_COMMAND: Final = "python -m benchmarks.blind"


def measure() -> Iterator[Table]:
    """Ask about a flight, tag a list, and compare the keys of labelled pairs of names."""
    yield _flight()
    yield _names()


def _flight() -> Table:
    asked = [_passenger(number) for number in range(PASSENGERS)]
    owner = oprf.OwnerKey(b"b" * 32, bytes(32), b"benchmark")
    keys, to_key = _timed(lambda: [key for one in asked for key in _keys(one)])
    blinding, to_blind = _timed(lambda: oprf.Blinding.of([key.encode() for key in keys]))
    answer, to_evaluate = _timed(lambda: owner.evaluate(blinding.elements))
    tags, to_finish = _timed(lambda: blinding.finish(answer, owner.public))
    if tags[0] != owner.tag(keys[0].encode()):
        raise RuntimeError("the two sides made other tags")
    _, to_tag = _timed(lambda: [owner.tag(b"%d" % number) for number in range(TAGGED)])
    elements = len(blinding.elements) // oprf.ELEMENT_BYTES
    rows = (
        ("asker: keys", len(keys), to_key, 0),
        ("asker: blind", elements, to_blind, len(blinding.elements)),
        ("owner: evaluate, with the proof", elements, to_evaluate, len(answer)),
        ("asker: verify and unblind", elements, to_finish, 0),
        ("owner: tag its own list", TAGGED, to_tag, TAGGED * oprf.TAG_BYTES),
    )
    return Table(
        name="blind-flight",
        command=_COMMAND,
        columns=("step", "number", "ms", "per second", "bytes"),
        rows=tuple(
            (what, f"{n:,}", f"{spent * 1_000:,.0f}", f"{n / spent:,.0f}", f"{sent:,}")
            for what, n, spent, sent in rows
        ),
        note=f"{PASSENGERS} passengers with a passport, a name, a birth date and a nationality, as"
        " one question; fillers counted. One process on one core.",
    )


def _names() -> Table:
    found: dict[str, list[bool]] = {}
    with _CASES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(line for line in file if not line.startswith("#")):
            share = not _names_of(row["one"]).isdisjoint(_names_of(row["other"]))
            found.setdefault(row["label"], []).append(share)
    return Table(
        name="blind-names",
        command=_COMMAND,
        columns=("pairs labelled", "number", "share a key"),
        rows=tuple(
            (label, f"{len(same):,}", f"{sum(same) / len(same):.0%}")
            for label, same in sorted(found.items())
        ),
        note="Both with the same birth date. A blind question finds less than a check: that is what"
        " strict keys are.",
    )


def _names_of(name: str) -> set[str]:
    properties = {"name": (name,), "birthDate": ("1971-05-02",)}
    record = Record(id="q", schema="Person", properties=properties)
    return set(keys_of(record)[BlindList.PERSONS])


def _passenger(number: int) -> Record:
    name = f"Zahra Mina Karim{chr(97 + number % 26)}adeh"
    properties = {"name": (name,), "birthDate": ("1971-05-02",), "nationality": ("xar",)}
    paper = Document(number=f"A{number:08}", issuer="xar", type="P")
    return Record(id="q", schema="Person", properties=properties, documents=(paper,))


def _keys(one: Record) -> list[str]:
    return [key for keys in keys_of(one).values() for key in keys]


def _timed(do: Callable[[], _T]) -> tuple[_T, float]:
    began = time.perf_counter()
    return do(), time.perf_counter() - began


def main() -> None:
    """Measure from the command line."""
    for table in measure():
        print(table.text())


if __name__ == "__main__":
    main()
