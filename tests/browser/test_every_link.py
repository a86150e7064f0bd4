"""Where the links of the pages lead, what pages cost, and how much of them goes over the line."""

from __future__ import annotations

import pytest

from didban.web.app import views
from didban.web.look import Look
from tools import visits

pytestmark = pytest.mark.slow

_OF_EACH = 3  # pages of a kind that each person looks at
_WRONG = 400  # the status from which on an answer is none

_MOST_STATEMENTS = 20
_MORE_STATEMENTS = {
    "analysis": (
        ("chart.around", "files.file", "places.map_of", "same.review", "timeline.strip"),
        55,
    ),
    "what waits of every room": (("home.mine", "shelf.mine"), 75),
    "a record or a message with all that hangs on it": (
        ("messages.message", "records.one", "records.uses"),
        40,
    ),
    "a decision with its evidence": (("hits.hit", "notices.notice", "reviews.review"), 50),
    "nodes": (("network.listed", "network.one", "shared_records.held"), 50),
    "the log, and who witnesses it": (("audit.entries",), 40),
    "a list with what was found": (("checks.made", "passengers.one"), 35),
    "each record as it was then": (("audit.sight",), 800),
}
"""Pages that put several things together, each of which is read and entered in the audit."""

_MOST_BYTES = 100_000
_DRAWN = {"chart.around"}  # brings the library that draws it

_NOT_REACHED = {
    "before somebody has a session": {"session.door", "session.factor", "session.invitation"},
    "asked for by a script": {"home.counted"},
    "nobody was deactivated, and no program has a token": {"access.activating", "access.revoking"},
    "no partner was assessed": {"assessments.history"},
    "nothing was erased yet": {"certificates.file", "certificates.one"},
    "the hits of the story wait for their owner, or were closed long ago": {
        "decisions.after",
        "decisions.second",
    },
    "nobody disputes a record": {"disputes.deciding"},
    "no letter waits for an answer or was closed, and none brought a file": {
        "letters.reply",
        "messages.attached",
        "messages.closing",
        "messages.reopening",
    },
    "all nodes are pinned": {"network.agreeing", "network.pinning"},
    "this node is no secretariat": {
        "notice_reviews.approving_case",
        "notice_reviews.case",
        "notice_reviews.refusing_case",
        "notice_reviews.returning_case",
    },
    "the notice waits for its second person": {
        "notices.adding",
        "notices.ask_achieve",
        "notices.ask_appeal",
        "notices.ask_cancel",
        "notices.ask_lift",
        "notices.ask_suspend",
        "notices.changing",
        "notices.extending",
        "notices.publishing_it",
        "notices.submitting",
    },
    "no other node was asked without a hit": {"peer_checks.check"},
    "records bring no files": {"records.attached", "records_life.detaching"},
    "no record waits, is suspended or is of a paper of this state": {
        "records_life.invalidating",
        "records_life.lifting",
        "records_life.recovering",
        "records_life.rejecting",
        "records_life.validating",
    },
    "no record's time ends soon": {"retention_batches.drawn", "retention_batches.sampled"},
    "no list is fetched": {"sources.one"},
    "no request of a person was passed on or answered": {
        "subject_cases.one",
        "subject_questions.one",
        "subject_requests.letter_page",
    },
}
"""Pages of states that the story does not have; their rooms' own tests go there."""

_AT_TIMES = {"audit.proof"}
"""What the newest entries of the log have only once they are signed, which is done each few minutes."""


@pytest.fixture(scope="module")
def visited(office):
    """Return what everybody of the three bureaus was answered."""
    return [
        visit
        for bureau in office.values()
        for visit in visits.walk(bureau, Look(), of_each=_OF_EACH)
    ]


def test_no_link_leads_to_what_is_not_there_or_not_open(visited):
    """Nobody is offered a page that refuses them, or a step that does not fit any more."""
    wrong = [
        f"{visit.status} {visit.address}, linked by {visit.linked_from} for {visit.login}"
        for visit in visited
        if visit.status >= _WRONG
    ]

    assert wrong == []


def test_every_page_is_reached_from_the_desk_or_is_named_with_its_reason(visited):
    """No page has to be known by its address."""
    pages = {view.name for view in views() if view.method == "GET"}
    reached = {visit.view for visit in visited}
    excused = set().union(*_NOT_REACHED.values())

    assert pages - reached - _AT_TIMES == excused


def test_no_page_asks_the_database_too_often(visited):
    """What a page costs does not grow with what stands on it."""
    bounds = {name: most for names, most in _MORE_STATEMENTS.values() for name in names}
    costly = {
        visit.address: visit.statements
        for visit in visited
        if visit.statements > bounds.get(visit.view, _MOST_STATEMENTS)
    }

    assert costly == {}


def test_no_page_without_a_chart_is_heavy(visited):
    """After the first page, which brings what all share, a page is read on a slow line, too."""
    kept = visits.shared(visited)
    heavy = {
        visit.address: size
        for visit in visited
        if visit.view not in _DRAWN and (size := visits.weight(visit, kept)) > _MOST_BYTES
    }

    assert heavy == {}
