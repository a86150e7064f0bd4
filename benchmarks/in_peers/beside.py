"""Time Didban beside rapidfuzz and logic-v2 on one list, in turns, in one process.

Runs inside the peers' environment with Didban's sources on the path, so that noise of the machine
hits all systems alike. Every time comes with the recall of the same queries.

    python beside.py SNAPSHOT NAMES TASKS OUTPUT

- NAMES: lines `record id TAB name`, every name of the list.
- TASKS: JSON lines `{"query": record, "facts": record, "target": id, "kind": word}`; `facts` is the
  query with birth date and country.
- OUTPUT: one JSON object, system -> `{"seconds": [...], "found": {kind: [hits, asked]}}`.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from anyascii import anyascii
from logic_v2 import proxy
from nomenklatura.matching import get_algorithm
from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler

from benchmarks.caches import forget
from didban.match.modes import Mode
from didban.match.query import query_from_record
from didban.match.snapshot import Snapshot
from didban.model.records import Record

_CANDIDATES = 50

System = Callable[[dict[str, Any]], tuple[float, list[str]]]
"""A task -> the seconds it took, and the ids found, best first."""


def didban(snapshot: Snapshot, *, key: str, is_cold: bool) -> System:
    """Return Didban's own search, the whole way from a record to explained matches.

    A cold one forgets all names before each query; a warm one was asked the same just before.
    """

    def search(task: dict[str, Any]) -> tuple[float, list[str]]:
        record = Record.from_json(task[key])
        if is_cold:
            forget(snapshot)
        else:
            snapshot.match(query_from_record(record), limit=10, mode=Mode.BALANCED)
        started = time.perf_counter()
        found = snapshot.match(query_from_record(record), limit=10, mode=Mode.BALANCED)
        return time.perf_counter() - started, [match.id for match in found]

    return search


class JaroWinklerRanking:
    """rapidfuzz over every name of the list, written in ASCII beforehand."""

    def __init__(self, path: Path) -> None:
        self._ids: list[str] = []
        self._names: list[str] = []
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                number, _, name = line.rstrip("\n").partition("\t")
                self._ids.append(number)
                self._names.append(anyascii(name).casefold())

    def rank(self, task: dict[str, Any], most: int) -> list[str]:
        """Return the ids of the most similar names, best first."""
        text = anyascii(task["query"]["properties"]["name"][0]).casefold()
        scorer = JaroWinkler.normalized_similarity
        scores = process.cdist([text], self._names, scorer=scorer, dtype=np.float32)[0]
        best = np.argpartition(scores, -4 * most)[-4 * most :]
        best = best[np.argsort(-scores[best], kind="stable")]
        return list(dict.fromkeys(self._ids[n] for n in best))[:most]

    def search(self, task: dict[str, Any]) -> tuple[float, list[str]]:
        """Rank ten, as the other systems do."""
        started = time.perf_counter()
        found = self.rank(task, 10)
        return time.perf_counter() - started, found


def logic_v2(snapshot: Snapshot, ranking: JaroWinklerRanking) -> System:
    """Return logic-v2 over the fifty most similar names: its scoring alone is timed."""
    algorithm = get_algorithm("logic-v2")
    assert algorithm is not None, "this nomenklatura has no logic-v2"
    config = algorithm.default_config()

    def search(task: dict[str, Any]) -> tuple[float, list[str]]:
        records = [snapshot.record(number) for number in ranking.rank(task, _CANDIDATES)]
        candidates = [proxy(record.to_json()) for record in records if record]
        asked = proxy(task["query"])
        started = time.perf_counter()
        scored = [(algorithm.compare(asked, c, config).score, c.id) for c in candidates]
        seconds = time.perf_counter() - started
        scored.sort(key=lambda pair: (-pair[0], pair[1]))
        return seconds, [number for _, number in scored[:10]]

    return search


def take_turns(systems: dict[str, System], tasks: list[dict[str, Any]]) -> dict[str, Any]:
    """Ask all systems each task, in an order that rotates, so that noise hits all alike."""
    figures: dict[str, dict[str, Any]] = {n: {"seconds": [], "found": {}} for n in systems}
    order = list(systems)
    for task in tasks:
        order = order[1:] + order[:1]
        for name in order:
            seconds, found = systems[name](task)
            figures[name]["seconds"].append(seconds)
            tally = figures[name]["found"].setdefault(task["kind"], [0, 0])
            tally[0] += task["target"] in found
            tally[1] += 1
    return figures


def main(snapshot_path: str, names_path: str, tasks_path: str, output_path: str) -> None:
    """Run every system over the tasks and write the figures."""
    with Path(tasks_path).open(encoding="utf-8") as lines:
        tasks = [json.loads(line) for line in lines]
    random.Random(5).shuffle(tasks)
    snapshot = Snapshot.open(Path(snapshot_path))
    ranking = JaroWinklerRanking(Path(names_path))
    systems = {
        "Didban, new names": didban(snapshot, key="query", is_cold=True),
        "Didban, names known": didban(snapshot, key="query", is_cold=False),
        "Didban, birth date and country too": didban(snapshot, key="facts", is_cold=True),
        "rapidfuzz Jaro-Winkler over all": ranking.search,
        "logic-v2 on 50 candidates": logic_v2(snapshot, ranking),
    }
    for task in tasks[:3]:  # logic-v2 reads its tables at the first comparison
        for system in systems.values():
            system(task)
    figures = take_turns(systems, tasks)
    Path(output_path).write_text(json.dumps(figures), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:5])
