"""Screen 28: records whose time ends are kept or deleted, one by one, by another person."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bank_help import alert, marking, person
from didban import clock
from didban.guard import erasing
from didban.intake import bank
from didban.model.retention import RetentionPolicy

PURPOSE = "wanted_or_missing_person"
WORDS = "The search for her goes on in two provinces."


@pytest.fixture
def recorder(pages):
    """Return somebody who enters records of Arvand."""
    return pages.as_("xar", "recorder", purpose=PURPOSE)


@pytest.fixture
def ending(api, recorder, tmp_path):
    """Return a record whose time ends in two months, and of which its owner was warned."""
    soon = clock.today() + timedelta(days=60)
    with api.database.begin() as tx:
        said = marking(retention_until=soon)
        kept = bank.report(tx, recorder.who, person(), said, alert("locate", "missing"))
    erasing.run_due(api.database, clock.now(), RetentionPolicy(), tmp_path / "erased")
    return kept


@pytest.mark.parametrize("language", ["en", "fa", "ar", "ru"])
def test_a_record_is_kept_after_an_assessment_of_its_own(pages, ending, language):
    """Nothing is chosen before; a day and a sentence are needed; who entered it cannot keep it."""
    reviewer = pages.as_("xar", "reviewer", purpose=PURPOSE, language=language)
    assert f"/desk/retention/{ending.id}" in reviewer.get("/retention").links()
    page = reviewer.get(f"/retention/{ending.id}")
    assert [one for one in page.all(".//input") if "checked" in one.attrib] == []

    short = reviewer.send(f"/retention/{ending.id}", choice="keep", assessment="keep")
    assert short.status == 422
    later = str(clock.today() + timedelta(days=700))
    sent = {"choice": "keep", "until": later, "assessment": WORDS}
    kept = reviewer.send(f"/retention/{ending.id}", **sent)
    assert f"/desk/retention/{ending.id}" not in reviewer.follow(kept).links()


def test_a_record_that_is_not_needed_is_deleted_with_a_certificate(pages, recorder, ending):
    """It is asked for once more; then the record is gone, and a page to print says so."""
    reviewer = pages.as_("xar", "reviewer", purpose=PURPOSE)
    asked = reviewer.send(f"/retention/{ending.id}", choice="delete", assessment=WORDS)
    assert "It cannot be undone." in asked.text
    assert recorder.get(f"/records/{ending.id}").status == 200

    gone = reviewer.send(f"/retention/{ending.id}/erase", assessment=WORDS)
    assert gone.heading == "Certificate of deletion"
    assert ending.id in gone.text
    assert recorder.get(f"/records/{ending.id}").status == 404


def test_a_purpose_that_is_achieved_is_justified_or_the_record_goes(pages, recorder, ending):
    """Its owner says so, and a reviewer answers within fifteen days (PR-33)."""
    reviewer = pages.as_("xar", "reviewer", purpose=PURPOSE)
    early = reviewer.send(f"/retention/{ending.id}", choice="justify", assessment=WORDS)
    assert early.status == 409
    recorder.send(f"/records/{ending.id}/achieved", version=1)
    assert "its purpose is achieved" in reviewer.get("/retention").text
    said = reviewer.send(f"/retention/{ending.id}", choice="justify", assessment=WORDS)
    assert "The record is justified, and stays." in reviewer.follow(said).text

    supervisor = pages.as_("xar", "supervisor", purpose=PURPOSE)
    assert "Keep, although its purpose is achieved" in supervisor.get("/quality/retention").text
