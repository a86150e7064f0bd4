from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from didban import clock
from didban.errors import InvalidInput
from didban.match.modes import Mode
from didban.match.snapshot import Snapshot
from didban.screening.check import Answer, Depth, Verdict, ask, asked_of
from didban.screening.freshness import Limits, assess
from didban.screening.question import Question
from screening_help import LISTED, ZONE, build_now

_DAY = date(2026, 11, 22)
_EMPTY_ZONE = ("P<UTO".ljust(44, "<"), "<<<<<<<<<0UTO<<<<<<0<<<<<<<0<<<<<<<<<<<<<<00")
_LIMITS = Limits(warn_after=timedelta(days=7), unknown_after=timedelta(days=30))


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory) -> Snapshot:
    """Return a snapshot of a few invented people."""
    return Snapshot.open(build_now(tmp_path_factory.mktemp("check") / "lists"))


def _ask(snapshot: Snapshot, question: Question, **depth) -> Answer:
    freshness = assess(snapshot.built_at, clock.now(), _LIMITS)
    depth = {"mode": Mode.BALANCED, **depth}
    return ask(snapshot, asked_of(question, _DAY), Depth(**depth), freshness)


def test_a_listed_person_is_a_possible_match(snapshot: Snapshot):
    """Name and birth date find the record."""
    answer = _ask(snapshot, Question(names=(LISTED,), birth_date="1970-01-01"))

    assert (answer.verdict, answer.matches[0].id) == (Verdict.POSSIBLE_MATCH, "p1")


def test_nobody_like_it_is_no_match(snapshot: Snapshot):
    """A name that the lists do not know finds nothing."""
    answer = _ask(snapshot, Question(names=("Quirin Eggenfelder",)))

    assert (answer.verdict, answer.found) == (Verdict.NO_MATCH, ())


def test_a_zone_is_asked_as_printed(snapshot: Snapshot):
    """Names, dates and the document of a passport are one question."""
    answer = _ask(snapshot, Question(mrzs=ZONE))

    assert answer.asked[0].origin == "zone 1"
    assert {"name", "document", "birth_date"} <= answer.matches[0].explanations.keys()


def test_a_wrong_check_digit_is_searched_and_said(snapshot: Snapshot):
    """The zone is searched as it was read, each repair beside it, and the notes tell."""
    misread = ZONE[1].replace("L898902C36", "L898902C35")
    answer = _ask(snapshot, Question(mrzs=(ZONE[0], misread)))

    assert answer.verdict is Verdict.POSSIBLE_MATCH
    assert any("check digit" in note for note in answer.asked[0].notes)
    assert all("if read otherwise" in asked.origin for asked in answer.asked[1:])


def test_what_was_typed_joins_the_one_zone(snapshot: Snapshot):
    """A second name that the officer knows is about the same traveller."""
    (asked, *_) = asked_of(Question(mrzs=ZONE, names=("Also Known",)), _DAY)

    assert "Also Known" in asked.record.values("name")
    assert asked.record.documents[0].number == "L898902C3"


def test_several_zones_are_several_people(snapshot: Snapshot):
    """What is typed beside two zones belongs to neither."""
    asked = asked_of(Question(mrzs=(*ZONE, *ZONE), names=("Somebody",)), _DAY)

    assert [one.origin for one in asked] == ["typed", "zone 1", "zone 2"]


def test_a_bare_number_is_asked_of_persons_and_of_ships():
    """Where it can be an IMO number; the answer says which of the two found what."""
    asked = asked_of(Question(documents=("::9074729",)), _DAY)

    assert [(one.origin, one.record.schema) for one in asked] == [
        ("typed", "Person"),
        ("typed, as an IMO number", "Vessel"),
    ]


@pytest.mark.parametrize(
    "question", [Question(), Question(names=(" ",)), Question(birth_date="1970")]
)
def test_a_question_that_asks_nothing_is_refused(snapshot: Snapshot, question: Question):
    """An empty answer to it would look like an all-clear."""
    with pytest.raises(InvalidInput, match="nothing to look for"):
        asked_of(question, _DAY)


@pytest.mark.parametrize(
    ("question", "why"),
    [
        (Question(names=("!!!",)), "no letter"),
        (Question(documents=("UTO:P:12",)), "too short"),
        (Question(mrzs=(*ZONE, *_EMPTY_ZONE)), "zone 2: .* the name is empty"),
    ],
    ids=["no letters", "too short a number", "an empty zone"],
)
def test_a_question_by_which_nothing_can_be_found_is_refused(question: Question, why: str):
    """What was not searched must not be answered with NO MATCH."""
    with pytest.raises(InvalidInput, match=why):
        asked_of(question, _DAY)


def test_a_part_that_cannot_be_searched_is_said():
    """The other parts are searched."""
    (asked,) = asked_of(Question(names=("Somebody", "???"), documents=("UTO:P:12",)), _DAY)

    assert [note.rpartition(",")[2] for note in asked.notes] == [" so it was not searched"] * 2


def test_a_detail_beside_several_zones_is_refused():
    """Nobody can know whose birth date it is; it is not dropped in silence."""
    with pytest.raises(InvalidInput, match="which of several zones"):
        asked_of(Question(mrzs=(*ZONE, *ZONE), birth_date="1970"), _DAY)


@pytest.mark.parametrize("depth", [{"limit": 0}, {"threshold": float("nan")}, {"threshold": 1.5}])
def test_a_depth_at_which_nothing_is_found_is_refused(depth: dict[str, Any]):
    """NO MATCH would be the answer to everybody."""
    with pytest.raises(InvalidInput):
        Depth(mode=Mode.BALANCED, **depth)


def test_text_that_is_no_zone_is_refused(snapshot: Snapshot):
    """The reason is told."""
    with pytest.raises(InvalidInput, match="no machine-readable zone"):
        asked_of(Question(mrzs=("hello",)), _DAY)


def test_the_threshold_filters_what_is_shown_and_not_the_verdict(snapshot: Snapshot):
    """A match that is not shown is still a match."""
    question = Question(names=(LISTED,))
    shown = _ask(snapshot, question)
    hidden = _ask(snapshot, question, threshold=1.0)

    assert (shown.verdict, hidden.verdict) == (Verdict.POSSIBLE_MATCH, Verdict.POSSIBLE_MATCH)
    assert (len(shown.found) > 0, hidden.found) == (True, ())


def test_threshold_zero_shows_every_scored_candidate_up_to_the_limit(snapshot: Snapshot):
    """Candidates below the mode's threshold appear, marked as no match, by falling score."""
    answer = _ask(snapshot, Question(names=("Arvid Petar Kostner",)), threshold=0.0, limit=2)
    scores = [match.score for match in answer.matches]

    assert scores == sorted(scores, reverse=True)
    assert [match.match for match in answer.matches] == [True, False]


def test_a_birth_in_the_future_is_said():
    """A slip in the year speaks against the very person who is listed."""
    (late,) = asked_of(Question(names=("Somebody",), birth_date="2970-01-01"), _DAY)
    (early,) = asked_of(Question(names=("Somebody",), birth_date="1970-01-01"), _DAY)

    assert (late.notes, early.notes) == (("the birth date 2970-01-01 lies in the future",), ())
