"""The protection rules that records keep, by their numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bank_help import actor, alert, authority, draft_of, marking, passport, person
from didban import clock
from didban.errors import InvalidFields, NotFound, NotPermitted
from didban.guard import consents
from didban.intake import bank, disputes, document_reports, status, upkeep
from didban.intake.status import StatusEvent
from didban.model.alerts import Action, DocumentStatus
from didban.model.bank import Note, RecordState, SuspensionCause, standing
from didban.model.disputes import Decision, DisputedBy, Ground
from didban.model.documents import Document
from didban.model.marking import Handling, InformationEvaluation, SourceEvaluation
from didban.model.purposes import Purpose
from didban.store import records
from didban.store.visibility import open_to

KEY = b"k" * 32
BORN = {"birthDate": "1971-05-02"}


def wanted(tx, code="xar", entity=None, **more):
    """Return a person whom an authority wants to be located, as the bank keeps it."""
    marked = more.pop("marking", None) or marking(code, **more)
    return bank.report(tx, actor(code), entity or person(**BORN), marked, alert())


def faults(error) -> set[str]:
    """Return the places that an error names."""
    return {place for place, _ in error.value.faults}


def days_later(monkeypatch, days: float) -> None:
    """Move the clock."""
    then = clock.now() + timedelta(days=days)
    monkeypatch.setattr("didban.clock.now", lambda: then)


# ------------------------------------------------------------------------ purpose and ownership


def test_pr_06_another_purpose_needs_a_consent_by_its_identifier(tx):
    """Without one, with an invented one, and with one for another purpose it fails."""
    kept = wanted(tx)
    other = replace(kept.marking, purpose=Purpose.CRIMINAL_INVESTIGATION)

    def change(consent):
        return bank.correct(
            tx, actor("xar"), kept.id, draft_of(kept, marking=other),
            expected=1, reason="new case", consent=consent,
        )  # fmt: skip

    supervisor = actor("xar", "supervisor", user="usr_chief")
    until = kept.marking.retention_until
    wrong = consents.give(
        tx, supervisor, kept, authority="xar", purpose=Purpose.DOCUMENT_FRAUD, until=until
    )
    for consent in (None, "cns_invented", wrong.id):
        with pytest.raises(NotPermitted) as refused:
            change(consent)
        assert refused.value.reasons == ("other_purpose",)
    right = consents.give(tx, supervisor, kept, authority="xar", purpose=other.purpose, until=until)
    assert change(right.id).marking.purpose is Purpose.CRIMINAL_INVESTIGATION


def test_pr_07_nobody_but_the_owner_changes_a_record(tx):
    """Every change of another authority is refused, and leaves the record as it was."""
    kept = wanted(tx)
    other = actor("xbo")
    changes = (
        lambda: bank.correct(tx, other, kept.id, draft_of(kept), expected=1, reason="x"),
        lambda: bank.confirm(tx, other, kept.id, expected=1),
        lambda: bank.withdraw(tx, other, kept.id, expected=1, ground=Ground.ERROR, reason="x"),
        lambda: status.change(tx, other, kept.id, StatusEvent.ACQUITTED, expected=1, reason="x"),
        lambda: document_reports.recover(tx, other, kept.id, expected=1),
        lambda: disputes.decide(tx, other, kept.id, Decision.UPHOLD, expected=1, answer="x"),
        lambda: bank.report(tx, other, person(), marking("xar")),
    )
    for change in changes:
        with pytest.raises(NotPermitted) as refused:
            change()
        assert refused.value.reasons == ("not_owner",)
    assert bank.found(tx, actor("xar"), kept.id) == kept


def test_pr_07_documents_are_reported_by_the_state_that_issued_them(database):
    """Another state's word about them is no report."""
    with database.begin() as tx:
        authority(tx, "xbo", country="XBO")
        with pytest.raises(NotPermitted) as refused:
            bank.report(tx, actor("xbo"), passport(issuer="XAR"), marking("xbo"))
        kept = bank.report(tx, actor("xbo"), passport(issuer="XBO"), marking("xbo"))

    assert refused.value.reasons == ("not_issuer",)
    assert kept.state is RecordState.ACTIVE


# --------------------------------------------------------------------------- grades and origins


def graded(source="B", information="4", **more):
    """Return a marking with an evaluation."""
    return marking(
        "xar",
        source_evaluation=SourceEvaluation(source),
        information_evaluation=InformationEvaluation(information),
        **more,
    )


def test_pr_10_what_nobody_evaluated_is_x4(tx):
    """Unknown source, unknown truth."""
    kept = wanted(tx).marking

    assert (kept.source_evaluation, kept.information_evaluation) == ("X", "4")


