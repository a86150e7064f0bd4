"""Listed persons whose names were altered, with and without their birth dates, beside logic-v2.

    python -m benchmarks altered
    python -m benchmarks.altered [--misses] [--alone]

Each person of the UN list is asked by a Latin name of theirs after one of the things that befall
names on their way (`alterations`), drawn by chance, the same in each run.

- *altered-names*: by name alone, told at the threshold of both systems.
- *mistyped-with-birth-date*: with one or two errors of typing and the birth date, where each
  system's threshold is moved until a half per cent of a crowd alarms who have birth dates, too.

`--misses` names what Didban did not tell, on the terminal only.
"""

from __future__ import annotations

import argparse
import logging
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks import crowds, peers, un_list
from benchmarks.alterations import ALTERATIONS, MISTYPED
from benchmarks.figures import Table, percent, wilson
from benchmarks.snapshots import opened
from didban.match.modes import Mode
from didban.match.query import query_from_record
from didban.model.records import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from didban.match.snapshot import Snapshot

    Ranking = list[tuple[str, float]]
    Search = Callable[[str, Sequence[Record]], list[Ranking]]
    """A label to keep the answers by, and queries -> their ten best."""

_COMMAND = "python -m benchmarks altered"
_EACH = 50
_MISTYPED = 400
_CROWD = 1000
"""Of each crowd: the same people as in `names_and_crowds`, whose answers are kept."""
_ALARMS = 0.005
_MODE = Mode.BALANCED
_LEAST_PARTS, _LEAST_LETTERS = 2, 8
_MISSES = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Task:
    """A query, whom it must find, and what was done to the name."""

    query: Record
    target: str
    kind: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a system answered to a task, and from which score on it calls something a match."""

    task: Task
    ranking: Ranking
    threshold: float

    @property
    def score(self) -> float:
        """The score of the right person; 0 where they are not in ten."""
        return next((score for found, score in self.ranking if found == self.task.target), 0.0)

    @property
    def is_first(self) -> bool:
        """Say whether the right person comes first."""
        return any(found == self.task.target for found, _ in self.ranking[:1])

    @property
    def is_told(self) -> bool:
        """Say whether the right person is called a match."""
        return self.score >= self.threshold


@dataclass(frozen=True, slots=True)
class System:
    """One matcher over the list, and from which score on it calls something a match."""

    search: Search
    threshold: float


def measure(*, is_alone: bool = False) -> Iterator[Table]:
    """Ask both systems the altered names, or Didban alone: logic-v2 takes minutes."""
    records, _ = un_list.hide_original_scripts(un_list.records(un_list.EDITIONS[0]))
    persons = [r for r in records if r.schema == "Person" and _is_long(r.first("name") or "")]
    with opened(records) as snapshot:
        systems = {"Didban": System(_didban(snapshot), _MODE.threshold)}
        if not is_alone:
            systems["logic-v2"] = System(_logic_v2(records), peers.LOGIC_V2_THRESHOLD)
        yield _by_name(systems, [t for kind in ALTERATIONS for t in _tasks(persons, kind, _EACH)])
        yield _with_birth_date(systems, persons)


def _is_long(name: str) -> bool:
    return len(name.split()) >= _LEAST_PARTS and len(name) >= _LEAST_LETTERS


def _tasks(
    persons: Sequence[Record], kind: str, most: int, *, facts: Sequence[str] = ()
) -> list[Task]:
    """Return at most so many persons asked by a name that was altered in this way.

    - `facts`: the properties asked with; who lacks one of them is left out.
    """
    source = random.Random(f"altered {kind} {most}")
    found: list[Task] = []
    for person in source.sample(persons, len(persons)):
        name = person.first("name") or ""
        altered = ALTERATIONS[kind](name, source)
        known = {fact: person.properties[fact][:1] for fact in facts if fact in person.properties}
        if len(found) < most and altered != name and len(known) == len(facts):
            asked = {"name": (altered,), **known}
            number = f"{kind} {len(found)}".replace(" ", "-")
            query = Record(id=number, schema="Person", properties=asked, caption=altered)
            found.append(Task(query, person.id, kind))
    return found


def _didban(snapshot: Snapshot) -> Search:
    def search(_label: str, asked: Sequence[Record]) -> list[Ranking]:
        found = (snapshot.match(query_from_record(r), limit=10, mode=_MODE) for r in asked)
        return [[(match.id, match.score) for match in matches] for matches in found]

    return search


def _logic_v2(records: Sequence[Record]) -> Search:
    listed = [record for record in records if record.schema == "Person"]

    def search(label: str, asked: Sequence[Record]) -> list[Ranking]:
        answers = peers.logic_v2(label, listed, asked)
        return [answers[record.id] for record in asked]

    return search


def _by_name(systems: Mapping[str, System], tasks: Sequence[Task]) -> Table:
    """Tell for each alteration how many are found first, in ten, and told."""
    rows = []
    queries = [task.query for task in tasks]
    for name, system in systems.items():
        answers = system.search("altered names", queries)
        told = [
            Outcome(task, ranking, system.threshold)
            for task, ranking in zip(tasks, answers, strict=True)
        ]
        for kind in (*ALTERATIONS, "all"):
            chosen = [each for each in told if kind in (each.task.kind, "all")]
            rows.append((f"{kind}, {name}", *_shares(chosen)))
        if name == "Didban":
            _name_misses(told)
    return Table(
        name="altered-names",
        command=_COMMAND,
        columns=("altered how", "asked", "first", "in ten", "told", "95 % interval of told"),
        rows=tuple(rows),
        note=f"Latin names of the UN list of {un_list.EDITIONS[0]}, asked by name alone. *Told*: in "
        f"ten and called a match at {_MODE.threshold:.2f}.",
    )


def _shares(outcomes: Sequence[Outcome]) -> tuple[str, ...]:
    first = sum(each.is_first for each in outcomes)
    ten = sum(each.score > 0.0 for each in outcomes)
    told = sum(each.is_told for each in outcomes)
    low, high = wilson(told, len(outcomes))
    shares = (percent(part, len(outcomes)) for part in (first, ten, told))
    return (str(len(outcomes)), *shares, f"{percent(low)} - {percent(high)}")


def _name_misses(outcomes: Sequence[Outcome]) -> None:
    for each in outcomes:
        if not each.is_told:
            asked = each.task.query.caption
            _MISSES.info("%s: %s -> %s %.3f", each.task.kind, asked, each.task.target, each.score)


def _with_birth_date(systems: Mapping[str, System], persons: Sequence[Record]) -> Table:
    """Tell how many mistyped persons are above the threshold that few of the crowd reach."""
    tasks = [
        task
        for kind in MISTYPED
        for task in _tasks(persons, kind, _MISTYPED // len(MISTYPED), facts=("birthDate",))
    ]
    crowd = {"un ordinary": crowds.ordinary(_CROWD), "un namesakes": crowds.namesakes(_CROWD)}
    rows = []
    for name, system in systems.items():
        alarms = [r for label, people in crowd.items() for r in system.search(label, people)]
        best = sorted((ranking[0][1] if ranking else 0.0 for ranking in alarms), reverse=True)
        threshold = best[int(_ALARMS * len(best))]
        answers = system.search("altered mistyped", [task.query for task in tasks])
        found = [Outcome(t, ranking, threshold) for t, ranking in zip(tasks, answers, strict=True)]
        told = sum(each.score > threshold for each in found)
        low, high = wilson(told, len(tasks))
        interval = f"{percent(low)} - {percent(high)}"
        rows.append((name, f"{threshold:.3f}", percent(told, len(tasks)), interval))
    return Table(
        name="mistyped-with-birth-date",
        command=_COMMAND,
        columns=("system", f"score that {_ALARMS:.1%} exceed", "told", "95 % interval"),
        rows=tuple(rows),
        note=f"{len(tasks)} persons of that list with one or two errors of typing and their birth "
        f"dates; a crowd of {2 * _CROWD:,}, half ordinary people, half namesakes, with theirs.",
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.altered")
    parser.add_argument("--misses", action="store_true", help="name every miss")
    parser.add_argument("--alone", action="store_true", help="ask Didban alone")
    options = parser.parse_args()
    logging.basicConfig(
        level=logging.INFO if options.misses else logging.WARNING, format="%(message)s"
    )
    for table in measure(is_alone=options.alone):
        print(table.text())


if __name__ == "__main__":
    main()
