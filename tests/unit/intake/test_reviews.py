"""Alerts of other nodes wait for people of this side (PR-52, PR-55, PR-57)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bank_help import actor, alert, authority, fresh_bank, marking, passport, person
from didban import clock
from didban.errors import Conflict, InvalidInput, NotFound, NotPermitted
from didban.guard import assessments, conditions
from didban.intake import bank, reviews
from didban.model.alerts import Action
from didban.model.assessments import AssessmentVerdict, Harm
from didban.model.bank import Note, SuspensionCause, standing
from didban.model.disputes import Ground
from didban.model.marking import Handling
from didban.model.notifications import Channel, Notification, Post
from didban.model.retention import ErasureReason
from didban.model.reviews import OPEN, Doubt, ReviewEvent, ReviewGround, ReviewState
from didban.store import erasure, notifications, records
from didban.store import node as node_row
from didban.store import reviews as kept_reviews
from didban.store.node import NodeRow
from didban.store.visibility import every_number
from review_help import KEY, REVIEWER, SECOND, arrive, kept, wanted

DPO = actor("xar", "data_protection_officer", user="usr_dpo")


@pytest.fixture(scope="module")
def shared(postgres):
    """Return one bank for all tests: each is undone at its end."""
    with fresh_bank(postgres) as made:
        yield made


@pytest.fixture
def tx(shared):
    """Return a transaction of a node of Arvand, where others' records arrive."""
    with shared.connect() as begun:
        for code in ("xar", "xbo", "xca"):
            authority(begun, code, country=code.upper())
        node_row.add(begun, NodeRow(host="xar", is_training=True, made_at=clock.now()))
        yield begun
        begun.rollback()


def review_of(tx, record):
    """Return the review of a record."""
    return kept_reviews.of_records(tx, [record.id])[record.id]


def accept(tx, record, who=REVIEWER, doubts=(), words="read and compared", **more):
    """Let somebody accept an alert as it stands."""
    review = review_of(tx, record)
    read = more.pop("read", review.digest)
    return reviews.accept(
        tx, who, review.id, read=read, doubts=doubts, key=KEY, words=words, **more
    )


def refuse(tx, record, who=REVIEWER, ground=ReviewGround.ART_3):
    """Let somebody refuse an alert."""
    review = review_of(tx, record)
    return reviews.refuse(
        tx, who, review.id, read=review.digest, ground=ground, words="a trade unionist", key=KEY
    )


def action_of(tx, record):
    """Return what a record asks now."""
    return standing(kept(tx, record.id), clock.today()).action


def assess(tx, verdict):
    """Record what is held of Boreland."""
    draft = assessments.Draft(
        partner="xbo",
        harm=Harm.TORTURE,
        verdict=verdict,
        reason="report of the committee",
        review_due=clock.today() + timedelta(days=365),
    )
    assessments.record(tx, DPO, draft)


def test_pr_52_an_alert_waits_until_somebody_here_accepts_it(tx):
    """It is found, it says so, and it asks nothing; then it asks what its owner asks."""
    record = arrive(tx, ask=wanted())
    assert record.review is ReviewState.WAITING
    assert Note.AWAITS_REVIEW in standing(record, clock.today()).notes
    assert action_of(tx, record) is None

    assert accept(tx, record).state is ReviewState.ACCEPTED
    assert action_of(tx, record) is Action.ARREST


def test_pr_52_a_paper_and_plain_information_need_no_review(tx):
    """A stolen passport acts at once, and what asks nothing waits for nothing."""
    paper = arrive(tx, entity=passport())
    plain = arrive(tx)

    assert (paper.review, action_of(tx, paper)) == (None, Action.SEIZE)
    assert plain.review is None
    assert reviews.listed(tx, REVIEWER) == []


def test_pr_52_a_changed_alert_waits_again(tx):
    """What was accepted as a search for a witness is not accepted as an arrest."""
    record = arrive(tx, ask=alert("locate", "witness", facts="Saw it."))
    accept(tx, record)
    assert action_of(tx, record) is Action.LOCATE

    record = arrive(tx, entity=record.entity, ask=wanted())
    assert action_of(tx, record) is None
    history = reviews.view(tx, REVIEWER, review_of(tx, record).id, KEY).steps
    assert [step.event for step in history] == [
        ReviewEvent.CHANGE,
        ReviewEvent.ACCEPT,
        ReviewEvent.CHANGE,
    ]


def test_pr_52_a_changed_alert_asks_nothing_even_if_nobody_was_told(tx):
    """The decision is bound to what was read, and not to somebody remembering to ask again."""
    record = arrive(tx, ask=alert("locate", facts="Saw it."))
    accept(tx, record)
    changed = replace(kept(tx, record.id), alert=wanted())
    records.replace_record(tx, changed, expected=changed.version)

    assert kept(tx, record.id).review is ReviewState.WAITING
    assert action_of(tx, record) is None


def test_what_its_owner_confirms_again_stays_accepted(tx):
    """The same alert on the same person, with a newer date and another address."""
    record = arrive(tx, ask=wanted())
    accept(tx, record)
    said = {**record.entity.properties, "address": ("Boreport",)}
    arrive(tx, entity=replace(record.entity, properties=said), ask=wanted())

    assert action_of(tx, record) is Action.ARREST


