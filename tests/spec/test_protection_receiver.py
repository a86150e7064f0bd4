"""The receiver judges too: what other nodes ask waits here, and what is met here stays here."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from bank_help import actor, alert, marking, passport, person
from casework_help import CLAIMED, CLEAR, CLERK, OFFICER, OTHER, OWNER, TRAVELLER
from didban.casework import deadlines, decisions, hits, questions
from didban.errors import NotPermitted
from didban.guard import assessments, oversight
from didban.intake import bank as intake
from didban.intake import document_reports, reviews
from didban.model.actors import AuthorityKind
from didban.model.alerts import Action
from didban.model.assessments import AssessmentVerdict, Harm
from didban.model.bank import Note, SuspensionCause, standing
from didban.model.casework import AnswerKind, Disclosure
from didban.model.exchange.charters import Member, NetworkCharter
from didban.model.exchange.kinds import Kind
from didban.model.exchange.questions import Encounter, Reply, Said
from didban.model.exchange.signed import Signed
from didban.model.hits import Clock, DismissReason, HitState, Outcome, RefuteReason, Urgency
from didban.model.identity import identity_of
from didban.model.reviews import Doubt, ReviewGround, ReviewState
from didban.screening import bank_check
from didban.screening.bank_check import Booth
from didban.screening.live import LiveIndex
from didban.screening.question import Question
from didban.store import hits as kept_hits
from didban.store import non_match
from didban.store import oversight as kept_oversight
from didban.store import reviews as kept_reviews
from didban.store.exchange import charters, evidence, feeds
from peer_hits_help import border
from review_help import KEY, REVIEWER, kept, wanted

INSPECTOR = actor("xar", "inspector", user="usr_inspector")


@pytest.fixture
def nodes(postgres):
    """Return three nodes: Arvand meets people, the others own records."""
    with pytest.MonkeyPatch.context() as patch, border(postgres, patch, "xca") as made:
        yield made


def stands(nodes, record, code="xar"):
    """Return what a record asks at a node today."""
    found = nodes.network[code].do(kept, record.id)
    return standing(found, nodes.clock.now().date())


def refuse(nodes, record):
    """Let Arvand's reviewer refuse an alert."""
    with nodes.here.database.begin() as tx:
        review = kept_reviews.of_records(tx, [record.id])[record.id]
        reviews.refuse(
            tx, REVIEWER, review.id, read=review.digest,
            ground=ReviewGround.ART_3, words="a trade unionist", key=KEY,
        )  # fmt: skip


def said(nodes, code="xar"):
    """Return how much of each kind a node has published, for whomever."""
    return Counter(kind for kind, _ in nodes.sent(code))


def kept_against(nodes, code, other):
    """Return how many pieces of evidence a node holds against another."""
    return nodes.network[code].do(evidence.count_open, other)


# ------------------------------------------------------------------ PR-52


def test_pr_52_at_the_gate_only_a_lost_or_stolen_paper_asks_for_something(
    nodes, node_secrets, tmp_path
):
    """A red-type alert and a revoked passport raise no action before acceptance; a stolen blank does."""
    wanted_one = nodes.share(person("Esmail Farrokhi", birthDate="1966-06-06"), wanted())
    nodes.share(passport("R11111119", status="revoked", issuer="xbo"))
    blank = passport("B22222228", status="stolen_blank", issuer="xbo")
    reporter = actor("xbo", "recorder", user="usr_reporter")
    papers = document_reports.Papers(
        documents=blank.documents, marking=nodes.there.do(kept, wanted_one.id).marking
    )
    (reported,) = nodes.there.do(document_reports.report, reporter, papers)
    second = actor("xbo", "reviewer", user="usr_validator")
    nodes.there.do(document_reports.validate, second, [reported.id])
    nodes.carry()

    def seen(**asked):
        """Return what the officer is told."""
        with nodes.here.database.begin() as tx:
            answer = bank_check.make(tx, booth, OFFICER, Question(**asked))
        (sight,) = answer.matches
        return sight.action, set(sight.notes)

    with LiveIndex.open(nodes.here.database, tmp_path / "index", follow=False) as index:
        booth = Booth(index=index, secrets=node_secrets)
        farrokhi = {"names": ("Esmail Farrokhi",), "birth_date": "1966-06-06"}
        assert seen(**farrokhi) == (None, {Note.AWAITS_REVIEW, Note.INFORMATION_ONLY})
        revoked = seen(documents=("XBO:P:R11111119",))
        assert revoked == (None, {Note.REVOKED, Note.INFORMATION_ONLY})
        stolen = seen(documents=("XBO:P:B22222228",))
        assert stolen == (Action.SEIZE, set())
        nodes.accept(wanted_one)
        assert seen(**farrokhi) == (Action.ARREST, set())


