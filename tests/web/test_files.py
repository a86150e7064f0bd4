"""Files and records as they are read: values with their sources, doubts first, by role."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bank_help import actor, alert, draft_of, marking, passport, person
from casework_help import CLERK, scene
from didban.analysis import person_files
from didban.intake import attachments, bank
from didban.intake.attachments import File
from didban.model.attachments import AttachmentRole
from didban.model.marking import Handling
from didban.model.person_files import Judgement
from didban.model.records import Record

_PNG = b"\x89PNG\r\n\x1a\n" + bytes(32)
_BIRTH = "1971-05-02"


@pytest.fixture
def known(api):
    """Return identifiers of two records about one woman, judged the same, and of her passport."""
    analyst = actor("xar", "analyst")
    with api.database.begin() as tx:
        own = bank.report(
            tx,
            actor("xar"),
            person("زهرا کریم‌زاده", birthDate=_BIRTH, nationality="xar", height="171"),
            marking("xar"),
            alert("locate", "missing"),
        )
        hers = person("Zahra Karimzadeh", birthDate="1972-05-02")
        theirs = bank.report(tx, actor("xbo"), hers, marking("xbo"))
        paper = passport("A12345678")
        held = replace(paper, properties={"holder": (own.id,)})
        kept = bank.report(tx, actor("xar"), held, marking("xar"))
        event = Record(
            id="rec_event000000000000000001",
            schema="Event",
            caption="Crossing at Dara",
            properties={"name": ("Crossing at Dara",), "involved": (own.id,), "date": ("2025-03",)},
        )
        bank.report(tx, actor("xar"), event, marking("xar"))
        photo = File(content=_PNG, role=AttachmentRole.PORTRAIT, title="At the gate")
        attachments.attach(tx, actor("xar"), own.id, photo)
        person_files.judge(
            tx, analyst, own.id, theirs.id, Judgement.SAME, "same scar, same parents"
        )
    return own.id, theirs.id, kept.id


@pytest.mark.parametrize("language", ["en", "fa"])
def test_a_file_shows_each_value_with_who_says_it(pages, known, language):
    """Nothing is merged: what owners say differently stands side by side (PR-24)."""
    own, theirs, paper = known
    desk = pages.as_("xar", "second_line", language=language)

    page = desk.get(f"/files/{own}")

    assert page.status == 200
    assert "زهرا کریم‌زاده" in page.heading
    assert _BIRTH in page.text
    assert "1972-05-02" in page.text
    assert {f"/desk/records/{own}", f"/desk/records/{theirs}"} <= set(page.links())
    [photo] = page.all(".//main//img")
    assert photo.get("src", "").startswith(f"/desk/records/{own}/attached/")
    picture = desk.get(photo.get("src", "").removeprefix("/desk"))
    assert picture.response.body == _PNG
    assert picture.response.headers["content-type"] == "image/png"
    keys = {one.get("data-key") for one in page.all(".//main//a")}
    assert {"Digit1", "Digit7", "KeyL", "KeyT"} <= keys
    for tab, says in {
        "documents": "At the gate",
        "links": paper,
        "events": "Crossing at Dara",
        "decisions": "same scar, same parents",
        "history": f"/desk/records/{theirs}/statements",
    }.items():
        assert says in desk.get(f"/files/{own}", tab=tab).response.body.decode()


def test_doubts_and_disagreement_are_said_in_words(pages, known):
    """Owners disagree about the birth date; Arvand asks to locate her."""
    page = pages.as_("xar", "analyst").get(f"/files/{known[0]}")

    assert "owners disagree" in page.text
    assert "Arvand H0 Find out where the person is" in page.text
    assert "Documents (1)" in page.text
    assert "Events (1)" in page.text


def test_a_document_file_shows_its_number_as_a_machine_reads_it(pages, known):
    """Who holds it is one link away; where it turned up, its owner alone learns (PR-38)."""
    own, _, paper = known

    mine = pages.as_("xar", "second_line").get(f"/records/{paper}")
    uses = pages.as_("xar", "second_line").get(f"/records/{paper}/uses")
    foreign = pages.as_("xbo", "second_line").get(f"/records/{paper}/uses")
    series = pages.as_("xar", "second_line").get(f"/records/{paper}/series")

    assert "A123456784" in mine.text
    assert "Stolen" in mine.text
    assert f"/desk/files/{own}" in mine.links()
    assert "It has not turned up anywhere." in uses.text
    assert "its owner alone learns" in foreign.text
    assert "looked for by a supervisor" in series.text


def test_the_first_line_reads_what_it_needs_and_no_file(pages, known):
    """The field matrix of PR-02 holds on pages, too."""
    desk = pages.as_("xar", "first_line")

    page = desk.get(f"/records/{known[0]}")

    assert page.status == 200
    assert "Marking" not in page.text
    assert desk.get(f"/files/{known[0]}").status == 403
    assert desk.get(f"/records/{known[0]}/statements").status == 403


def test_conditions_are_read_before_anything_else(pages, api, known):
    """What H3 says is acknowledged in the version that was read (PR-08)."""
    with api.database.begin() as tx:
        kept = bank.read(tx, actor("xbo"), known[1])
        strict = replace(
            kept.marking, handling=Handling.H3, handling_conditions="Ask us before any use."
        )
        new = draft_of(kept, marking=strict)
        bank.correct(tx, actor("xbo"), kept.id, new, expected=1, reason="a source is at risk")
    desk = pages.as_("xar", "second_line")

    before = desk.get(f"/records/{known[1]}")
    wrong = desk.send(f"/records/{known[1]}/conditions", version="1")
    done = desk.send(f"/records/{known[1]}/conditions", version="2")
    after = desk.follow(done)

    assert "Ask us before any use." in before.text
    assert "1972-05-02" not in before.text
    assert wrong.status == 409
    assert "1972-05-02" in after.text
    assert "You acknowledged the conditions." in after.text


def test_a_supervisor_reads_who_of_their_own_looked_at_a_file(pages, known):
    """Who, when, for which purpose; nobody else has the tab (PR-40, PR-53)."""
    own = f"/files/{known[0]}"
    pages.as_("xar", "analyst").get(own)
    pages.as_("xbo", "analyst").get(own)

    supervisor = pages.as_("xar", "supervisor", purpose="criminal_investigation", language="fa")
    log = supervisor.get(own, tab="access")
    analyst = pages.as_("xar", "analyst").get(own, tab="access")

    assert "usr_xar_analyst" in log.text
    assert "usr_xbo_analyst" not in log.text
    assert not any("tab=access" in link for link in analyst.links())
    assert "Names" in analyst.text


def test_a_reader_is_told_why_they_see_no_more_of_a_record(pages, api, known):
    """The rules that decide it, in words, from the decision itself."""
    desk = pages.as_("xar", "analyst", purpose="quality_test")

    assert f"/desk/records/{known[1]}/why" in desk.get(f"/records/{known[1]}").links()
    why = desk.get(f"/records/{known[1]}/why")

    assert "The purpose of the session does not need it." in why.text
    assert "A search tells only that the record exists" in why.text
    with api.database.begin() as tx:
        hidden = bank.report(
            tx, actor("xbo"), person("Nora"), marking("xbo", excluded=["node:xar"])
        )
    assert desk.get(f"/records/{hidden.id}/why").status == 404


def test_what_is_not_open_is_not_there(pages):
    """Neither page tells whether such a record exists (PR-09)."""
    desk = pages.as_("xar", "analyst")

    assert desk.get("/files/rec_unknown").status == 404
    assert desk.get("/records/rec_unknown").status == 404


def test_hits_and_messages_about_a_record_stand_in_its_file(pages, monkeypatch):
    """What one's own authority did with it is one key away; the analyst works no hits."""
    made = scene(pages.api.database, monkeypatch)
    hit_id = made.referred()
    own = f"/files/{made.record.id}"
    writer = pages.as_("xar", "liaison_officer", purpose="criminal_investigation")
    with made.database.begin() as tx:
        kept = bank.report(tx, actor("xar"), person("Zahra Karimzadeh"), marking("xar"))
    part = {"p0-what": "record", "p0-record": kept.id, "p0-handling": "H0", "recipient": "xbo"}
    head = {"kind": "spontaneous", "topic": "identity", "urgency": "urgent"}
    sent = writer.send("/letters", **head, **part, **{"p0-source": "B", "p0-information": "2"})
    assert sent.status == 303, sent.text

    decided = pages.as_("xar", "second_line", user=CLERK.user).get(own, tab="decisions")
    analysed = pages.as_("xar", "analyst").get(own, tab="decisions")
    letters = writer.get(f"/files/{kept.id}", tab="messages")

    assert f"/desk/hits/{hit_id}" in decided.links()
    assert f"/desk/hits/{hit_id}" not in analysed.links()
    assert any("/desk/messages/msg_" in link for link in letters.links())
    assert "Messages (1)" in letters.text
