"""Protection rules where hits and owners' questions are concerned, by their numbers."""

from __future__ import annotations

from dataclasses import asdict, fields, replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bank_help import actor, marking, person
from casework_help import (
    ALL,
    CLAIMED,
    CLEAR,
    CLERK,
    EVIDENCE,
    HEAD,
    KEY,
    NOON,
    OFFICER,
    OTHER,
    OWNER,
    STRANGER,
    TRAVELLER,
    scene,
    with_terms,
)  # fmt: skip
from didban.casework import answers, decisions, hits, non_match, notices, questions
from didban.errors import Conflict, NotFound, NotPermitted
from didban.guard import assessments
from didban.intake import bank
from didban.model.alerts import Action
from didban.model.assessments import AssessmentVerdict, Harm
from didban.model.casework import AnswerKind, AskedOwner, Disclosure, QuestionState, as_owner_sees
from didban.model.documents import Document
from didban.model.hits import Clock, HitState, NotActedReason, Outcome, Urgency
from didban.model.non_match import digest
from didban.model.notices import Channel, Post
from didban.model.retention import ErasureReason
from didban.store import erasure, records
from didban.store import hits as store
from didban.store.non_match import silenced
from didban.store.notices import Contact
from didban.store.tables.hits import hit_event, non_match_token
from didban.store.tables.notify import notification


@pytest.fixture
def made(database, monkeypatch):
    """Return a bank with one record of Boreland."""
    return scene(database, monkeypatch)


def refute(made) -> str:
    """Let the second line find a namesake."""
    hit_id = made.referred()
    made.compared(hit_id, CLERK)
    made.do(hits.refute, CLERK, hit_id, made.desk, reason="namesake", words="another face")
    return hit_id


def is_silent(made, asked=TRAVELLER) -> bool:
    """Return whether the same pair would stay silent for the first line now."""
    with made.database.begin() as tx:
        listed = records.get(tx, made.record.id, ALL)
        assert listed is not None
        return bool(silenced(tx, KEY, asked, [listed.entity]))


# ------------------------------------------------------------------------------- PR-25


def test_pr_25_a_refuted_pair_does_not_alert_again(made):
    """Neither where it was refuted nor anywhere else in the bank, whoever finds the owner's word."""
    assert not is_silent(made)
    refute(made)

    assert is_silent(made)
    again = replace(TRAVELLER, id="zone 1", caption="", properties={**TRAVELLER.properties})
    assert is_silent(made, again), "how it was asked makes no difference"


def test_pr_25_the_owner_s_refutation_counts_as_ours(made):
    """What the owner says of the pair silences it too."""
    made.answered(made.asked(), AnswerKind.REFUTED, words="she is in our prison")

    assert is_silent(made)


@pytest.mark.parametrize(
    "other",
    [
        replace(TRAVELLER, documents=(Document(number="X7654321", issuer="xbo", type="P"),)),
        replace(TRAVELLER, properties={**TRAVELLER.properties, "birthDate": ("1971-05-03",)}),
        replace(TRAVELLER, properties={**TRAVELLER.properties, "name": ("ZAHRA KARIM",)}),
    ],
    ids=["document", "birth date", "name"],
)
def test_pr_25_the_token_dies_when_the_asked_side_changes(made, other):
    """Another document, date or name is another person until a human has looked."""
    refute(made)

    assert not is_silent(made, other)


def test_pr_25_the_token_dies_when_the_record_s_identifying_data_change(made):
    """And only then: a correction that identifies nobody changes nothing."""
    refute(made)
    made.change_record(notes="seen in the harbour")
    assert is_silent(made)

    made.change_record(birthDate="1971-05-20")
    assert not is_silent(made)


def test_pr_25_a_new_fact_ends_the_token(made):
    """Who reopens the hit lets the pair alert again."""
    hit_id = refute(made)
    made.do(hits.reopen, CLERK, hit_id, "fingerprints came in")

    assert not is_silent(made)


def test_pr_25_the_token_says_nothing_without_its_key(made):
    """Who has the token and both descriptions cannot tell that they belong together."""
    assert digest(KEY, TRAVELLER, made.record) != digest(b"x" * 32, TRAVELLER, made.record)
    assert len(digest(KEY, TRAVELLER, made.record)) == 32


