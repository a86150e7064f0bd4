"""The first line: scan, answer, next. What is shown is what the role may see, and no more."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest

from bank_help import actor, alert, marking, passport, person
from didban.intake import bank
from didban.model import mrz as zones
from didban.model.marking import Confidentiality
from didban.screening.live import LIMITS, LiveIndex
from didban.screening.zones import asked_of_zones
from didban.web.i18n.speech import Speech
from didban.web.look import Look
from didban.web.presenters import checks
from pages_help import Seen, text_of

ZONE = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
TODAY = date(2026, 11, 1)
MISREAD = ZONE.replace("L898902C36", "L898902C37")


def big(page: Seen) -> str:
    """Return the one large line."""
    return next(text_of(one) for one in page.all(".//h2") if one.get("id") == "answer-heading")


@pytest.fixture
def gate(api, pages):
    """Return an officer at a gate of Arvand, where a stolen passport and a person are known."""
    stolen = passport("L898902C3", issuer="uto")
    with api.database.begin() as tx:
        recorder = actor("xbo", clearance=Confidentiality.RESTRICTED)
        bank.report(tx, recorder, stolen, marking("xbo", confidentiality=1))
        zahra = person("Zahra Karimzadeh", birthDate="1971-05-02", notes="a note")
        bank.report(tx, actor("xbo"), zahra, marking("xbo"), alert=alert("locate"))
    api.services.index.catch_up()
    return pages.as_("xar", "first_line", clearance=1, place="gate 4")


def test_a_scan_is_answered_by_one_large_line_and_passed_on(gate, pages):
    """From the scan to the second line without another page in between."""
    page = gate.send("/checks", scan=ZONE)

    assert page.status == 200
    assert big(page) == "Document reported lost or stolen"
    assert "Restricted" in "".join(page.tree.itertext())
    (refer,) = {one.get("action") for one in page.all(".//form") if "/refer" in one.get("action")}
    assert gate.send(refer.removeprefix("/desk")).status == 422
    passed = gate.follow(gate.send(refer.removeprefix("/desk"), held="yes"))
    assert "Passed to the second line." in passed.text
    assert "/refer" not in str([one.get("action") for one in passed.all(".//form")])
    made = gate.get("/checks/made")
    assert [link for link in made.links() if link in passed.response.body.decode()]
    colleague = pages.as_("xar", "first_line", clearance=1, user="usr_colleague")
    assert colleague.get("/checks/made").text.count("gate 4") == 0
    check = next(one for one in made.links() if "/checks/chk_" in one).removeprefix("/desk")
    assert colleague.get(check).status == 404


def test_the_gate_sees_what_becomes_of_what_it_passed_on(gate, pages):
    """On its own desk and among the checks made: that the person waits, and where the match is."""
    page = gate.send("/checks", names="Zahra Karimzadeh")
    assert "With the second line" not in gate.get("/mine").text
    (refer,) = [one.get("action") for one in page.all(".//form") if "/refer" in one.get("action")]
    gate.send(refer.removeprefix("/desk"), held="yes")

    assert "With the second line Person waits" in gate.get("/mine").text
    assert "With the second line Person waits" in gate.get("/checks/made").text


def test_a_part_is_what_a_script_gets_of_the_answer(gate):
    """It is small, and it bears its handling."""
    body = gate.send("/checks", part=True, scan="L898902C3").response.body

    assert b"<html" not in body
    assert b"handling-1" in body
    assert len(body) < 8_000


def test_nothing_that_resembles_it_is_no_match_and_nothing_more(gate):
    """The officer is told what that does not mean."""
    page = gate.send("/checks", scan="Q7654321", issuer="xar")

    assert big(page) == "No match"
    assert "It says nothing else about the person" in page.text


def test_a_name_is_a_possible_match_and_the_file_stays_shut(gate):
    """The first line sees what is asked and by what to tell the person (PR-02)."""
    page = gate.send("/checks", names="Zahra Karimzadeh", birth_date="1971-05-02")

    assert big(page) == "Possible match: do not decide here"
    assert "The owner asks:" in page.text
    assert "a note" not in page.text
    assert "score" not in page.text.lower()


def test_a_birth_date_in_the_future_is_told_beside_the_answer(gate):
    """It is a slip of the hand, and no ground to give no answer."""
    page = gate.send("/checks", names="Nobody Whatsoever", birth_date="2999-05-02")

    assert big(page) == "No match"
    assert "2999-05-02" in page.text


def test_a_wrong_check_digit_is_said_and_searched_all_the_same(gate):
    """What was misread is a remark, not an end (PR-27)."""
    page = gate.send("/checks", scan=MISREAD)

    assert "The check digit of document number is wrong: read 7, expected 6." in page.text


def test_a_match_is_dismissed_for_a_reason(gate):
    """Nothing is chosen before; the second line can take it up again."""
    page = gate.send("/checks", names="Zahra Karimzadeh")
    (dismissal,) = [link for link in page.links() if "/dismiss" in link]
    path = dismissal.removeprefix("/desk")
    form = gate.get(path)
    assert not [one for one in form.all(".//main//input") if "checked" in one.attrib]
    assert gate.send(path.partition("?")[0]).status == 422
    done = gate.follow(gate.send(path.partition("?")[0], reason="other_age", words="a child"))

    assert "The second line can take it up again." in done.text
    assert "Dismissed" in done.text


def test_what_cannot_be_read_is_named_at_its_field(gate):
    """A detail that is dropped in silence makes a check look more thorough than it was."""
    page = gate.send("/checks", scan="P<XX<", birth_date="yesterday", nationality="nowhere")

    assert page.status == 422
    assert "This cannot be read" in page.text
    assert "Write 1970" in page.text
    assert "No such state" in page.text
    assert gate.send("/checks").status == 422


def test_old_data_or_none_is_never_no_match(gate, api, pages, monkeypatch):
    """The answer is unknown, and says what to do (PR-43)."""
    monkeypatch.setattr(LiveIndex, "lag", lambda _: 2 * LIMITS.unknown_after)
    old = gate.send("/checks", scan="Q7654321")
    pages.app.state.services = dataclasses.replace(api.services, index=None)
    none = gate.send("/checks", scan="Q7654321")

    assert big(none) == "Answer unknown"
    assert none.status == 503
    assert big(old) == "Answer unknown"


def test_the_reported_document_stands_before_what_resembles_its_holder(gate, api):
    """The keys of the answer act on what its large line is about."""
    with api.database.begin() as tx:
        holder = person("Anna Maria Eriksson", birthDate="1974-08-12")
        bank.report(tx, actor("xar"), holder, marking("xar"))
    api.services.index.catch_up()
    page = gate.send("/checks", scan=ZONE.replace("\n", ""))

    titles = [text_of(one) for one in page.all(".//h3") if one.get("id", "").startswith("match-")]
    assert titles[0] == "Passport L898902C3 · Utopia"
    assert len(titles) == 2


@pytest.mark.parametrize("language", ["fa", "ar", "ru"])
def test_every_doubt_about_a_zone_is_worded(language):
    """No English is left in another language's words."""
    speech = Speech(look=Look(language=language))
    for zone in (
        ZONE,
        MISREAD,
        ZONE.replace("UTO", "QQQ"),
        ZONE.replace("ANNA<MARIA", "4NN4<<M<R"),
        ZONE.replace("7408122F1204159", "7499122Z9904155"),
        ZONE[:-3],
        ZONE.lower(),
    ):
        for asked in asked_of_zones(zones.parse_texts((zone,), reference_date=TODAY), TODAY):
            for note in asked.notes:
                said = checks.remark_of(note)
                assert said.text != note
                assert speech.gettext(said.text) != said.text


def test_a_check_is_made_again_from_what_was_read(gate):
    """The officer sees what is asked before it is."""
    gate.send("/checks", scan=ZONE)
    check = next(one for one in gate.get("/checks/made").links() if "/chk_" in one)
    form = gate.get("/checks", again=check.rpartition("/")[2])

    [scan] = [one for one in form.all(".//textarea") if one.get("name") == "scan"]
    assert scan.text == "L898902C3"
