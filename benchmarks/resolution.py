"""The same person or organisation over lists: clusters beside those that analysts decided.

    python -m benchmarks resolution
    python -m benchmarks.resolution [--misses]

OFAC 2021, UN 2020 and UK 2020 in one snapshot, resolved as `didban resolve` does, and by Splink on
DuckDB with our readings of names as its keys. Measured on, never fitted to.

What is counted, pair by pair:

- *Right*: two records that analysts put into one cluster, and so does the system.
- *Wrong*: two records that analysts put into different clusters and the system into one, and pairs
  that they judged "not the same" (the hard negatives) that come together.
- A pair with a record of which the analysts said nothing counts neither way: their clusters cover
  a part of the lists, and a right pair beyond that part would count as wrong.

A second measure needs no analyst: the UK's list names the UN's reference of an entry.
"""

from __future__ import annotations

import argparse
import json
import logging
import math
import random
import re
import subprocess
import tempfile
import time
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import labelled, peers, real_lists
from benchmarks.figures import Table, percent, quantile
from benchmarks.material import ROOT, scratch, write_json_lines
from benchmarks.snapshots import build
from didban.analysis.resolving import job
from didban.analysis.resolving.clusters import Rules, cluster
from didban.match.features import features_of
from didban.match.kinds import Kind, kind_of
from didban.match.spelling.alphabets import SYMBOLS
from didban.match.spelling.keys import coarse_keys
from didban.match.spelling.phonemes import forms
from didban.screening.workers import cores

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from didban.match.features import Name
    from didban.model.records import Record

LISTS = ("ofac-sdn", "un-sc", "uk-ofsi")
_REFERENCE = re.compile(r"\b[Uu][Nn] R[Ee][Ff](?:erence)?[.:]* ?([A-Z]{2}[ie]\.\d{3})\b")
_SPLINK = ROOT / "benchmarks" / "in_peers" / "splink_clusters.py"
_COMMAND = "python -m benchmarks resolution"

_MISSES = logging.getLogger(__name__)
"""Every pair that is missed or wrong, for somebody who works on a rule: silent unless asked for."""

_SPLINK_FROM = (0.7, 0.1, 0.005)
"""The threshold in force, and two that were looked for: Splink's scores are not calibrated here."""

_DRAWS = 1_000

Clusters = list[tuple[str, ...]]
Pair = frozenset[str]


@dataclass(frozen=True, slots=True)
class Found:
    """What a system puts together, and how many seconds that took it where that was measured."""

    clusters: Clusters
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Truth:
    """What analysts decided of these records: pairs that are the same, and that are not."""

    same: frozenset[Pair]
    hard: frozenset[Pair]
    owner: dict[str, int]

    @classmethod
    def of(cls, records: Iterable[str]) -> Truth:
        """Return what was decided of these records; two of the analysts' ids are on no list."""
        present = set(records)
        groups = [[i for i in ids if i in present] for ids in labelled.clusters()]
        hard = [pair for pair in labelled.hard_negatives() if present.issuperset(pair)]
        return cls(
            frozenset(frozenset(pair) for ids in groups for pair in combinations(ids, 2)),
            frozenset(map(frozenset, hard)),
            {i: number for number, ids in enumerate(groups) for i in ids},
        )

    def judged(self, clusters: Clusters) -> tuple[set[Pair], set[Pair]]:
        """Return the pairs of these clusters that are right, and those that are wrong."""
        told = {frozenset(pair) for ids in clusters for pair in combinations(ids, 2)}
        return {pair for pair in told if pair in self.same}, set(filter(self._is_wrong, told))

    def interval(self, right: set[Pair], wrong: set[Pair]) -> tuple[float, float]:
        """Return the 95 % interval of F1, by drawing the clusters anew (bootstrap, Efron 1979)."""
        tallies: dict[Any, list[int]] = {self._unit(pair): [0, 0, 0] for pair in self.hard}
        for column, pairs in enumerate((self.same, right, wrong)):
            for pair in pairs:
                tallies.setdefault(self._unit(pair), [0, 0, 0])[column] += 1
        units, lot = sorted(tallies.values()), random.Random(1)
        draws = []
        for _ in range(_DRAWS):
            drawn = lot.choices(units, k=len(units))
            draws.append(_f1(*(sum(unit[n] for unit in drawn) for n in (1, 2, 0))))
        return quantile(draws, 0.025), quantile(draws, 0.975)

    def _unit(self, pair: Pair) -> Any:
        """Return what a pair is drawn with: the cluster of its first member that is in one."""
        return next((self.owner[i] for i in sorted(pair) if i in self.owner), tuple(sorted(pair)))

    def _is_wrong(self, pair: Pair) -> bool:
        """Return whether analysts said that these two are not the same."""
        if pair in self.same:
            return False
        return pair in self.hard or all(i in self.owner for i in pair)


