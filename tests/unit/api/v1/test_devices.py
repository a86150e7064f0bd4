"""Devices over HTTP: registered by one, confirmed by another, served, taken from, revoked."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest

from api_help import Api
from bank_help import passport
from devices_help import new_device
from didban.exchange.ports import Exchange
from didban.store.exchange import peers


@pytest.fixture
def api(station, node_secrets) -> Api:
    """Return the interface of a node with an identity and a stolen passport."""
    station.keep(passport("A12345678"))
    exchange = Exchange(database=station.database, identity_of=lambda _tx: station.identity)
    made = Api(station.database, node_secrets)
    made.services = replace(made.services, exchange=exchange)
    made.app.state.services = made.services
    with station.database.begin() as tx:
        peers.add_descriptor(tx, station.described, station.dock.descriptor, station.now())
    return made


def test_the_life_of_a_device_over_http(api, tmp_path):
    """Every route once, by who may."""
    device = new_device(tmp_path)
    office, second = api.as_("xar", "administrator"), api.as_("xar", "supervisor")
    given = {
        "request": device.vault.request().decode(),
        "authority": "xar",
        "purpose": "border_control",
        "place": "Gate 4",
    }

    registered = office.post("/devices", given)
    early = office.post(f"/devices/{device.id}/packages", {"whole": True})
    confirmed = second.post(f"/devices/{device.id}/confirmation")
    packed = second.post(f"/devices/{device.id}/packages", {"whole": True})
    device.open(base64.b64decode(packed.json()["file"]))
    device.check_passport("A12345678")
    back = {"file": base64.b64encode(device.bring_back()).decode()}
    home, again = office.post("/devices/returns", back), office.post("/devices/returns", back)
    receipts = office.get(f"/devices/{device.id}/receipts")
    owing = office.get("/devices/owing")
    listed = office.get("/devices")
    revoked = office.send("DELETE", f"/devices/{device.id}")

    assert (registered.status_code, registered.json()["state"]) == (201, "proposed")
    assert early.status_code == 409
    assert confirmed.json()["state"] == "active"
    assert (packed.status_code, packed.json()["records"]) == (201, 1)
    assert (home.json()["checks"], home.json()["matches"]) == (1, 1)
    assert (again.json()["checks"], again.json()["known"]) == (0, 2)
    assert [one["records"] for one in receipts.json()] == [1]
    assert owing.json() == []
    assert [one["id"] for one in listed.json()["items"]] == [device.id]
    assert revoked.json()["state"] == "revoked"


@pytest.mark.parametrize("file", ["!", "Ä", "", base64.b64encode(b"no device").decode()])
def test_what_no_device_wrote_is_refused(api, file):
    """As what it is: somebody sent something wrong."""
    office = api.as_("xar", "administrator")

    assert office.post("/devices/returns", {"file": file}).status_code in {400, 422}


def test_who_has_no_business_with_devices_is_refused(api):
    """A first line uses one; it does not make them."""
    officer = api.as_("xar", "first_line")

    assert officer.get("/devices").status_code == 403
