"""Figures as tables: what a measurement returns, how it is kept, and how it is printed."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from benchmarks.material import scratch
from didban import clock

if TYPE_CHECKING:
    from collections.abc import Sequence

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table of figures.

    - `name` is the marker under which the reference page shows it.
    - `command` repeats it.
    - `note` says sample sizes and circumstances, in one or two sentences.
    - `date` is the day on which it was measured, in ISO 8601; empty where that was not kept.
    """

    name: str
    command: str
    columns: Row
    rows: tuple[Row, ...]
    note: str
    date: str = ""

    def markdown(self) -> str:
        """Return the table with its command and its note, as the reference page shows it."""
        repeated = f"`{self.command}`" + (f", {self.date}" if self.date else "")
        lines = [repeated, "", _line(self.columns), _line(["---"] * len(self.columns))]
        lines += [_line(row) for row in self.rows]
        return "\n".join([*lines, "", self.note])

    def text(self) -> str:
        """Return the table for a terminal."""
        grid = [self.columns, *self.rows]
        widths = [max(len(row[n]) for row in grid) for n in range(len(self.columns))]
        lines = [
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in grid
        ]
        lines.insert(1, "  ".join("-" * width for width in widths))
        return "\n".join([f"\n{self.name}: {self.command}", *lines, self.note])


def keep(table: Table) -> None:
    """Write a table and today's date where the report finds it, replacing the one before."""
    dated = replace(table, date=clock.today().isoformat())
    data = json.dumps(asdict(dated), ensure_ascii=False, indent=1)
    scratch(f"results/{table.name}.json").write_text(data, encoding="utf-8")


def kept() -> dict[str, Table]:
    """Return the tables of earlier runs by name."""
    found = {}
    for path in sorted(scratch("results/.").glob("*.json")):
        data = json.loads(path.read_text(encoding="utf-8"))
        rows = tuple(tuple(row) for row in data.pop("rows"))
        columns = tuple(data.pop("columns"))
        found[path.stem] = Table(rows=rows, columns=columns, **data)
    return found


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value below which this share of the values lies (nearest rank, no rounding down).

    Raises `ValueError` when there are no values.
    """
    if not values:
        raise ValueError("no values to take a quantile of")
    ordered = sorted(values)
    return ordered[max(math.ceil(share * len(ordered)) - 1, 0)]


def percent(part: float, whole: float = 1.0, *, places: int = 1) -> str:
    """Return a share in words of percent; a dash where there is nothing to share."""
    return f"{part / whole:.{places}%}" if whole else "-"


def wilson(part: int, whole: int) -> tuple[float, float]:
    """Return the 95 % confidence interval of a share (Wilson 1927): of 0 of 0, all is possible."""
    if not whole:
        return 0.0, 1.0
    share, z = part / whole, 1.96
    middle = share + z * z / (2 * whole)
    spread = z * math.sqrt(share * (1 - share) / whole + z * z / (4 * whole * whole))
    scale = 1 + z * z / whole
    return (middle - spread) / scale, (middle + spread) / scale


def milliseconds(seconds: float) -> str:
    """Return a duration in milliseconds with three figures that mean something."""
    return f"{seconds * 1e3:.3g} ms"


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
