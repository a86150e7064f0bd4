"""What may leave with a message, and under which marking it is read at the other end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bank_help import actor, passport, person
from didban import clock
from didban.casework.messages import bundles, desk
from didban.casework.messages.clearing import DraftPart
from didban.errors import Conflict, InvalidInput, NotPermitted
from didban.guard import assessments
from didban.model.assessments import AssessmentVerdict, Harm
from didban.model.exchange.messages import (
    MessageKind,
    MessageState,
    Topic,
)
from didban.model.exchange.peers import PeerState
from didban.model.marking import Handling, SourceEvaluation
from didban.model.onward import Onward
from didban.store.exchange import peers
from didban.store.tables.messages import message as message_table
from messages_help import TEXT, Desks, about, officer, reported

S = MessageState


@pytest.fixture
def desks(lasting) -> Desks:
    """Return the desks of xar, xbo and xca, which nothing waits for."""
    made = Desks(lasting)
    made.carry()
    return made


@pytest.fixture
def fresh(network) -> Desks:
    """Return desks to which nothing happened yet."""
    return Desks(network)


def test_a_part_of_a_record_goes_with_its_marking_and_no_more_than_the_topic_needs(desks):
    """Handling code and evaluation travel; the notes stay."""
    entity = person("Zahra Karimzadeh", birthDate="1971-05-02", notes="limps")
    kept = reported(desks, entity, handling=Handling.H1, source_evaluation="B")
    sent = about(desks, kept)
    desks.carry()
    [part] = desks["xbo"].read(sent).parts
    assert (part.owner, part.handling, part.source_evaluation) == ("xar", Handling.H1, "B")
    assert set(part.entity.properties) == {"name", "birthDate"}
    assert desks["xbo"].has(sent).handling is Handling.H1


def test_pr_42_a_message_of_a_topic_has_only_what_it_is_for(desks):
    """A document's topic is about documents; a search for one has no room for words."""
    kept = reported(desks)
    with pytest.raises(InvalidInput):
        about(desks, kept, topic=Topic.DOCUMENT)
    paper = passport()
    with pytest.raises(InvalidInput):
        desks["xar"].send("xbo", DraftPart(entity=paper), TEXT, topic=Topic.DOCUMENT)
    assert desks["xar"].send("xbo", DraftPart(entity=paper), topic=Topic.DOCUMENT)


def test_pr_08_h2_of_another_is_not_in_a_message_to_a_third_node(desks):
    """Its own owner may have it; a third one, or who is not of its audience, may not."""
    barred: dict[str, dict[str, Any]] = {
        "H2": {"handling": Handling.H2, "audience": ("node:xar", "node:xca")},
        "audience": {"audience": ("node:xar",)},
    }
    for reason, more in barred.items():
        kept = reported(desks, owner="xbo", **more)
        with pytest.raises(NotPermitted) as refused:
            about(desks, kept, to="xca")
        assert refused.value.reasons == (reason,)
        assert about(desks, kept, to="xbo")


def test_pr_03_of_a_record_that_only_exists_nothing_is_handed_on(desks):
    """What a search does not tell, a message does not either."""
    kept = reported(desks, owner="xbo")
    with pytest.raises(NotPermitted) as refused:
        about(desks, kept, to="xca")
    assert refused.value.reasons == ("details",)


def test_pr_09_whom_an_owner_excludes_gets_nothing(desks):
    """Not even from the owner itself by mistake."""
    kept = reported(desks, excluded=("node:xbo",))
    with pytest.raises(NotPermitted):
        about(desks, kept)


def test_pr_16_nothing_of_a_protected_person_goes_to_whom_it_fled_from(desks):
    """A message says no more than a search."""
    kept = reported(desks, protected_from=("node:xbo",))
    for topic in (Topic.IDENTITY, Topic.WHEREABOUTS):
        with pytest.raises(NotPermitted) as refused:
            about(desks, kept, topic=topic)
        assert refused.value.reasons == ("protected",)
    assert about(desks, kept, to="xca")


def test_pr_55_the_register_is_asked_before_data_on_a_person_leave(fresh):
    """What is barred goes with assurances alone; tainted information never; things are no persons."""
    officer_ = actor("xar", "data_protection_officer")
    draft = assessments.Draft(
        partner="xbo",
        harm=Harm.TORTURE,
        verdict=AssessmentVerdict.ASSURANCES,
        reason="reports of the treaty body",
        review_due=clock.today() + timedelta(days=90),
    )
    fresh.network["xar"].do(assessments.record, officer_, draft)
    kept = reported(fresh)
    somebody = DraftPart(entity=person(), handling=Handling.H0)
    for parts in ([DraftPart(record=kept.id)], [somebody], [TEXT]):
        with pytest.raises(NotPermitted):
            fresh["xar"].send("xbo", *parts, topic=Topic.IDENTITY)
    assert fresh["xar"].send("xbo", DraftPart(entity=passport()), topic=Topic.DOCUMENT)
    tainted = reported(fresh, is_tainted=True)
    with pytest.raises(NotPermitted):
        about(fresh, tainted, to="xca")


