"""Accuracy on the development sets. A result on a development file is a sign, not a proof.

    python -m benchmarks development
    python -m benchmarks.development [spellings] [over-lists] [judged-pairs] [--misses]

- *Spellings*: full names in Arabic and Hebrew script, asked of a list that has all their attested
  Latin spellings; and single name tokens, which shows the expansion of the vocabulary by itself.
- *Persons over lists*: a snapshot of two of OFAC, UN and UK, asked with the third's records whose
  partners analysts have named.
- *Judged pairs*: scored by Didban and by logic-v2, at each one's own threshold.

`--misses` names what was not found in ten, and the pairs misjudged, on the terminal only.
"""

from __future__ import annotations

import argparse
import logging
from collections import defaultdict
from typing import TYPE_CHECKING

from benchmarks import labelled, peers, real_lists
from benchmarks.figures import Table, percent
from benchmarks.pair_scores import scores
from benchmarks.snapshots import opened
from didban.match.modes import Mode
from didban.match.query import query_from_record
from didban.model.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from benchmarks.labelled import Pair, Spelled
    from didban.match.snapshot import Snapshot

_ASKED = 600
"""Names of each group that are asked for; all of the group stand on the list."""
_LANGUAGES = ("arabic", "russian", "hebrew")
_THREE_LISTS = ("ofac-sdn", "un-sc", "uk-ofsi")
_PREFIX = {"ofac-sdn": "ofac-", "un-sc": "un-", "uk-ofsi": "uk-"}
_MODE = Mode.BALANCED
_EQUAL_RATES = (0.05, 0.1, 0.2)
"""Shares of the name pairs that are not the same, at which the systems are compared."""

_MISSES = logging.getLogger(__name__)
"""Every single miss, for somebody who works on a rule: silent unless asked for."""

Score = float
Rank = int | None


def measure() -> Iterator[Table]:
    """Measure all development sets."""
    for part in PARTS.values():
        yield from part()


def _spellings() -> Iterator[Table]:
    full = [name for name in labelled.full_names() if " " in name.native]
    rows = []
    for names in (full, *(list(labelled.tokens(language)) for language in _LANGUAGES)):
        rows += _spelling_rows(names)
    yield Table(
        name="spellings",
        command="python -m benchmarks development",
        columns=(
            "native names asked of their Latin spellings",
            "on the list",
            "asked",
            "first",
            "in ten",
        ),
        rows=tuple(rows),
        note=f"Up to {_ASKED} names of each group; a namesake with the same attested spelling counts "
        "as right. Single tokens have many right neighbours: read that line as a trend.",
    )


def _spelling_rows(names: Sequence[Spelled]) -> list[tuple[str, ...]]:
    """Build one list of all names of one kind, and ask a sample of each group."""
    listed = [_as_record(n, spelled) for n, spelled in enumerate(names)]
    by_latin: defaultdict[str, set[str]] = defaultdict(set)
    for record, spelled in zip(listed, names, strict=True):
        for key in (spelled.native, *spelled.latin):
            by_latin[key.casefold()].add(record.id)
    rows = []
    with opened(listed) as snapshot:
        for group, members in labelled.by_group(names).items():
            ranks = []
            for spelled in labelled.sampled(members, _ASKED):
                keys = (spelled.native, *spelled.latin)
                right = set().union(*(by_latin[key.casefold()] for key in keys))
                asked = Record(id="q", schema="Person", properties={"name": (spelled.native,)})
                ranks.append(_rank(snapshot, asked, right))
            rows.append(_row(group, len(members), ranks))
    return rows


def _as_record(number: int, spelled: Spelled) -> Record:
    facts = {"name": spelled.latin[:1], "alias": spelled.latin[1:]}
    properties = {name: values for name, values in facts.items() if values}
    return Record(id=f"name-{number}", schema="Person", properties=properties)


def _row(group: str, listed: int, ranks: Sequence[Rank]) -> tuple[str, ...]:
    first = sum(rank == 1 for rank in ranks)
    ten = sum(rank is not None for rank in ranks)
    shares = percent(first, len(ranks)), percent(ten, len(ranks))
    return (group, f"{listed:,}", str(len(ranks)), *shares)


def _rank(snapshot: Snapshot, asked: Record, right: set[str]) -> Rank:
    """Return the rank of the first right answer among ten, None if there is none."""
    found = snapshot.match(query_from_record(asked), limit=10, mode=_MODE)
    rank = next((n for n, match in enumerate(found, 1) if match.id in right), None)
    if rank is None:
        wanted = [r.values("name", "alias") for i in sorted(right) if (r := snapshot.record(i))]
        instead = [(match.record.first("name"), round(match.score, 2)) for match in found[:2]]
        _MISSES.info("%s -> %s, instead %s", asked.values("name"), wanted[:3], instead)
    return rank


