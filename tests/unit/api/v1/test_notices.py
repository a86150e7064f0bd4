"""Notices over HTTP: drafted by one, approved by another, published, ended."""

from __future__ import annotations

from datetime import timedelta

import pytest

from api_help import Api
from bank_help import actor, alert, authority, marking, person
from didban import clock
from didban.intake import bank
from didban.model.alerts import NoticeType
from didban.model.exchange.notice_reviews import Case, reduced
from didban.model.marking import Confidentiality
from didban.model.notices import Dossier, NoticeForm, NoticeState
from didban.store import node as node_row
from didban.store import notice_cases
from didban.store.notice_cases import KeptCase


@pytest.fixture
def api(database, node_secrets):
    """Return a node that speaks with no other."""
    with database.begin() as tx:
        authority(tx, "xar")
        node_row.add(tx, node_row.NodeRow(host="xar", is_training=True, made_at=clock.now()))
    return Api(database, node_secrets)


@pytest.fixture
def given(database):
    """Return a draft that is complete."""
    with database.begin() as tx:
        about = person("Zahra Karimzadeh", birthDate="1971-05-02")
        kept = bank.report(tx, actor("xar"), about, marking("xar", audience=()))
    today = clock.today()
    return {
        "colour": "red",
        "record": kept.id,
        "alert": {
            "action_requested": "arrest",
            "person_status": "charged",
            "facts": "robbed a bank",
            "valid_until": str(today + timedelta(days=90)),
        },
        "dossier": {
            "offence": "robbery",
            "basis": "prosecution",
            "max_penalty_months": 60,
            "document": {"id": "12/2026", "on": str(today), "authority": "District Court"},
            "extradition_assured": True,
            "refugee_check": "clear",
        },
    }


def test_a_notice_walks_its_whole_way(api: Api, given):
    """Each step by who may take it; the refusal of an incomplete one names what is missing."""
    drafter = api.as_("xar", "recorder")
    reviewer = api.as_("xar", "reviewer")
    dossier = {name: value for name, value in given["dossier"].items() if name != "offence"}
    made = drafter.post("/notices", {**given, "dossier": dossier})
    assert made.status_code == 201
    one = f"/notices/{made.json()['id']}"
    assert drafter.get(one).json()["blocked"] == ["offence"]
    assert drafter.post(f"{one}/submission").status_code == 403
    assert drafter.send("PUT", one, json=given).json()["state"] == "draft"
    assert drafter.post(f"{one}/submission").json()["state"] == "compliance_review"
    words = {"words": "which court?"}
    assert reviewer.post(f"{one}/return", words).json()["state"] == "draft"
    drafter.post(f"{one}/submission")
    assert drafter.post(f"{one}/approval", {}).status_code == 403
    assert reviewer.post(f"{one}/approval", {}).json()["state"] == "approved"
    assert drafter.post(f"{one}/publication").json()["state"] == "published"
    added = drafter.post(f"{one}/addenda", {"warnings": ["armed"], "words": "a witness"})
    assert added.json()["version"] == 2
    assert reviewer.post(f"{one}/suspension", words).json()["state"] == "suspended"
    assert reviewer.post(f"{one}/lifting", words).json()["state"] == "published"
    until = str(clock.today() + timedelta(days=120))
    assert reviewer.post(f"{one}/extension", {"until": until, **words}).json()["ends_on"] == until
    assert drafter.post(f"{one}/achievement", words).json()["state"] == "fulfilled"
    assert drafter.post(f"{one}/cancellation", words).json()["state"] == "cancelled"
    view = drafter.get(one).json()
    assert (view["possible"], view["history"][-1]["event"]) == ([], "cancel")
    assert len(drafter.get("/notices?state=cancelled").json()["items"]) == 1
    assert drafter.get("/received-notices").json()["items"] == []
    assert drafter.get("/overdue-notice-receipts").json() == []


def test_a_refusal_has_a_ground_and_is_appealed_once(api: Api, given):
    """To another reviewer."""
    drafter, reviewer = api.as_("xar", "recorder"), api.as_("xar", "reviewer")
    made = drafter.post("/notices", given).json()
    one = f"/notices/{made['id']}"
    drafter.post(f"{one}/submission")
    assert reviewer.post(f"{one}/refusal", {"words": "no"}).status_code == 422
    refusal = {"ground": "art3", "words": "political"}
    assert reviewer.post(f"{one}/refusal", refusal).json()["state"] == "refused"
    assert drafter.post(f"{one}/appeal", {"words": "robbery is not"}).status_code == 200
    assert reviewer.post(f"{one}/approval", {}).status_code == 403
    second = api.as_("xar", "supervisor")
    assert second.post(f"{one}/refusal", refusal).json()["state"] == "refused"
    assert drafter.post(f"{one}/appeal", {"words": "again"}).status_code == 409


def test_another_authority_finds_no_notice(api: Api, given):
    """The same answer as for what is not there (PR-09)."""
    made = api.as_("xar", "recorder").post("/notices", given).json()
    stranger = api.as_("xbo", "recorder")
    assert stranger.get(f"/notices/{made['id']}").status_code == 404
    assert stranger.get("/notices").json()["items"] == []


def test_a_secretariats_reviewer_sees_what_waits_and_nobody_else_does(api: Api, database):
    """What a case says; that of a node with which this one does not speak is not decided."""
    at = clock.now()
    case = Case(
        notice="ntc_1", rev=1, owner="xbo", form=NoticeForm.NOTICE, colour=NoticeType.RED,
        entity=reduced(person("Zahra Karimzadeh", birthDate="1971-05-02")),
        legal_basis="s. 1", purpose="wanted_or_missing_person", alert=alert(), dossier=Dossier(),
        audience=("*",), flags=frozenset(), is_urgent=False, is_appeal=False,
        confidentiality=Confidentiality.FOR_OFFICIAL_USE,
    )  # fmt: skip
    kept = KeptCase(
        notice="ntc_1", node="xbo", owner="xbo", rev=1, state=NoticeState.COMPLIANCE_REVIEW,
        case=case, confidentiality=0, is_urgent=False, flags=frozenset(), received_at=at,
        due_at=at, changed_at=at,
    )  # fmt: skip
    with database.begin() as tx:
        notice_cases.save(tx, kept)
    reviewer = api.as_("xar", "reviewer")
    [waiting] = reviewer.get("/notice-cases").json()["items"]
    assert (waiting["notice"], waiting["owner"]) == ("ntc_1", "xbo")
    shown = reviewer.get("/notice-cases/ntc_1").json()
    assert shown["entity"]["properties"]["birthDate"] == ["1971-05-02"]
    refused = {"ground": "art3", "words": "political"}
    for path, said in (("return", {"words": "?"}), ("refusal", refused), ("approval", {})):
        assert reviewer.post(f"/notice-cases/ntc_1/{path}", said).status_code == 409
    assert reviewer.get("/notice-cases/ntc_2").status_code == 404
    assert api.as_("xar", "recorder").get("/notice-cases").status_code == 403
