"""Another use needs the owner's consent, and conditions in words need to be read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bank_help import actor, authority, marking, person
from didban import clock
from didban.errors import Conflict, InvalidInput, NotPermitted
from didban.guard import conditions, consents
from didban.intake import bank
from didban.model.marking import Handling
from didban.model.purposes import CHECK_PURPOSES, SERVED, Purpose, serves
from didban.store import consents as store

LATER = clock.today() + timedelta(days=30)


@pytest.fixture
def tx(database):
    """Return a transaction on a bank with three authorities."""
    with database.begin() as tx:
        for code in ("xar", "xbo", "xca"):
            authority(tx, code)
        yield tx


def _record(tx, **more):
    kept = {"purpose": Purpose.BORDER_CONTROL, **more}
    entity = person(birthDate="1971-05-02", nationality="xbo")
    return bank.report(tx, actor("xbo"), entity, marking("xbo", **kept))


def test_pr_06_what_a_record_is_kept_for_is_said_for_every_purpose_of_checks():
    """And the processing itself is overseen whatever a record is for."""
    assert set(SERVED) == set(CHECK_PURPOSES) - {Purpose.SUPERVISION}
    for kept_for in Purpose:
        assert serves(kept_for, Purpose.DATA_PROTECTION)
        assert not serves(kept_for, Purpose.ADMINISTRATION)


def test_pr_06_another_use_names_a_consent_of_the_owner_to_just_this(tx):
    """For this record, this authority, this purpose, and still in force."""
    record, other = _record(tx), _record(tx)
    analyst = actor("xar", "analyst", purpose="criminal_investigation")
    owner = actor("xbo", "supervisor")
    give: dict[str, Any] = {
        "authority": "xar",
        "purpose": Purpose.CRIMINAL_INVESTIGATION,
        "until": LATER,
    }
    with pytest.raises(NotPermitted) as caught:
        consents.require_use(tx, analyst, record)
    assert caught.value.reasons == ("other_purpose",)

    right = consents.give(tx, owner, record, **give)
    wrong = [
        consents.give(tx, owner, other, **give),
        consents.give(tx, owner, record, **{**give, "authority": "xca"}),
        consents.give(tx, owner, record, **{**give, "purpose": Purpose.SANCTIONS_SCREENING}),
    ]

    consents.require_use(tx, analyst, record, named=[right.id])
    assert consents.has_consent(tx, analyst, record)
    for consent in (*(other.id for other in wrong), "cns_made-up"):
        with pytest.raises(NotPermitted):
            consents.require_use(tx, analyst, record, named=[consent])
    consents.require_use(tx, actor("xbo", "analyst"), record)
    store.forget(tx, record.id)
    assert not consents.has_consent(tx, analyst, record)


def test_pr_06_a_consent_ends(tx, monkeypatch):
    """On its day."""
    record = _record(tx)
    analyst = actor("xar", "analyst", purpose="criminal_investigation")
    given = consents.give(
        tx,
        actor("xbo", "supervisor"),
        record,
        authority="xar",
        purpose=Purpose.CRIMINAL_INVESTIGATION,
        until=LATER,
    )
    after = clock.now() + timedelta(days=31)
    monkeypatch.setattr(clock, "now", lambda: after)

    with pytest.raises(NotPermitted):
        consents.require_use(tx, analyst, record, named=[given.id])


def test_only_the_owner_consents_and_only_to_what_makes_sense(tx):
    """To an authority that there is, for a purpose of checks, for as long as the record is kept."""
    record = _record(tx)
    owner = actor("xbo", "supervisor")
    give: dict[str, Any] = {
        "authority": "xar",
        "purpose": Purpose.CRIMINAL_INVESTIGATION,
        "until": LATER,
    }
    with pytest.raises(NotPermitted):
        consents.give(tx, actor("xar", "supervisor"), record, **give)
    for wrong in (
        {"authority": "xzz"},
        {"purpose": Purpose.ADMINISTRATION},
        {"until": clock.today() - timedelta(days=1)},
        {"until": record.marking.retention_until + timedelta(days=1)},
    ):
        with pytest.raises(InvalidInput):
            consents.give(tx, owner, record, **{**give, **wrong})


def test_pr_08_conditions_are_acknowledged_by_a_person_as_they_stand(tx):
    """Each for themselves; for a device, another version or no conditions it makes no sense."""
    record = _record(tx, handling=Handling.H3, handling_conditions="Not in open court.")
    plain = _record(tx)
    desk, colleague = actor("xar", "second_line"), actor("xar", "second_line", user="usr_b")
    assert not conditions.has_acknowledged(tx, desk, record)
    with pytest.raises(NotPermitted):
        conditions.acknowledge(
            tx, actor("xar", "first_line", user="tok_1", device="tok_1"), record, version=1
        )
    for of, version in ((record, 2), (plain, 1)):
        with pytest.raises(Conflict):
            conditions.acknowledge(tx, desk, of, version=version)

    conditions.acknowledge(tx, desk, record, version=1)
    conditions.acknowledge(tx, desk, record, version=1)

    assert conditions.has_acknowledged(tx, desk, record)
    assert not conditions.has_acknowledged(tx, colleague, record)
    assert conditions.has_acknowledged(tx, colleague, plain)