def _over_lists() -> Iterator[Table]:
    """Ask each of three lists' records of the other two."""
    records = {record.id: record for record in real_lists.records(_THREE_LISTS)}
    groups = [[i for i in ids if i in records] for ids in labelled.clusters()]
    rows = []
    for asked in _THREE_LISTS:
        others = [r for r in records.values() if asked not in r.datasets]
        with opened(others) as snapshot:
            for schema in ("Person", "others"):
                ranks, told = [], 0
                for query, right in _partners(groups, asked):
                    if (records[query].schema == "Person") == (schema == "Person"):
                        ranks.append(_rank(snapshot, records[query], right))
                        told += _is_told(snapshot, records[query], right)
                first, ten = _row("", 0, ranks)[3:]
                name = f"{asked}, {'persons' if schema == 'Person' else 'others'}"
                rows.append((name, str(len(ranks)), first, ten, percent(told, len(ranks))))
    yield Table(
        name="over-lists",
        command="python -m benchmarks development",
        columns=("records of this list asked of the other two", "asked", "first", "in ten", "told"),
        rows=tuple(rows),
        note="All facts of the record are asked with, as when two lists are joined. A list often "
        "holds one person twice; any of the analysts' partners counts. *Told*: called a match at "
        f"the threshold of the mode `{_MODE.value}`.",
    )


def _partners(groups: Sequence[Sequence[str]], asked: str) -> Iterator[tuple[str, set[str]]]:
    for ids in groups:
        right = {i for i in ids if not i.startswith(_PREFIX[asked])}
        if right:
            yield from ((i, right) for i in ids if i.startswith(_PREFIX[asked]))


def _is_told(snapshot: Snapshot, asked: Record, right: set[str]) -> bool:
    found = snapshot.match(query_from_record(asked), limit=10, mode=_MODE)
    return any(match.match and match.id in right for match in found)


def _judged_pairs() -> Iterator[Table]:
    records = {record.id: record for record in real_lists.records(_THREE_LISTS)}
    pairs = [*labelled.judged_names(), *labelled.cluster_pairs(records)]
    ours = _pair_scores(pairs)
    theirs = peers.logic_v2_pairs("judged", [(p.left, p.right) for p in pairs])
    by_kind: dict[str, list[int]] = {}
    for n, pair in enumerate(pairs):
        by_kind.setdefault(pair.kind, []).append(n)
    systems = {"Didban": (ours, _MODE.threshold), "logic-v2": (theirs, peers.LOGIC_V2_THRESHOLD)}
    yield _at_thresholds(by_kind, systems)
    yield _at_equal_rates(by_kind, systems)


def _at_thresholds(
    by_kind: Mapping[str, Sequence[int]], systems: Mapping[str, tuple[Sequence[Score], float]]
) -> Table:
    rows = []
    for kind, chosen in by_kind.items():
        told = [
            percent(sum(scored[n] >= threshold for n in chosen), len(chosen))
            for scored, threshold in systems.values()
        ]
        rows.append((kind, str(len(chosen)), *told))
    thresholds = (f"{name} ({threshold:.2f})" for name, (_, threshold) in systems.items())
    return Table(
        name="judged-pairs",
        command="python -m benchmarks development",
        columns=("pairs that are called a match", "count", *thresholds),
        rows=tuple(rows),
        note="*Same* should be high, *other* low. Name pairs carry a name alone; clusters and hard "
        "negatives carry all facts of their lists. Some of the hard negatives bear the same name on "
        "both lists.",
    )


def _at_equal_rates(
    by_kind: Mapping[str, Sequence[int]], systems: Mapping[str, tuple[Sequence[Score], float]]
) -> Table:
    """Move each threshold until the same share of the pairs that are not the same is told."""
    rows = []
    for people in ("persons", "organisations"):
        same, other = by_kind[f"{people}, same"], by_kind[f"{people}, other"]
        for name, (scored, _) in systems.items():
            wrong = sorted((scored[n] for n in other), reverse=True)
            limits = [wrong[int(rate * len(wrong))] for rate in _EQUAL_RATES]
            told = [percent(sum(scored[n] > limit for n in same), len(same)) for limit in limits]
            rows.append((f"{people}, {name}", *told))
    return Table(
        name="judged-at-equal-rates",
        command="python -m benchmarks development",
        columns=("same pairs told where this share of others is", *map(percent, _EQUAL_RATES)),
        rows=tuple(rows),
        note="The same name pairs; each system's threshold is moved.",
    )


def _pair_scores(pairs: Sequence[Pair]) -> list[Score]:
    """Return our score of each pair, and name the misjudged."""
    found = scores(pairs)
    for pair, score in zip(pairs, found, strict=True):
        if (score >= _MODE.threshold) != pair.kind.endswith("same"):
            names = pair.left.first("name"), pair.right.first("name")
            _MISSES.info("%s: %s ~ %s scored %.3f", pair.kind, *names, score)
    return found


PARTS = {"spellings": _spellings, "over-lists": _over_lists, "judged-pairs": _judged_pairs}
"""The measurements by the names of their tables."""


def main() -> None:
    """Measure the parts asked for and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.development")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--misses", action="store_true", help="name every miss")
    options = parser.parse_args()
    logging.basicConfig(
        level=logging.INFO if options.misses else logging.WARNING, format="%(message)s"
    )
    for name in options.parts or PARTS:
        if name not in PARTS:
            parser.error(f"unknown part: {name}")
        for table in PARTS[name]():
            print(table.text())


if __name__ == "__main__":
    main()
