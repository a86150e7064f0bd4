"""Ranks and shares are counted over all questions, the unanswered ones included."""

from __future__ import annotations

from benchmarks.cross_script import ask, tallies
from benchmarks.un_list import Question

NADIR = Question(text="نادر", target="a", script="Arabic", kind="name")
SEVER = Question(text="Север", target="b", script="Cyrillic", kind="name")
ALIAS = Question(text="ابو نادر", target="a", script="Arabic", kind="alias")


def _search(answers):
    return lambda question: answers.get(question, [])


def test_the_rank_is_the_place_of_the_right_person():
    """A wrong person before the right one makes the rank two."""
    outcome = ask([NADIR], _search({NADIR: [("b", 0.9, True), ("a", 0.8, False)]}))[0]

    assert outcome.rank == 2
    assert not outcome.is_told


def test_a_person_at_place_eleven_was_not_found():
    """Ten is what an officer reads."""
    others = [(f"x{n}", 0.9, True) for n in range(10)]

    assert ask([NADIR], _search({NADIR: [*others, ("a", 0.8, True)]}))[0].rank is None


def test_an_empty_answer_counts_as_a_miss():
    """Nobody may leave a share because nothing came back."""
    tally = tallies(ask([NADIR, SEVER], _search({NADIR: [("a", 0.9, True)]})))["all"]

    assert tally.shares() == (0.5, 0.5, 0.5)


def test_scripts_are_counted_apart_and_aliases_beside():
    """The figure of the main names is not mixed with the aliases'."""
    groups = tallies(ask([NADIR, SEVER, ALIAS], _search({})))

    assert {name: tally.asked for name, tally in groups.items()} == {
        "all": 2,
        "Arabic": 1,
        "Cyrillic": 1,
        "aliases": 1,
    }