def test_pr_52_each_node_decides_for_itself(nodes):
    """What Arvand accepted still waits at Caspia."""
    record = nodes.share(ask=wanted())
    nodes.accept(record)

    assert stands(nodes, record).action is Action.ARREST
    assert stands(nodes, record, "xca").action is None


def test_pr_52_a_changed_alert_waits_again_at_the_receiver(nodes):
    """Its owner asks for more than was accepted."""
    record = nodes.share(ask=alert("locate", facts="Seen in Boreport."))
    nodes.accept(record)
    nodes.correct(record, alert=wanted())

    assert stands(nodes, record).action is None
    assert Note.AWAITS_REVIEW in stands(nodes, record).notes


def test_pr_52_the_owner_learns_nothing_of_the_review(nodes):
    """Accepted, refused or waiting: nothing is published by who decides."""
    records = [nodes.share(ask=wanted()) for _ in range(3)]
    before = said(nodes)
    nodes.accept(records[0], told=nodes.verdicts("xar").told)
    refuse(nodes, records[1])
    nodes.carry()

    assert said(nodes) == before


def test_pr_52_a_receiver_may_choose_to_tell_the_owner(nodes):
    """Then it says what was decided, and neither who nor why."""
    record = nodes.share(ask=wanted())
    nodes.accept(record, told=nodes.verdicts("xar", tells_owners=True).told)
    assert nodes.carry() == 1

    assert said(nodes)[Kind.REVIEW] == 1
    assert kept_against(nodes, "xbo", "xar") == 0


def caspia_reviews_for_all(nodes):
    """Let a charter name Caspia's node as its panel."""
    members = tuple(Member(node=one.code, root=one.root.public) for one in nodes.network.values())
    charter = NetworkCharter(
        network="demo", version=1, made_at=nodes.clock.now(), agreement="Treaty of Boreport",
        threshold=2, members=members, kinds=(AuthorityKind.POLICE,), panel=("xca",), is_training=True,
    )  # fmt: skip
    signed = Signed(payload=charter.to_bytes(), signatures={})
    for bank in nodes.network.values():
        bank.do(charters.add, charter, signed, by="usr_head", now=nodes.clock.now())


@pytest.mark.parametrize("days", [1, 15])
def test_pr_52_a_verdict_of_the_panel_waits_for_its_record(nodes, days):
    """It came before the record did: it is followed when the record comes, unless that is too long."""
    caspia_reviews_for_all(nodes)
    record = person("Zahra Karimzadeh", birthDate="1949-01-01")
    nodes.there.do(intake.report, actor("xbo"), record, marking("xbo"), wanted())
    nodes.network.pull("xca", "xbo")
    nodes.accept(record, "xca", told=nodes.verdicts("xca").told)
    nodes.network.pull("xar", "xca")
    nodes.clock.pass_(days=days)
    nodes.carry()

    assert stands(nodes, record).action is (Action.ARREST if days == 1 else None)