def pairwise_f1(records: Mapping[str, Record]) -> float:
    """Return how well these records are resolved: the harmonic mean of precision and recall."""
    truth = Truth.of(records)
    right, wrong = truth.judged(_ours(records)["Didban"].clusters)
    return _f1(len(right), len(wrong), len(truth.same))


def _f1(right: int, wrong: int, wanted: int) -> float:
    """Return the harmonic mean of precision and recall."""
    return 2 * right / (right + wrong + wanted) if right + wrong + wanted else 0.0


def measure() -> Iterator[Table]:
    """Resolve the three lists in every way."""
    records = {record.id: record for record in real_lists.records(LISTS)}
    found = {**_ours(records), **_splinks(records)}
    yield _against_analysts(Truth.of(records), found)
    yield _against_references(records, found)


def _ours(records: Mapping[str, Record]) -> dict[str, Found]:
    """Resolve as the command does; once more with lists that may name somebody twice; chained."""
    with tempfile.TemporaryDirectory() as folder:
        path = build(Path(folder) / "lists", records.values())
        started = time.perf_counter()
        work = job.Job(snapshot=path, output=path, workers=cores())
        usual = job.find(work)
        seconds = time.perf_counter() - started
        within = job.find(replace(work, within_lists=True))
    return {
        "Didban": Found([each.members for each in usual.clusters], seconds),
        "Didban, --within-lists": Found([each.members for each in within.clusters], None),
        "Didban's pairs, chained": Found(_chained(pair.pair for pair in usual.pairs), None),
    }


def _chained(pairs: Iterable[tuple[str, str]]) -> Clusters:
    """Return what hangs together through any pair, as connected components do."""
    together: dict[str, set[str]] = {}
    for pair in pairs:
        members = set().union(*(together.get(i, {i}) for i in pair))
        together.update(dict.fromkeys(members, members))
    return [tuple(members) for members in {id(m): m for m in together.values()}.values()]


def _splinks(records: Mapping[str, Record]) -> dict[str, Found]:
    """Return Splink's clusters, and what our clustering makes of its pairs."""
    question, answer = scratch("resolution/records.jsonl"), scratch("resolution/splink.json")
    named = [r for r in records.values() if kind_of(r.schema) not in {Kind.OTHER, Kind.DOCUMENT}]
    write_json_lines(question, map(_prepared, named))
    subprocess.run([peers.interpreter(), _SPLINK, question, answer], check=True)
    said = json.loads(answer.read_text(encoding="utf-8"))
    log_odds = {(min(a, b), max(a, b)): bits * math.log(2) for a, b, bits in said["pairs"]}
    lists = {record.id: record.datasets for record in named}
    found = {"Splink": Found(list(map(tuple, said["clusters"])), said["seconds"])}
    for score in _SPLINK_FROM:
        rules = Rules(join_from=math.log(score / (1 - score)), unseen=-math.log(len(named)))
        clusters = [each.members for each in cluster(log_odds, lists, rules)]
        found[f"Splink's pairs from {score:g}, our clusters"] = Found(clusters, None)
    return found


