"""A person is found whatever script the passport is written in, and namesakes do not alarm.

The UN list of 2020-03-20 loses its names in other scripts; the removed names of its persons are
asked by name alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from benchmarks import crowds
from benchmarks.cross_script import FLOOR_FIRST, FLOOR_TEN, ask, snapshot_search, tallies
from benchmarks.snapshots import opened
from benchmarks.un_list import Question, hide_original_scripts, records
from didban.match.modes import Mode
from didban.match.snapshot import Snapshot

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("cross_script")]

CROWD = 1000
MOST_ALARMS = {
    "ordinary": 0.002,
    "ordinary, name only": 0.006,
    "namesakes": 0.006,
    "namesakes, name only": 0.03,
}
"""Shares of each crowd that may alarm in the mode `balanced`: more than twice what was measured."""


@pytest.fixture(scope="module")
def task(shared_data: Path) -> Iterator[tuple[Snapshot, list[Question]]]:
    """Return the list without its original-script names, and those names."""
    kept, questions = hide_original_scripts(records("2020-03-20"))
    with opened(kept) as snapshot:
        yield snapshot, questions


def test_there_are_as_many_questions_as_the_list_has_names(
    task: tuple[Snapshot, Sequence[Question]],
):
    """352 persons of the list have a main name in Arabic script and 10 in Cyrillic."""
    named = [question.script for question in task[1] if question.kind == "name"]

    assert {script: named.count(script) for script in named} == {"Arabic": 352, "Cyrillic": 10}


def test_the_right_person_comes_first_and_nearly_always_in_ten(
    task: tuple[Snapshot, Sequence[Question]],
):
    """At least 85 % come first and 95 % in the first ten, by name alone."""
    snapshot, questions = task
    first, ten, _ = tallies(ask(questions, snapshot_search(snapshot, Mode.BALANCED)))[
        "all"
    ].shares()

    assert first >= FLOOR_FIRST
    assert ten >= FLOOR_TEN


@pytest.mark.parametrize("crowd", MOST_ALARMS)
def test_a_crowd_does_not_alarm(task: tuple[Snapshot, Sequence[Question]], crowd: str):
    """The same search at its threshold leaves ordinary people and namesakes alone."""
    people = crowds.crowds(CROWD)[crowd]
    raised = crowds.alarms(task[0], people, Mode.BALANCED)

    assert len(raised) / len(people) <= MOST_ALARMS[crowd]