def test_pr_53_an_owner_is_not_asked_about_its_person_record_past_the_gate(desks):
    """The question of a hit has the gate; a message has not."""
    kept = reported(desks, owner="xbo")
    with pytest.raises(NotPermitted) as refused:
        about(desks, kept, kind=MessageKind.REQUEST)
    assert refused.value.reasons == ("gate",)


def test_pr_06_what_was_sent_for_one_purpose_is_not_read_for_another(desks):
    """The purpose travels with the message."""
    sent = desks["xar"].send("xbo")
    desks.carry()
    other = officer("xbo", purpose="sanctions_screening")
    for verb in (desk.read, desk.take):
        with pytest.raises(NotPermitted):
            desks["xbo"].bank.do(verb, other, desks["xbo"].mail, sent.id)
    assert desks["xbo"].has(sent).state is S.ACCEPTED


def test_pr_08_conditions_are_acknowledged_before_the_rest_is_read(desks):
    """Shown first; by each reader for himself."""
    part = DraftPart(text="the source is known", handling=Handling.H3, conditions="desk only")
    sent = desks["xar"].send("xbo", part, TEXT, kind=MessageKind.SPONTANEOUS)
    desks.carry()
    view = desks["xbo"].read(sent)
    assert (view.parts[0].text, view.parts[0].conditions, view.withheld) == ("", "desk only", {0})
    assert view.parts[1].text == TEXT.text
    desks["xbo"].bank.do(desk.acknowledge_conditions, desks["xbo"].who, sent.id, 0)
    assert desks["xbo"].read(sent).parts[0].text == "the source is known"
    another = officer("xbo", user="usr_other")
    assert desks["xbo"].bank.do(desk.read, another, desks["xbo"].mail, sent.id).withheld == {0}


def test_pr_08_what_is_passed_on_stays_its_owners(desks):
    """Its code and grade cannot be bettered, and the chain of origin grows (PR-10, PR-11)."""
    free = desks["xar"].send(
        "xbo", DraftPart(text="seen at the port"), kind=MessageKind.SPONTANEOUS
    )
    bound = desks["xar"].send(
        "xbo", DraftPart(text="in confidence", handling=Handling.H2), kind=MessageKind.SPONTANEOUS
    )
    desks.carry()
    on = DraftPart(passes_on=(bound.id, 0))
    with pytest.raises(NotPermitted):
        desks["xbo"].send("xca", on, kind=MessageKind.SPONTANEOUS)
    back = desks["xbo"].send("xar", on, kind=MessageKind.SPONTANEOUS)
    passed = desks["xbo"].send(
        "xca",
        DraftPart(
            passes_on=(free.id, 0), source_evaluation=SourceEvaluation.A, handling=Handling.H0
        ),
        kind=MessageKind.SPONTANEOUS,
    )
    desks.carry()
    [part] = desks["xca"].read(passed).parts
    assert (part.owner, part.origin, part.source_evaluation) == ("xar", ("xar",), "X")
    assert desks["xar"].read(back).parts[0].handling is Handling.H2


def test_pr_08_h1_of_another_is_in_no_court_bundle(desks):
    """Refused with the messages that are meant; own ones may go."""
    first = desks["xar"].send("xbo", DraftPart(text="a lead", handling=Handling.H1))
    desks.carry()
    for code, is_allowed in (("xar", True), ("xbo", False)):
        arguments = (desks[code].who, first.thread)
        more = {"use": Onward.COURT, "recipient": "district-court"}
        if is_allowed:
            made = desks[code].bank.do(bundles.make, *arguments, **more)
            assert made.handling is Handling.H1
        else:
            with pytest.raises(NotPermitted) as refused:
                desks[code].bank.do(bundles.make, *arguments, **more)
            assert refused.value.reasons == ("handling:H1",)


@pytest.mark.parametrize("state", [PeerState.QUARANTINED, PeerState.REMOVED])
def test_nothing_is_written_to_an_authority_whose_node_is_not_spoken_with(fresh, state):
    """It is refused at once, and is not taken for a desk of one's own bank."""
    fresh.network["xar"].do(peers.set_state, "xbo", state, by="usr_admin", now=clock.now())
    with pytest.raises(Conflict):
        fresh["xar"].send("xbo")
    assert fresh.network["xar"].do(lambda tx: tx.execute(select(message_table)).all()) == []
