"""The figures that matter most, in one table, taken from the tables of the other measurements.

    python -m benchmarks summary

Each line names a cell of a kept table for Didban and, where a peer was asked the same, one for the
best of them. What was not measured on this machine shows a dash.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from benchmarks import figures
from benchmarks.figures import Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_NONE: Final = "-"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a kept table: the start of its row's first entry, and its column."""

    table: str
    row: str
    column: str

    def read(self, kept: Mapping[str, Table]) -> str:
        """Return what stands there; a dash where it was not measured."""
        table = kept.get(self.table)
        if table is None or self.column not in table.columns:
            return _NONE
        at = table.columns.index(self.column)
        return next((row[at] for row in table.rows if row[0].startswith(self.row)), _NONE)


@dataclass(frozen=True, slots=True)
class Line:
    """One figure: what it is, Didban's and the best peer's, and what is aimed at."""

    words: str
    ours: Cell
    theirs: Cell | None
    peer: str
    aim: str


def _beside(words: str, table: str, rows: tuple[str, str], column: str, aim: str) -> Line:
    """Return a figure that logic-v2 was asked for in the same table."""
    ours, theirs = (Cell(table, row, column) for row in rows)
    return Line(words, ours, theirs, "logic-v2", aim)


def _alone(words: str, table: str, row: str, column: str, aim: str) -> Line:
    return Line(words, Cell(table, row, column), None, _NONE, aim)


_CROWD, _BENCH = "names-and-crowds", ("all, Didban", "all, logic-v2")
_ASKED = ("Didban, `balanced`", "logic-v2")

LINES: Final = (
    _beside("names in their own script: the right person first", _CROWD, _ASKED, "first", "92 %"),
    _beside("the same: in the first ten", _CROWD, _ASKED, "in ten", "98 %"),
    _beside("told where 5 % of namesakes alarm", "equal-alarms", _ASKED, "5.0%", "85 %"),
    _beside("told where 1 % of namesakes alarm", "equal-alarms", _ASKED, "1.0%", "65 %"),
    _alone("namesakes who alarm at the border", "all-lists", "Didban, `border`",
           "namesakes, name only", "< 1 %"),
    _beside("mistyped, with the birth date, where 0.5 % of a crowd alarm",
            "mistyped-with-birth-date", ("Didban", "logic-v2"), "told", "99.5 %"),
    _beside("altered names of listed persons, told", "altered-names", _BENCH, "told", "97 %"),
    _beside("judged name pairs, F1", "name-bench", _BENCH, "F1", "0.85"),
    _beside("checks of whole entities, right", "entity-checks", _BENCH, "right", "94 %"),
    Line("clusters over three lists, pairwise F1", Cell("resolution", "Didban", "F1"),
         Cell("resolution", "Splink", "F1"), "Splink", "0.95"),
    Line("one name among 1,000,000, p50", Cell("generated-1000000", "Didban, names known", "p50"),
         Cell("generated-1000000", "tantivy", "p50"), "tantivy with rapidfuzz", "< 0.5 ms"),
    Line("the same, p99", Cell("generated-1000000", "Didban, names known", "p99"),
         Cell("generated-1000000", "tantivy", "p99"), "tantivy with rapidfuzz", "< 3 ms"),
    _alone("one name among 10,000,000, p99", "generated-10000000", "Didban, names known", "p99",
           "< 20 ms"),
)  # fmt: skip


def measure() -> Iterator[Table]:
    """Gather the figures from the tables that are kept."""
    kept = figures.kept()
    rows = [
        (
            line.words,
            line.ours.read(kept),
            line.theirs.read(kept) if line.theirs else _NONE,
            line.peer,
            line.aim,
        )
        for line in LINES
    ]
    yield Table(
        name="summary",
        command="python -m benchmarks summary",
        columns=("figure", "Didban", "peer", "which peer", "aim"),
        rows=tuple(rows),
        note="Taken from the tables below, which tell how each was measured.",
    )


if __name__ == "__main__":
    for _table in measure():
        print(_table.text())
