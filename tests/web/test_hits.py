"""The second line at its pages: the inbox, one hit value by value, and what may be decided."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from markupsafe import Markup

from casework_help import CLERK, EVIDENCE, OFFICER, OTHER, scene
from didban.casework import hits
from didban.match.evidence.dates import DateFinding
from didban.match.evidence.names import _OF_DESCENT, _OTHER_WAYS
from didban.match.evidence.particulars import _DOCUMENT_WORDS
from didban.model.casework import HitsWanted
from didban.model.hits import HitState
from didban.model.records import Record
from didban.web.i18n.speech import Speech
from didban.web.look import Look
from didban.web.presenters.evidence import Finding, beside, said
from pages_help import text_of

GATE = {"claim_for_protection": "no", "refugee_papers": "no", "flagged": "no"}


@pytest.fixture
def made(pages, monkeypatch):
    """Return the bank behind the pages, in which Boreland asks for the arrest of one person."""
    return scene(pages.api.database, monkeypatch)


def clerk(pages, who=CLERK, **more):
    """Return an officer of Arvand's second line."""
    return pages.as_("xar", "second_line", user=who.user, **more)


def chosen(seen):
    """Return the names of the fields that have an answer before anybody gave one."""
    ticked = [one.get("name") for one in seen.all(".//main//input") if "checked" in one.attrib]
    return ticked + [
        one.get("value") for one in seen.all(".//main//option") if "selected" in one.attrib
    ]


def tick_all(seen):
    """Return what is sent when every row is ticked."""
    boxes = [one for one in seen.all(".//main//input") if one.get("name") == "seen"]
    return [one.get("value") for one in boxes]


def test_somebody_else_is_closed_with_a_reason_and_opened_again(pages, made):
    """Nothing is preselected; each row is compared first; what was closed can be undone."""
    hit_id = made.referred()
    desk = clerk(pages)

    inbox = desk.get("/hits")
    [row] = inbox.all(".//main//tbody/tr")
    assert "ZAHRA KARIMZADEH" in text_of(row)
    assert "Boreland" in text_of(row)
    page = desk.get(f"/hits/{hit_id}")
    assert chosen(page) == []
    assert "ZAHRA is the same" not in page.text  # what the matcher keeps is worded anew
    assert "The same date." in page.text or "The same." in page.text
    said = page.text
    assert said.index("Value against value") < said.index("What the computer makes of it")

    early = desk.send(f"/hits/{hit_id}/refute", reason="namesake", words="taller by a head")
    assert early.status == 422
    assert "Compare every row first, and tick it." in early.text
    assert "taller by a head" in early.text
    compared = desk.send(f"/hits/{hit_id}/compare", seen=tick_all(page))
    assert "You compared every row" in desk.follow(compared).text
    empty = desk.send(f"/hits/{hit_id}/refute", reason="namesake", words=" ")
    assert empty.status == 422
    done = desk.send(f"/hits/{hit_id}/refute", reason="namesake", words="taller by a head")
    assert made.state(hit_id) is HitState.CLOSED
    after = desk.follow(done)
    assert "The hit is closed as somebody else." in after.text
    assert f"/desk/hits/{hit_id}#reopen" in after.links()
    desk.send(f"/hits/{hit_id}/reopen", fact="the photograph is of another person")
    assert made.state(hit_id) is HitState.REOPENED
    desk.send(f"/hits/{hit_id}/again", held="no")
    assert made.state(hit_id) is HitState.SECOND_LINE


def test_the_owner_is_asked_behind_the_gate_and_its_clock_is_shown(pages, made):
    """Each answer of the gate is given; an open question with a yes does not leave (PR-53)."""
    hit_id = made.referred(is_held=True)
    desk = clerk(pages)

    unanswered = desk.send(f"/hits/{hit_id}/question", urgency="U", disclosure="full")
    assert unanswered.status == 422
    faults = [text_of(one) for one in unanswered.all(".//section[@id='faults']//li")]
    assert "Does the person have refugee papers? Choose one of the answers." in faults
    barred = desk.send(
        f"/hits/{hit_id}/question",
        **{**GATE, "claim_for_protection": "yes"},
        urgency="U",
        disclosure="full",
    )
    assert barred.status == 403
    assert made.state(hit_id) is HitState.SECOND_LINE
    asked = desk.send(f"/hits/{hit_id}/question", **GATE, urgency="U", disclosure="full")
    page = desk.follow(asked)
    assert made.state(hit_id) is HitState.CONFIRMATION_REQUESTED
    assert "10 minutes left" in page.text
    desk.send(f"/hits/{hit_id}/supplement", **GATE, needed="a photograph")
    assert "12 hours left" in desk.get(f"/hits/{hit_id}").text