@pytest.mark.parametrize("better", [{"source": "A"}, {"information": "2"}, {"information": "1"}])
def test_pr_10_another_sources_grade_is_not_raised(tx, better):
    """It may fall."""
    kept = wanted(tx, marking=graded("B", "3", origin=("xca",)))
    raised = graded(**{"source": "B", "information": "3", **better}, origin=("xca",))
    fallen = graded("C", "4", origin=("xca",))

    with pytest.raises(NotPermitted) as refused:
        bank.correct(
            tx, actor("xar"), kept.id, draft_of(kept, marking=raised), expected=1, reason="x"
        )
    assert refused.value.reasons == ("grade_raised",)
    made = bank.correct(
        tx, actor("xar"), kept.id, draft_of(kept, marking=fallen), expected=1, reason="x"
    )
    assert made.marking.source_evaluation is SourceEvaluation.C


def test_pr_10_whose_information_it_is_cannot_be_rewritten(tx):
    """Nor its conditions relaxed: both would raise what is another's."""
    kept = wanted(tx, marking=graded("B", "3", origin=("xca",), handling=Handling.H2))
    for marked, reason in (
        (graded("B", "3", handling=Handling.H2), "origin_changed"),
        (graded("B", "3", origin=("xca",)), "handling_relaxed"),
    ):
        with pytest.raises(NotPermitted) as refused:
            bank.correct(
                tx, actor("xar"), kept.id, draft_of(kept, marking=marked), expected=1, reason="x"
            )
        assert refused.value.reasons == (reason,)


def test_pr_11_what_comes_back_to_its_source_corroborates_nothing(tx):
    """A tells B, B tells C, C tells A: 4 does not become 3. A word of D's own does it."""
    of_a = wanted(tx, marking=graded("B", "4"))
    of_b = wanted(tx, "xbo", marking=marking("xbo", origin=("xar",)))
    of_c = wanted(tx, "xca", marking=marking("xca", origin=("xar", "xbo")))
    own_of_c = wanted(tx, "xca")
    surer = draft_of(of_a, marking=graded("B", "3"))

    def corroborate(*by):
        return bank.correct(
            tx, actor("xar"), of_a.id, surer, expected=1, reason="x",
            corroborated_by=[each.id for each in by],
        )  # fmt: skip

    for by in ((), (of_b,), (of_c,), (of_a,), (of_b, of_c)):
        with pytest.raises(NotPermitted) as refused:
            corroborate(*by)
        assert refused.value.reasons == ("not_corroborated",)
    made = corroborate(of_c, own_of_c)
    assert made.marking.information_evaluation is InformationEvaluation.CORROBORATED


# ------------------------------------------------------------------------------------ freshness


def test_pr_21_an_alert_not_verified_for_a_year_asks_to_contact_its_owner(tx, monkeypatch):
    """It shows when it was last verified."""
    kept = wanted(tx, retention_until=clock.today() + timedelta(days=4 * 365))
    assert kept.marking.verified_on == clock.today()
    days_later(monkeypatch, 366)
    found = standing(bank.read(tx, actor("xbo", "second_line"), kept.id), clock.today())

    assert (found.action, found.notes) == (Action.INFORM, (Note.UNVERIFIED,))


@pytest.mark.parametrize(
    ("entity", "years"), [(person(**BORN), 1), (passport(), 5)], ids=["person", "document"]
)
def test_pr_22_what_its_owner_does_not_confirm_is_suspended(database, monkeypatch, entity, years):
    """Persons yearly, documents every five years, a month's grace; confirming lifts it."""
    marked = marking("xar", retention_until=clock.today() + timedelta(days=365 * years + 300))
    with database.begin() as tx:
        authority(tx, "xar")
        bank.report(tx, actor("xar"), entity, marked)
    days_later(monkeypatch, 365 * years + 29)
    assert upkeep.run_due(database, clock.now()) == 0
    days_later(monkeypatch, 2)
    assert upkeep.run_due(database, clock.now()) == 1
    assert upkeep.run_due(database, clock.now()) == 0

    with database.begin() as tx:
        kept = bank.found(tx, actor("xar"), entity.id)
        assert kept.state is RecordState.SUSPENDED
        assert kept.suspensions == {SuspensionCause.UNCONFIRMED}
        confirmed = bank.confirm(tx, actor("xar"), entity.id, expected=kept.version)
        assert confirmed.state is RecordState.ACTIVE
        assert confirmed.marking.verified_on == clock.today()


# ------------------------------------------------------------------- doubt, evidence, revocation


def test_pr_29_a_dispute_and_misuse_are_shown_before_the_action(tx):
    """In that order, by whichever authority or holder raised it."""
    kept = bank.report(
        tx, actor("xar"), person(**BORN), marking("xar"), alert(warnings=("misused_identity",))
    )
    disputes.dispute(
        tx, actor("xbo", "second_line"), kept.id, by=DisputedBy.HOLDER, ground="my twin"
    )
    seen = bank.read(tx, actor("xca", "second_line"), kept.id)

    assert standing(seen, clock.today()).notes == (Note.MISUSED_IDENTITY, Note.DISPUTED)