def test_pr_25_the_data_protection_officer_sees_what_is_silent(made):
    """How many pairs are silent, by whose hits; nobody else asks."""
    refute(made)
    officer = actor("xar", "data_protection_officer")

    assert made.do(non_match.counted, officer) == [("xar", 1, 0)]
    with pytest.raises(NotPermitted):
        made.do(non_match.counted, CLERK)


# ------------------------------------------------------------------------------- PR-26, PR-28


def act(made, who, hit_id):
    """Decide to act."""
    return made.do(
        decisions.take_action, who, hit_id, made.desk,
        action=Action.ARREST, legal_basis="Extradition Act, s. 4",
    )  # fmt: skip


def test_pr_26_a_decision_takes_its_time(made):
    """Who opened the hit a moment ago cannot have read it."""
    hit_id = made.confirmed()
    view = made.do(hits.view, OTHER, hit_id)
    made.do(hits.compare, OTHER, hit_id, view.unseen)
    made.clock.pass_(seconds=19)

    with pytest.raises(Conflict, match="at least 20 s"):
        act(made, OTHER, hit_id)
    made.clock.pass_(seconds=1)
    assert act(made, OTHER, hit_id).state is HitState.ACTION_TAKEN


def test_pr_26_a_decision_needs_every_piece_of_evidence_acknowledged(made):
    """By the person who decides, value by value, and of the record as it stands now."""
    hit_id = made.confirmed()
    made.compared(hit_id, CLERK)
    made.do(hits.view, OTHER, hit_id)
    made.clock.pass_(minutes=5)

    with pytest.raises(Conflict, match="birth_date, name, record:1"):
        act(made, OTHER, hit_id)
    made.do(hits.compare, OTHER, hit_id, [piece.feature for piece in EVIDENCE])
    with pytest.raises(Conflict, match="record:1"):
        act(made, OTHER, hit_id)
    made.do(hits.compare, OTHER, hit_id, ["record:1"])
    made.change_record(gender="female")
    with pytest.raises(Conflict, match="record:2"):
        act(made, OTHER, hit_id)
    made.do(hits.compare, OTHER, hit_id, ["record:2"])
    assert act(made, OTHER, hit_id).state is HitState.ACTION_TAKEN


def test_pr_26_every_action_taken_has_a_human_behind_it(made):
    """The row of the decision names a person, the action and the provision."""
    hit_id = made.acted()

    with made.database.begin() as tx:
        rows = tx.execute(select(hit_event).where(hit_event.c.state == "action_taken")).all()
    assert [(row.hit, row.actor, row.facts["action"]) for row in rows] == [
        (hit_id, OTHER.user, "arrest")
    ]
    assert rows[0].words == "Extradition Act of Arvand, s. 4"


@pytest.mark.parametrize("who", [OFFICER, CLERK], ids=["checked and referred", "asked the owner"])
def test_pr_28_who_took_part_before_does_not_decide(made, who):
    """Even with every role that a person may have."""
    hit_id = made.confirmed()
    same = replace(HEAD, user=who.user)
    made.compared(hit_id, same)

    with pytest.raises(NotPermitted, match="another person"):
        act(made, same, hit_id)
    with pytest.raises(NotPermitted, match="another person"):
        made.do(
            decisions.cannot_act, same, hit_id, made.desk,
            reason=NotActedReason.NO_CAPACITY, words="no cell is free",
        )  # fmt: skip


def test_pr_28_who_asked_does_not_answer_for_the_owner(made):
    """Where asker and owner are one authority, two of its people are needed."""
    with made.database.begin() as tx:
        own = person("Zahra Karimzadeh", birthDate="1971-05-02")
        bank.report(tx, actor("xar"), own, marking("xar"))
    made.record = own
    hit_id = made.asked()
    (question,) = made.do(answers.put_to_us, OTHER)

    with pytest.raises(NotPermitted, match="another person"):
        made.do(answers.answer, CLERK, question.id, made.desk, kind=AnswerKind.CONFIRMED)
    made.do(answers.answer, OTHER, question.id, made.desk, kind=AnswerKind.CONFIRMED)
    assert made.state(hit_id) is HitState.CONFIRMED