def test_pr_52_what_the_panel_of_the_charter_accepts_is_accepted(nodes):
    """Caspia reviews for all; where somebody decided already, that stands; others are not heard."""
    first, second = nodes.share(ask=wanted()), nodes.share(ask=wanted())
    told = nodes.verdicts("xca").told
    nodes.accept(first, "xca", told=told)
    nodes.carry()
    assert stands(nodes, first).action is None

    caspia_reviews_for_all(nodes)
    refuse(nodes, second)
    for record in (nodes.share(ask=wanted()), second):
        nodes.accept(record, "xca", told=told)
        nodes.carry()
        is_free = record is not second
        assert stands(nodes, record).action is (Action.ARREST if is_free else None)


# ------------------------------------------------------------------ PR-53


def test_pr_53_what_is_done_with_a_match_is_seen_by_nobody_else(nodes):
    """Dismissed, refuted, let go without a question: the owner's node gets not one entry."""
    scene = nodes.scene()
    before, clock = said(nodes), nodes.clock
    dismissed = scene.taken_up()
    scene.do(hits.dismiss, OFFICER, dismissed, scene.desk, reason=DismissReason.OTHER_AGE)
    refuted = scene.referred()
    scene.compared(refuted, CLERK)
    scene.do(hits.refute, CLERK, refuted, scene.desk, reason=RefuteReason.NAMESAKE, words="a scar")
    silent = scene.referred()
    gate = replace(CLAIMED, disclosure=Disclosure.NONE)
    scene.do(questions.ask, CLERK, silent, scene.desk, urgency=Urgency.URGENT, gate=gate)
    clock.pass_(days=2)
    nodes.duties()

    assert scene.state(silent) is HitState.RELEASED_UNCONFIRMED
    assert said(nodes) == before


def test_pr_53_a_withheld_question_leaves_when_a_lot_says_and_not_with_the_deed(nodes, monkeypatch):
    """Its header bears the time at which it left, and names neither hit nor record."""
    monkeypatch.setattr("didban.casework.questions.secrets.randbelow", lambda most: most - 1)
    scene = nodes.scene()
    before, met_at = said(nodes), nodes.clock.now()
    nodes.withheld(scene, CLAIMED)
    nodes.clock.pass_(hours=23)
    nodes.duties()
    assert said(nodes) == before

    nodes.clock.pass_(hours=2)
    nodes.duties()
    assert said(nodes) - before == Counter({Kind.QUESTION: 1})
    header = next(h for kind, h in reversed(nodes.sent("xar")) if kind == Kind.QUESTION)
    assert header.time - met_at >= timedelta(hours=24)
    assert header.record != scene.record.id
    assert [one.node for one in header.recipients] == ["xbo"]


def test_pr_53_nothing_follows_a_withheld_question(nodes):
    """Confirmed and arrested, or let go at once: the owner's node sees the very same."""
    seen = []
    for is_arrested in (True, False):
        scene = nodes.scene()
        hit_id = nodes.withheld(scene, CLAIMED)
        nodes.clock.pass_(hours=25)
        nodes.duties()
        before, on_desk = said(nodes), nodes.on_desk()
        if is_arrested:
            nodes.answer(scene, hit_id, AnswerKind.CONFIRMED)
            scene.compared(hit_id, actor("xar", "second_line", user="usr_third"))
            scene.do(
                decisions.take_action, actor("xar", "second_line", user="usr_third"), hit_id,
                scene.desk, action=Action.ARREST, legal_basis="Extradition Act of Arvand, s. 4",
            )  # fmt: skip
            scene.do(decisions.record_outcome, CLERK, hit_id, scene.desk, outcome=Outcome.ARRESTED)
            scene.do(decisions.close_without_feedback, CLERK, hit_id, scene.desk)
        else:
            scene.do(kept_hits.start_clock, hit_id, Clock.HOLD_LIMIT, nodes.clock.now())
            scene.do(hits.release, CLERK, hit_id, "hold_limit")
            (one,) = [q for q in nodes.on_desk() if q.record == scene.record.id]
            assert one in on_desk
            nodes.answer(scene, hit_id, AnswerKind.CONFIRMED)
        nodes.clock.pass_(days=3)
        nodes.duties()
        seen.append(said(nodes) - before)
    assert seen == [Counter(), Counter()]


