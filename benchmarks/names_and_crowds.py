"""Recall on original-script names and alarms of both crowds, in one table at the same thresholds.

    python -m benchmarks names_and_crowds

- *names-and-crowds*: the UN list without its original-script names; Didban in its three modes,
  logic-v2 and rapidfuzz over everything.
- *equal-alarms*: how many of those names each system tells when its threshold is moved until the
  same share of namesakes alarms. A score is worth what it separates.
- *all-lists*: the alarms of both crowds against all real lists at once.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from benchmarks import crowds, peers, real_lists, un_list
from benchmarks.cross_script import as_record, ask, tallies
from benchmarks.figures import Table, percent
from benchmarks.snapshots import opened
from didban.match.modes import Mode
from didban.match.query import query_from_record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from benchmarks.cross_script import Outcome, Ranked
    from benchmarks.un_list import Question
    from didban.match.snapshot import Snapshot
    from didban.model.records import Record

CROWD = 1000
"""Persons of each crowd where the peers are asked too: logic-v2 takes ten minutes for them."""
LARGE_CROWD = 5000
"""Persons of each crowd where Didban alone is asked."""
_JARO_WINKLER_THRESHOLD = 0.85
_EQUAL_ALARMS = (0.005, 0.01, 0.02, 0.05)
_TIGHTEST = "namesakes, name only"
"""The crowd at which the thresholds are set equal: the one that alarms first."""
_COMMAND = "python -m benchmarks names_and_crowds"

Answers = list["Ranked"]
Search = Callable[[str, "Sequence[Record]"], Answers]
"""A label under which a peer's answers are kept, and the queries -> their answers."""


class System:
    """One system at one threshold: its answers to the questions and to each crowd.

    Scores of one system are comparable with each other, not between systems.
    """

    def __init__(self, name: str, questions: Sequence[Question], answers: Answers) -> None:
        given = dict(zip(questions, answers, strict=True))
        self.name = name
        self.outcomes: list[Outcome] = ask(questions, given.__getitem__)
        self.crowds: dict[str, Answers] = {}

    def row(self) -> tuple[str, ...]:
        """Return the first, in ten, told and alarm shares as a row of the table."""
        groups = tallies(self.outcomes)
        whole = groups["all"].shares()
        scripts = [percent(groups[s].shares()[0]) for s in un_list.ASKED_SCRIPTS]
        alarms = [percent(self.alarms(name), places=2) for name in self.crowds]
        return (self.name, *(percent(share) for share in whole), *scripts, *alarms)

    def alarms(self, crowd: str) -> float:
        """Return the share of a crowd that has any match."""
        answers = self.crowds[crowd]
        return sum(any(is_match for _, _, is_match in ranked) for ranked in answers) / len(answers)

    def told_at(self, share: float) -> float:
        """Return how many names are told when this share of the tightest crowd alarms at most."""
        best = sorted((r[0][1] if r else 0.0 for r in self.crowds[_TIGHTEST]), reverse=True)
        threshold = best[int(share * len(best))]  # scores above it alarm: never more than the share
        named = [o for o in self.outcomes if o.question.kind == "name"]
        told = sum(o.rank is not None and o.ranked[o.rank - 1][1] > threshold for o in named)
        return told / len(named)


def measure() -> Iterator[Table]:
    """Ask every system the same questions and the same crowds."""
    kept, questions = un_list.hide_original_scripts(un_list.records(un_list.EDITIONS[0]))
    people = crowds.crowds(CROWD)
    with opened(kept) as snapshot:
        searches = {
            f"Didban, `{mode.value}` ({mode.threshold:.2f})": _didban(snapshot, mode)
            for mode in Mode
        }
        searches |= _peers([record for record in kept if record.schema == "Person"])
        systems = [_asked(name, ask, questions, people) for name, ask in searches.items()]
    yield _main_table(systems, questions)
    yield _equal_alarms(systems)
    yield _all_lists()