def test_pr_29_what_speaks_against_acting_comes_before_the_action(database, monkeypatch):
    """A misused identity is shown with the hit, first, and its record has to be acknowledged."""
    made = scene(database, monkeypatch, warnings=("misused_identity",))
    hit_id = made.confirmed()

    view = made.do(hits.view, OTHER, hit_id)
    assert view.standing is not None
    assert view.standing.notes[0] == "misused_identity"
    names = list(view.shown)
    assert names.index("notes") < names.index("action")
    assert "record:1" in view.unseen


# ------------------------------------------------------------------------------- PR-53


def ask(made, gate, hit_id=None):
    """Ask the owner with these answers at the gate."""
    hit_id = hit_id or made.referred()
    made.do(questions.ask, CLERK, hit_id, made.desk, urgency=Urgency.URGENT, gate=gate)
    return hit_id


DUTY_OF_OWNER = Contact(
    authority="xbo", post=Post.DUTY_OFFICER, channel=Channel.EMAIL, address="duty@xbo.example"
)
ANSWERS = ("claim_for_protection", "refugee_papers", "flagged")


@pytest.mark.parametrize("answer", ANSWERS)
def test_pr_53_any_yes_bars_an_open_question(made, answer):
    """Nothing leaves, and the hit stays where it was."""
    hit_id = made.referred()

    with pytest.raises(NotPermitted):
        ask(made, replace(CLEAR, **{answer: True}), hit_id)
    assert made.state(hit_id) is HitState.SECOND_LINE
    assert made.do(answers.put_to_us, OWNER) == []


def test_pr_53_a_withheld_question_needs_a_second_person(made):
    """Until another person agrees, nothing leaves."""
    hit_id = ask(made, CLAIMED)
    made.clock.pass_(days=10)

    assert made.state(hit_id) is HitState.SECOND_LINE
    assert made.do(answers.put_to_us, OWNER) == []
    with pytest.raises(NotPermitted):
        made.do(questions.agree, CLERK, hit_id, made.desk, gate=CLAIMED)
    made.do(questions.agree, OTHER, hit_id, made.desk, gate=CLAIMED)
    assert made.state(hit_id) is HitState.CONFIRMATION_REQUESTED


def test_pr_53_a_withheld_question_tells_neither_where_when_nor_by_whom(made):
    """The owner sees what it needs to recognise the person, and nothing of the encounter."""
    hit_id = ask(made, CLAIMED)
    made.do(questions.agree, OTHER, hit_id, made.desk, gate=CLAIMED)
    made.clock.pass_(days=2)

    (question,) = made.do(answers.put_to_us, OWNER)
    seen = as_owner_sees(question)
    told = asdict(seen)
    assert {name for name in told if told[name] is None or told[name] == ""} == {
        "words",
        "urgency",
        "reply_by",
        "authority",
        "place",
        "met_at",
        "answer",
        "feedback",
    }
    assert seen.identity is not None
    assert set(seen.identity.properties) == {"name", "birthDate", "nationality"}
    text = repr(seen)
    for secret in (hit_id, "xar", "gate 4", "usr_", "Boreport"):
        assert secret not in text


def test_pr_53_a_withheld_question_leaves_when_a_lot_says(made, monkeypatch):
    """So the owner cannot tell from its arrival when the person was met."""
    monkeypatch.setattr("didban.casework.questions.secrets.randbelow", lambda most: most - 1)
    hit_id = ask(made, CLAIMED)
    made.do(questions.agree, OTHER, hit_id, made.desk, gate=CLAIMED)

    made.clock.at = NOON + timedelta(hours=23, minutes=59)
    assert made.do(answers.put_to_us, OWNER) == []
    made.clock.at = NOON + timedelta(hours=24)
    assert len(made.do(answers.put_to_us, OWNER)) == 1


def test_pr_53_the_order_of_questions_does_not_tell_when_one_was_asked(made, monkeypatch):
    """A withheld question stands where it left, not where it was asked."""
    monkeypatch.setattr("didban.casework.questions.secrets.randbelow", lambda _: 3600)
    withheld = ask(made, CLAIMED)
    made.do(questions.agree, OTHER, withheld, made.desk, gate=CLAIMED)
    made.clock.pass_(minutes=30)
    later = made.asked()
    made.clock.pass_(hours=1)

    assert [q.hit for q in made.do(answers.put_to_us, OWNER)] == [later, withheld]