def test_a_withheld_question_needs_a_second_person(pages, made):
    """Who drafted it may not agree to it; the other agrees, or sends it back with a reason."""
    hit_id = made.referred()
    first, second = clerk(pages), clerk(pages, OTHER)
    claimed = {**GATE, "claim_for_protection": "yes"}

    first.send(f"/hits/{hit_id}/question", **claimed, urgency="R", disclosure="withheld")
    assert "Not you" in first.get(f"/hits/{hit_id}/second").text
    assert first.send(f"/hits/{hit_id}/question/agree", **claimed).status == 403
    assert chosen(second.get(f"/hits/{hit_id}/second")) == []
    assert second.send(f"/hits/{hit_id}/question/back").status == 422
    back = second.follow(second.send(f"/hits/{hit_id}/question/back", back="ask openly"))
    assert "ask openly" in first.get(f"/hits/{hit_id}").text
    assert "Question taken back or sent back" in back.text
    first.send(f"/hits/{hit_id}/question", **claimed, urgency="R", disclosure="withheld")
    agreed = second.send(f"/hits/{hit_id}/question/agree", **claimed)
    assert second.follow(agreed).status == 200
    assert made.state(hit_id) is HitState.CONFIRMATION_REQUESTED


def test_the_inbox_is_filtered_by_state_deadline_and_person(pages, made):
    """What is filtered by stands as chips, each of which is taken away by itself."""
    mine, other = made.asked(), made.referred()
    desk = clerk(pages)

    def shown(**query):
        seen = desk.get("/hits", **query)
        links = {one.removeprefix("/desk/hits/") for one in seen.links()}
        return {hit_id for hit_id in (mine, other) if hit_id in links}, seen

    assert shown()[0] == {mine, other}
    assert shown(state="second_line")[0] == {other}
    assert shown(due="today")[0] == {mine}
    found, seen = shown(whose="mine", state="confirmation_requested")
    assert found == {mine}
    assert len(seen.all(".//ul[@class='chips']/li")) == 2
    assert "Nothing fits the filter." in shown(state="closed")[1].text


def test_several_hits_are_sorted_at_once_and_each_is_told_of(pages, made):
    """Assigned, put aside with a reason and given back; no deadline is passed over, no clock stops."""
    running, free, waits = made.asked(), made.referred(), made.referred(is_held=True)
    desk = clerk(pages)
    for verb in ("assign", "aside", "undo"):
        assert desk.send(f"/hits/{verb}").status == 422
    unsaid = desk.send("/hits/aside", hit=[free], hours="24")
    assert unsaid.status == 422
    ticked = [one for one in unsaid.all(".//input") if "checked" in one.attrib]
    assert [one.get("value") for one in ticked if one.get("name") == "hit"] == [free]
    assert desk.send("/hits/assign", hit=[free], to="usr_stranger").status == 404

    after = desk.follow(desk.send("/hits/aside?whose=nobodys", hit=[running, free, waits, "hit_x"],
                                  hours="4", words="the photograph comes tomorrow"))  # fmt: skip
    assert made.hit(free).aside_until == made.clock.now() + timedelta(hours=4)
    for why in ("A deadline comes sooner", "A person waits", "not there"):
        assert why in after.text
    assert f"/desk/hits/{free}" not in after.links()
    assert free in {one.get("value") for one in after.all(".//form[@class='undo']//input")}
    [link] = [one for one in after.links() if one.endswith("/hits?aside=yes")]
    assert f"/desk/hits/{free}" in desk.get(link.removeprefix("/desk")).links()
    assert "the photograph comes tomorrow" in desk.get(f"/hits/{free}").text
    made.clock.pass_(hours=5)
    back = made.do(hits.listed, CLERK, HitsWanted(is_aside=False))
    assert free in {hit.id for _, hit in back}
    made.clock.pass_(hours=-5)

    done = desk.send("/hits/assign", hit=[free, running], to=CLERK.user)
    assert "Undo it for 2 hits" in str(desk.follow(done).response.body)
    assert f"/desk/hits/{running}" in desk.get("/mine").links()
    assert f"/desk/hits/{running}" in desk.get("/hits", whose="mine").links()
    refused = clerk(pages, OTHER).send("/hits/undo", hit=[free])
    assert made.hit(free).assignee == CLERK.user
    assert "barred" in refused.location
    desk.send("/hits/undo", hit=[free, running])
    assert made.hit(free).assignee is None


