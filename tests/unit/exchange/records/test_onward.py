"""Handed on with the owner's consent alone, and taken back with it; doubts reach the owner."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bank_help import actor, draft_of, person
from didban import clock
from didban.analysis import onward as giving
from didban.errors import NotPermitted
from didban.exchange.records import onward
from didban.guard import assessments
from didban.intake import disputes
from didban.model.assessments import AssessmentVerdict, Harm
from didban.model.disputes import Decision, DisputedBy
from didban.model.onward import Onward
from didban.store.exchange import withdrawals
from sharing_help import correct, held, holders, report, settle, withdraw


@pytest.fixture
def lent(sharing):
    """Return the network, and a record of Arvand that Boreland alone has a copy of."""
    kept = report(sharing["xar"], person("Yusuf Sample"), audience=["node:xbo"])
    settle(sharing)
    return sharing, kept


def consent(network, kept):
    """Let Boreland hand a record on to Caspia; return the consent."""
    given = network["xar"].do(
        giving.let,
        actor("xar", "liaison_officer"),
        kept.id,
        authority="xbo",
        use=Onward.THIRD_PARTY,
        recipient="xca",
        until=clock.today() + timedelta(days=30),
    )
    settle(network)
    return given


def hand_on(network, kept, consent_id):
    """Hand a record on, as a liaison officer of Boreland."""
    made = network["xbo"].do(
        onward.hand_on, actor("xbo", "liaison_officer"), kept.id, consent=consent_id
    )
    settle(network)
    return made


def test_pr_08_nothing_is_handed_on_without_its_owners_consent(lent):
    """Whatever the handling code; and a consent for another record is none."""
    network, kept = lent
    other = report(network["xar"], person(), audience=["node:xbo"])
    settle(network)
    given = consent(network, other)
    for named in ("otc_none", given.id):
        with pytest.raises(NotPermitted):
            hand_on(network, kept, named)
    assert holders(network, kept.id) == ["xar", "xbo"]


def test_pr_11_what_is_handed_on_names_its_origin_and_asks_nothing(lent):
    """The third node knows that Boreland says it, and that it is Arvand's information."""
    network, kept = lent
    made = hand_on(network, kept, consent(network, kept).id)
    there = held(network["xca"], made.id)
    assert (there.owner, there.marking.origin, there.alert) == ("xbo", ("xar",), None)
    assert there.marking.source_evaluation is kept.marking.source_evaluation
    assert held(network["xca"], kept.id) is None


def test_a_correction_and_a_withdrawal_reach_what_was_handed_on(lent):
    """The re-sharer owes them to its readers, and tells the owner how many it handed on."""
    network, kept = lent
    made = hand_on(network, kept, consent(network, kept).id)
    entity = replace(kept.entity, properties={"name": ("Yusuf Specimen",)})
    kept = correct(network["xar"], kept, draft_of(kept, entity=entity))
    settle(network)
    assert held(network["xca"], made.id).entity.first("name") == "Yusuf Specimen"
    withdraw(network["xar"], kept)
    settle(network)
    assert held(network["xca"], made.id) is None
    [asked] = network["xar"].do(withdrawals.of_record, kept.id)
    assert (asked.erased, asked.onward) == (1, 1)
    [further] = network["xbo"].do(withdrawals.of_record, made.id)
    assert (further.node, further.erased) == ("xca", 1)


def test_pr_47_a_dispute_at_another_node_is_answered_by_the_owner_for_every_copy(sharing):
    """It stands beside the record everywhere, and its answer ends it everywhere."""
    xar, xbo, xca = (sharing[code] for code in ("xar", "xbo", "xca"))
    kept = report(xar, person())
    settle(sharing)
    officer = actor("xbo", "second_line")
    xbo.do(disputes.dispute, officer, kept.id, by=DisputedBy.HOLDER, ground="it is another one")
    xbo.do(disputes.give_counter_evidence, officer, kept.id, text="He was elsewhere.")
    settle(sharing)
    for bank in (xar, xbo, xca):
        found = held(bank, kept.id)
        assert (found.state, found.is_disputed) == ("under_review", True)
        assert [one.text for one in found.counter_evidence] == ["He was elsewhere."]

    present = held(xar, kept.id)
    xar.do(
        disputes.decide,
        actor("xar"),
        kept.id,
        Decision.UPHOLD,
        expected=present.version,
        answer="the prints are his",
    )
    settle(sharing)
    assert [held(bank, kept.id).is_disputed for bank in (xar, xbo, xca)] == [False] * 3
    assert holders(sharing, kept.id) == ["xar", "xbo", "xca"]


def test_pr_53_a_doubt_about_a_person_is_not_told_to_an_owner_that_is_feared(sharing):
    """It would say that the person was met: a named officer decides, by a message."""
    xar, xbo = sharing["xar"], sharing["xbo"]
    kept = report(xar, person())
    settle(sharing)
    draft = assessments.Draft(
        partner="xar",
        harm=Harm.TORTURE,
        verdict=AssessmentVerdict.ASSURANCES,
        reason="as reported",
        review_due=clock.today() + timedelta(days=30),
    )
    xbo.do(assessments.record, actor("xbo", "data_protection_officer"), draft)
    officer = actor("xbo", "second_line")
    xbo.do(disputes.dispute, officer, kept.id, by=DisputedBy.HOLDER, ground="it is another one")
    settle(sharing)
    assert not held(xar, kept.id).is_disputed
    assert held(xbo, kept.id).is_disputed