def test_pr_53_no_notification_reveals_the_encounter(made, monkeypatch):
    """The owner's duty officer is told of a withheld question when it leaves, without a deadline."""
    monkeypatch.setattr("didban.casework.questions.secrets.randbelow", lambda _: 3600)
    made.do(notices.set_contact, actor("xbo", "supervisor"), DUTY_OF_OWNER)
    hit_id = ask(made, CLAIMED)
    made.do(questions.agree, OTHER, hit_id, made.desk, gate=CLAIMED)

    with made.database.begin() as tx:
        (row,) = tx.execute(select(notification)).all()
    assert row.next_try_at == NOON + timedelta(hours=1)
    assert row.due_at is None
    assert row.subject.startswith("qst_")


def test_pr_53_no_question_at_all_lets_the_person_go(made):
    """The hit ends unconfirmed, the owner hears nothing, not even the outcome."""
    hit_id = ask(made, replace(CLAIMED, disclosure=Disclosure.NONE))
    assert made.state(hit_id) is HitState.RELEASED_UNCONFIRMED
    made.do(decisions.record_outcome, CLERK, hit_id, made.desk, outcome=Outcome.RELEASED)

    with pytest.raises(Conflict, match="hears nothing"):
        made.do(decisions.send_feedback, CLERK, hit_id, made.desk)
    made.do(decisions.close_without_feedback, CLERK, hit_id)
    assert made.do(answers.put_to_us, OWNER, states=frozenset(QuestionState)) == []


def test_pr_53_the_end_of_a_withheld_question_does_not_tell_when_the_person_was_let_go(made):
    """For its owner it stays open; an answer is taken and changes nothing any more."""
    hit_id = ask(made, CLAIMED)
    made.do(questions.agree, OTHER, hit_id, made.desk, gate=CLAIMED)
    made.clock.pass_(days=1)
    before = made.do(answers.put_to_us, OWNER)
    with made.database.begin() as tx:
        store.start_clock(tx, hit_id, Clock.HOLD_LIMIT, made.clock.now())
    made.do(hits.release, CLERK, hit_id, "hold_limit")

    assert made.do(answers.put_to_us, OWNER) == before
    made.answered(hit_id, AnswerKind.CONFIRMED)
    assert made.state(hit_id) is HitState.RELEASED_UNCONFIRMED


def test_pr_53_a_withheld_question_that_has_not_left_does_not_leave_any_more(made, monkeypatch):
    """When the person is let go before, the owner never hears of it."""
    monkeypatch.setattr("didban.casework.questions.secrets.randbelow", lambda _: 3600)
    made.do(notices.set_contact, actor("xbo", "supervisor"), DUTY_OF_OWNER)
    hit_id = ask(made, CLAIMED)
    made.do(questions.agree, OTHER, hit_id, made.desk, gate=CLAIMED)
    made.withdraw_record()
    made.do(hits.release, CLERK, hit_id, "record_gone")
    made.clock.pass_(days=3)

    assert made.do(answers.put_to_us, OWNER, states=frozenset(QuestionState)) == []
    with made.database.begin() as tx:
        assert tx.execute(select(notification)).all() == []


def test_pr_53_feedback_of_a_withheld_question_stays_here(made):
    """An outcome would tell that the person was met after all."""
    hit_id = ask(made, CLAIMED)
    made.do(questions.agree, OTHER, hit_id, made.desk, gate=CLAIMED)
    made.clock.pass_(days=2)
    made.answered(hit_id, AnswerKind.CONFIRMED)
    made.compared(hit_id, HEAD)
    made.do(
        decisions.cannot_act, HEAD, hit_id, made.desk,
        reason=NotActedReason.LAW, words="non-refoulement",
    )  # fmt: skip
    made.do(decisions.record_outcome, CLERK, hit_id, made.desk, outcome=Outcome.NO_ACTION)

    with pytest.raises(Conflict):
        made.do(decisions.send_feedback, CLERK, hit_id, made.desk)
    with pytest.raises(NotPermitted):
        made.do(questions.ask_more, CLERK, hit_id, made.desk, words="a photo", gate=CLEAR)


