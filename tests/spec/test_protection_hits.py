"""Protection rules where hits are concerned, by their numbers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from bank_help import actor, marking, person
from casework_help import (
    ALL,
    CLERK,
    EVIDENCE,
    HEAD,
    KEY,
    NOON,
    OFFICER,
    OTHER,
    OWNER,
    TRAVELLER,
    scene,
)  # fmt: skip
from didban.casework import answers, decisions, hits, non_match
from didban.errors import Conflict, NotFound, NotPermitted
from didban.intake import bank
from didban.model.alerts import Action
from didban.model.casework import AnswerKind
from didban.model.documents import Document
from didban.model.hits import HitState, NotActedReason
from didban.model.marking import Confidentiality
from didban.model.non_match import digest
from didban.model.retention import ErasureReason
from didban.store import erasure, records
from didban.store.non_match import silenced
from didban.store.tables.hits import hit_event, non_match_token


@pytest.fixture
def made(database, monkeypatch):
    """Return a bank with one record of Boreland."""
    return scene(database, monkeypatch)


def refute(made):
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


def test_pr_09_a_hit_is_not_there_for_who_may_not_see_its_record(made):
    """A hit tells of its record: neither by its identifier nor in the list."""
    secret = person("Zahra Karimzadeh", birthDate="1971-05-02")
    with made.database.begin() as tx:
        bank.report(
            tx, actor("xbo", clearance=Confidentiality.CONFIDENTIAL), secret,
            marking("xbo", confidentiality=2),
        )  # fmt: skip
    made.record = secret
    match = made.match()
    cleared = replace(CLERK, clearance=Confidentiality.CONFIDENTIAL)
    hit_id = made.do(hits.take_up, cleared, match).id
    made.do(hits.refer, cleared, hit_id, made.desk)

    assert made.do(hits.view, cleared, hit_id).shown is not None
    with pytest.raises(NotFound) as there:
        made.do(hits.view, CLERK, hit_id)
    with pytest.raises(NotFound) as never:
        made.do(hits.view, CLERK, "hit_never")
    assert str(there.value) == str(never.value)
    assert made.do(hits.listed, CLERK) == []
    assert len(made.do(hits.listed, cleared)) == 1


# ------------------------------------------------------------------------------- PR-31


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
    assert (question.id, question.identity) == (made.question_of(asked), None)
    with made.database.begin() as tx:
        assert tx.execute(select(non_match_token)).all() == []
