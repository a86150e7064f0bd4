"""One record at a time: reported, read, corrected, confirmed and withdrawn."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bank_help import actor, alert, draft_of, marking, passport, person
from didban import clock
from didban.errors import Conflict, InvalidFields, InvalidInput, NotFound, NotPermitted
from didban.intake import bank, disputes
from didban.model.bank import RecordState
from didban.model.disputes import Decision, DisputedBy, Ground
from didban.model.documents import Document
from didban.model.marking import Confidentiality
from didban.store import records
from didban.store.tables.audit import audit_entry

RECORDER, DESK = actor("xar"), actor("xbo", "second_line")
BORN = {"birthDate": "1971-05-02"}


@pytest.fixture
def kept(tx):
    """Return a person that Arvand wants to be located."""
    return bank.report(tx, RECORDER, person(**BORN), marking("xar"), alert())


def test_values_are_kept_in_our_form(tx):
    """Dates of any calendar, names of states; what was converted also stands as it was given."""
    given = person(birthDate="12 Ordibehesht 1350", nationality="XAR", gender="f")
    made = bank.report(tx, RECORDER, given, marking("xar"))

    assert made.entity.values("birthDate", "nationality", "gender") == (
        "1971-05-02",
        "xar",
        "female",
    )
    assert made.entity.values("notes") == ("birthDate as given: 12 Ordibehesht 1350",)


def test_a_name_in_parts_becomes_a_whole_name(tx):
    """So that it is found like any other."""
    given = replace(
        person(), caption="", properties={"firstName": ("Omid",), "lastName": ("Sami",)}
    )
    made = bank.report(tx, RECORDER, given, marking("xar"))

    assert (made.entity.caption, made.entity.values("name")) == ("Omid Sami", ("Omid Sami",))


def test_every_deed_is_entered_without_content(tx, kept):
    """PR-37: identifiers, versions and states."""
    bank.read(tx, DESK, kept.id)
    bank.confirm(tx, RECORDER, kept.id, expected=1)
    bank.withdraw(tx, RECORDER, kept.id, expected=2, ground=Ground.ERROR, reason="Zahra is not he")
    rows = list(tx.execute(select(audit_entry).where(audit_entry.c.subject == kept.id)))

    assert [row.deed for row in rows] == [
        "record.reported",
        "record.viewed",
        "record.confirmed",
        "record.withdrawn",
    ]
    assert "Zahra" not in str(rows)


def test_who_may_not_write_does_not_report(tx):
    """A permission is asked first."""
    with pytest.raises(NotPermitted):
        bank.report(tx, actor("xar", "first_line"), person(), marking("xar"))


def test_nobody_marks_higher_than_they_may_see(tx):
    """The record would be lost to them."""
    with pytest.raises(NotPermitted) as refused:
        bank.report(tx, RECORDER, person(), marking("xar", confidentiality=2))

    assert refused.value.reasons == ("clearance",)
    cleared = actor("xar", clearance=Confidentiality.CONFIDENTIAL)
    assert bank.report(tx, cleared, person(), marking("xar", confidentiality=2)).version == 1


def test_what_is_hidden_and_what_never_was_answer_alike(tx):
    """PR-09, in every service that takes an identifier."""
    hidden = bank.report(tx, RECORDER, person(), marking("xar", audience=()))
    stranger = actor("xbo", "second_line", "recorder", "reviewer")
    for service in (
        lambda record_id: bank.read(tx, stranger, record_id),
        lambda record_id: bank.history(tx, stranger, record_id),
        lambda record_id: bank.as_of(tx, stranger, record_id),
        lambda record_id: bank.confirm(tx, stranger, record_id, expected=1),
        lambda record_id: disputes.of_record(tx, stranger, record_id),
        lambda record_id: disputes.dispute(
            tx, stranger, record_id, by=DisputedBy.AUTHORITY, ground="x"
        ),
    ):
        errors = []
        for record_id in (hidden.id, "rec_never"):
            with pytest.raises(NotFound) as refused:
                service(record_id)
            errors.append(str(refused.value))
        assert errors[0] == errors[1]


def test_a_correction_keeps_what_the_owner_did_not_touch(tx, kept):
    """When it was verified, who disputes it, and its identifier."""
    disputes.dispute(tx, DESK, kept.id, by=DisputedBy.HOLDER, ground="not me")
    fresh = replace(kept.marking, verified_on=None)
    other = replace(kept.entity, id="rec_other", caption="Z. Karimzadeh")
    made = bank.correct(
        tx,
        RECORDER,
        kept.id,
        draft_of(kept, entity=other, marking=fresh),
        expected=2,
        reason="spelling",
    )

    assert (made.id, made.version, made.entity.caption) == (kept.id, 3, "Z. Karimzadeh")
    assert made.marking.verified_on == kept.marking.verified_on
    assert made.state is RecordState.UNDER_REVIEW
    assert made.is_disputed


def test_a_change_needs_a_reason(tx, kept):
    """In words."""
    with pytest.raises(InvalidInput):
        bank.correct(tx, RECORDER, kept.id, draft_of(kept), expected=1, reason=" ")
    with pytest.raises(InvalidInput):
        bank.withdraw(tx, RECORDER, kept.id, expected=1, ground=Ground.ERROR, reason="")


def test_what_was_withdrawn_stays_withdrawn(tx, kept):
    """It can neither be corrected nor confirmed, and still has its history for its owner."""
    bank.withdraw(tx, RECORDER, kept.id, expected=1, ground=Ground.ERROR, reason="wrong person")
    with pytest.raises(Conflict):
        bank.correct(tx, RECORDER, kept.id, draft_of(kept), expected=2, reason="x")
    with pytest.raises(Conflict):
        bank.confirm(tx, RECORDER, kept.id, expected=2)
    with pytest.raises(NotFound):
        bank.history(tx, DESK, kept.id)
    with pytest.raises(NotFound):
        bank.as_of(tx, DESK, kept.id, recorded_at=kept.recorded_at)

    assert [v.state for v in bank.history(tx, RECORDER, kept.id)] == ["active", "withdrawn"]
    then = bank.as_of(tx, RECORDER, kept.id, recorded_at=kept.recorded_at)
    assert then.state is RecordState.ACTIVE


def test_a_link_stands_between_records_that_the_reporter_sees(tx, kept):
    """It never tells more than a search."""
    hidden = bank.report(tx, RECORDER, person("Omid Sami"), marking("xar", audience=()))
    other = actor("xbo")

    def link(code, who, *ends):
        entity = replace(
            person(),
            schema="Associate",
            caption="",
            properties={"person": (ends[0],), "associate": (ends[1],)},
        )
        return bank.report(tx, who, entity, marking(code))

    assert link("xar", RECORDER, kept.id, hidden.id).version == 1
    for end in (hidden.id, "rec_never"):
        with pytest.raises(InvalidFields) as refused:
            link("xbo", other, kept.id, end)
        assert refused.value.faults == (
            (
                "/entity/properties/associate/0",
                "is no record that you may see; enter that one first",
            ),
        )


def test_things_of_every_kind_can_be_reported(tx, kept):
    """Vehicles, vessels, firearms, seizures, methods, flows of money and events."""
    plate = Document(number="AB 123", issuer="XAR")
    things = {
        "Vehicle": {"registrationNumber": "AB 123", "country": "XAR", "model": "P-4"},
        "Vessel": {"name": "Simorgh", "imoNumber": "9074729", "flag": "XCA"},
        "Firearm": {"serialNumber": "KP-0099", "make": "Arvand Works", "calibre": "9 mm"},
        "Organization": {"name": "Orbit Freight"},
        "Event": {"name": "Theft of blanks", "date": "2026-02-03"},
        "Seizure": {"seizedAt": "2026-02-03", "substance": "opium", "netGrams": "1200"},
        "Method": {"name": "False floor", "concealment": "under the floor"},
        "MoneyFlow": {"payer": kept.id, "beneficiary": kept.id, "channel": "courier"},
        "MethodUse": {"usedBy": kept.id},
    }
    for schema, properties in things.items():
        entity = replace(
            person(),
            schema=schema,
            caption=schema,
            properties={name: (value,) for name, value in properties.items()},
        )
        made = bank.report(tx, RECORDER, entity, marking("xar"))
        assert made.state is RecordState.ACTIVE
    held = replace(person(), schema="Vehicle", documents=(plate,))
    assert bank.report(tx, RECORDER, held, marking("xar")).entity.documents[0].issuer == "xar"


def test_versions_tell_what_was_so_and_since_when(tx):
    """A correction of the past and a change in the world are told apart by their days."""
    today = clock.today()
    since = today - timedelta(days=30)
    entity = passport()
    bank.report(tx, RECORDER, entity, marking("xar"), valid_from=since)
    stolen = replace(entity.documents[0], status="lost")
    changed = replace(entity, documents=(stolen,))
    kept = bank.found(tx, RECORDER, entity.id)
    bank.correct(
        tx,
        RECORDER,
        entity.id,
        draft_of(kept, entity=changed, valid_from=today - timedelta(days=9)),
        expected=1,
        reason="found to be lost since then",
    )

    def then(days):
        found = bank.as_of(tx, DESK, entity.id, valid_on=today - timedelta(days=days))
        return found.document_status

    assert (then(20), then(9), then(0)) == ("stolen", "lost", "lost")
    with pytest.raises(NotFound):
        then(31)


def test_a_dispute_is_decided_with_a_change(tx, kept):
    """The changed record goes with that decision, and with no other."""
    disputes.dispute(tx, DESK, kept.id, by=DisputedBy.AUTHORITY, ground="born in 1972")
    disputes.dispute(tx, actor("xca", "second_line"), kept.id, by=DisputedBy.HOLDER, ground="no")
    younger = draft_of(kept, entity=person(birthDate="1972-05-02"))
    with pytest.raises(InvalidInput):
        disputes.decide(tx, RECORDER, kept.id, Decision.UPHOLD_WITH_CHANGE, expected=2, answer="x")
    with pytest.raises(InvalidInput):
        disputes.decide(
            tx, RECORDER, kept.id, Decision.UPHOLD, expected=2, answer="x", draft=younger
        )
    made = disputes.decide(
        tx,
        RECORDER,
        kept.id,
        Decision.UPHOLD_WITH_CHANGE,
        expected=2,
        answer="true",
        draft=younger,
    )

    assert (made.state, made.entity.values("birthDate")) == (RecordState.ACTIVE, ("1972-05-02",))
    assert {d.decision for d in disputes.of_record(tx, RECORDER, kept.id)} == {
        Decision.UPHOLD_WITH_CHANGE
    }
    assert records.get(tx, kept.id, frozenset({made.visibility_number})) == made


def test_what_nobody_disputes_cannot_be_decided(tx, kept):
    """A decision answers somebody."""
    with pytest.raises(Conflict):
        disputes.decide(tx, RECORDER, kept.id, Decision.UPHOLD, expected=1, answer="x")
    with pytest.raises(InvalidInput):
        disputes.decide(tx, RECORDER, kept.id, Decision.WITHDRAW, expected=1, answer="x")


def test_an_answer_to_a_dispute_is_due_in_fifteen_days(tx, kept):
    """And its owner sees what waits, the next due first."""
    raised = disputes.dispute(tx, DESK, kept.id, by=DisputedBy.HOLDER, ground="not me")

    assert raised.due_on == (clock.now() + timedelta(days=15)).date()
    assert disputes.open_for(tx, RECORDER, after=None, limit=9) == [raised]
    assert disputes.open_for(tx, RECORDER, after=(raised.due_on, raised.id), limit=9) == []
    assert disputes.open_for(tx, actor("xbo"), after=None, limit=9) == []
