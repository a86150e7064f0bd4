"""Original-script names asked of a list that has Latin spellings only, with both crowds beside.

    python -m benchmarks.cross_script [--edition 2020-03-20] [--crowd 2000] [--mode balanced]
                                      [--misses] [--alarms]

The UN list loses its names in other scripts; each person's removed name is a query. Printed: how
often the right person comes first and in the first ten, how often the match is told at the mode's
threshold, and at the same threshold the alarms of both crowds. It takes seconds; names are printed
to the terminal only. `names_and_crowds` asks the peers the same.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks import crowds, un_list
from benchmarks.snapshots import opened
from didban.match.modes import Mode
from didban.match.query import query_from_record
from didban.model.records import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from benchmarks.un_list import Question
    from didban.match.snapshot import Snapshot

FLOOR_FIRST, FLOOR_TEN = 0.85, 0.95
"""What Didban must reach, of the names in Arabic and Cyrillic script together."""

_ALARMS_SHOWN = 30

Ranked = list[tuple[str, float, bool]]
"""The ten best of the list: id, score, and whether the threshold calls it a match."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question, the rank of the right person (None: not in ten) and the ten that came."""

    question: Question
    rank: int | None
    ranked: Ranked

    @property
    def is_told(self) -> bool:
        """Say whether the right person is called a match at the threshold."""
        return self.rank is not None and self.ranked[self.rank - 1][2]


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts over a group of outcomes."""

    asked: int
    first: int
    ten: int
    told: int

    def shares(self) -> tuple[float, float, float]:
        """Return the shares found first, in ten, and told at the threshold."""
        asked = max(self.asked, 1)
        return self.first / asked, self.ten / asked, self.told / asked


def ask(questions: Iterable[Question], search: Callable[[Question], Ranked]) -> list[Outcome]:
    """Put every question to a search and note where the right person stands."""
    outcomes = []
    for question in questions:
        ranked = search(question)[:10]
        ids = [found for found, _, _ in ranked]
        rank = ids.index(question.target) + 1 if question.target in ids else None
        outcomes.append(Outcome(question, rank, ranked))
    return outcomes


def tallies(outcomes: Iterable[Outcome]) -> dict[str, Tally]:
    """Return the counts by script, of all main names together, and of the aliases."""
    groups: defaultdict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        if outcome.question.kind == "name":
            groups["all"].append(outcome)
            groups[outcome.question.script].append(outcome)
        else:
            groups["aliases"].append(outcome)
    return {name: _tally(groups[name]) for name in sorted(groups, key=lambda g: (g != "all", g))}


def _tally(outcomes: Sequence[Outcome]) -> Tally:
    return Tally(
        asked=len(outcomes),
        first=sum(o.rank == 1 for o in outcomes),
        ten=sum(o.rank is not None for o in outcomes),
        told=sum(o.is_told for o in outcomes),
    )


def snapshot_search(snapshot: Snapshot, mode: Mode) -> Callable[[Question], Ranked]:
    """Return the search of a snapshot by a name alone, as an officer would ask it."""

    def search(question: Question) -> Ranked:
        found = snapshot.match(query_from_record(as_record(question)), limit=10, mode=mode)
        return [(m.id, m.score, m.match) for m in found]

    return search


def as_record(question: Question, number: int = 0) -> Record:
    """Return a question as a person of whom nothing but this name is known."""
    return Record(id=f"question-{number}", schema="Person", properties={"name": (question.text,)})


def _print_tallies(system: str, outcomes: Sequence[Outcome]) -> None:
    for group, tally in tallies(outcomes).items():
        first, ten, told = tally.shares()
        print(f"{system:32} {group:10} {tally.asked:5}  {first:7.1%} {ten:8.1%} {told:8.1%}")


def _print_misses(outcomes: Sequence[Outcome], captions: Mapping[str, str]) -> None:
    for outcome in sorted(outcomes, key=lambda o: (o.rank is None, o.rank or 0)):
        if outcome.rank == 1:
            continue
        question = outcome.question
        print(f"\n{question.text}  ->  {question.target} {captions[question.target]}")
        print(f"  rank {outcome.rank or '> 10'}; instead:")
        for found, score, _ in outcome.ranked[:3]:
            print(f"    {score:.3f} {found} {captions.get(found, '')}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cross_script")
    parser.add_argument("--edition", default=un_list.EDITIONS[0], choices=un_list.EDITIONS)
    parser.add_argument("--crowd", type=int, default=2000, help="persons of each crowd")
    parser.add_argument("--mode", type=Mode, default=Mode.BALANCED, choices=list(Mode))
    parser.add_argument("--misses", action="store_true", help="list what was not found first")
    parser.add_argument("--alarms", action="store_true", help="list who of the crowds alarmed")
    return parser.parse_args()


def main() -> None:
    """Build the list, ask the questions, ask the crowds, print."""
    options = _options()
    kept, questions = un_list.hide_original_scripts(un_list.records(options.edition))
    captions = {record.id: record.caption for record in kept}
    print(f"{'system':32} {'names':10} {'asked':>5}  {'first':>7} {'in ten':>8} {'told':>8}")
    started = time.perf_counter()
    with opened(kept) as snapshot:
        built = time.perf_counter()
        outcomes = ask(questions, snapshot_search(snapshot, options.mode))
        asked = time.perf_counter()
        _print_tallies(f"Didban ({options.mode.value})", outcomes)
        print(f"\nalarms at {options.mode.threshold:.2f} ({options.mode.value})")
        for name, crowd in crowds.crowds(options.crowd).items():
            raised = crowds.alarms(snapshot, crowd, options.mode)
            print(f"  {name:24} {len(raised):5} of {len(crowd)}  {len(raised) / len(crowd):7.2%}")
            if options.alarms:
                for person, found in raised[:_ALARMS_SHOWN]:
                    print(f"      {person.caption}  ~  {found} {captions.get(found, '')}")
    ended = time.perf_counter()
    if options.misses:
        _print_misses(outcomes, captions)
    print(
        f"\nbuild {built - started:.1f} s, {len(questions)} questions {asked - built:.1f} s, "
        f"the rest {ended - asked:.1f} s"
    )


if __name__ == "__main__":
    main()