def test_pr_53_an_owner_cannot_find_out_where_a_withheld_hit_stands(nodes):
    """Whatever it answers, once or again, nothing comes back: waiting, escalated or let go."""
    odd = (
        Reply(
            question="", said=Said.WILL_BE_CONFIRMED, until=nodes.clock.now() + timedelta(days=9)
        ),
        Reply(question="", said=Said.WILL_BE_CONFIRMED, until=nodes.clock.now()),
        Reply(question="", said=Said.RECEIVED, until=nodes.clock.now()),
        Reply(question="", said=Said.REFUTED, words="no"),
        Reply(question="", said=Said.CONFIRMED),
        Reply(question="", said=Said.NO_RECORD),
    )
    seen = []
    for state in (HitState.CONFIRMATION_REQUESTED, HitState.ESCALATED, HitState.CLOSED):
        scene = nodes.scene()
        hit_id = nodes.withheld(scene, CLAIMED)
        nodes.clock.pass_(hours=25)
        nodes.duties()
        if state is HitState.ESCALATED:
            for _ in range(3):
                nodes.clock.pass_(hours=2)
                deadlines.run_due(nodes.here.database, nodes.clock.now(), scene.desk)
        if state is HitState.CLOSED:
            scene.do(kept_hits.start_clock, hit_id, Clock.HOLD_LIMIT, nodes.clock.now())
            scene.do(hits.release, CLERK, hit_id, "hold_limit")
        before = said(nodes)
        for reply in odd * 2:
            answer = replace(reply, question=scene.question_of(hit_id))
            nodes.there.do(nodes.desks["xbo"].channel.reply, "xar", answer, nodes.clock.now())
        nodes.carry()
        nodes.duties()
        seen.append(said(nodes) - before)
    assert seen == [Counter()] * 3


def test_pr_53_who_is_let_go_before_the_question_left_is_never_asked_about(nodes):
    """Not even late."""
    scene = nodes.scene()
    before = said(nodes)
    hit_id = nodes.withheld(scene, CLAIMED)
    scene.do(kept_hits.start_clock, hit_id, Clock.HOLD_LIMIT, nodes.clock.now())
    scene.do(hits.release, CLERK, hit_id, "hold_limit")
    nodes.clock.pass_(days=3)
    nodes.duties()

    assert said(nodes) == before


def test_pr_25_a_namesake_is_not_stopped_at_the_next_border_either(nodes):
    """The owner's desk tells others by a hash with a key of its own, later, and nobody's name."""
    scene = nodes.scene()
    hit_id = nodes.asked(scene)
    before = said(nodes, "xbo")
    nodes.answer(scene, hit_id, AnswerKind.REFUTED, words="another birth place", is_shared=True)
    assert said(nodes, "xbo") - before == Counter({Kind.ANSWER: 1})
    nodes.clock.pass_(hours=49)
    nodes.duties()

    def is_silent(code, asked=TRAVELLER):
        with nodes.network[code].database.begin() as tx:
            entity = kept(tx, scene.record.id).entity
            return bool(non_match.silenced(tx, b"own key of " + code.encode(), asked, [entity]))

    assert (said(nodes, "xbo") - before)[Kind.NON_MATCH] == 1
    assert is_silent("xbo")
    assert is_silent("xca")
    other = replace(TRAVELLER, properties={**TRAVELLER.properties, "birthDate": ("1971-05-03",)})
    assert not is_silent("xca", other)


