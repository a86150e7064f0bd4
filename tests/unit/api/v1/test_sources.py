"""Lists, their quality and contributions over HTTP."""

from __future__ import annotations

from datetime import timedelta

import pytest

from didban import clock
from didban.intake import quality_report
from didban.store import node
from didban.store.node import NodeRow


def given(**more) -> dict[str, object]:
    """Return a list as it is registered."""
    return {
        "dataset": "arvand-wanted",
        "kind": "ftm",
        "location": "https://lists.example/wanted.json",
        "owner": "arvand",
        "publisher": "Ministry of Arvand",
        "terms": {"purpose": "sanctions_screening", "legal_basis": "Sanctions Act, s. 4"},
        **more,
    }


@pytest.fixture
def administrator(api):
    """Return an administrator of the host."""
    api.as_("xar", "administrator", purpose="administration")
    with api.services.database.begin() as tx:
        if node.get(tx) is None:
            node.add(tx, NodeRow(host="xar", is_training=True, made_at=clock.now()))
    return api.as_("xar", "administrator", purpose="administration")


def test_a_list_is_registered_and_shown(administrator):
    """With how its refreshing stands."""
    made = administrator.post("/sources", given())
    (shown,) = administrator.get("/sources").json()

    assert made.status_code == 201
    assert shown == made.json()
    assert (shown["every_minutes"], shown["is_stale"], shown["fresh_at"]) == (1440, False, None)


def test_a_list_rests_and_is_removed(administrator):
    """Its publications are shown while it is known."""
    identifier = administrator.post("/sources", given()).json()["id"]
    rests = administrator.send("PUT", f"/sources/{identifier}/activity", json={"is_active": False})
    assert rests.json()["is_active"] is False
    assert administrator.get(f"/sources/{identifier}/publications").json() == []
    assert administrator.send("DELETE", f"/sources/{identifier}").status_code == 204
    assert administrator.get(f"/sources/{identifier}/publications").status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"location": "/etc/passwd"},
        {"location": "http://127.0.0.1:5432/"},
        {"kind": "pdf"},
        {"dataset": "../up"},
        {"every_minutes": 0},
        {"kind": "csv"},
    ],
)
def test_files_of_the_machine_are_named_by_its_operator_alone(administrator, wrong):
    """Over HTTP there are addresses, and what is wrong is refused."""
    assert administrator.post("/sources", given(**wrong)).status_code == 422


def test_only_administrators_register_lists(api):
    """Whoever records people does not say where lists come from."""
    assert api.as_("xar", "recorder").post("/sources", given()).status_code == 403


def test_quality_and_contributions_are_shown(api):
    """To whoever answers for them."""
    recorder = api.as_("xar", "recorder")
    recorder.post(
        "/records",
        {
            "entity": {"schema": "Person", "properties": {"name": ["Zahra Karimzadeh"]}},
            "marking": {
                "purpose": "wanted_or_missing_person",
                "legal_basis": "Penal Code of Arvand, s. 12",
                "retention_until": (clock.today() + timedelta(days=365)).isoformat(),
            },
        },
    )
    quality_report.make(api.services.database, clock.now())
    (report,) = api.as_("xar", "supervisor").get("/quality").json()
    (count,) = api.as_("xar", "supervisor").get("/contributions?owner=xar").json()

    assert (report["records"], report["faults"]["no_birth_date"]) == (1, 1)
    assert (count["owner"], count["schema"], count["count"]) == ("xar", "Person", 1)