def test_a_filter_is_kept_under_a_name_by_who_made_it(pages, made):
    """It holds codes alone, and another's desk does not have it."""
    desk = clerk(pages)
    form = {"page": "hits.queue", "name": "Today's", "query": "due=today&state=closed&x=Zahra"}

    seen = desk.follow(desk.send("/views", **form))
    assert "/desk/hits?state=closed&due=today" in seen.links()
    assert "Today's" in desk.get("/hits").text
    assert "Today's" not in clerk(pages, OTHER).get("/hits").text
    desk.send("/views/drop", page="hits.queue", name="Today's")
    assert "Today's" not in desk.get("/hits").text
    assert desk.send("/views", page="access.listed", name="x", query="").status == 404


def test_a_paper_is_of_the_state_that_issued_it():
    """Whose passport was met is of Boreland, and so is the passport of the record."""
    met = Record(id="met", schema="Person", properties={"nationality": ("xbo",)})
    paper = {"number": "C1", "issuer": "xbo"}

    [state] = [
        row
        for row in beside(Speech(look=Look()), met, {"documents": [paper]}, ())
        if row.feature == "country"
    ]
    assert state.finding is Finding.AGREES


@pytest.mark.parametrize("language", ["fa", "ar", "ru"])
def test_every_finding_of_the_matcher_is_worded(language):
    """Dates, papers, sexes, states and names: no English is left in another language's words."""
    names = ("%s = %s", "%s is similar to %s", "%s sounds like %s")
    details = [
        *(finding.words for finding in DateFinding),
        *(words for _, words in _DOCUMENT_WORDS.values()),
        "same number, same issuing state; within a range; recorded as stolen",
        "same",
        "different",
        "in common: xbo",
        "none in common",
        *("; ".join((each % ("12", "34"), "only in the query: 5")) for each in names),
        *(each.format("12", "34") for each in _OTHER_WAYS.values()),
        *_OF_DESCENT.values(),
        "given and family name the other way round",
        "another legal form: 12, 34; 12 are initials of 34",
        "a place in common",
        "no place in common",
        "12 is the same; only in the list: 34; the list calls this a weak alias",
    ]
    speech = Speech(look=Look(language=language))
    for detail in details:
        piece = replace(EVIDENCE[0], detail=detail)
        text = " ".join(Markup(each).striptags() for each in said(speech, piece))
        assert text
        assert not re.search("[a-z]{3}", text), text


@pytest.mark.parametrize("language", ["fa", "ar", "ru"])
def test_a_hit_reads_in_every_language(pages, made, language):
    """The explanation is in the officer's words, names and numbers stand as they were given."""
    hit_id = made.referred()
    page = clerk(pages, language=language).get(f"/hits/{hit_id}")

    assert page.status == 200
    assert "ZAHRA KARIMZADEH" in page.text
    assert "Value against value" not in page.text


def test_another_authority_and_the_first_line_see_no_hit(pages, made):
    """A hit is there for its own desk alone (PR-09)."""
    hit_id = made.referred()

    assert pages.as_("xbo", "second_line").get(f"/hits/{hit_id}").status == 404
    assert pages.as_("xar", "first_line", user=OFFICER.user).get("/hits").status == 403
