from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

import didban
from didban import Screener
from didban.errors import InvalidInput, NotFound, PurposeMissing
from didban.guard.entries import Outcome
from didban.screening.check import Verdict
from didban.settings import Settings, Staleness
from screening_help import LISTED, ZONE, build_now, entries


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory) -> Path:
    """Return a snapshot of a few invented people."""
    return build_now(tmp_path_factory.mktemp("screener") / "lists")


def test_a_person_is_checked_with_a_typed_answer(snapshot: Path):
    """Verdict, matches and their explanations are values."""
    with Screener(snapshot, purpose="quality_test") as screener:
        answer = screener.check_person(names=[LISTED], birth_date="1970", nationalities=["UTO"])

    assert answer.verdict is Verdict.POSSIBLE_MATCH
    assert answer.matches[0].explanations["birth_date"].weight > 0


@pytest.mark.parametrize(
    "ask",
    [
        lambda screener: screener.check_document("L898902C3", issuer="UTO", type="P"),
        lambda screener: screener.check_document("B7300412", issuer="XBO"),
        lambda screener: screener.check_mrz(*ZONE),
    ],
    ids=["number", "number in a range", "zone"],
)
def test_a_document_is_checked(snapshot: Path, ask):
    """By its number, by a range of stolen blanks, by its zone."""
    with Screener(snapshot, purpose="quality_test") as screener:
        assert ask(screener).verdict is Verdict.POSSIBLE_MATCH


def test_a_screener_is_one_run_in_the_log(tmp_path: Path):
    """Its entry counts all its checks."""
    listed = build_now(tmp_path / "lists")
    with Screener(listed, purpose="quality_test", reference="T-2") as screener:
        screener.check_person(names=[LISTED])
        screener.check_person(names=["Quirin Eggenfelder"])
    (entry,) = entries(listed)

    assert (entry.asked, entry.matched, entry.reference) == (2, 1, "T-2")


def test_a_screener_that_was_dropped_is_entered_too(tmp_path: Path):
    """Without `close` the entry is written when the object goes."""
    listed = build_now(tmp_path / "lists")
    screener = Screener(listed, purpose="quality_test")
    screener.check_person(names=[LISTED])
    del screener

    assert [entry.asked for entry in entries(listed)] == [1]


def test_without_a_purpose_there_is_no_screener(snapshot: Path):
    """The rule holds in Python too."""
    with pytest.raises(PurposeMissing):
        Screener(snapshot, config=Settings())


def test_the_settings_may_name_purpose_and_snapshot(tmp_path: Path):
    """A post sets both once."""
    listed = build_now(tmp_path / "lists")
    with Screener(config=Settings(purpose="border_control", snapshot=listed)) as screener:
        screener.check_person(names=[LISTED])

    assert entries(listed)[0].purpose == "border_control"


def test_an_expired_snapshot_answers_unknown(tmp_path: Path):
    """Whatever it finds or does not find."""
    listed = build_now(tmp_path / "lists", age=timedelta(hours=3))
    config = Settings(staleness=Staleness(unknown_after_hours=2.0))
    with Screener(listed, purpose="quality_test", config=config) as screener:
        found = screener.check_person(names=[LISTED])
        nothing = screener.check_person(names=["Quirin Eggenfelder"])

    assert {found.verdict, nothing.verdict} == {Verdict.UNKNOWN}
    assert [(entry.asked, entry.outcome) for entry in entries(listed)] == [(2, Outcome.UNKNOWN)]


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (ValueError, Outcome.FAILED),
        (KeyboardInterrupt, Outcome.INTERRUPTED),
        (SystemExit, Outcome.DONE),
    ],
)
def test_a_screener_that_was_broken_off_is_entered_as_that(
    tmp_path: Path, error: type[BaseException], outcome: Outcome
):
    """With what it had asked until then; a program that only ends has not failed."""
    listed = build_now(tmp_path / "lists")

    def break_off() -> None:
        with Screener(listed, purpose="quality_test") as screener:
            screener.check_person(names=[LISTED])
            raise error

    with pytest.raises(error):
        break_off()

    assert [(entry.asked, entry.outcome) for entry in entries(listed)] == [(1, outcome)]


def test_a_folder_without_a_snapshot_is_told(tmp_path: Path):
    """The message says how to make one."""
    with pytest.raises(NotFound, match="didban lists build"):
        Screener(tmp_path, purpose="quality_test")


def test_an_unknown_mode_is_told(snapshot: Path):
    """The message lists the modes."""
    with pytest.raises(InvalidInput, match="border, balanced, thorough"):
        Screener(snapshot, purpose="quality_test", mode="brave")


def test_the_package_offers_the_screener_and_nothing_it_does_not_have():
    """`from didban import Screener` is the way in."""
    assert didban.Screener is Screener
    with pytest.raises(AttributeError):
        _ = didban.Nothing


def test_one_value_may_stand_without_its_list(snapshot: Path):
    """A name is not the row of its letters: that would find nobody, and look like an all-clear."""
    with Screener(snapshot, purpose="quality_test") as screener:
        answer = screener.check_person(
            names=LISTED, nationalities="UTO", birth_date=date(1970, 1, 1)
        )

        assert answer.matches[0].id == "p1"
        assert screener.check_person(documents="UTO:P:L898902C3").matches[0].id == "p1"


def test_a_number_that_is_a_whole_document_is_refused(snapshot: Path):
    """Searched as a number it would find nothing."""
    with (
        Screener(snapshot, purpose="quality_test") as screener,
        pytest.raises(InvalidInput, match="apart"),
    ):
        screener.check_document("UTO:P:L898902C3")
