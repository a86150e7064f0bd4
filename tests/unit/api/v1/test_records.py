"""Records over HTTP: what goes in comes out for whom it may, and its life goes its way."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from didban import clock

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


def given(name: str = "Zahra Karimzadeh", **more) -> dict[str, Any]:
    """Return a record about an invented person as it is sent."""
    return {
        "entity": {"schema": "Person", "properties": {"name": [name], "birthDate": ["1971-05-02"]}},
        "marking": {
            "purpose": "wanted_or_missing_person",
            "legal_basis": "Penal Code of Arvand, s. 12",
            "retention_until": (clock.today() + timedelta(days=365)).isoformat(),
            **more.pop("marking", {}),
        },
        **more,
    }


def paper(number: str = "A12345678", **more) -> dict[str, Any]:
    """Return a stolen passport as it is sent."""
    return {"number": number, "issuer": "XAR", "type": "P", "status": "stolen", **more}


@pytest.fixture
def recorder(api):
    """Return a recorder of Arvand."""
    return api.as_("xar", "recorder")


@pytest.fixture
def reported(recorder) -> dict[str, Any]:
    """Return a record that was just reported."""
    answer = recorder.post(
        "/records", given(alert={"action_requested": "arrest", "person_status": "charged"})
    )
    assert answer.status_code == 201, answer.body
    record: dict[str, Any] = answer.json()["record"]
    return record


def test_a_record_is_reported_and_read(api, recorder, reported):
    """The owner reads it back; a desk of another authority sees what it asks."""
    own = recorder.get(f"/records/{reported['id']}").json()
    other = api.as_("xbo", "second_line").get(f"/records/{reported['id']}").json()

    assert own == reported
    assert own["action"] == {"requested": "arrest", "asks_first_line": True}
    assert other["identity"]["properties"]["name"] == ["Zahra Karimzadeh"]


def test_every_fault_is_named_by_its_place(recorder):
    """At once, and without what was sent."""
    wrong = given(alert={"action_requested": "arrest"})
    wrong["entity"]["properties"] |= {"birthDate": ["soon"], "religion": ["x"]}
    answer = recorder.post("/records", wrong)

    assert answer.status_code == 422
    assert {fault["pointer"] for fault in answer.json()["errors"]} == {
        "/entity/properties/birthDate/0",
        "/entity/properties/religion",
        "/alert/person_status",
    }
    assert b"soon" not in answer.body


def test_a_correction_needs_the_version_that_was_read(recorder, reported):
    """Who is late is told 409; both versions are kept."""
    body = {"record": given("Zahra Karimi"), "expected_version": 1, "reason": "misspelt"}
    path = f"/records/{reported['id']}"

    assert recorder.post(f"{path}/corrections", body).json()["version"] == 2
    assert recorder.post(f"{path}/corrections", body).status_code == 409
    versions = recorder.get(f"{path}/versions").json()
    assert [(v["version"], v["reason"]) for v in versions] == [(1, ""), (2, "misspelt")]
    then = recorder.get(f"{path}/as-of?recorded_at={versions[0]['recorded_at'][:-1]}Z").json()
    assert then["record"]["identity"]["caption"] == "Zahra Karimzadeh"


def test_only_the_owner_changes_it(api, reported):
    """PR-07 over HTTP."""
    other = api.as_("xbo", "recorder")
    body = {"ground": "error", "reason": "not ours", "expected_version": 1}
    answer = other.post(f"/records/{reported['id']}/withdrawals", body)

    assert (answer.status_code, answer.json()["reasons"]) == (403, ["not_owner"])


def test_what_was_withdrawn_is_its_owners_alone(api, recorder, reported):
    """For others it answers like what never was."""
    body = {"ground": "error", "reason": "wrong person", "expected_version": 1}
    path = f"/records/{reported['id']}"
    assert recorder.post(f"{path}/withdrawals", body).json()["status"]["state"] == "withdrawn"
    other = api.as_("xbo", "second_line")
    gone, never = other.get(path), other.get("/records/rec_never")

    assert recorder.get(path).status_code == 200
    assert gone.status_code == never.status_code == 404
    assert gone.json()["detail"] == never.json()["detail"]


def test_a_refused_person_is_recognised_when_submitted_again(api, recorder, reported):
    """By any owner: the earlier refusal is shown, and nothing is asked (PR-57)."""
    body = {"ground": "unlawful", "reason": "no basis", "expected_version": 1}
    recorder.post(f"/records/{reported['id']}/withdrawals", body)
    again = (
        api.as_("xbo", "recorder")
        .post(
            "/records",
            given(
                "KARIMZADEH, Zahra",
                alert={"action_requested": "locate", "person_status": "suspect"},
            ),
        )
        .json()
    )

    assert again["state"] == "suspended"
    assert [each["ground"] for each in again["earlier_refusals"]] == ["unlawful"]
    assert again["record"]["action"]["asks_first_line"] is False


def test_a_dispute_is_shown_until_it_is_decided(api, recorder, reported):
    """And its owner finds it in the list of what is due."""
    path = f"/records/{reported['id']}"
    other = api.as_("xbo", "second_line")
    raised = other.post(f"{path}/disputes", {"by": "holder", "ground": "It is my twin."}).json()

    assert other.get(path).json()["notes"] == ["disputed"]
    assert [d["id"] for d in recorder.get("/disputes").json()["items"]] == [raised["id"]]
    decided = {"decision": "uphold", "answer": "Prints agree.", "expected_version": 2}
    assert recorder.post(f"{path}/dispute-decisions", decided).status_code == 200
    assert "notes" not in other.get(path).json()
    assert other.get(f"{path}/disputes").json()[0]["answer"] == "Prints agree."


def test_counter_evidence_travels_with_the_record(api, reported):
    """Whoever reads the record reads it (PR-48)."""
    path = f"/records/{reported['id']}"
    api.as_("xbo", "second_line").post(f"{path}/counter-evidence", {"text": "He was abroad."})
    read = api.as_("xca", "liaison_officer", purpose="criminal_investigation").get(path).json()

    assert [each["text"] for each in read["counter_evidence"]] == ["He was abroad."]


def test_a_status_event_suspends_until_another_person_reviewed_it(api, recorder, reported):
    """PR-15, PR-28."""
    path = f"/records/{reported['id']}"
    event = {"event": "charges_dropped", "reason": "court order 7", "expected_version": 1}
    suspended = recorder.post(f"{path}/status-events", event).json()
    due = api.as_("xar", "reviewer").get("/reviews").json()["items"]
    assert [(each["record"], each["cause"]) for each in due] == [(reported["id"], "status_changed")]
    review = {"cause": "status_changed", "reason": "charges renewed", "expected_version": 2}

    assert suspended["action"]["asks_first_line"] is False
    assert recorder.post(f"{path}/reviews", review).status_code == 403
    lifted = api.as_("xar", "reviewer").post(f"{path}/reviews", review).json()
    assert lifted["action"]["requested"] == "arrest"


def test_blanks_are_found_after_a_second_person_validated_them(api, recorder):
    """And the range is shown as it was reported."""
    blanks = paper("B0000001", number_to="B0005000", status="stolen_blank")
    body = {"documents": [blanks], "marking": given()["marking"]}
    made = recorder.post("/documents", body).json()
    other = api.as_("xbo", "second_line", purpose="document_fraud")

    assert [each["state"] for each in made] == ["reported"]
    assert other.get(f"/records/{made[0]['id']}").status_code == 404
    waiting = api.as_("xar", "reviewer").get("/documents/validations").json()["items"]
    assert [each["id"] for each in waiting] == [made[0]["id"]]
    validation = {"records": [made[0]["id"]]}
    assert recorder.post("/documents/validations", validation).status_code == 403
    assert api.as_("xar", "reviewer").post("/documents/validations", validation).status_code == 200
    read = other.get(f"/records/{made[0]['id']}").json()
    assert read["identity"]["documents"] == [
        {"number": "B0000001", "number_to": "B0005000", "issuer": "xar", "type": "P",
         "status": "stolen_blank"}
    ]  # fmt: skip


def test_a_returned_document_is_found_no_more(api, recorder):
    """Until it is declared invalid, which asks nothing."""
    body = {"documents": [paper()], "marking": given()["marking"]}
    record_id = recorder.post("/documents", body).json()[0]["id"]
    other = api.as_("xbo", "second_line")
    assert other.get(f"/records/{record_id}").json()["action"]["requested"] == "seize"

    recorder.post(f"/records/{record_id}/recoveries", {"expected_version": 1})
    assert other.get(f"/records/{record_id}").status_code == 404
    recorder.post(f"/records/{record_id}/invalidations", {"expected_version": 2})
    read = other.get(f"/records/{record_id}").json()
    assert read["notes"] == ["invalid", "information_only"]


def test_a_photo_is_attached_shown_and_removed(api, recorder, reported):
    """It comes back byte for byte."""
    path = f"/records/{reported['id']}/attachments"
    headers = {"content-type": "image/png"}
    made = recorder.send("POST", f"{path}?role=portrait", content=PNG, headers=headers).json()
    other = api.as_("xbo", "second_line")
    got = other.get(f"{path}/{made['id']}")

    assert (got.body, got.headers["content-type"]) == (PNG, "image/png")
    assert got.headers["content-disposition"] == "attachment"
    assert other.get(f"/records/{reported['id']}").json()["photos"] == [made["id"]]
    assert recorder.send("DELETE", f"{path}/{made['id']}").status_code == 204
    assert other.get(f"{path}/{made['id']}").status_code == 404


def test_a_script_is_no_photo(recorder, reported):
    """What it is, its first bytes say."""
    path = f"/records/{reported['id']}/attachments?role=portrait"
    answer = recorder.send("POST", path, content=b"<svg/>", headers={"content-type": "image/png"})

    assert answer.status_code == 422