def test_pr_25_of_a_withheld_encounter_no_token_is_told(nodes):
    """Only the owner's own border stays silent."""
    scene = nodes.scene()
    hit_id = nodes.withheld(scene, CLAIMED)
    nodes.clock.pass_(hours=25)
    nodes.duties()
    before = said(nodes, "xbo")
    nodes.answer(scene, hit_id, AnswerKind.REFUTED, words="a scar", is_shared=True)
    nodes.clock.pass_(hours=49)
    nodes.duties()

    assert said(nodes, "xbo") - before == Counter({Kind.ANSWER: 1})


def test_pr_53_the_identity_that_leaves_is_the_least(nodes):
    """No birth place, no identifier of the check, nothing of the hit."""
    scene = nodes.scene()
    hit_id = nodes.asked(scene)
    with nodes.here.database.begin() as tx:
        (feed,) = [one for one in feeds.owned(tx, "xar") if one.audience == "talk:xbo"]
    assert feed.head_seq
    (seen,) = [one for one in nodes.on_desk() if one.record == scene.record.id]
    assert set(seen.identity.properties) == {"name", "birthDate", "nationality"}
    for secret in (hit_id, "usr_", "Boreport", "0.93"):
        assert secret not in repr(seen)


# ------------------------------------------------------------------ PR-42, PR-07: hostile questions


def test_pr_42_a_question_that_says_more_than_identity_is_put_aside(nodes):
    """The owner's node keeps evidence and nothing of the person."""
    record = nodes.share(ask=wanted())
    before = kept_against(nodes, "xbo", "xar")
    told = identity_of(person("A Person", birthDate="1971-05-02"))
    more = replace(told, properties={**told.properties, "address": ("Main Street 1",)})
    question = nodes.put_by_hand("xar", "xbo", record.id, identity=more)
    nodes.carry()

    assert kept_against(nodes, "xbo", "xar") == before + 1
    assert question not in {one.id for one in nodes.on_desk()}


def test_pr_07_a_node_asks_and_answers_for_its_own_authorities_alone(nodes):
    """Neither in another's name, nor in the place of who was asked."""
    record = nodes.share(ask=wanted())
    before = kept_against(nodes, "xbo", "xca")
    other = Encounter(
        authority="xar", place="gate 4", met_at=nodes.clock.now(), urgency=Urgency.URGENT
    )
    nodes.put_by_hand("xca", "xbo", record.id, encounter=other)
    nodes.carry()
    assert kept_against(nodes, "xbo", "xca") == before + 1

    scene = nodes.scene()
    hit_id = nodes.asked(scene)
    before = kept_against(nodes, "xar", "xca")
    reply = Reply(question=scene.question_of(hit_id), said=Said.CONFIRMED)
    caspia = nodes.network["xca"]
    caspia.do(nodes.desks["xca"].channel.reply, "xar", reply, nodes.clock.now())
    nodes.carry()
    assert scene.state(hit_id) is HitState.CONFIRMATION_REQUESTED
    assert kept_against(nodes, "xar", "xca") == before + 1


# ------------------------------------------------------------------ PR-55, PR-57


def test_pr_57_who_was_withdrawn_by_one_is_recognised_when_another_submits_it(nodes):
    """The earlier end is shown, and two persons are needed."""
    someone = {"name": "Shirin Bakhtiar", "birthDate": "1984-08-08"}
    first = nodes.share(person(someone["name"], birthDate=someone["birthDate"]), wanted())
    nodes.withdraw(first)
    nodes.carry()
    again = nodes.share(
        person("BAKHTIAR, Shirin", birthDate=someone["birthDate"]), wanted(), code="xca"
    )

    made = nodes.accept(again)
    assert (made.state, made.doubts) == (ReviewState.PROPOSED, (Doubt.REFUSED_BEFORE,))
    assert stands(nodes, again).action is None


