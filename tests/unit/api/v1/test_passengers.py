"""Passenger lists over HTTP."""

from __future__ import annotations

from datetime import timedelta

import pytest

from api_help import Api
from bank_help import actor, authority, marking, person
from didban import clock
from didban.intake import bank
from didban.screening import passengers
from didban.screening.live import LiveIndex

LIST = "name,birthDate\nZahra Karimzadeh,1971-05-02\nUlrike Vandenberg,1990-01-01\n"


@pytest.fixture
def api(database, node_secrets, tmp_path):
    """Return a node where one person is listed."""
    with database.begin() as tx:
        authority(tx, "xar")
        wanted = person("Zahra Karimzadeh", birthDate="1971-05-02")
        bank.report(tx, actor("xar"), wanted, marking("xar"))
    with LiveIndex.open(database, tmp_path / "index", follow=False) as index:
        yield Api(database, node_secrets, index)


def test_a_list_is_screened_held_masked_and_shown_again_by_two(api: Api):
    """From end to end."""
    unit = api.as_("xar", "passenger_unit")
    made = unit.post("/passenger-lists", {"name": "XB 123", "content": LIST})
    assert made.status_code == 201
    assert [one["position"] for one in made.json()["found"]] == [0]
    held = made.json()["held"]["id"]
    path = f"/passenger-lists/{held}"
    passengers.run_due(api.database, clock.now() + timedelta(hours=24))
    assert [one["asked"] is None for one in unit.get(path).json()["listed"]] == [False, True]

    asked = unit.post(f"{path}/unmasking", {"reason": "a missed connection"}).json()
    assert unit.post(f"/unmaskings/{asked['id']}/confirm").status_code == 403
    other = api.as_("xar", "supervisor")
    assert other.post(f"/unmaskings/{asked['id']}/confirm").status_code == 200

    assert all(one["asked"] for one in unit.get(path).json()["listed"])
    assert [row["id"] for row in unit.get("/passenger-lists").json()["items"]] == [held]


def test_what_is_no_list_is_refused(api: Api):
    """And another authority's list is not there."""
    unit = api.as_("xar", "passenger_unit")
    assert unit.post("/passenger-lists", {"name": "XB 1", "content": "[1]"}).status_code == 422
    assert unit.post("/passenger-lists", {"name": " ", "content": LIST}).status_code == 422
    assert unit.get("/passenger-lists/lst_none").status_code == 404
    assert api.as_("xar", "first_line").get("/passenger-lists").status_code == 403
