"""Reviews of records over HTTP."""

from __future__ import annotations

from datetime import timedelta

import pytest

from didban import clock
from didban.guard import erasing
from didban.model.retention import RetentionPolicy

WHY = "She is still wanted by the court of Arvand, warrant renewed."


@pytest.fixture
def record(api):
    """Return the identifier of a record whose time ends in 100 days, and of which was warned."""
    given = {
        "entity": {"schema": "Person", "properties": {"name": ["Zahra Karimzadeh"]}},
        "marking": {
            "purpose": "wanted_or_missing_person",
            "legal_basis": "Penal Code of Arvand, s. 12",
            "retention_until": (clock.today() + timedelta(days=100)).isoformat(),
        },
    }
    return api.as_("xar", "recorder").post("/records", given).json()["record"]["id"]


@pytest.fixture
def warned(api, record, tmp_path):
    """Return it after the duty has run."""
    path = tmp_path / "erased.jsonl"
    erasing.run_due(api.services.database, clock.now(), RetentionPolicy(), path)
    return record


def test_a_record_is_kept_by_another_person(api, warned):
    """It stands in the list of reviews until then; statistics count it."""
    reviewer = api.as_("xar", "reviewer")
    (review,) = reviewer.get("/retention/reviews").json()["items"]
    until = (clock.today() + timedelta(days=500)).isoformat()
    kept = reviewer.post(f"/records/{warned}/extension", {"until": until, "assessment": WHY})

    assert (review["record"], review["is_purpose_achieved"]) == (warned, False)
    assert kept.json() == {"record": warned, "version": 2, "retention_until": until}
    assert reviewer.get("/retention/reviews").json()["items"] == []
    (count,) = api.as_("xar", "supervisor").get("/retention/statistics").json()
    assert (count["decision"], count["count"]) == ("keep", 1)


def test_a_record_is_erased_after_a_review(api, warned):
    """Afterwards it is as if it had never been."""
    reviewer = api.as_("xar", "reviewer")
    assert (
        reviewer.post(f"/records/{warned}/erasure", {"assessment": WHY}).status_code,
        reviewer.post(f"/records/{warned}/erasure", {"assessment": WHY}).status_code,
        reviewer.get(f"/records/{warned}").status_code,
    ) == (204, 404, 404)


def test_an_achieved_purpose_is_justified(api, record):
    """Nothing is erased then."""
    told = api.as_("xar", "recorder").post(f"/records/{record}/achievement")
    reviewer = api.as_("xar", "reviewer")
    justified = reviewer.post(f"/records/{record}/justification", {"assessment": WHY})
    again = reviewer.post(f"/records/{record}/justification", {"assessment": WHY})

    assert told.json()["due_on"] == (clock.today() + timedelta(days=15)).isoformat()
    assert (justified.status_code, again.status_code) == (204, 409)


def test_who_recorded_decides_nothing(api, warned):
    """A recorder has no part in reviews, nor has another authority."""
    body = {"assessment": WHY}
    assert api.as_("xar", "recorder").post(f"/records/{warned}/erasure", body).status_code == 403
    assert api.as_("xbo", "reviewer").post(f"/records/{warned}/erasure", body).status_code == 403
