"""Organisations and ships: other names and altered ones, beside organisations that are others.

    python -m benchmarks organisations
    python -m benchmarks.organisations [--misses] [--alarms]

The list is that of OFAC, with the main names of its organisations, ships and aircraft only.

- *organisations-found*: asked by another name that OFAC states (a translation, an abbreviation, a
  remark in brackets), and by the main name after one of the things that befall such names.
- *organisations-alarms*: two crowds of real organisations. *Neighbours*: everything listed is asked
  by its main name, and what else is told is another: sisters, branches, namesakes, the hardest
  that there are. *Others*: what the export authorities list, without the names that OFAC has too.

`--misses` and `--alarms` name single cases, on the terminal only.
"""

from __future__ import annotations

import argparse
import logging
import random
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from benchmarks import real_lists
from benchmarks.alterations import another_order, joined, one_typo, two_typos
from benchmarks.figures import Table, percent, wilson
from benchmarks.snapshots import opened
from didban.match.kinds import Kind, kind_of
from didban.match.modes import Mode
from didban.match.organisations.words import is_organisation, read
from didban.match.query import query_from_record
from didban.model.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benchmarks.alterations import Alteration
    from didban.match.snapshot import Snapshot

_COMMAND = "python -m benchmarks organisations"
_NAMED_BY_OTHERS, _EACH, _CROWD = 800, 150, 1000
_MISSES, _ALARMS = (logging.getLogger(f"{__name__}.{word}") for word in ("misses", "alarms"))
_THINGS: Final = frozenset({Kind.ORGANIZATION, Kind.VESSEL, Kind.AIRPLANE})
_LONG: Final = 8
_SEVERAL: Final = 3
_SHORTER: Final = (
    ("INTERNATIONAL", "INTL"), ("COMPANY", "CO"), ("CORPORATION", "CORP"), ("LIMITED", "LTD"),
    ("TRADING", "TRDG"), ("MANUFACTURING", "MFG"), ("ASSOCIATION", "ASSN"), ("GROUP", "GRP"),
    ("NATIONAL", "NATL"), ("ORGANIZATION", "ORG"), ("DEPARTMENT", "DEPT"), ("BROTHERS", "BROS"),
)  # fmt: skip
"""Words of names, and what registers and banks make of them."""


@dataclass(frozen=True, slots=True)
class Task:
    """A query, and what it must find."""

    query: Record
    target: str
    kind: str


def measure() -> Iterator[Table]:
    """Ask the list for what is on it, and for what is not."""
    full = [r for r in real_lists.records(("ofac-sdn",)) if kind_of(r.schema) in _THINGS]
    listed = [replace(r, properties={**_beside_names(r), "name": r.values("name")}) for r in full]
    with opened(listed) as snapshot:
        yield _found(snapshot, [*_by_other_names(full), *_altered(listed)])
        yield _alarms(snapshot, listed)


def _beside_names(record: Record) -> dict[str, tuple[str, ...]]:
    return {
        fact: record.properties[fact] for fact in ("country", "flag") if fact in record.properties
    }


def _by_other_names(records: Sequence[Record]) -> Iterator[Task]:
    """Yield records asked by one of their other names, drawn by chance."""
    source = random.Random("other names")
    named = [record for record in records if record.values("alias")]
    for record in source.sample(named, min(_NAMED_BY_OTHERS, len(named))):
        name = source.choice(record.values("alias"))
        yield Task(_named(record.schema, name, record.id), record.id, "another name")


def _named(schema: str, name: str, number: str) -> Record:
    return Record(id=f"q-{number}", schema=schema, properties={"name": (name,)}, caption=name)


def without_form(name: str, _source: random.Random) -> str:
    """Return a name without its legal form, where that ends it."""
    if not read(name).forms:
        return name
    words = name.split()
    kept = next(
        (n for n in range(1, len(words)) if read(" ".join(words[:n])).parts == read(name).parts), 0
    )
    return " ".join(words[:kept]).rstrip(",") if kept else name


def abbreviated(name: str, _source: random.Random) -> str:
    """Return a name with its generic words as registers shorten them."""
    for word, short in _SHORTER:
        name = name.upper().replace(word, short)
    return name


def generic_left_out(name: str, _source: random.Random) -> str:
    """Return a name of three words or more without the last one that many names bear."""
    words = name.split()
    at = max((n for n, w in enumerate(words) if w.upper() in dict(_SHORTER)), default=0)
    return " ".join(words[:at] + words[at + 1 :]) if at and len(words) >= _SEVERAL else name