@pytest.mark.parametrize("years", [0, 6])
def test_pr_30_nothing_is_kept_without_an_end_or_beyond_the_maximum(tx, years):
    """Five years for persons; the day must come."""
    until = clock.today() + timedelta(days=366 * years)
    with pytest.raises(InvalidFields) as refused:
        wanted(tx, retention_until=until)

    assert faults(refused) == {"/marking/retention_until"}


def test_pr_32_a_correction_does_not_extend_retention(tx):
    """Only a recorded assessment by another person does."""
    kept = wanted(tx)
    longer = replace(kept.marking, retention_until=kept.marking.retention_until + timedelta(days=1))
    with pytest.raises(InvalidFields) as refused:
        bank.correct(
            tx, actor("xar"), kept.id, draft_of(kept, marking=longer), expected=1, reason="x"
        )

    assert faults(refused) == {"/marking/retention_until"}


def test_pr_48_counter_evidence_travels_with_every_reading_of_the_record(tx):
    """The present version, many at once, the past since it was given; corrections keep it."""
    kept = wanted(tx)
    before = clock.now()
    given = disputes.give_counter_evidence(
        tx, actor("xbo", "second_line"), kept.id, text="He was in prison that day."
    )
    made = bank.correct(tx, actor("xar"), kept.id, draft_of(kept), expected=1, reason="typo")
    classes = open_to(tx, actor("xca"))

    assert made.counter_evidence == (given,)
    then = records.as_of(tx, kept.id, classes, recorded_at=before)
    assert then is not None
    assert then.counter_evidence == ()
    assert records.get(tx, kept.id, classes) == made
    assert records.many(tx, [kept.id], classes)[kept.id].counter_evidence == (given,)
    assert Note.COUNTER_EVIDENCE in standing(made, clock.today()).notes


@pytest.mark.parametrize(("word", "acts"), [
    ("stolen", True), ("lost", True), ("revoked", False), ("invalid", False),
])  # fmt: skip
def test_pr_52_a_revoked_passport_is_no_stolen_one(tx, word, acts):
    """States revoke to persecute; stolen and lost documents act at once."""
    kept = bank.report(tx, actor("xar"), passport(status=word), marking("xar"))
    found = standing(kept, clock.today())

    assert found.asks_first_line is acts
    assert kept.document_status is DocumentStatus(word)
    assert (Note(word) in found.notes) if not acts else found.notes == ()


def test_pr_55_what_ill_treatment_brought_is_nobodys_but_its_owners(tx):
    """Not read by others, not searchable, without an action."""
    kept = wanted(tx, is_tainted=True)

    assert standing(kept, clock.today()).action is None
    with pytest.raises(NotFound):
        bank.read(tx, actor("xbo", "second_line"), kept.id)


# ---------------------------------------------------------------------------------- refused before


@pytest.mark.parametrize(
    "again",
    [
        person("Karimzadeh Zahra", **BORN),
        replace(person("Somebody Else"), documents=(Document(number="A1234567", issuer="xar"),)),
    ],
    ids=["name and birth date", "paper"],
)
def test_pr_57_a_withdrawn_person_is_recognised_whoever_submits_again(tx, again):
    """The earlier refusal is shown, and the new record waits for a second person."""
    first = replace(person(**BORN), documents=(Document(number="A 123 4567", issuer="xar"),))
    kept = wanted(tx, entity=first)
    bank.withdraw(
        tx, actor("xar"), kept.id, expected=1, ground=Ground.UNLAWFUL, reason="no basis", key=KEY
    )
    made = bank.report(tx, actor("xbo"), again, marking("xbo"), alert(), key=KEY)

    assert made.suspensions == {SuspensionCause.REFUSED_BEFORE}
    assert standing(made, clock.today()).action is None
    shown = bank.earlier_refusals(tx, again, KEY)
    assert [each.ground for each in shown] == [Ground.UNLAWFUL]
    review: dict[str, Any] = {
        "cause": SuspensionCause.REFUSED_BEFORE,
        "expected": 1,
        "reason": "another case",
    }
    with pytest.raises(NotPermitted):
        status.lift(tx, actor("xbo"), made.id, **review)
    other = actor("xbo", "reviewer", user="usr_other")
    assert status.lift(tx, other, made.id, **review).state is RecordState.ACTIVE


def test_pr_57_a_namesake_born_on_another_day_is_not_taken_for_the_refused(tx):
    """Nor is somebody recognised with another key, or after a purpose was simply achieved."""
    for name, ground in (
        ("Zahra Karimzadeh", Ground.ERROR),
        ("Omid Sami", Ground.PURPOSE_ACHIEVED),
    ):
        kept = wanted(tx, entity=person(name, **BORN))
        bank.withdraw(tx, actor("xar"), kept.id, expected=1, ground=ground, reason="x", key=KEY)
    for entity, key in (
        (person(birthDate="1971-05-03"), KEY),
        (person(), KEY),
        (person(**BORN), b"o" * 32),
        (person("Omid Sami", **BORN), KEY),
    ):
        made = bank.report(tx, actor("xbo"), entity, marking("xbo"), alert(), key=key)
        assert made.state is RecordState.ACTIVE
