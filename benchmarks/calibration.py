"""Of the candidates that are scored 0.9, how many are right: on people that nothing was learned from.

    python -m benchmarks calibration

- *calibration*: generated people as lists and papers describe them, of another seed than those the
  weights were learned from, by the script of the question.
- *calibration-lists*: persons of three lists asked of the other two, where analysts said who is who.
- *base-rates*: what a score means where few of those asked about are listed.
"""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from benchmarks import labelled, real_lists, weights
from benchmarks.figures import Table, percent
from benchmarks.snapshots import opened
from didban.match.scoring import score_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benchmarks.weights import Row

SEED: Final = 3
_TENTHS: Final = 10
_THREE_LISTS: Final = ("ofac-sdn", "un-sc", "uk-ofsi")
_SHARES: Final = (1.0, 0.1, 0.01, 0.001)
"""Shares of those asked about who are listed, of which a score is told anew."""
_COMMAND: Final = "python -m benchmarks calibration"


def measure() -> Iterator[Table]:
    """Measure both materials, and tell what follows for a border."""
    generated = list(weights.rows(SEED, with_strangers=False))
    yield _table(
        "calibration", generated, "Generated people, all of them listed, as the prior takes it."
    )
    lists = list(_of_lists())
    yield _table(
        "calibration-lists",
        lists,
        "Persons of three lists, all facts. Whom the analysts do not name counts as wrong: relatives, "
        "and records of the same person that they did not look at.",
    )
    yield _base_rates()


def _table(name: str, rows: Sequence[Row], material: str) -> Table:
    scripts = sorted({row.script for row in rows})
    lines = []
    for tenth in range(_TENTHS):
        low, high = tenth / _TENTHS, (tenth + 1) / _TENTHS
        own = [row for row in rows if low <= _score(row) < high]
        if own:
            mean = sum(map(_score, own)) / len(own)
            by_script = ([r for r in own if r.script == script] for script in scripts)
            shares = (_right(part) for part in by_script)
            lines.append(
                (f"{low:.1f} to {high:.1f}", f"{len(own):,}", f"{mean:.3f}", _right(own), *shares)
            )
    scores = [(_score(row), row.is_right) for row in rows]
    brier = sum((score - right) ** 2 for score, right in scores) / len(scores)
    loss = -sum(math.log(s if right else 1 - s) for s, right in scores) / len(scores)
    return Table(
        name=name,
        command=_COMMAND,
        columns=("score", "candidates", "mean score", "right", *(f"right, {s}" for s in scripts)),
        rows=tuple(lines),
        note=f"{material} {len(rows):,} candidates, {sum(r.is_right for r in rows):,} of them right. "
        f"Brier score {brier:.4f}, log loss {loss:.4f} nats.",
    )


def _right(rows: Sequence[Row]) -> str:
    return (
        f"{percent(sum(r.is_right for r in rows), len(rows), places=0)} of {len(rows)}"
        if rows
        else "-"
    )


def _score(row: Row) -> float:
    return score_of(weights.logit(row, weights.in_force()))


def _of_lists() -> Iterator[Row]:
    partners: dict[str, set[str]] = defaultdict(set)
    for group in labelled.clusters():
        for one in group:
            partners[one].update(other for other in group if other != one)
    records = list(real_lists.records(_THREE_LISTS))
    for dataset in _THREE_LISTS:
        others = [record for record in records if dataset not in record.datasets]
        with opened(others) as snapshot:
            for record in records:
                if record.schema == "Person" and dataset in record.datasets and partners[record.id]:
                    yield from weights.candidates(snapshot, record, partners[record.id])


def _base_rates() -> Table:
    scores = (0.7, 0.9, 0.95, 0.99, 0.999)
    rows = []
    for score in scores:
        odds = score / (1 - score)
        shown = (odds * share for share in _SHARES)
        rows.append((f"{score}", *(percent(o / (1 + o)) for o in shown)))
    return Table(
        name="base-rates",
        command=_COMMAND,
        columns=("score", *(f"{share:.1%} are listed" for share in _SHARES)),
        rows=tuple(rows),
        note="How likely a candidate of this score is right, by how many of those asked about are on "
        "the list at all. The score itself takes it that all are.",
    )


if __name__ == "__main__":
    for _measured in measure():
        print(_measured.text())
