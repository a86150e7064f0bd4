"""Passenger lists: screened at once, masked after a day, shown again by two, then deleted (PR-35)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bank_help import actor, authority, marking, person
from didban import clock
from didban.errors import Conflict, InvalidInput, NotFound, NotPermitted
from didban.intake import bank
from didban.screening import passengers
from didban.screening.live import LiveIndex
from didban.screening.looking import Booth
from didban.store.tables.passengers import passenger

LIST = b"""name,birthDate,nationality
Zahra Karimzadeh,1971-05-02,XAR
Ulrike Vandenberg,1990-01-01,XBO
Tomas Oldrich,1985-03-04,XCA
"""


def unit(user="usr_unit", **more):
    """Return somebody of the passenger unit."""
    return actor("xar", "passenger_unit", user=user, **more)


@pytest.fixture
def held(database, node_secrets, tmp_path):
    """Return a list of three on which one is wanted."""
    with database.begin() as tx:
        authority(tx, "xar")
        authority(tx, "xbo")
        wanted = person("Zahra Karimzadeh", birthDate="1971-05-02")
        bank.report(tx, actor("xar"), wanted, marking("xar"))
    with LiveIndex.open(database, tmp_path / "index", follow=False) as index:
        booth = Booth(index=index, secrets=node_secrets)
        with database.begin() as tx:
            return passengers.hold(tx, booth, unit(), "XB 123", LIST)


def at(monkeypatch, moment):
    """Let it be this moment."""
    monkeypatch.setattr(clock, "now", lambda: moment)


def shown(database, list_id, who=None):
    """Return the names on a list as they are shown."""
    with database.begin() as tx:
        _, listed = passengers.viewed(tx, who or unit(), list_id)
    return [one.asked and one.asked.first("name") for one in listed]


def test_who_is_wanted_is_found_on_the_list(held):
    """By place; the others are not told of."""
    assert set(held.found) == {0}
    assert held.kept.passengers == 3


def test_who_was_not_found_is_masked_after_a_day(database, monkeypatch, held):
    """Not before, and who was found is not."""
    assert passengers.run_due(database, held.kept.mask_at - timedelta(seconds=1)) == 0
    assert passengers.run_due(database, held.kept.mask_at) == 1
    assert passengers.run_due(database, held.kept.mask_at) == 0

    assert shown(database, held.kept.id) == ["Zahra Karimzadeh", None, None]


def test_a_masked_list_is_shown_again_by_two_persons_for_an_hour(database, monkeypatch, held):
    """Who asks does not confirm."""
    now = held.kept.mask_at
    passengers.run_due(database, now)
    at(monkeypatch, now)
    with database.begin() as tx:
        request = passengers.request_unmasking(tx, unit(), held.kept.id, "a missed connection")
    with database.begin() as tx, pytest.raises(NotPermitted):
        passengers.confirm_unmasking(tx, unit(), request.id)
    assert None in shown(database, held.kept.id)

    with database.begin() as tx:
        passengers.confirm_unmasking(tx, unit("usr_other"), request.id)

    assert None not in shown(database, held.kept.id)
    with database.begin() as tx, pytest.raises(Conflict):
        passengers.confirm_unmasking(tx, unit("usr_third"), request.id)
    at(monkeypatch, now + timedelta(hours=1))
    assert None in shown(database, held.kept.id)


def test_unmasking_needs_a_reason_and_something_masked(database, held):
    """And the right list."""
    with database.begin() as tx, pytest.raises(InvalidInput):
        passengers.request_unmasking(tx, unit(), held.kept.id, " ")
    with database.begin() as tx, pytest.raises(Conflict):
        passengers.request_unmasking(tx, unit(), held.kept.id, "too early")
    for list_id in (held.kept.id, "lst_none"):
        other = actor("xbo", "passenger_unit")
        with database.begin() as tx, pytest.raises(NotFound, match="there is no such list"):
            passengers.viewed(tx, other, list_id)


def test_a_list_is_deleted_on_its_day(database, held):
    """With every passenger on it."""
    term = held.kept.kept_until - held.kept.at.date()
    assert passengers.run_due(database, held.kept.at + term) == 2  # masked, then deleted
    with database.begin() as tx:
        assert tx.scalar(select(func.count()).select_from(passenger)) == 0