def _asked(
    name: str, search: Search, questions: Sequence[Question], people: Mapping[str, list[Record]]
) -> System:
    """Put the questions and the crowds to one system."""
    asked = [as_record(question, number) for number, question in enumerate(questions)]
    system = System(name, questions, search("un-names", asked))
    system.crowds = {crowd: search(f"un {crowd}", persons) for crowd, persons in people.items()}
    return system


def _didban(snapshot: Snapshot, mode: Mode) -> Search:
    def search(_label: str, asked: Sequence[Record]) -> Answers:
        found = (snapshot.match(query_from_record(r), limit=10, mode=mode) for r in asked)
        return [[(match.id, match.score, match.match) for match in matches] for matches in found]

    return search


def _peers(listed: Sequence[Record]) -> dict[str, Search]:
    """Return logic-v2 and rapidfuzz over all these persons, each with its threshold."""

    def logic_v2(label: str, asked: Sequence[Record]) -> Answers:
        answers = peers.logic_v2(label, listed, asked)
        return _flagged(answers, asked, peers.LOGIC_V2_THRESHOLD)

    def jaro_winkler(library: str, label: str, asked: Sequence[Record]) -> Answers:
        answers = peers.transliterated(label, listed, asked, library, "jaro_winkler")
        return _flagged(answers, asked, _JARO_WINKLER_THRESHOLD)

    found: dict[str, Search] = {f"logic-v2 ({peers.LOGIC_V2_THRESHOLD:.2f})": logic_v2}
    for library in ("anyascii", "icu"):
        name = f"rapidfuzz Jaro-Winkler over {library} ({_JARO_WINKLER_THRESHOLD:.2f})"
        found[name] = partial(jaro_winkler, library)
    return found


def _flagged(
    answers: Mapping[str, peers.Ranking], asked: Sequence[Record], limit: float
) -> Answers:
    return [[(i, s, s >= limit) for i, s in answers[record.id]] for record in asked]


def _main_table(systems: Sequence[System], questions: Sequence[Question]) -> Table:
    count = sum(question.kind == "name" for question in questions)
    scripts = (f"first, {script}" for script in un_list.ASKED_SCRIPTS)
    return Table(
        name="names-and-crowds",
        command=_COMMAND,
        columns=("system (threshold)", "first", "in ten", "told", *scripts, *systems[0].crowds),
        rows=tuple(system.row() for system in systems),
        note=f"UN list of {un_list.EDITIONS[0]} with Latin names only; {count} names of persons in "
        "Arabic or Cyrillic script asked by name alone. *Told*: in ten and called a match at the "
        f"threshold. The last four columns are the shares of {CROWD:,} persons each who alarm: "
        "they should be low.",
    )


def _equal_alarms(systems: Sequence[System]) -> Table:
    rows = [
        (s.name.partition(" (")[0], *(percent(s.told_at(share)) for share in _EQUAL_ALARMS))
        for s in systems
    ]
    return Table(
        name="equal-alarms",
        command=_COMMAND,
        columns=("names told where this share alarms", *(f"{s:.1%}" for s in _EQUAL_ALARMS)),
        rows=tuple(rows),
        note=f"The threshold of each system is moved until that share of the crowd *{_TIGHTEST}* "
        "alarms. The modes of Didban differ here by how many candidates they score.",
    )


def _all_lists() -> Table:
    people = crowds.crowds(LARGE_CROWD)
    records = list(real_lists.records())
    rows = []
    with opened(records) as snapshot:
        for mode in Mode:
            shares = [
                percent(len(crowds.alarms(snapshot, crowd, mode)), len(crowd), places=2)
                for crowd in people.values()
            ]
            rows.append((f"Didban, `{mode.value}` ({mode.threshold:.2f})", *shares))
    return Table(
        name="all-lists",
        command=_COMMAND,
        columns=("alarms against all real lists", *people),
        rows=tuple(rows),
        note=f"{len(records):,} records of {len(real_lists.SOURCES)} lists; {LARGE_CROWD:,} persons "
        "of each crowd. The crowds are drawn by chance, and long lists hold some of the same names.",
    )


if __name__ == "__main__":
    for _table in measure():
        print(_table.text())
