"""Checks at the first line: scan, answer, next; and what becomes of a match."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from didban import clock
from didban.casework import hits
from didban.model.hits import DismissReason
from didban.model.permissions import Permission
from didban.screening import bank_check, kept_checks
from didban.serving.desks import booth_of, desk_of
from didban.web.desk import Go, Page, Room
from didban.web.i18n import N_
from didban.web.paging import ROWS, paged, place
from didban.web.presenters import checks, papers
from didban.web.presenters.hits import TONES

if TYPE_CHECKING:
    from typing import Any

    from didban.model.casework import Hit
    from didban.screening.bank_check import BankAnswer
    from didban.web.desk import Desk

room = Room("checks")

_MAKE, _READ, _TAKE_UP = (
    Permission.SCREENING_CHECK_MAKE,
    Permission.SCREENING_CHECK_READ,
    Permission.CASEWORK_HIT_TAKE_UP,
)
_BOOTH: Final = "pages/checks/booth.html"
_NO_INDEX: Final = 503


@room.page("/checks", _MAKE)
def booth(desk: Desk) -> Page:
    """Show the one field into which a document is scanned; `again` fills in an earlier check."""
    if desk.asked("again") and not desk.form.sent:
        check, _ = kept_checks.viewed(desk.tx, desk.who, desk.asked("again"))
        if check.asked:
            desk.form.sent = checks.asked_again(check.asked[0].record)
    return Page(_BOOTH, part="answer", **_state(desk), head=None)


@room.deed("/checks", _MAKE, again=booth)
def make(desk: Desk) -> Page:
    """Check a document or a person, and show the answer on the same page (PR-01, PR-43)."""
    question = checks.question_of(desk.form, clock.today())
    if desk.services.index is None:
        head = checks.Head.UNKNOWN
        return Page(_BOOTH, part="answer", status=_NO_INDEX, **_state(desk), head=head, answer=None)
    answer = bank_check.make(desk.tx, booth_of(desk.services), desk.who, question)
    desk.form.sent = {}
    return Page(_BOOTH, part="answer", **_state(desk), **_told(desk, answer))


@room.page("/checks/made", _READ)
def made(desk: Desk) -> Page:
    """List checks, the latest first: one's own, or at the second line the authority's."""
    rows = kept_checks.listed(desk.tx, desk.who, before=place(desk), limit=ROWS + 1)
    shown, more = paged(desk, rows)
    became = checks.became(desk, shown)
    return Page("pages/checks/made.html", rows=shown, more=more, became=became, TONES=TONES)


@room.page("/checks/{check_id}", _READ)
def check(desk: Desk, check_id: str) -> Page:
    """Show the answer to an earlier check, as its records stand now."""
    answer = kept_checks.answered(desk.tx, desk.who, check_id)
    return Page("pages/checks/check.html", **_told(desk, answer))


@room.deed("/matches/{match_id}/refer", _TAKE_UP)
def refer(desk: Desk, match_id: str) -> Go:
    """Take a match up and pass it to the second line; `held` says whether the person waits."""
    is_held = desk.form.yes_or_no("held")
    desk.form.require()
    hit = _taken_up(desk, match_id)
    hits.refer(desk.tx, desk.who, hit.id, desk_of(desk.services), is_held=bool(is_held))
    return _on(desk, hit, N_("Passed to the second line."))


@room.page("/matches/{match_id}/dismiss", _TAKE_UP)
def dismissal(desk: Desk, match_id: str) -> Page:
    """Show the form that says why a match is not who or what was checked."""
    check, listed = (desk.asked(name) or desk.form.text(name) for name in ("check", "list"))
    return Page(
        "pages/checks/dismiss.html",
        match=match_id,
        check=check,
        listed=listed,
        reasons=tuple(DismissReason),
    )


@room.deed("/matches/{match_id}/dismiss", _TAKE_UP, again=dismissal)
def dismiss(desk: Desk, match_id: str) -> Go:
    """Take a match up and dismiss it, for a reason; the second line can take it up again."""
    reason = desk.form.one_of("reason", DismissReason)
    words = desk.form.text("words", most=4_000)
    desk.form.require()
    hit = _taken_up(desk, match_id)
    terms = desk_of(desk.services)
    hits.dismiss(desk.tx, desk.who, hit.id, terms, reason=str(reason), words=words)
    return _on(desk, hit, N_("The match is dismissed. The second line can take it up again."))


def _on(desk: Desk, hit: Hit, said: str) -> Go:
    """Go back to where the match was shown: a passenger list, or the answer to the check."""
    if listed := desk.form.text("list"):
        return Go("passengers.one", said=said, path={"list_id": listed})
    return Go("checks.check", said=said, path={"check_id": hit.check})


def _taken_up(desk: Desk, match_id: str) -> Hit:
    """Return the hit of a match: the one that was begun already, or a new one."""
    begun = hits.of_matches(desk.tx, desk.who, [match_id])
    return begun.get(match_id) or hits.take_up(desk.tx, desk.who, match_id)


def _told(desk: Desk, answer: BankAnswer) -> dict[str, Any]:
    found = [sight.match for sight in answer.matches]
    return {
        "head": checks.head_of(answer),
        "answer": answer,
        "sights": checks.in_order(answer),
        "remarks": checks.remarks(answer),
        "checked": checks.CHECKED,
        "paper": partial(papers.in_words, desk.speech),
        "paper_of": papers.paper_of,
        "taken": hits.of_matches(desk.tx, desk.who, found) if found else {},
        "contact": desk.services.settings.desk.contact,
        "handling": tuple(sight.confidentiality for sight in answer.matches),
    }


def _state(desk: Desk) -> dict[str, Any]:
    index = desk.services.index
    return {"freshness": index.freshness() if index else None}