_KINDS: Final[dict[str, Alteration]] = {
    "one typo": one_typo,
    "two typos": two_typos,
    "another order": another_order,
    "joined": lambda name, source: joined(name, source) if " " in name else name,
    "abbreviated": abbreviated,
    "form left out": without_form,
    "generic left out": generic_left_out,
}


def _altered(records: Sequence[Record]) -> Iterator[Task]:
    """Yield records asked by their main names after each of the alterations."""
    for kind, alter in _KINDS.items():
        source, left = random.Random(kind), _EACH
        for record in source.sample(records, len(records)):
            name = record.values("name")[0]
            if left and len(name) >= _LONG and (altered := alter(name, source)) != name:
                left -= 1
                yield Task(_named(record.schema, altered, record.id), record.id, kind)


def _found(snapshot: Snapshot, tasks: Sequence[Task]) -> Table:
    """Tell for each kind how many are found in ten, and told by each mode."""
    scores: dict[str, list[float]] = {}
    for task in tasks:
        found = snapshot.match(query_from_record(task.query), limit=10, mode=Mode.THOROUGH)
        score = next((match.score for match in found if match.id == task.target), 0.0)
        scores.setdefault(task.kind, []).append(score)
        if score < Mode.BALANCED.threshold:
            record = snapshot.record(task.target)
            _MISSES.info(
                "%s: %s -> %s %.3f", task.kind, task.query.caption, record and record.caption, score
            )
    scores["all"] = [score for own in scores.values() for score in own]
    return Table(
        name="organisations-found",
        command=_COMMAND,
        columns=("organisations asked by", "asked", *(f"told, `{mode.value}`" for mode in Mode)),
        rows=tuple((kind, str(len(own)), *_told(own)) for kind, own in scores.items()),
        note="OFAC's organisations, ships and aircraft by their main names, asked by name alone.",
    )


def _told(scores: Sequence[float]) -> Iterator[str]:
    for mode in Mode:
        yield percent(sum(score >= mode.threshold for score in scores), len(scores))


def _alarms(snapshot: Snapshot, listed: Sequence[Record]) -> Table:
    """Tell how many of each crowd alarm in each mode, with the interval of the share."""
    source = random.Random("neighbours")
    known = {frozenset(read(r.values("name")[0]).parts) for r in listed}
    neighbours = [_named(r.schema, r.values("name")[0], r.id) for r in listed]
    others = [
        _named(r.schema, r.caption, r.id)
        for r in real_lists.records(("us-csl",))
        if kind_of(r.schema) is Kind.LEGAL_ENTITY and is_organisation(r.caption, Kind.LEGAL_ENTITY)
        if frozenset(read(r.caption).parts) not in known
    ]
    rows = []
    for crowd, members in (("neighbours", neighbours), ("others", others)):
        best = [_best_other(snapshot, r) for r in source.sample(members, min(_CROWD, len(members)))]
        for mode in Mode:
            told = sum(score >= mode.threshold for score in best)
            low, high = wilson(told, len(best))
            interval = f"{percent(low)} - {percent(high)}"
            rows.append(
                (f"{crowd}, `{mode.value}`", str(len(best)), percent(told, len(best)), interval)
            )
    return Table(
        name="organisations-alarms",
        command=_COMMAND,
        columns=("other organisations", "asked", "alarm", "95 % interval"),
        rows=tuple(rows),
        note="By name alone. Some *others* are what OFAC lists under another name.",
    )


def _best_other(snapshot: Snapshot, asked: Record) -> float:
    """Return the best score of anything but what was asked for itself."""
    found = snapshot.match(query_from_record(asked), limit=5, mode=Mode.THOROUGH)
    best = next((match for match in found if f"q-{match.id}" != asked.id), None)
    if best and best.score >= Mode.BALANCED.threshold:
        _ALARMS.info("%s ~ %s %.3f", asked.caption, best.caption, best.score)
    return best.score if best else 0.0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.organisations")
    parser.add_argument("--misses", action="store_true", help="name what was not told")
    parser.add_argument("--alarms", action="store_true", help="name what alarmed")
    options = parser.parse_args()
    logging.basicConfig(format="%(message)s")
    for logger, is_wanted in ((_MISSES, options.misses), (_ALARMS, options.alarms)):
        logger.setLevel(logging.INFO if is_wanted else logging.WARNING)
    for table in measure():
        print(table.text())


if __name__ == "__main__":
    main()
