"""Devices at a desk: registered by one, confirmed by another, served, taken from, revoked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api_help import Api
from bank_help import passport
from devices_help import new_device
from didban.exchange.ports import Exchange
from didban.store.exchange import peers
from pages_help import Pages


@pytest.fixture
def pages(station, node_secrets):
    """Return the pages of a node with an identity and a stolen passport."""
    station.keep(passport("A12345678"))
    exchange = Exchange(database=station.database, identity_of=lambda _tx: station.identity)
    api = Api(station.database, node_secrets)
    api.services = replace(api.services, exchange=exchange)
    with station.database.begin() as tx:
        peers.add_descriptor(tx, station.described, station.dock.descriptor, station.now())
    return Pages(api)


def test_the_life_of_a_device(pages, tmp_path):
    """What is carried to it and back are files; who registered it does not confirm it."""
    device = new_device(tmp_path)
    office, second = (
        pages.as_("xar", "administrator", language="fa"),
        pages.as_("xar", "supervisor"),
    )
    given = {"authority": "xar", "purpose": "border_control", "place": "Gate 4", "clearance": "0"}
    file = {"file": ("request.json", device.vault.request())}
    page = f"/devices/{device.id}"

    assert office.get("/devices/new").status == 200
    assert office.send("/devices", **given).status == 422
    assert office.follow(office.upload("/devices", file, **given)).status == 200
    assert office.send(f"{page}/packages", whole="yes").status == 409
    assert office.send(f"{page}/confirmation", compared="yes").status == 403
    assert second.send(f"{page}/confirmation").status == 422
    assert second.send(f"{page}/confirmation", compared="yes").status == 303
    device.open(second.send(f"{page}/packages", whole="yes").response.body)
    device.check_passport("A12345678")
    back = {"file": ("back", device.bring_back())}
    assert device.id in office.upload("/devices/returns", back).text
    assert office.upload("/devices/returns", {"file": ("x", b"no device")}).status == 422
    assert page in "".join(office.get("/devices").links())
    assert second.get(f"{page}/revocation").status == 403
    assert office.get(f"{page}/revocation").status == 200
    gone = office.follow(office.send(f"{page}/revocation"))
    assert f"/desk{page}/revocation" not in gone.links()
