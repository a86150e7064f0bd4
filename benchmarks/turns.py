"""Systems asked the same queries in turns, so that noise of the machine hits all alike."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from benchmarks.caches import forget
from didban.match.modes import Mode
from didban.match.query import query_from_record
from didban.model.records import Record

if TYPE_CHECKING:
    from didban.match.snapshot import Snapshot

Task = Mapping[str, Any]
"""`query` and `facts` (records as JSON; `facts` is the query with birth date and country), `target`
(the id to be found, None for a passenger who is on no list) and `kind`."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one system said to one task: in how many seconds, the ten best ids, and if it alarms."""

    seconds: float
    ids: list[str]
    is_alarm: bool


System = Callable[[Task], Answer]


def didban(snapshot: Snapshot) -> dict[str, System]:
    """Return Didban's own ways of being asked, by what the tables call them."""
    return {
        "Didban, new names": _searching(snapshot, key="query", is_cold=True),
        "Didban, names known": _searching(snapshot, key="query", is_cold=False),
        "Didban, birth date and country too": _searching(snapshot, key="facts", is_cold=True),
    }


def _searching(snapshot: Snapshot, *, key: str, is_cold: bool) -> System:
    """Return Didban's own search, the whole way from a record to explained matches.

    A cold one forgets all names before each query; a warm one was asked the same just before.
    """

    def search(task: Task) -> Answer:
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


def take_turns(systems: Mapping[str, System], tasks: Sequence[Task]) -> dict[str, Any]:
    """Ask all systems each task, in an order that rotates.

    Returns system -> kind of task -> lists of `seconds`, `found` (is the target among ten) and
    `alarms` (does anything reach the system's own threshold), one value for each task.
    """
    for task in tasks[:3]:  # some read tables at the first query
        for system in systems.values():
            system(task)
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
