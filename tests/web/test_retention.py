"""Screen 28: records whose time ends are kept or deleted, one by one, by another person."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from bank_help import alert, marking, passport, person
from didban import clock
from didban.guard import checkpoints, erasing
from didban.intake import bank
from didban.model.retention import RetentionPolicy, sample_size
from didban.store import node as node_row
from didban.store.node import NodeRow

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


def test_a_record_that_is_not_needed_is_deleted_with_a_certificate(
    pages, recorder, ending, api, node_secrets
):
    """It is asked for once more; then the record is gone, and the audit log proves it at any time."""
    reviewer = pages.as_("xar", "reviewer", purpose=PURPOSE)
    asked = reviewer.send(f"/retention/{ending.id}", choice="delete", assessment=WORDS)
    assert "It cannot be undone." in asked.text
    assert recorder.get(f"/records/{ending.id}").status == 200

    gone = reviewer.follow(reviewer.send(f"/retention/{ending.id}/erase", assessment=WORDS))
    assert gone.heading == "Certificate of deletion"
    assert ending.id in gone.text
    assert WORDS not in gone.text
    assert recorder.get(f"/records/{ending.id}").status == 404
    assert f"/desk/certificates/{ending.id}" in reviewer.get("/certificates").links()

    file = f"/certificates/{ending.id}/file"
    young = json.loads(reviewer.get(file).response.body)
    assert young["proof"] is None
    with api.database.begin() as tx:
        node_row.add(tx, NodeRow(host="xar", is_training=True, made_at=clock.now()))
    checkpoints.run_due(api.database, clock.now(), secrets=node_secrets)
    proof = json.loads(reviewer.get(file).response.body)["proof"]
    assert proof["entry"]["deed"] == "record.erased"
    assert proof["entry"]["subject"] == ending.id


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


@pytest.fixture
def lost(api, recorder, tmp_path):
    """Return twelve lost passports whose time ends in two months, of which their owner was warned."""
    soon = clock.today() + timedelta(days=60)
    with api.database.begin() as tx:
        said = marking(retention_until=soon)
        kept = [
            bank.report(tx, recorder.who, passport(f"A10203{n:02}"), said).id for n in range(12)
        ]
    erasing.run_due(api.database, clock.now(), RetentionPolicy(), tmp_path / "erased")
    return kept


def test_many_are_decided_together_after_a_sample_was_looked_at(pages, lost, ending, api):
    """The node draws; one that is wrong ends it; nothing is chosen before; persons stay apart."""
    reviewer = pages.as_("xar", "reviewer", purpose=PURPOSE)
    page = reviewer.get("/retention")
    assert [one for one in page.all(".//input") if "checked" in one.attrib] == []
    later = str(clock.today() + timedelta(days=700))
    keep = {"choice": "keep", "until": later, "assessment": WORDS}
    assert reviewer.send("/retention-batch", **keep, record=[]).status == 422
    assert reviewer.send("/retention-batch", **keep, record=[ending.id, *lost]).status == 422

    drawn = reviewer.follow(reviewer.send("/retention-batch", **keep, record=lost))
    sample = [link for link in drawn.links() if "/retention-batch/" in link]
    assert len(set(sample)) == sample_size(len(lost))
    assert reviewer.send("/retention-batch-confirmed").status == 409
    first = set(sample).pop().removeprefix("/desk")
    assert reviewer.send(first).status == 422
    wrong = reviewer.follow(reviewer.send(first, is_right="no"))
    assert "nothing was decided" in wrong.text
    assert f"/desk/retention/{lost[0]}" in wrong.links()

    reviewer.send("/retention-batch", choice="delete", assessment=WORDS, record=lost)
    seen = reviewer.get("/retention-batch")
    for link in sorted({one for one in seen.links() if "/retention-batch/" in one}):
        assert reviewer.send(link.removeprefix("/desk"), is_right="yes").status == 303
    done = reviewer.follow(reviewer.send("/retention-batch-confirmed"))
    assert "entered in the audit log by itself" in done.text
    gone = [one for one in reviewer.get("/certificates").links() if "/certificates/" in one]
    assert len(set(gone)) == len(lost)


def test_the_sample_shows_one_wrong_in_ten():
    """All of ten or fewer are looked at; of more, so many that a tenth gone wrong would show."""
    assert [sample_size(count) for count in (1, 10, 50, 100, 200)] == [1, 10, 22, 25, 27]
