"""What a record asks today, after everything that stands against it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bank_help import marking, person
from didban.model.alerts import MISUSED_IDENTITY, Action, Alert, DocumentStatus, PersonStatus
from didban.model.bank import BankRecord, Note, RecordState, SuspensionCause, standing
from didban.model.disputes import CounterEvidence
from didban.model.documents import Document
from didban.model.marking import Handling
from didban.model.records import Record

TODAY = date(2026, 6, 1)
ARREST = Alert(action_requested=Action.ARREST, person_status=PersonStatus.CHARGED)


def wanted(**more) -> BankRecord:
    """Return a person to be arrested, confirmed today."""
    values = {
        "entity": person(birthDate="1971-05-02"),
        "marking": marking("xar", verified_on=TODAY),
        "alert": ARREST,
        "state": RecordState.ACTIVE,
    }
    return BankRecord(
        **{**values, **more},
        version=1,
        recorded_at=datetime(2026, 6, 1, tzinfo=UTC),
        recorded_by="usr_xar",
    )


def passport(status: str | None, **more) -> BankRecord:
    """Return a passport of which its issuer says something."""
    document = Document(number="A12345678", issuer="XAR", type="P", status=status)
    entity = Record(id="rec_1", schema="Passport", properties={}, documents=(document,))
    return wanted(**{"entity": entity, "alert": None, **more})


def test_an_alert_that_stands_asks_what_its_owner_asked():
    """Nothing against it, nothing to note."""
    found = standing(wanted(), TODAY)

    assert (found.action, found.asks_first_line, found.notes) == (Action.ARREST, True, ())


def test_a_record_without_an_alert_asks_nothing():
    """It is information."""
    found = standing(wanted(alert=None), TODAY)

    assert (found.action, found.asks_first_line) == (None, False)
    assert found.notes == (Note.INFORMATION_ONLY,)


@pytest.mark.parametrize("status", ["stolen", "lost", "stolen_blank"])
def test_stolen_and_lost_documents_act(status):
    """Without an alert too: they are to be seized."""
    assert standing(passport(status), TODAY).action is Action.SEIZE


@pytest.mark.parametrize("status", ["revoked", "invalid"])
def test_revoked_and_invalid_documents_never_act(status):
    """Not even when the state that issued them asks for it."""
    asks = Alert(action_requested=Action.SEIZE, document_status=DocumentStatus(status))
    for found in (standing(passport(status), TODAY), standing(passport(status, alert=asks), TODAY)):
        assert (found.action, found.asks_first_line) == (None, False)
        assert Note(status) in found.notes
        assert "stolen" not in found.notes


def test_a_document_that_a_person_merely_holds_asks_nothing():
    """It has no status."""
    assert standing(passport(None), TODAY).action is None


@pytest.mark.parametrize(
    ("record", "days", "unverified"),
    [
        (wanted(), 365, False),
        (wanted(), 366, True),
        (passport("stolen"), 366, False),
        (passport("stolen"), 5 * 365, False),
        (passport("stolen"), 5 * 365 + 1, True),
    ],
)
def test_what_was_not_verified_in_time_asks_to_contact_the_owner(record, days, unverified):
    """Persons after a year, documents after five (PR-21, PR-22)."""
    found = standing(record, TODAY + timedelta(days=days))

    assert (Note.UNVERIFIED in found.notes) is unverified
    assert (found.action is Action.INFORM) is unverified


@pytest.mark.parametrize("cause", SuspensionCause)
def test_a_suspended_record_asks_nothing(cause):
    """Whatever suspended it."""
    found = standing(wanted(state=RecordState.SUSPENDED, suspensions=frozenset({cause})), TODAY)

    assert (found.action, found.asks_first_line) == (None, False)
    assert found.notes == (Note.SUSPENDED, Note.INFORMATION_ONLY)


@pytest.mark.parametrize("state", set(RecordState) - {RecordState.ACTIVE, RecordState.UNDER_REVIEW})
def test_only_what_stands_asks(state):
    """Withdrawn, rejected, recovered, expired, not yet validated: nothing."""
    assert standing(wanted(state=state), TODAY).action is None


def test_a_name_alone_asks_nothing():
    """PR-19: a namesake would be arrested."""
    found = standing(wanted(entity=person()), TODAY)

    assert (found.action, found.notes) == (None, (Note.NAME_ONLY, Note.INFORMATION_ONLY))


def test_a_photo_or_a_document_number_beside_the_name_is_enough():
    """PR-19: name and birth date, or name and photo or prints."""
    with_number = replace(person(), documents=(Document(number="A1234567", issuer="XAR"),))

    assert standing(wanted(entity=person(), is_pictured=True), TODAY).action is Action.ARREST
    assert standing(wanted(entity=with_number), TODAY).action is Action.ARREST


def test_an_alert_ends_on_the_day_its_owner_named():
    """The last day still counts."""
    until = replace(ARREST, valid_until=TODAY)

    assert standing(wanted(alert=until), TODAY).action is Action.ARREST
    after = standing(wanted(alert=until), TODAY + timedelta(days=1))
    assert (after.action, Note.ENDED in after.notes) == (None, True)


def test_what_speaks_for_the_person_is_shown_first():
    """PR-29: misuse and dispute before the action, counter-evidence with them (PR-48)."""
    given = CounterEvidence(
        id="cev_1", given_by="xbo", text="Acquitted.", given_at=datetime(2026, 5, 1, tzinfo=UTC)
    )
    found = standing(
        wanted(
            alert=replace(ARREST, warnings=(MISUSED_IDENTITY,)),
            state=RecordState.UNDER_REVIEW,
            is_disputed=True,
            counter_evidence=(given,),
        ),
        TODAY,
    )

    assert found.action is Action.ARREST
    assert found.notes == (Note.MISUSED_IDENTITY, Note.DISPUTED, Note.COUNTER_EVIDENCE)


def test_conditions_of_the_owner_are_announced():
    """H3 is acknowledged before use (PR-08)."""
    conditions = marking("xar", verified_on=TODAY, handling=Handling.H3)

    assert standing(wanted(marking=conditions), TODAY).notes == (Note.CONDITIONS,)


def test_what_was_obtained_by_ill_treatment_asks_nothing():
    """PR-55: never used."""
    tainted = marking("xar", verified_on=TODAY, is_tainted=True)

    assert standing(wanted(marking=tainted), TODAY).action is None
