"""The peers' own judged material: name pairs (`name_bench`) and whole-entity checks.

    python -m benchmarks name_bench
    python -m benchmarks.name_bench [--misses]

Both come from the project of logic-v2 and were written while that matcher was made; nothing of
Didban is fitted to them. A pair is right when it is called a match just where its authors say so:
at 0.70, which is the threshold of both systems.

`--misses` names every pair that was judged otherwise, on the terminal only.
"""

from __future__ import annotations

import argparse
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from benchmarks import labelled, peers
from benchmarks.figures import Table, percent, wilson
from benchmarks.material import shared
from benchmarks.pair_scores import scores
from didban.match.modes import Mode
from didban.model.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benchmarks.labelled import Pair

_MODE = Mode.BALANCED
_PARTS = ("firstName", "middleName", "lastName")
_MISSES = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Verdicts:
    """How the verdicts of one system stand to those of the authors."""

    right_same: int
    right_other: int
    wrong_same: int
    wrong_other: int

    @classmethod
    def of(cls, pairs: Sequence[Pair], given: Sequence[float], threshold: float) -> Verdicts:
        """Count the verdicts of a system that calls a match what scores this much."""
        told = [score >= threshold for score in given]
        same = [pair.kind.endswith("same") for pair in pairs]
        both = list(zip(told, same, strict=True))
        return cls(
            right_same=both.count((True, True)),
            right_other=both.count((False, False)),
            wrong_same=both.count((True, False)),
            wrong_other=both.count((False, True)),
        )

    @property
    def right(self) -> int:
        """How many are as their authors say."""
        return self.right_same + self.right_other

    @property
    def all(self) -> int:
        """How many there are."""
        return self.right + self.wrong_same + self.wrong_other

    @property
    def precision(self) -> float:
        """The share of told pairs that are the same."""
        return self.right_same / max(self.right_same + self.wrong_same, 1)

    @property
    def recall(self) -> float:
        """The share of pairs that are the same that is told."""
        return self.right_same / max(self.right_same + self.wrong_other, 1)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        found = 2 * self.right_same
        return found / max(found + self.wrong_same + self.wrong_other, 1)


def measure() -> Iterator[Table]:
    """Judge the pairs and the checks by both systems."""
    pairs = labelled.judged_names()
    rows = []
    for people in ("persons", "organisations", "all"):
        chosen = [pair for pair in pairs if people in ("all", pair.kind.partition(",")[0])]
        for system, verdicts in _judged(f"name_bench {people}", chosen).items():
            shares = verdicts.precision, verdicts.recall
            found = (f"{people}, {system}", str(verdicts.all), *map(percent, shares))
            rows.append((*found, f"{verdicts.f1:.3f}"))
    yield Table(
        name="name-bench",
        command="python -m benchmarks name_bench",
        columns=("name pairs", "count", "precision", "recall", "F1"),
        rows=tuple(rows),
        note="Names alone. *Organisations*: vessels too.",
    )
    yield _checks_table()


def _checks_table() -> Table:
    rows = []
    checks = list(entity_checks())
    for people in ("persons", "organisations", "all"):
        chosen = [pair for pair in checks if people in ("all", pair.kind.partition(",")[0])]
        for system, verdicts in _judged(f"checks {people}", chosen).items():
            low, high = wilson(verdicts.right, verdicts.all)
            share = percent(verdicts.right, verdicts.all)
            interval = f"{percent(low)} - {percent(high)}"
            rows.append((f"{people}, {system}", str(verdicts.all), share, interval))
    return Table(
        name="entity-checks",
        command="python -m benchmarks name_bench",
        columns=("checks of whole entities", "count", "right", "95 % interval"),
        rows=tuple(rows),
        note="Most of them are names alone; some carry dates, countries or numbers.",
    )


def _judged(label: str, pairs: Sequence[Pair]) -> dict[str, Verdicts]:
    ours = scores(pairs)
    theirs = peers.logic_v2_pairs(label, [(pair.left, pair.right) for pair in pairs])
    for pair, score in zip(pairs, ours, strict=True):
        if (score >= _MODE.threshold) != pair.kind.endswith("same") and label.endswith("all"):
            names = pair.left.caption, pair.right.caption
            _MISSES.info("%s: %s ~ %s scored %.3f", pair.kind, *names, score)
    return {
        "Didban": Verdicts.of(pairs, ours, _MODE.threshold),
        "logic-v2": Verdicts.of(pairs, theirs, peers.LOGIC_V2_THRESHOLD),
    }


def entity_checks() -> Iterator[labelled.Pair]:
    """Yield the checks: a query and a candidate of one schema, and whether they are the same."""
    path = shared("names/name_bench/checks.yml")
    checks = yaml.safe_load(path.read_text(encoding="utf-8"))["checks"]
    for number, check in enumerate(checks):
        people = "persons" if check["schema"] == "Person" else "organisations"
        kind = f"{people}, {'same' if check['match'] else 'other'}"
        left, right = (
            _entity(f"{side}-{number}", check["schema"], check[side])
            for side in ("query", "candidate")
        )
        yield labelled.Pair(left, right, kind)


def _entity(number: str, schema: str, stated: dict[str, Any]) -> Record:
    """Return a side of a check; its parts make a name where it states none."""
    facts = {name: _texts(values) for name, values in stated.items()}
    parts = [text for name in _PARTS for text in facts.get(name, ())]
    names = facts.get("name") or (" ".join(parts),)
    return Record(id=number, schema=schema, properties={**facts, "name": names}, caption=names[0])


def _texts(values: Any) -> tuple[str, ...]:
    return tuple(map(str, values)) if isinstance(values, list) else (str(values),)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.name_bench")
    parser.add_argument("--misses", action="store_true", help="name every miss")
    options = parser.parse_args()
    logging.basicConfig(
        level=logging.INFO if options.misses else logging.WARNING, format="%(message)s"
    )
    for table in measure():
        print(table.text())


if __name__ == "__main__":
    main()
