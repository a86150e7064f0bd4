"""What is held of partners, subject by subject, and what they promised (PR-55)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from didban import clock
from didban.guard import assessments
from didban.guard.assessments import MAX_TEXT, Draft
from didban.model.assessments import AssessmentVerdict, Assurance, Harm
from didban.model.permissions import Permission
from didban.web.desk import Go, Page, Room
from didban.web.i18n import N_

if TYPE_CHECKING:
    from didban.web.desk import Desk

room = Room("assessments")

_READ: Final = Permission.RIGHTS_ASSESSMENT_READ
_MOST: Final = 200  # assurances of one page


@room.page("/assessments", _READ)
def current(desk: Desk) -> Page:
    """Show what is held of all partners now, and their assurances."""
    return Page(
        "pages/assessments/current.html",
        rows=assessments.listed(desk.tx, desk.who),
        assurances=assessments.assurances(desk.tx, desk.who, limit=_MOST),
        today=clock.today(),
        **_choices(desk),
    )


@room.page("/assessments/{partner}", _READ)
def history(desk: Desk, partner: str) -> Page:
    """Show every version of what was held of one partner."""
    found = assessments.listed(desk.tx, desk.who, partner)
    return Page("pages/assessments/history.html", partner=partner, rows=found)


@room.page("/new-assessment", Permission.RIGHTS_ASSESSMENT_WRITE)
def new(desk: Desk) -> Page:
    """Show the form of an assessment."""
    return Page("pages/assessments/new.html", **_choices(desk))


@room.deed("/new-assessment", Permission.RIGHTS_ASSESSMENT_WRITE, again=new)
def record(desk: Desk) -> Go:
    """Enter what is held of a partner on one subject; earlier versions stay."""
    form = desk.form
    partner = form.text("partner", needed=True, most=32)
    harm, verdict = form.one_of("harm", Harm), form.one_of("verdict", AssessmentVerdict)
    reason = form.text("reason", needed=True, most=MAX_TEXT)
    review_due = form.day("review_due", needed=True)
    if review_due is not None and review_due <= clock.today():
        form.blame("review_due", N_("Choose a day to come."))
    form.require()
    assert harm and verdict and review_due  # noqa: PT018, S101 - `require` has seen to it
    draft = Draft(
        partner=partner.lower(),
        harm=harm,
        verdict=verdict,
        reason=reason,
        review_due=review_due,
        offences=form.lines("offences"),
        sources=form.lines("sources"),
    )
    assessments.record(desk.tx, desk.who, draft)
    return Go("assessments.current", said=N_("The assessment is entered, and holds from now on."))


@room.deed("/assurances", _READ, again=current)
def record_assurance(desk: Desk) -> Go:
    """Enter what a partner promised about one record."""
    form = desk.form
    partner = form.text("partner", needed=True, most=32)
    harm = form.one_of("harm", Harm)
    about = form.text("record", needed=True, most=120)
    words = form.text("words", needed=True, most=MAX_TEXT)
    until = form.day("valid_until", needed=True)
    form.require()
    assert harm and until  # noqa: PT018, S101 - `require` has seen to it
    draft = Assurance(
        id="",
        partner=partner.lower(),
        harm=harm,
        record=about,
        words=words,
        valid_until=until,
        recorded_at=clock.now(),
        recorded_by=desk.who.user,
    )
    assessments.record_assurance(desk.tx, desk.who, draft)
    said = N_("The assurance is entered. It counts once a second person has accepted it.")
    return Go("assessments.current", said=said)


def _accepting(desk: Desk, **_path: str) -> Page:
    return current(desk)


@room.deed("/assurances/{assurance}", Permission.RIGHTS_ASSURANCE_ACCEPT, again=_accepting)
def accept(desk: Desk, assurance: str) -> Go:
    """Accept an assurance, as another person than who entered it (PR-28)."""
    assessments.accept_assurance(desk.tx, desk.who, assurance)
    return Go("assessments.current", said=N_("The assurance is accepted, and counts."))


def _choices(desk: Desk) -> dict[str, Any]:
    term = desk.speech.term
    return {
        "harms": [(one.value, term(one)) for one in Harm],
        "verdicts": [(one.value, term(one)) for one in AssessmentVerdict],
    }
