"""The audit, the rights of persons and oversight over HTTP: parsed, done, shaped."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from api_help import Api
from bank_help import actor, authority, marking, person
from didban import clock
from didban.guard import checkpoints, corrections, sealing
from didban.guard.checkpoints import Verifier
from didban.guard.merkle import is_included, leaf_hash
from didban.guard.secrets import Secrets
from didban.intake import bank
from didban.store import node
from didban.store.node import NodeRow
from rights_help import TERMS, corrected

OFFICER = "data_protection_officer"


@pytest.fixture
def api(database, tmp_path, hand_clock) -> Api:
    """Return the interface of a node whose host is `xar`."""
    Secrets(tmp_path).make()
    made = Api(database, Secrets(tmp_path))
    with database.begin() as tx:
        for code in ("xar", "xbo"):
            authority(tx, code)
        node.add(tx, NodeRow(host="xar", is_training=True, made_at=clock.now()))
    return made


@pytest.fixture
def record(api):
    """Return a record of another owner, which an officer of the host has seen."""
    with api.database.begin() as tx:
        held = bank.report(tx, actor("xbo"), person(), marking("xbo"))
        bank.read(tx, actor("xar", "second_line"), held.id)
    return held


def ok(response, status: int = 200):
    """Return the body of an answer that must be good."""
    assert response.status_code == status, response.body
    return response.json()


def signed(api) -> str:
    """Sign everything that was entered."""
    with api.database.begin() as tx:
        signer = checkpoints.signer_of(tx, api.services.secrets)
    return checkpoints.make(api.database, signer)


def test_entries_are_read_page_by_page_and_proven(api, record):
    """What is proven over HTTP holds against the checkpoint and key that HTTP gives."""
    watcher = api.as_("xar", OFFICER)
    signed(api)
    page = ok(watcher.get("/audit/entries?limit=1"))
    entry = page["items"][0]
    following = ok(watcher.get(f"/audit/entries?limit=1&cursor={page['next_cursor']}"))
    assert following["items"][0]["number"] < entry["number"]
    assert entry["deed"] == "record.viewed"

    told = ok(watcher.get("/audit/checkpoint"))
    assert Verifier.from_text(told["key"]).is_signed(told["checkpoint"])
    proof = ok(watcher.get(f"/audit/entries/{entry['number']}/proof"))
    checkpoint = checkpoints.read(proof["checkpoint"])
    packed = json.dumps(
        {"form": 1, **proof["entry"]}, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    leaf = leaf_hash(packed.encode())
    hashes = [bytes.fromhex(text) for text in proof["hashes"]]
    assert is_included(leaf, proof["leaf"], checkpoint.size, hashes, checkpoint.root)
    growth = ok(watcher.get("/audit/growth?old=1"))
    assert growth["checkpoint"] == told["checkpoint"]


def test_sight_is_played_again(api, record):
    """With the content of that moment."""
    given = {
        "user": "usr_xar",
        "since": (clock.now() - timedelta(hours=1)).isoformat(),
        "until": (clock.now() + timedelta(hours=1)).isoformat(),
    }
    sights = ok(api.as_("xar", OFFICER).post("/audit/reconstructions", given))
    assert [sight["record"] for sight in sights] == [record.id]
    assert "Karimzadeh" in str(sights[0]["shown"])


def test_the_use_report_waits_for_its_month(api, record, hand_clock):
    """A conflict until then, not an empty report."""
    chief = api.as_("xbo", "supervisor")
    month = clock.today().isoformat()
    assert chief.get(f"/audit/use?month={month}").status_code == 409
    assert chief.get("/audit/use?month=9999-12-31").status_code == 409
    hand_clock.now += timedelta(days=31 + TERMS.use_delay_days + 1)
    report = ok(api.as_("xbo", "supervisor", user="usr_later").get(f"/audit/use?month={month}"))
    assert (report["documents"], report["counts"]) == ([], [])


def test_a_request_goes_from_letter_to_letter(api, record):
    """Two officers, one reviewer of each owner."""
    first = api.as_("xar", OFFICER, user="usr_dpo1")
    second = api.as_("xar", OFFICER, user="usr_dpo2")
    given = {
        "kind": "access",
        "subject": {"names": ["Zahra Karimzadeh"], "contact": "Box 7"},
        "language": "ru",
    }
    new = ok(first.post("/subject-requests", given), 201)
    place = f"/subject-requests/{new['id']}"
    ok(first.post(f"{place}/acknowledgement"))
    ok(first.post(f"{place}/proof", {"proof": "notary"}))
    ok(first.post(f"{place}/steps", {"step": "scope"}))
    for code, finding, meant in (("xar", "nothing", []), ("xbo", "disclose", [record.id])):
        reviewer = api.as_(code, "reviewer")
        (asked,) = ok(reviewer.get("/subject-questions"))
        assert asked["subject"]["names"] == ["Zahra Karimzadeh"]
        said = {"finding": finding, "records": meant}
        ok(reviewer.post(f"/subject-questions/{new['id']}/answer", said))
    ok(first.post(f"{place}/steps", {"step": "consult"}))
    assert first.post(f"{place}/decision", {"answer": "access_full"}).status_code == 403
    assert second.post(f"{place}/decision", {"answer": "refused"}).status_code == 409
    ok(second.post(f"{place}/decision", {"answer": "access_full"}))
    letter = ok(first.post(f"{place}/notification"))
    assert "рассмотрен" in letter["letter"]
    assert ok(first.get(f"{place}/enclosure"))["records"][0]["id"] == record.id
    assert ok(first.get(place))["request"]["state"] == "notified"
    assert ok(second.get(f"{place}/case"))["consultations"][1]["owner"] == "xbo"
    assert len(ok(first.get("/subject-requests"))["items"]) == 1
    ok(first.post(f"{place}/steps", {"step": "close"}))
    assert ok(first.get("/subject-requests"))["items"] == []


def test_a_correction_is_told_and_acknowledged(api, record):
    """The desk that had seen the record reads it."""
    with api.database.begin() as tx:
        corrected(tx, record)
    sealing.seal_all(api.database)
    corrections.run_due(api.database, clock.now())
    desk = api.as_("xar", "second_line")
    (notice,) = ok(desk.get("/corrections"))["items"]
    assert notice["record"] == record.id
    assert ok(desk.post(f"/corrections/{notice['id']}/acknowledgement"))["acknowledged_by"]
    assert desk.post("/corrections/cor_none/acknowledgement").status_code == 404


def test_the_register_of_assessments(api, record):
    """Entered, listed, overcome by an assurance that another person accepts."""
    given = {
        "partner": "xbo",
        "harm": "torture",
        "verdict": "assurances",
        "reason": "Reports of two years.",
        "review_due": (clock.today() + timedelta(days=100)).isoformat(),
    }
    ok(api.as_("xar", OFFICER).post("/assessments", given), 201)
    desk = api.as_("xar", "liaison_officer", user="usr_liaison")
    assert [one["version"] for one in ok(desk.get("/assessments"))] == [1]
    assert [one["version"] for one in ok(desk.get("/assessments?partner=xbo"))] == [1]
    promise = {
        "partner": "xbo",
        "harm": "torture",
        "record": record.id,
        "words": "Note 17.",
        "valid_until": (clock.today() + timedelta(days=30)).isoformat(),
    }
    made = ok(desk.post("/assurances", promise), 201)
    chief = api.as_("xar", "supervisor", user="usr_chief")
    assert ok(chief.post(f"/assurances/{made['id']}/acceptance"))["accepted_at"]
    assert desk.post(f"/assurances/{made['id']}/acceptance").status_code == 403


def test_oversight_suspends_asks_and_lifts(api, record):
    """The owner answers; nobody else sees the question."""
    inspector = api.as_("xar", "inspector")
    given = {"record": record.id, "words": "Art. 3?"}
    asked = ok(inspector.post("/oversight/suspensions", given), 201)
    owner = api.as_("xbo", "reviewer")
    assert [one["id"] for one in ok(owner.get("/oversight/questions"))] == [asked["id"]]
    assert ok(api.as_("xar", "reviewer").get("/oversight/questions")) == []
    ok(owner.post(f"/oversight/questions/{asked['id']}/answer", {"words": "A robbery."}))
    place = f"/oversight/suspensions/{asked['id']}/outcome"
    assert ok(inspector.post(place, {"outcome": "lifted"}))["answer"] == "A robbery."
    assert len(ok(inspector.get("/oversight/suspensions"))) == 1


def test_reports_of_oversight(api, record):
    """The equal-criteria report and a run of the control desk, signed."""
    signed(api)
    inspector = api.as_("xar", "inspector")
    assert ok(inspector.get("/oversight/equality")) == {"tallies": [], "divergences": []}
    run = ok(inspector.post("/oversight/control-runs"), 201)
    assert run["is_whole"], run["report"]
    key = ok(inspector.get("/audit/checkpoint"))["key"]
    assert Verifier.from_text(key).is_signed(run["report"]["note"])