def test_pr_53_the_desk_cannot_answer_no_to_what_lies_before_it(made):
    """A record found by the same check says from whom the person is protected (PR-16)."""
    protecting = replace(marking("xca"), protected_from=("node:xbo",))
    refugee = person("Zahra Karimzadeh", birthDate="1971-05-02")
    with made.database.begin() as tx:
        bank.report(tx, actor("xca"), refugee, protecting)
    hit_id = made.referred(beside=refugee.id)

    with pytest.raises(NotPermitted, match="speaks against"):
        ask(made, CLEAR, hit_id)
    ask(made, CLAIMED, hit_id)


def assess(made, verdict):
    """Record what is held of Boreland."""
    draft = assessments.Draft(
        partner="xbo",
        harm=Harm.TORTURE,
        verdict=verdict,
        reason="report of the committee",
        review_due=NOON.date() + timedelta(days=365),
    )
    made.do(assessments.record, actor("xar", "data_protection_officer"), draft)


def test_pr_55_what_is_held_of_an_owner_bars_an_open_question(made):
    """The register is asked before anything of a person leaves; the desk cannot overlook it."""
    assess(made, AssessmentVerdict.ASSURANCES)
    hit_id = made.referred()

    with pytest.raises(NotPermitted, match="speaks against"):
        ask(made, CLEAR, hit_id)
    ask(made, CLAIMED, hit_id)


def test_pr_55_nothing_leaves_for_an_owner_that_no_assurance_makes_safe(made):
    """Not even a withheld question; the hit is let go."""
    hit_id = ask(made, CLAIMED)
    assess(made, AssessmentVerdict.BARRED)

    with pytest.raises(NotPermitted, match="PR-55"):
        made.do(questions.agree, OTHER, hit_id, made.desk, gate=CLAIMED)
    ask(made, replace(CLAIMED, disclosure=Disclosure.NONE), hit_id)
    assert made.state(hit_id) is HitState.RELEASED_UNCONFIRMED


def test_pr_31_an_erased_record_takes_the_content_of_its_hits_along(made):
    """What happened stays, with neither values, words, identity nor token."""
    hit_id = refute(made)
    asked = made.asked()
    with made.database.begin() as tx:
        erasure.erase(tx, made.record.id, ErasureReason.RETENTION_ENDED, NOON)

    view = made.do(hits.view, CLERK, hit_id)
    assert (view.hit.asked, view.hit.evidence, view.shown) == (None, (), None)
    assert {entry.words for entry in view.history} == {""}
    (question,) = made.do(answers.put_to_us, OWNER)
    assert (question.hit, question.identity) == (asked, None)
    with made.database.begin() as tx:
        assert tx.execute(select(non_match_token)).all() == []


def test_pr_53_an_open_question_says_what_it_must_and_no_more(made):
    """Who asks, where and when; of the person only what identifies them, and no hit."""
    hit_id = made.asked(Urgency.URGENT)
    (question,) = made.do(answers.put_to_us, OWNER)
    seen = as_owner_sees(question)

    assert (seen.authority, seen.place, seen.met_at) == ("xar", "gate 4", NOON)
    assert seen.identity is not None
    assert "birthPlace" not in seen.identity.properties
    assert {field.name for field in fields(AskedOwner)}.isdisjoint({"hit", "asked_by", "score"})
    assert hit_id not in repr(seen)


def test_pr_09_a_question_is_not_there_before_it_left(made, monkeypatch):
    """Guessing its identifier brings the very answer of a question that never was."""
    monkeypatch.setattr("didban.casework.questions.secrets.randbelow", lambda _: 3600)
    hit_id = ask(made, CLAIMED)
    made.do(questions.agree, OTHER, hit_id, made.desk, gate=CLAIMED)
    with made.database.begin() as tx:
        from didban.store.tables.hits import owner_question

        question = tx.scalar(select(owner_question.c.id))

    said = []
    for who, name in ((OWNER, question), (OWNER, "qst_never"), (STRANGER, question)):
        with pytest.raises(NotFound) as error:
            made.do(answers.answer, who, name, made.desk, kind=AnswerKind.CONFIRMED)
        said.append(str(error.value))
    assert len(set(said)) == 1


def test_the_longest_wait_is_a_setting(made):
    """A desk may allow an owner longer."""
    longer = with_terms(made, longest_wait_hours=48.0)
    hit_id = longer.asked()
    longer.answered(hit_id, AnswerKind.WILL_BE_CONFIRMED, until=NOON + timedelta(hours=40))

    assert longer.state(hit_id) is HitState.WAITING
