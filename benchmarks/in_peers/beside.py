"""Time Didban beside rapidfuzz, a search engine and logic-v2 on one list, in turns, in one process.

Runs inside the peers' environment with Didban's sources on the path, so that noise of the machine
hits all systems alike. Every time comes with the recall of the same queries.

    python beside.py SNAPSHOT NAMES TASKS OUTPUT

- NAMES: lines `record id TAB name`, every name of the list.
- TASKS: JSON lines, each a `benchmarks.turns.Task`.
- OUTPUT: one JSON object, what `benchmarks.turns.take_turns` returns.
"""

from __future__ import annotations

import json
import random
import sys
import time
from pathlib import Path

import numpy as np
from anyascii import anyascii
from logic_v2 import proxy
from nomenklatura.matching import get_algorithm
from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler
from search_engine import EngineRanking

from benchmarks.turns import Answer, System, Task, didban, take_turns
from didban.match.snapshot import Snapshot

_CANDIDATES = 50

_LOGIC_THRESHOLD, _JARO_WINKLER_THRESHOLD, _TOKEN_SORT_THRESHOLD = 0.70, 0.85, 0.85


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

    def rank(self, task: Task, most: int) -> tuple[list[str], float]:
        """Return the ids of the most similar names, best first, and the best similarity."""
        text = anyascii(task["query"]["properties"]["name"][0]).casefold()
        scorer = JaroWinkler.normalized_similarity
        scores = process.cdist([text], self._names, scorer=scorer, dtype=np.float32)[0]
        best = np.argpartition(scores, -4 * most)[-4 * most :]
        best = best[np.argsort(-scores[best], kind="stable")]
        ids = list(dict.fromkeys(self._ids[n] for n in best))[:most]
        return ids, float(scores[best[0]])

    def search(self, task: Task) -> Answer:
        """Rank ten, as the other systems do."""
        started = time.perf_counter()
        ids, best = self.rank(task, 10)
        return Answer(time.perf_counter() - started, ids, best >= _JARO_WINKLER_THRESHOLD)


def search_engine(ranking: EngineRanking) -> System:
    """Return tantivy with rapidfuzz: ten of the fifty that the engine finds."""

    def search(task: Task) -> Answer:
        started = time.perf_counter()
        ids, best = ranking.rank(task["query"]["properties"]["name"][0], 10)
        return Answer(time.perf_counter() - started, ids, best >= _TOKEN_SORT_THRESHOLD)

    return search


def logic_v2(snapshot: Snapshot, ranking: JaroWinklerRanking) -> System:
    """Return logic-v2 over the fifty most similar names: its scoring alone is timed."""
    algorithm = get_algorithm("logic-v2")
    assert algorithm is not None, "this nomenklatura has no logic-v2"
    config = algorithm.default_config()

    def search(task: Task) -> Answer:
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


def main(snapshot_path: str, names_path: str, tasks_path: str, output_path: str) -> None:
    """Run every system over the tasks and write the figures."""
    with Path(tasks_path).open(encoding="utf-8") as lines:
        tasks = [json.loads(line) for line in lines]
    random.Random(5).shuffle(tasks)
    snapshot = Snapshot.open(Path(snapshot_path))
    ranking = JaroWinklerRanking(Path(names_path))
    systems = {
        **didban(snapshot),
        "rapidfuzz Jaro-Winkler over all": ranking.search,
        "tantivy with rapidfuzz": search_engine(EngineRanking(Path(names_path))),
        "logic-v2 on 50 candidates": logic_v2(snapshot, ranking),
    }
    figures = take_turns(systems, tasks)
    Path(output_path).write_text(json.dumps(figures), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:5])
