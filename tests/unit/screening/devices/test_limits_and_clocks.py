"""PR-43: how old the data is decides what a device may say; a clock cannot make it younger."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bank_help import passport
from didban import clock
from didban.screening.check import Verdict
from didban.screening.devices import memory
from didban.screening.freshness import Age
from screening_help import now_is


@pytest.fixture
def carried(station, handheld):
    """Return a device that carries one stolen passport, opened now."""
    station.keep(passport("A12345678"))
    handheld.open(station.make(handheld, whole=True))
    return handheld


def test_pr_43_past_the_soft_limit_it_asks_only_to_contact_the_owner(carried):
    """The banner says how old; the action is not what it was."""
    with now_is(clock.now() + timedelta(hours=25)):
        answer = carried.check_passport("A12345678")

    assert answer.verdict is Verdict.POSSIBLE_MATCH
    assert answer.freshness.state is Age.OLD
    assert answer.is_downgraded
    assert answer.matches[0].action == "inform"


def test_pr_43_past_the_hard_limit_it_answers_unknown_and_never_no_hit(carried):
    """Neither for who is listed nor for who is not."""
    with now_is(clock.now() + timedelta(hours=169)):
        listed = carried.check_passport("A12345678")
        unlisted = carried.check_passport("B00000001")

    assert listed.verdict is unlisted.verdict is Verdict.UNKNOWN
    assert listed.matches == ()


def test_pr_43_a_clock_that_was_set_back_makes_nothing_young(carried):
    """The device remembers the latest time that it has seen, through being switched off."""
    late = clock.now() + timedelta(hours=100)
    with now_is(late):
        carried.check_passport("A12345678")
    early = clock.now() + timedelta(hours=1)

    with now_is(early):
        answer = carried.check_passport("A12345678")
        memory.close(carried.memory, carried.id)
        carried.open()
        reopened = carried.check_passport("B00000001")

    assert answer.verdict is reopened.verdict is Verdict.UNKNOWN
    assert answer.is_clock_behind
    assert reopened.is_clock_behind


def test_pr_43_a_clock_behind_the_machine_own_seconds_is_noticed(carried, monkeypatch):
    """While it runs, time passes at least as the machine counts it."""
    passed = memory.running() + 3600 * 200
    monkeypatch.setattr(memory, "running", lambda: passed)

    answer = carried.check_passport("B00000001")

    assert answer.is_clock_behind
    assert answer.verdict is Verdict.UNKNOWN


def test_a_record_that_ends_by_itself_answers_nothing_from_then_on(station, handheld):
    """A lease, or the last day of an alert, reaches a device that nobody can call."""
    ends = clock.now() + timedelta(hours=5)
    leased, kept = station.keep(passport("A12345678"), passport("A99999999"))
    station.lease(leased, ends)
    handheld.open(station.make(handheld, whole=True))
    assert handheld.check_passport("A12345678").verdict is Verdict.POSSIBLE_MATCH

    with now_is(ends + timedelta(minutes=1)):
        ended = handheld.check_passport("A12345678")
        before = handheld.state()
        handheld.open()
        after = handheld.state()
        other = handheld.check_passport("A99999999")

    assert ended.verdict is Verdict.NO_MATCH
    assert other.matches[0].record == kept
    assert before.index != after.index
    assert after.edition.records == 1


def test_what_ended_by_itself_does_not_disturb_the_next_package(station, handheld):
    """The device took it out at opening, the node leaves it out: they agree."""
    ends = clock.now() + timedelta(hours=5)
    leased, _ = station.keep(passport("A12345678"), passport("A99999999"))
    station.lease(leased, ends)
    handheld.open(station.make(handheld, whole=True))

    with now_is(ends + timedelta(minutes=1)):
        handheld.open()
        station.keep(passport("B55555555"))
        (told,) = handheld.open(station.make(handheld))

    assert told.records == 2