def _prepared(record: Record) -> dict[str, Any]:
    """Return what Splink compares: the names as they sound, and the rest as we read it."""
    facts = features_of(record)
    names = [_sounds(name) for name in facts.names]
    births = sorted({str(d) for d in facts.birth_dates if d.day is not None})
    return {
        "unique_id": record.id,
        "source_dataset": record.datasets[0].replace("-", "_"),  # it becomes a column
        "kind": facts.kind.name,
        "main": names[0] if names else None,
        "names": sorted(set(names)),
        "birth": births[0] if births else None,
        "births": births,
        "years": sorted({str(y) for d in facts.birth_dates if (s := d.years) for y in s}),
        "countries": sorted(facts.countries),
        "documents": sorted({f"{d.issuer}:{d.number}" for d in facts.documents}),
        "keys": sorted({key for name in facts.names for key in _keys(name)}),
    }


def _sounds(name: Name) -> str:
    read = (forms(part) for part in name.parts)
    return " ".join(sorted("".join(SYMBOLS[c] for c in one[0].codes) for one in read if one))


def _keys(name: Name) -> Iterator[str]:
    """Yield two parts of a name, by coarse sounds; the one part of a name that has no more."""
    keys = sorted({str(coarse_keys(one[0])[0]) for p in name.parts if (one := forms(p))})
    yield from ("-".join(pair) for pair in combinations(keys, 2)) if len(keys) > 1 else keys


def _against_analysts(truth: Truth, found: Mapping[str, Found]) -> Table:
    rows = []
    for name, system in found.items():
        right, wrong = truth.judged(system.clusters)
        for word, pairs in (("missed", truth.same - right), ("wrong", wrong)):
            for pair in sorted(map(sorted, pairs)):
                _MISSES.info("%s: %s %s", name, word, " ~ ".join(pair))
        shares = _shares(len(right), len(wrong), len(truth.same))
        hard = f"{len(wrong & truth.hard)} of {len(truth.hard)}"
        low, high = truth.interval(right, wrong)
        took = f"{system.seconds:.0f} s" if system.seconds else "-"
        rows.append((name, *shares, f"{low:.3f} - {high:.3f}", hard, took))
    return Table(
        name="resolution",
        command=_COMMAND,
        columns=(
            *("system", "precision", "recall", "F1", "95 % interval of F1"),
            *("hard negatives joined", "time"),
        ),
        rows=tuple(rows),
        note=f"{len(truth.same)} pairs of {len(set(truth.owner.values()))} clusters; wrong are pairs "
        "over two of the analysts' clusters, and hard negatives. Records of which they said nothing "
        "count neither way. From a score of 0.7 on where nothing else is said. Didban's time is on "
        f"{cores()} cores with reading the snapshot, Splink's without reading the names.",
    )


def _against_references(records: Mapping[str, Record], found: Mapping[str, Found]) -> Table:
    """Compare the clusters' pairs of UK and UN with the references that the UK states."""
    stated = _references(records)
    rows = []
    for name, system in found.items():
        told = [
            (uk, un)
            for ids in system.clusters
            for uk in ids
            for un in ids
            if uk in stated and un.startswith("un-")
        ]
        right = sum(stated[uk] == un for uk, un in told)
        rows.append((name, *_shares(right, len(told) - right, len(stated))))
    return Table(
        name="resolution-references",
        command=_COMMAND,
        columns=("system", "precision", "recall", "F1"),
        rows=tuple(rows),
        note=f"{len(stated)} entries of the UK's list that state the reference of one of the UN's.",
    )


def _references(records: Mapping[str, Record]) -> dict[str, str]:
    """Return UK entries -> the UN's entry that they state, where that is one of the list."""
    stated = {}
    for record in records.values():
        if record.id.startswith("uk-"):
            text = " ".join(value for values in record.properties.values() for value in values)
            numbers = {f"un-{number}" for number in _REFERENCE.findall(text)}
            if len(numbers) == 1 and numbers <= records.keys():
                stated[record.id] = numbers.pop()
    return stated


def _shares(right: int, wrong: int, wanted: int) -> tuple[str, str, str]:
    """Return precision, recall and their harmonic mean in words."""
    f1 = _f1(right, wrong, wanted)
    return percent(right, right + wrong), percent(right, wanted), f"{f1:.3f}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.resolution")
    parser.add_argument("--misses", action="store_true", help="name every miss")
    level = logging.INFO if parser.parse_args().misses else logging.WARNING
    logging.basicConfig(level=level, format="%(message)s")
    for table in measure():
        print(table.text())


if __name__ == "__main__":
    main()
