"""Screen 29: a person asks about their data, the owners answer, somebody else decides."""

from __future__ import annotations

import re

import pytest

from bank_help import alert, marking, person
from didban import clock
from didban.guard import corrections, sealing
from didban.intake import bank

PURPOSE = "wanted_or_missing_person"


@pytest.fixture
def officer(pages):
    """Return the data protection officer of Arvand."""
    return pages.as_("xar", "data_protection_officer")


def _received(officer, kind="access"):
    sent = {"kind": kind, "names": "زهرا کریم‌زاده\nZahra Karimzadeh", "language": "fa"}
    made = officer.send("/subject-requests", contact="3 Harbour Road", **sent)
    return re.search(r"(req_\w+)", made.location)[1]  # type: ignore[index]


def test_a_request_goes_from_the_letter_that_comes_to_the_letter_that_goes(pages, api, officer):
    """Every owner answers for its own; who asked does not decide; the letter is in Persian."""
    recorder = pages.as_("xar", "recorder", purpose=PURPOSE)
    with api.database.begin() as tx:
        kept = bank.report(tx, recorder.who, person(), marking(), alert("locate", "missing"))
    assert officer.send("/subject-requests", kind="access").status == 422
    request = _received(officer)
    where = f"/subject-requests/{request}"
    page = officer.get(where)
    assert "Zahra Karimzadeh" in page.text
    assert "Legal deadlines" in page.text

    officer.send(f"{where}/acknowledgement")
    assert officer.send(f"{where}/proof").status == 422
    officer.send(f"{where}/proof", proof="in_person")
    asked = officer.follow(officer.send(f"{where}/step", step="scope"))
    assert "What the owners say of their own records" in asked.text
    assert officer.send(f"{where}/step", step="consult").status == 409

    for code in ("xar", "xbo"):
        reviewer = pages.as_(code, "reviewer", purpose=PURPOSE)
        [link] = [one for one in reviewer.get("/subject-questions").links() if request in one]
        question = link.removeprefix("/desk")
        assert reviewer.send(question, finding="withhold", records="rec_1").status == 422
        holds = {"finding": "disclose", "records": kept.id} if code == "xar" else {}
        done = reviewer.send(question, **(holds or {"finding": "nothing"}))
        assert "Your answer is given." in reviewer.follow(done).text

    officer.send(f"{where}/step", step="consult")
    assert officer.send(f"/subject-cases/{request}", answer="access_full").status == 403
    supervisor = pages.as_("xar", "supervisor", purpose=PURPOSE)
    assert f"/desk/subject-cases/{request}" in supervisor.get("/subject-cases").links()
    fitting = supervisor.get(f"/subject-cases/{request}").all(".//input[@name='answer']")
    assert [one.get("value") for one in fitting] == ["access_full"]
    supervisor.send(f"/subject-cases/{request}", answer="access_full")

    letter = officer.follow(officer.send(f"{where}/notification"))
    assert "به درخواست شما رسیدگی شد" in letter.text
    enclosed = officer.send(f"{where}/enclosure")
    assert "Zahra Karimzadeh" in enclosed.response.body.decode()
    officer.send(f"{where}/step", step="close")
    assert "There is no such request." in officer.get("/subject-requests").text
    assert request in " ".join(officer.get("/subject-requests", state="closed").links())


@pytest.mark.parametrize("language", ["en", "fa", "ar", "ru"])
def test_requests_are_read_in_every_language(pages, language):
    """The list, a request, and the form on which one is entered."""
    officer = pages.as_("xar", "data_protection_officer", language=language)
    request = _received(officer, "deletion")

    assert officer.get("/subject-requests/new").status == 200
    assert officer.get(f"/subject-requests/{request}").status == 200
    assert f"/desk/subject-requests/{request}" in officer.get("/subject-requests").links()


def test_who_had_read_a_record_follows_its_correction(pages, api):
    """The notice comes by itself and waits until somebody acknowledges it (PR-47)."""
    recorder = pages.as_("xar", "recorder", purpose=PURPOSE)
    with api.database.begin() as tx:
        kept = bank.report(tx, recorder.who, person(), marking(), alert("locate", "missing"))
    other = pages.as_("xbo", "second_line", purpose=PURPOSE)
    other.get(f"/records/{kept.id}")
    sent = {"version": 1, "ground": "error", "reason": "entered twice"}
    recorder.send(f"/records/{kept.id}/withdraw", **sent)
    sealing.seal_all(api.database)
    corrections.run_due(api.database, clock.now())

    page = other.get("/received-corrections")
    assert kept.id in page.text
    [action] = [
        one.get("action").removeprefix("/desk")
        for one in page.all(".//main//form")
        if "received" in one.get("action", "")
    ]
    assert "The correction is acknowledged." in other.follow(other.send(action)).text