def test_pr_57_an_inspector_suspends_here_and_the_owner_answers_from_there(nodes):
    """The record stays what its owner says; on this node it asks for nothing until it is lifted."""
    record = nodes.share(ask=wanted())
    nodes.accept(record)
    asked = nodes.here.do(
        oversight.suspend, INSPECTOR, record.id, "no trial was held",
        told=nodes.verdicts("xar").doubted,
    )  # fmt: skip
    nodes.carry()
    assert stands(nodes, record).action is None
    assert stands(nodes, record, "xbo").action is Action.ARREST

    reviewer = actor("xbo", "reviewer", user="usr_reviewer")
    (seen,) = [one for one in nodes.there.do(oversight.listed, reviewer) if one.id == asked.id]
    assert (seen.words, seen.asked_by) == ("no trial was held", "node:xar")
    nodes.there.do(
        oversight.answer, reviewer, seen.id, "judgment of 3 March is attached",
        told=nodes.verdicts("xbo").answered,
    )  # fmt: skip
    nodes.carry()
    with nodes.here.database.begin() as tx:
        found = kept_oversight.lock(tx, asked.id)
    assert found is not None
    assert (found.answer, found.answered_by) == ("judgment of 3 March is attached", "node:xbo")
    assert SuspensionCause.OVERSIGHT in nodes.here.do(kept, record.id).suspensions


def test_pr_57_what_the_panel_says_comes_back_to_who_decides(nodes):
    """Beside the owner's answer, which it does not stand for; and from nobody else."""
    caspia_reviews_for_all(nodes)
    record, told = nodes.share(ask=wanted()), nodes.verdicts("xar").doubted
    asked = nodes.here.do(oversight.suspend, INSPECTOR, record.id, "no trial was held", told=told)
    nodes.carry()
    for code, words in (("xca", "no judgment is known"), ("xbo", "judgment of 3 March")):
        reviewer = actor(code, "reviewer", user="usr_reviewer")
        answered = nodes.verdicts(code).answered
        nodes.network[code].do(oversight.answer, reviewer, asked.id, words, told=answered)
    nodes.carry()

    (seen,) = [one for one in nodes.here.do(oversight.listed, INSPECTOR) if one.id == asked.id]
    advice = [(one.node, one.words) for one in seen.advice]
    assert (seen.answer, advice) == ("judgment of 3 March", [("xca", "no judgment is known")])


def test_pr_57_several_nodes_may_doubt_one_record(nodes):
    """Each is asked about and answered by itself, and none is refused for another's sake."""
    record = nodes.share(ask=wanted())
    for code in ("xar", "xca"):
        who = replace(INSPECTOR, authority=code)
        told = nodes.verdicts(code).doubted
        nodes.network[code].do(oversight.suspend, who, record.id, f"doubted at {code}", told=told)
    nodes.carry()

    asked = nodes.there.do(oversight.listed, actor("xbo", "reviewer"))
    of_it = sorted(one.asked_by for one in asked if one.record == record.id)
    assert of_it == ["node:xar", "node:xca"]


def test_pr_55_no_question_leaves_for_an_owner_that_no_assurance_makes_safe(nodes):
    """The register is asked before anything about a person goes to its node."""
    scene = nodes.scene()
    hit_id = scene.referred()
    draft = assessments.Draft(
        partner="xbo", harm=Harm.TORTURE, verdict=AssessmentVerdict.BARRED,
        reason="report of the committee", review_due=nodes.clock.now().date() + timedelta(days=90),
    )  # fmt: skip
    dpo = actor("xar", "data_protection_officer", user="usr_dpo")
    nodes.here.do(assessments.record, dpo, draft)
    before = said(nodes)
    for gate in (CLEAR, CLAIMED):
        with pytest.raises(NotPermitted, match="PR-55"):
            scene.do(questions.ask, OTHER, hit_id, scene.desk, urgency=Urgency.URGENT, gate=gate)
    nodes.duties()

    assert said(nodes) == before
    assert [one for one in nodes.on_desk(OWNER) if one.record == scene.record.id] == []
