"""Time Didban beside rapidfuzz, a search engine and logic-v2 on one list, in turns, in one process.

Runs inside the peers' environment with Didban's sources on the path, so that noise of the machine
hits all systems alike. Every time comes with the recall of the same queries.

    python beside.py SNAPSHOT NAMES TASKS OUTPUT

- NAMES: lines `record id TAB name`, every name of the list.
- TASKS: JSON lines `{"query": record, "facts": record, "target": id, "kind": word}`; `facts` is the
  query with birth date and country; a task without a target is a passenger who is on no list.
- OUTPUT: one JSON object, system -> kind -> lists of `seconds`, `found` (is the target among ten)
  and `alarms` (does anything reach the system's own threshold), one value for each task.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from anyascii import anyascii
from logic_v2 import proxy
from nomenklatura.matching import get_algorithm
from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler
from search_engine import EngineRanking

from benchmarks.caches import forget
from didban.match.modes import Mode
from didban.match.query import query_from_record
from didban.match.snapshot import Snapshot
from didban.model.records import Record

_CANDIDATES = 50

_LOGIC_THRESHOLD, _JARO_WINKLER_THRESHOLD, _TOKEN_SORT_THRESHOLD = 0.70, 0.85, 0.85


@dataclass(frozen=True, slots=True)
class Answer:
    """What one system said to one task: in how many seconds, the ten best ids, and if it alarms."""

    seconds: float
    ids: list[str]
    is_alarm: bool


System = Callable[[dict[str, Any]], Answer]


def didban(snapshot: Snapshot, *, key: str, is_cold: bool) -> System:
    """Return Didban's own search, the whole way from a record to explained matches.

    A cold one forgets all names before each query; a warm one was asked the same just before.
    """

    def search(task: dict[str, Any]) -> Answer:
        record = Record.from_json(task[key])
        if is_cold:
            forget(snapshot)
        else:
            snapshot.match(query_from_record(record), limit=10, mode=Mode.BALANCED)
        started = time.perf_counter()
        found = snapshot.match(query_from_record(record), limit=10, mode=Mode.BALANCED)
        seconds = time.perf_counter() - started
        return Answer(seconds, [match.id for match in found], any(m.match for m in found))

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

    def rank(self, task: dict[str, Any], most: int) -> tuple[list[str], float]:
        """Return the ids of the most similar names, best first, and the best similarity."""
        text = anyascii(task["query"]["properties"]["name"][0]).casefold()
        scorer = JaroWinkler.normalized_similarity
        scores = process.cdist([text], self._names, scorer=scorer, dtype=np.float32)[0]
        best = np.argpartition(scores, -4 * most)[-4 * most :]
        best = best[np.argsort(-scores[best], kind="stable")]
        ids = list(dict.fromkeys(self._ids[n] for n in best))[:most]
        return ids, float(scores[best[0]])

    def search(self, task: dict[str, Any]) -> Answer:
        """Rank ten, as the other systems do."""
        started = time.perf_counter()
        ids, best = self.rank(task, 10)
        return Answer(time.perf_counter() - started, ids, best >= _JARO_WINKLER_THRESHOLD)


def search_engine(ranking: EngineRanking) -> System:
    """Return tantivy with rapidfuzz: ten of the fifty that the engine finds."""

    def search(task: dict[str, Any]) -> Answer:
        started = time.perf_counter()
        ids, best = ranking.rank(task["query"]["properties"]["name"][0], 10)
        return Answer(time.perf_counter() - started, ids, best >= _TOKEN_SORT_THRESHOLD)

    return search


def logic_v2(snapshot: Snapshot, ranking: JaroWinklerRanking) -> System:
    """Return logic-v2 over the fifty most similar names: its scoring alone is timed."""
    algorithm = get_algorithm("logic-v2")
    assert algorithm is not None, "this nomenklatura has no logic-v2"
    config = algorithm.default_config()

    def search(task: dict[str, Any]) -> Answer:
        similar, _ = ranking.rank(task, _CANDIDATES)
        records = [snapshot.record(number) for number in similar]
        candidates = [proxy(record.to_json()) for record in records if record]
        asked = proxy(task["query"])
        started = time.perf_counter()
        scored = [(algorithm.compare(asked, c, config).score, c.id) for c in candidates]
        seconds = time.perf_counter() - started
        scored.sort(key=lambda pair: (-pair[0], pair[1]))
        return Answer(
            seconds, [number for _, number in scored[:10]], scored[0][0] >= _LOGIC_THRESHOLD
        )

    return search


def take_turns(systems: dict[str, System], tasks: list[dict[str, Any]]) -> dict[str, Any]:
    """Ask all systems each task, in an order that rotates, so that noise hits all alike."""
    figures: dict[str, Any] = {name: {} for name in systems}
    order = list(systems)
    for task in tasks:
        order = order[1:] + order[:1]
        for name in order:
            answer = systems[name](task)
            empty: dict[str, list[Any]] = {"seconds": [], "found": [], "alarms": []}
            noted = figures[name].setdefault(task["kind"], empty)
            noted["seconds"].append(answer.seconds)
            noted["found"].append(task["target"] in answer.ids)
            noted["alarms"].append(answer.is_alarm)
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
        "tantivy with rapidfuzz": search_engine(EngineRanking(Path(names_path))),
        "logic-v2 on 50 candidates": logic_v2(snapshot, ranking),
    }
    for task in tasks[:3]:  # logic-v2 reads its tables at the first comparison
        for system in systems.values():
            system(task)
    figures = take_turns(systems, tasks)
    Path(output_path).write_text(json.dumps(figures), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:5])