def test_pr_52_a_doubt_needs_two_persons(tx):
    """Who says that it is political proposes, and another person agrees."""
    record = arrive(tx, ask=wanted())
    proposed = accept(tx, record, doubts=[Doubt.POLITICAL])
    assert (proposed.state, proposed.doubts) == (ReviewState.PROPOSED, (Doubt.POLITICAL,))
    assert action_of(tx, record) is None

    with pytest.raises(NotPermitted, match="PR-28"):
        accept(tx, record)
    agreed = accept(tx, record, SECOND)
    assert (agreed.state, agreed.doubts) == (ReviewState.ACCEPTED, (Doubt.POLITICAL,))
    assert action_of(tx, record) is Action.ARREST


def test_pr_52_one_person_refuses_and_it_takes_two_to_come_back(tx):
    """A flag stays information; also what was accepted can be refused by one."""
    record = arrive(tx, ask=wanted())
    accept(tx, record)
    refuse(tx, record)
    assert action_of(tx, record) is None
    assert Note.FLAGGED in standing(kept(tx, record.id), clock.today()).notes

    again = accept(tx, record)
    assert (again.state, again.doubts) == (ReviewState.PROPOSED, (Doubt.REFUSED_HERE,))
    assert accept(tx, record, SECOND).state is ReviewState.ACCEPTED


def test_pr_52_what_weighs_on_a_person_says_on_what_it_rests(tx):
    """No arrest without a warrant, nothing adverse without facts; a search for the missing needs neither."""
    bare = arrive(tx, ask=alert("arrest", facts="Robbed a bank."))
    with pytest.raises(Conflict, match="warrant"):
        accept(tx, bare)
    silent = arrive(tx, ask=alert("discreet_check"))
    with pytest.raises(Conflict, match="what happened"):
        accept(tx, silent)
    missing = arrive(tx, ask=alert("protect", "missing"))
    assert accept(tx, missing).state is ReviewState.ACCEPTED


def test_pr_55_what_is_held_of_the_owner_needs_two_persons_or_bars_it(tx):
    """The register is asked by the node itself."""
    record = arrive(tx, ask=wanted())
    missing = arrive(tx, ask=alert("protect", "missing"))
    assess(tx, AssessmentVerdict.ASSURANCES)
    seen = reviews.view(tx, REVIEWER, review_of(tx, record).id, KEY)
    assert ([one.harm for one in seen.held], seen.doubts) == (
        [Harm.TORTURE],
        (Doubt.PARTNER_ASSESSED,),
    )
    assert accept(tx, record).state is ReviewState.PROPOSED

    assess(tx, AssessmentVerdict.BARRED)
    with pytest.raises(NotPermitted, match="PR-55"):
        accept(tx, record, SECOND)
    accept(tx, missing)
    assert accept(tx, missing, SECOND).state is ReviewState.ACCEPTED


def test_pr_57_who_was_refused_is_recognised_whoever_sends_it_again(tx):
    """Another owner, another spelling: the earlier refusal is shown, and two persons are needed."""
    refuse(tx, arrive(tx, ask=wanted()))
    again = arrive(tx, "xca", person("KARIMZADEH, Zahra", birthDate="1971-05-02"), wanted())

    seen = reviews.view(tx, REVIEWER, review_of(tx, again).id, KEY)
    assert [refusal.ground for refusal in seen.earlier] == [Ground.FLAGGED]
    assert accept(tx, again).doubts == (Doubt.REFUSED_BEFORE,)


def test_pr_57_who_was_refused_is_recognised_in_our_own_reports(tx):
    """A recorder of this side cannot lend its name to what was refused: it is suspended first."""
    refuse(tx, arrive(tx, ask=wanted()))
    ours = bank.report(
        tx, actor("xar"), person(birthDate="1971-05-02"), marking("xar"), wanted(), key=KEY
    )

    assert SuspensionCause.REFUSED_BEFORE in ours.suspensions


def test_pr_57_what_its_owner_withdrew_is_recognised_too(tx):
    """A withdrawal closes the review; the same person, sent by another, needs two persons."""
    record = arrive(tx, ask=wanted())
    accept(tx, record)
    reviews.ended(tx, [kept(tx, record.id)], ground=Ground.ERROR, key=KEY, now=clock.now())
    assert review_of(tx, record).state is ReviewState.WITHDRAWN
    assert action_of(tx, record) is None

    again = arrive(tx, "xca", ask=wanted())
    assert accept(tx, again).doubts == (Doubt.REFUSED_BEFORE,)


def test_pr_52_nobody_accepts_what_they_did_not_read(tx):
    """The owner changed it while the reviewer was reading."""
    record = arrive(tx, ask=wanted())
    read = review_of(tx, record).digest
    arrive(tx, entity=record.entity, ask=wanted(facts="Robbed two banks."))

    with pytest.raises(Conflict, match="changed since"):
        accept(tx, record, read=read)


