"""People see who has their records, who was not sent them, and who has not let go."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bank_help import actor, alert, passport, person
from didban import clock
from didban.errors import NotFound
from didban.exchange.records import overview
from didban.guard import assessments
from didban.model.assessments import AssessmentVerdict, Harm
from didban.settings import Sharing
from sharing_help import copy_of, report, settle, withdraw

RECORDER = actor("xar")


def test_the_owner_sees_who_has_a_record_and_who_has_not_taken_it_in_yet(sharing):
    """And for nobody else's record is there anything to see."""
    xar, xbo = sharing["xar"], sharing["xbo"]
    kept = report(xar, passport())
    for _ in range(2):  # what was taken in, the next pull says
        sharing.pull("xbo", "xar")
    found = xar.do(overview.of_record, RECORDER, kept.id)
    assert [(one.node, one.has_taken_in) for one in found.holders] == [
        ("xbo", True),
        ("xca", False),
    ]
    assert found.rev == copy_of(xbo, kept.id).rev

    withdraw(xar, kept)
    gone = xar.do(overview.of_record, RECORDER, kept.id)
    assert gone.holders == ()
    assert [one.node for one in gone.withdrawals] == ["xbo", "xca"]
    with pytest.raises(NotFound):
        xbo.do(overview.of_record, actor("xbo"), kept.id)


def test_what_each_feed_holds_is_counted_at_both_ends(sharing):
    """Of ours at others, and of others' here."""
    report(sharing["xar"], passport())
    report(sharing["xar"], passport("B7654321"))
    settle(sharing)
    operator = actor("xar", "administrator")
    [ours] = sharing["xar"].do(overview.inventory, operator, clock.now())
    [theirs] = sharing["xbo"].do(overview.inventory, operator, clock.now())
    assert (ours.is_ours, ours.count, ours.readers) == (True, 2, ("xbo", "xca"))
    assert (theirs.is_ours, theirs.count, theirs.has_drifted) == (False, 2, False)


def test_pr_55_what_is_withheld_is_listed_for_a_person_to_decide(sharing):
    """From whom, on which subjects, and how many records."""
    xar = sharing["xar"]
    report(xar, person(), alert=alert())
    report(xar, passport())
    draft = assessments.Draft(
        partner="xbo",
        harm=Harm.TORTURE,
        verdict=AssessmentVerdict.ASSURANCES,
        reason="as reported",
        review_due=clock.today() + timedelta(days=30),
    )
    xar.do(assessments.record, actor("xar", "data_protection_officer"), draft)
    [found] = xar.do(overview.withheld, RECORDER, Sharing())
    assert (found.node, found.harms, found.records, found.is_final) == (
        "xbo",
        ("torture",),
        1,
        False,
    )
