"""PR-43: a device carries hit-minimum fields only, and only of what would act or inform there."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from bank_help import alert, marking, passport, person
from devices_help import record_of
from didban import clock
from didban.match.index.layers import Layer
from didban.model.alerts import Action
from didban.model.bank import Note, RecordState, SuspensionCause
from didban.model.exchange.envelopes import Fields
from didban.model.sensitive import SensitiveFact, SensitiveKind
from didban.screening.devices.carried import carried_of, digest_of, read, root_of

TODAY = clock.today()


def _wanted(**more):
    entity = person(
        "Zahra Karimzadeh", birthDate="1980-02-03", nationality="xar", address="1 Harbour Road",
        notes="Last seen in the north", phone="+99912345",
    )  # fmt: skip
    asked = alert("arrest", "charged", facts="Robbery of a bank", legal_references=("W-77",))
    return record_of(entity, alert=replace(asked, warnings=("armed",)), **more)


def test_pr_43_only_what_identifies_and_what_is_asked_is_carried():
    """No facts, no warrant, no address, no warnings in words, no sensitive fact."""
    fact = SensitiveFact(kind=next(iter(SensitiveKind)), value="secret word", necessity="none")
    carried = carried_of(replace(_wanted(), sensitive=(fact,)), TODAY)

    assert carried is not None
    text = json.dumps(carried.to_json())
    for word in ("Robbery", "W-77", "Harbour", "north", "+999", "armed", "secret word"):
        assert word not in text
    assert read(carried).action is Action.ARREST
    assert read(carried).entity.properties == {
        "name": ("Zahra Karimzadeh",),
        "birthDate": ("1980-02-03",),
        "nationality": ("xar",),
    }


@pytest.mark.parametrize("status", ["stolen", "lost", "stolen_blank"])
def test_a_document_that_acts_is_carried_with_its_status(status):
    """Its range too, which grows in matching alone."""
    carried = carried_of(record_of(passport("A100", status=status, number_to="A900")), TODAY)

    assert carried is not None
    assert carried.documents[0].status == status
    assert carried.documents[0].number_to == "A900"


@pytest.mark.parametrize("status", ["revoked", "invalid"])
def test_pr_52_revoked_and_invalid_papers_stay_at_home(status):
    """They never act, nor look like stolen ones."""
    assert carried_of(record_of(passport(status=status)), TODAY) is None


@pytest.mark.parametrize(
    "changed",
    [
        {"state": RecordState.WITHDRAWN},
        {"state": RecordState.SUSPENDED, "suspensions": frozenset({SuspensionCause.OVERSIGHT})},
        {"marked": {"is_tainted": True}},
        {"valid_to": TODAY - timedelta(days=1)},
    ],
)
def test_what_asks_nothing_today_stays_at_home(changed):
    """Withdrawn, suspended, ill-gotten (PR-55), over."""
    assert carried_of(_wanted(**changed), TODAY) is None


def test_an_entry_of_a_public_list_is_carried_without_an_action():
    """It informs: look, and let the second line know."""
    listed = replace(record_of(person(birthDate="1970")), dataset="un-list")

    carried = carried_of(listed, TODAY)

    assert carried is not None
    assert read(carried).action is None


def test_what_speaks_against_acting_is_carried_before_the_action():
    """PR-29: disputed, and the owner's conditions."""
    disputed = replace(_wanted(marked={"handling": marking().handling}), is_disputed=True)

    carried = carried_of(disputed, TODAY)

    assert carried is not None
    assert read(carried).notes == (Note.DISPUTED,)


def test_the_earliest_end_counts():
    """Of the lease, the alert's last day, and the retention."""
    lease = clock.now() + timedelta(days=3)
    leased = carried_of(_wanted(), TODAY, lease)
    ending = carried_of(_wanted(valid_to=TODAY), TODAY)

    assert leased is not None
    assert read(leased).until == lease
    assert ending is not None
    assert read(ending).until.date() == TODAY + timedelta(days=1)


def test_a_carried_record_is_the_same_through_the_index():
    """So that node and device agree on what is held."""
    carried = carried_of(record_of(passport("A100")), TODAY)
    assert carried is not None

    (read_back,) = Layer.of_records([carried]).records()

    assert digest_of(read_back) == digest_of(carried)
    assert root_of({"a": b"1", "b": b"2"}) == root_of([("b", b"2"), ("a", b"1")])
    assert Fields(carried.to_json()).has("id")