def test_pr_08_conditions_come_before_the_decision(tx):
    """The owner's words are acknowledged before its alert is decided."""
    said = "Do not tell the person."
    record = arrive(tx, ask=wanted(), handling=Handling.H3, handling_conditions=said)
    with pytest.raises(Conflict, match="PR-08"):
        accept(tx, record)
    conditions.acknowledge(tx, REVIEWER, record, version=record.version)

    assert accept(tx, record).state is ReviewState.ACCEPTED


def test_a_review_is_its_hosts(tx):
    """Neither another authority's reviewer nor a role without the permission; and no guessing."""
    record = arrive(tx, ask=wanted())
    for who in (actor("xca", "reviewer"), actor("xar", "first_line"), actor("xar", "recorder")):
        with pytest.raises(NotPermitted):
            reviews.listed(tx, who)
    hidden = arrive(tx, ask=wanted(), confidentiality=2)
    assert [each.record for each in reviews.listed(tx, REVIEWER)] == [record.id]
    with pytest.raises(NotFound):
        reviews.view(tx, REVIEWER, review_of(tx, hidden).id, KEY)


def test_the_nodes_own_findings_are_no_answers_of_a_reviewer(tx):
    """A reviewer answers what only a person can answer."""
    record = arrive(tx, ask=wanted())
    with pytest.raises(InvalidInput, match="doubts"):
        accept(tx, record, doubts=[Doubt.REFUSED_BEFORE])


def test_a_view_shows_what_the_sender_attached_and_what_would_be_asked(tx):
    """Warrant and facts, before anything is decided."""
    record = arrive(tx, ask=wanted())
    seen = reviews.view(tx, REVIEWER, review_of(tx, record).id, KEY)

    assert seen.shown["facts"]["legal_references"] == ["warrant 12/2031"]
    assert seen.would_ask is Action.ARREST
    assert seen.shown["action"]["requested"] is None


def test_the_duty_officer_is_told_once_of_what_one_delivery_brought(tx):
    """Not once for each of a thousand alerts."""
    contact = notifications.Contact(
        authority="xar",
        post=Post.DUTY_OFFICER,
        channel=Channel.EMAIL,
        address="duty@xar.example",
    )
    notifications.set_contact(tx, contact, at=clock.now(), by="usr_head")
    came = [replace(arrive(tx), alert=wanted()) for _ in range(3)]
    assert reviews.arrived(tx, came, clock.now()) == 3

    told = notifications.claim(tx, clock.now(), clock.now() + timedelta(minutes=5))
    assert told is not None
    assert told.kind is Notification.REVIEW_WAITING
    assert notifications.claim(tx, clock.now(), clock.now() + timedelta(minutes=5)) is None


def test_the_panel_moves_what_waits_and_nothing_else(tx):
    """It accepts what it read; a person here stands above it."""
    record, other = arrive(tx, ask=wanted()), arrive(tx, ask=wanted("locate"))
    read = review_of(tx, record).digest

    def panel(of, read, ground=None):
        return reviews.by_panel(tx, "xca", of.id, read=read, ground=ground, now=clock.now())

    assert not panel(other, read)
    assert panel(record, read)
    assert review_of(tx, record).decided_by == "node:xca"
    assert action_of(tx, record) is Action.ARREST
    refuse(tx, record)
    assert not panel(record, read)
    assert action_of(tx, record) is None
    assert panel(other, review_of(tx, other).digest, ReviewGround.ART_3)
    assert review_of(tx, other).state is ReviewState.REFUSED


def test_pr_39_what_stood_then_can_be_told_later(tx):
    """An alert that was accepted asks in the past what it asked then."""
    record = arrive(tx, ask=wanted())
    before = clock.now()
    accept(tx, record)
    between = clock.now()
    refuse(tx, record)

    def known(at):
        found = records.as_of(tx, record.id, every_number(tx), recorded_at=at)
        return found.review if found else None

    states = [known(at) for at in (before, between, clock.now())]
    assert states == [ReviewState.WAITING, ReviewState.ACCEPTED, ReviewState.REFUSED]


def test_pr_31_a_review_goes_with_its_record(tx):
    """Nothing of it is left but the keyed hashes of who was refused."""
    record = arrive(tx, ask=wanted())
    refuse(tx, record)
    erasure.erase(tx, record.id, ErasureReason.OWNER_WITHDREW, clock.now())

    assert kept_reviews.of_records(tx, [record.id]) == {}
    assert kept_reviews.steps(tx, record.id) == []
    assert reviews.listed(tx, REVIEWER, states=frozenset(ReviewState)) == []


def test_reviews_are_listed_oldest_first_and_page_by_page(tx):
    """Open ones, unless others are asked for."""
    first, second = arrive(tx, ask=wanted()), arrive(tx, ask=wanted())
    refuse(tx, first)
    assert [each.record for each in reviews.listed(tx, REVIEWER)] == [second.id]
    both = frozenset({*OPEN, ReviewState.REFUSED})
    (one,) = reviews.listed(tx, REVIEWER, states=both, limit=1)
    place = (one.opened_at, one.id)
    assert [each.record for each in reviews.listed(tx, REVIEWER, states=both, after=place)] == [
        second.id
    ]
