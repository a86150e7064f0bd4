"""Searches: one box for names, numbers and words. What is asked stands in the body, not in addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from didban.analysis import search
from didban.errors import InvalidInput
from didban.model.alerts import Action
from didban.model.bank import FOUND, RecordState
from didban.model.permissions import Permission
from didban.model.searches import Search
from didban.web.desk import Page, Room
from didban.web.i18n import N_
from didban.web.presenters import records
from didban.web.presenters.search import answer, means_of, searches

if TYPE_CHECKING:
    from didban.web.desk import Desk
    from didban.web.presenters.search import Answer

room = Room("search")

_PAGE: Final = 50  # records of one search on a page
_MOST_DIGITS: Final = 18  # of a position
KINDS: Final = (
    "Person",
    "LegalEntity",
    "Organization",
    "Company",
    "Passport",
    "Identification",
    "Vehicle",
    "Vessel",
    "Airplane",
    "Firearm",
    "Event",
    "Seizure",
    "Address",
)
"""Kinds that are chosen from; what is more special than one of them is found with it."""
NARROWING: Final = (
    "kind",
    "owner",
    "country",
    "born_from",
    "born_to",
    "state",
    "action",
    "recorded_from",
    "recorded_to",
)
"""Fields beside the box."""


@room.page("/search", Permission.BANK_SEARCH_ASK)
def box(desk: Desk) -> Page:
    """Show the box, and the criteria beside it."""
    return _page(desk, None)


@room.deed("/search", Permission.BANK_SEARCH_ASK, again=box)
def find(desk: Desk) -> Page:
    """Search the bank by what was typed: each record once, with why it was found (PR-01, PR-03).

    `by` and `after` go on with one of the searches, where its last page ended.
    """
    form = desk.form
    more = _criteria(desk)
    asked = form.text("q", most=300)
    form.require()
    if not asked and not more.criteria:
        raise InvalidInput(N_("Type a name, a number or words, or choose something below."))
    ways = searches(asked, more)
    only, after = form.text("by"), form.text("after")
    start = int(after) if after.isdecimal() and len(after) <= _MOST_DIGITS else None
    if start is not None:
        ways = [way for way in ways if way[0] == only]
    means = means_of(desk)
    found = [
        (by, search.find(desk.tx, desk.who, means, each, after=start, limit=_PAGE + 1))
        for by, each in ways
    ]
    return _page(desk, answer(asked, found, limit=_PAGE))


def _page(desk: Desk, found: Answer | None) -> Page:
    return Page(
        "pages/search/box.html",
        only_looks=found is not None,
        found=found,
        narrowed=[name for name in NARROWING if desk.form.text(name)],
        kinds=KINDS,
        states=sorted(FOUND),
        actions=list(Action),
        page_of=records.page_of,
        title_of=records.title_of,
    )


def _criteria(desk: Desk) -> Search:
    form = desk.form
    state = form.text("state")
    action = form.text("action")
    return Search(
        schema=form.text("kind", most=64),
        owner=form.text("owner", most=64).lower(),
        country=form.text("country", most=64).lower(),
        born_from=form.day("born_from"),
        born_to=form.day("born_to"),
        state=RecordState(state) if state in set(RecordState) else None,
        action=Action(action) if action in set(Action) else None,
        recorded_from=form.day("recorded_from"),
        recorded_to=form.day("recorded_to"),
    )
