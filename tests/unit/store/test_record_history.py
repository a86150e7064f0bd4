"""Every version is kept, with when it was so and when it was known."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bank_help import actor, authority, marking, person
from didban.errors import Conflict
from didban.model.bank import BankRecord, RecordState
from didban.store import records
from didban.store.visibility import open_to

START = datetime(2026, 3, 1, 8, tzinfo=UTC)
EVERYBODY = frozenset(range(100))


def version(entity=None, at=START, state=RecordState.ACTIVE, **more) -> BankRecord:
    """Return a first version that the store does not know yet."""
    return BankRecord(
        entity=entity or person(),
        marking=more.pop("marking", None) or marking("xar"),
        alert=None,
        state=state,
        version=1,
        recorded_at=at,
        recorded_by="usr_xar",
        **more,
    )


@pytest.fixture
def tx(database):
    """Return a transaction on a bank that knows two authorities."""
    with database.begin() as transaction:
        authority(transaction, "xar")
        authority(transaction, "xbo")
        yield transaction


def test_a_new_version_takes_the_place_of_the_old(tx):
    """The old one moves to the history."""
    first = version()
    records.insert_record(tx, first)
    renamed = replace(first, entity=replace(first.entity, caption="Other"), reason="misspelt")

    made = records.replace_record(tx, renamed, expected=1)

    assert records.get(tx, first.id, EVERYBODY) == made
    assert [v.version for v in records.versions(tx, first.id, EVERYBODY)] == [1, 2]
    assert [v.entity.caption for v in records.versions(tx, first.id, EVERYBODY)] == [
        first.entity.caption,
        "Other",
    ]


def test_who_was_slower_is_told(tx):
    """Two officers correct the same version: the second reads again."""
    first = version()
    records.insert_record(tx, first)
    records.replace_record(tx, first, expected=1)

    with pytest.raises(Conflict):
        records.replace_record(tx, first, expected=1)


def test_an_identifier_is_taken_once(tx):
    """A second record does not overwrite the first."""
    first = version()
    records.insert_record(tx, first)

    with pytest.raises(Conflict):
        records.insert_record(tx, first)


def test_a_change_of_status_keeps_the_old_interval(tx):
    """Stolen until June, recovered since: both answers stay right (4.1, bitemporal)."""
    first = version(valid_from=date(2026, 1, 1))
    records.insert_record(tx, first)
    later = START + timedelta(days=100)
    changed = replace(
        first, state=RecordState.RECOVERED, recorded_at=later, valid_from=date(2026, 6, 1)
    )
    records.replace_record(tx, changed, expected=1)

    def state(recorded_at, valid_on):
        found = records.as_of(tx, first.id, EVERYBODY, recorded_at=recorded_at, valid_on=valid_on)
        return found and found.state

    assert state(None, date(2026, 5, 1)) is RecordState.ACTIVE
    assert state(None, date(2026, 6, 2)) is RecordState.RECOVERED
    assert state(START, date(2026, 6, 2)) is RecordState.ACTIVE
    assert state(None, date(2025, 1, 1)) is None
    assert state(START - timedelta(seconds=1), date(2026, 5, 1)) is None


def test_who_lost_sight_of_a_record_lost_its_past_too(tx):
    """A new exclusion reaches old versions; a version that was closed stays closed."""
    first = version()
    records.insert_record(tx, first)
    closed = replace(first, marking=marking("xar", excluded=("node:xbo",)))
    records.replace_record(tx, closed, expected=1)
    own, other = open_to(tx, actor("xar")), open_to(tx, actor("xbo"))

    assert len(records.versions(tx, first.id, own)) == 2
    assert records.versions(tx, first.id, other) == []
    assert records.as_of(tx, first.id, other, recorded_at=START) is None

    records.replace_record(tx, first, expected=2)
    assert [v.version for v in records.versions(tx, first.id, other)] == [1, 3]


def test_many_are_read_at_once_and_only_what_is_open(tx):
    """By identifier; what is not open is left out."""
    seen, hidden = version(), version(marking=marking("xar", audience=()))
    for each in (seen, hidden):
        records.insert_record(tx, each)
    wanted = [seen.id, hidden.id, "rec_none"]

    assert set(records.many(tx, wanted, open_to(tx, actor("xbo")))) == {seen.id}
    assert set(records.many(tx, wanted, open_to(tx, actor("xar")))) == {seen.id, hidden.id}


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 400),  # minutes after the version before, by the writer's own clock
            st.sampled_from(["correct", "withdraw"]),
            st.integers(0, 9),
        ),
        max_size=8,
    )
)
def test_the_past_is_what_was_current_then(tx, changes):
    """Whatever was corrected and withdrawn: each instant is answered with what stood then."""
    kept = version()
    records.insert_record(tx, kept)
    current = records.versions(tx, kept.id, EVERYBODY)
    at = START
    for minutes, event, number in changes:
        at += timedelta(minutes=minutes)
        state = RecordState.WITHDRAWN if event == "withdraw" else RecordState.ACTIVE
        entity = replace(kept.entity, caption=f"Caption {number}")
        kept = replace(kept, entity=entity, state=state, recorded_at=at)
        kept = records.replace_record(tx, kept, expected=kept.version)
        current.append(kept)

    for index, then in enumerate(current):
        until = (
            current[index + 1].recorded_at - timedelta(microseconds=1)
            if index + 1 < len(current)
            else then.recorded_at + timedelta(days=9)
        )
        for moment in (then.recorded_at, until):
            assert records.as_of(tx, kept.id, EVERYBODY, recorded_at=moment) == then
    assert records.versions(tx, kept.id, EVERYBODY) == current
