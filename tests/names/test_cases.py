"""Pairs of names that people would call the same, nearly the same, or not: how many are told so.

Each pair is asked in both directions, by name alone, while the other one stands on a list among
three thousand strangers.

- STRONG: the same name in another script or habit; a match in the mode `balanced`.
- MEDIUM: a habit far away, or a name more; comes first.
- WEAK: an initial; found by a thorough search.
- NEAR: another name with the same consonants (Hasan, Hosein); comes after the right one.
- NOT: another name; no match.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import pytest

from didban.match.modes import Mode
from didban.match.snapshot import Snapshot
from specimens import crowd, person, question, snapshot_of

CASES = Path(__file__).with_name("cases.csv")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One direction of a pair, and what a thorough search said: rank from 1, or None."""

    one: str
    other: str
    label: str
    rank: int | None
    score: float


def _pairs() -> list[tuple[str, str, str]]:
    with CASES.open(encoding="utf-8", newline="") as file:
        rows = [(row["one"], row["other"], row["label"]) for row in csv.DictReader(file)]
    return rows + [(other, one, label) for one, other, label in rows]


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> list[Asked]:
    """Ask for every name of the table while only the other one of its pair is listed."""
    snapshot = snapshot_of(tmp_path_factory.mktemp("names"), crowd(3000))
    return [_ask(snapshot, *pair) for pair in _pairs()]


def _ask(snapshot: Snapshot, one: str, other: str, label: str) -> Asked:
    snapshot.add(person(other, id="listed"))
    found = snapshot.match(question(one), limit=1000, mode=Mode.THOROUGH)
    at = next((at for at, match in enumerate(found) if match.id == "listed"), None)
    return Asked(
        one=one,
        other=other,
        label=label,
        rank=None if at is None else at + 1,
        score=0.0 if at is None else found[at].score,
    )


def missed(answers: list[Asked], label: str, threshold: float) -> list[Asked]:
    """Return the pairs of a label whose score does not reach the threshold."""
    return [asked for asked in answers if asked.label == label and asked.score < threshold]


def share(part: list[Asked], answers: list[Asked], label: str) -> float:
    """Return how large a part of the pairs of a label this is."""
    return len(part) / sum(asked.label == label for asked in answers)


def test_strong_pairs_are_matches(answers: list[Asked]) -> None:
    """At least 19 of 20, at the threshold of the mode `balanced`."""
    rest = missed(answers, "STRONG", Mode.BALANCED.threshold)

    assert share(rest, answers, "STRONG") <= 0.05, rest


def test_strong_and_medium_pairs_come_first(answers: list[Asked]) -> None:
    """Nobody of the crowd is nearer; at most one pair in twenty is not found."""
    for label in ("STRONG", "MEDIUM"):
        rest = [asked for asked in answers if asked.label == label and asked.rank != 1]
        assert share(rest, answers, label) <= 0.05, rest


def test_weak_pairs_are_found_by_a_thorough_search(answers: list[Asked]) -> None:
    """An initial in a passenger list is enough for somebody who looks through the results."""
    assert all(asked.rank for asked in answers[: len(answers) // 2] if asked.label == "WEAK")


def test_the_right_name_comes_before_one_with_the_same_consonants(tmp_path: Path) -> None:
    """Both are listed; the one that was asked for scores higher."""
    for number, (one, other, label) in enumerate(_pairs()):
        if label == "NEAR":
            listed = [person(one, id="right"), person(other, id="near"), *crowd(50)]
            found = snapshot_of(tmp_path / str(number), listed).match(question(one))
            scores = {match.id: match.score for match in found}
            assert scores["right"] > scores.get("near", 0.0), (one, other)


def test_other_persons_are_no_matches(answers: list[Asked]) -> None:
    """At most one pair in ten, though all of them were chosen for being near."""
    wrong = [
        asked
        for asked in answers
        if asked.label == "NOT" and asked.score >= Mode.BALANCED.threshold
    ]

    assert share(wrong, answers, "NOT") <= 0.1, wrong


def test_the_better_the_label_the_higher_the_score(answers: list[Asked]) -> None:
    """The mean score falls from the same name over a near one to another."""
    means = [
        sum(asked.score for asked in answers if asked.label == label)
        / sum(asked.label == label for asked in answers)
        for label in ("STRONG", "NEAR", "NOT")
    ]

    assert means == sorted(means, reverse=True)


def test_a_pair_scores_much_the_same_both_ways(answers: list[Asked]) -> None:
    """Who asks and who is listed matters little."""
    half = len(answers) // 2

    uneven = [
        (one, other)
        for one, other in zip(answers[:half], answers[half:], strict=True)
        if (one.score >= 0.9 and other.score < 0.4) or (other.score >= 0.9 and one.score < 0.4)
    ]

    assert len(uneven) <= half // 20, uneven
