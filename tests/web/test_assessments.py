"""What is held of partners is entered by one person, and their promises accepted by another."""

from __future__ import annotations

from datetime import timedelta

import pytest

from didban import clock

LATER = str(clock.today() + timedelta(days=90))


@pytest.mark.parametrize("language", ["en", "fa", "ar", "ru"])
def test_an_assessment_is_entered_and_read_with_its_versions(pages, language):
    """The verdict is not chosen before; a review that lies behind us is refused."""
    officer = pages.as_("xar", "data_protection_officer", language=language)
    form = officer.get("/new-assessment")
    assert [one for one in form.all(".//input") if "checked" in one.attrib] == []
    said = {"partner": "xbo", "harm": "torture", "reason": "Report of the committee, 2025."}
    assert officer.send("/new-assessment", **said, verdict="barred").status == 422

    done = officer.send("/new-assessment", **said, verdict="assurances", review_due=LATER)
    assert "Report of the committee, 2025." in officer.follow(done).text
    officer.send("/new-assessment", **said, verdict="barred", review_due=LATER)
    assert len(officer.get("/assessments/xbo").all(".//main//tbody/tr")) == 2


def test_an_assurance_counts_once_another_person_accepted_it(pages):
    """Who entered it sees no button, and cannot press it."""
    liaison = pages.as_("xar", "liaison_officer", "supervisor")
    said = {"partner": "xbo", "harm": "torture", "record": "rec_1", "words": "No such thing."}
    assert liaison.send("/assurances", **said).status == 422
    entered = liaison.follow(liaison.send("/assurances", **said, valid_until=LATER))
    assert "waits for a second person" in entered.text

    supervisor = pages.as_("xar", "supervisor")
    [action] = [
        one.get("action").removeprefix("/desk")
        for one in supervisor.get("/assessments").all(".//main//form")
        if "/assurances/" in one.get("action", "")
    ]
    assert liaison.send(action).status == 403
    assert "is accepted" in supervisor.follow(supervisor.send(action)).text
