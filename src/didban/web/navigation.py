"""The tasks in the margin of every page: each page belongs to one, or says why to none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from didban.model.permissions import Permission
from didban.web.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from didban.web.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A task of the margin.

    - `page`: `room.function` of its first page; `rooms`: those whose pages belong to it.
    - `label`: English, as the catalogue `frame` has it; `key`: the physical key after G, if any.
    """

    page: str
    label: str
    permission: Permission
    rooms: tuple[str, ...]
    key: str = ""


TASKS: Final[Sequence[Task]] = (
    Task(
        page="home.mine",
        label=N_("My desk"),
        permission=Permission.ACCESS_SESSION_HOLD,
        rooms=("home",),
        key="D",
    ),
    Task(
        page="checks.booth",
        label=N_("Check"),
        permission=Permission.SCREENING_CHECK_MAKE,
        rooms=("checks",),
        key="C",
    ),
    Task(
        page="passengers.lists",
        label=N_("Passenger lists"),
        permission=Permission.SCREENING_LIST_READ,
        rooms=("passengers",),
        key="P",
    ),
    Task(
        page="hits.queue",
        label=N_("Hits"),
        permission=Permission.CASEWORK_HIT_WORK,
        rooms=("decisions", "hits"),
        key="I",
    ),
    Task(
        page="questions.listed",
        label=N_("Questions to us"),
        permission=Permission.CASEWORK_QUESTION_ANSWER,
        rooms=("questions",),
        key="Q",
    ),
    Task(
        page="peer_checks.listed",
        label=N_("Ask other nodes"),
        permission=Permission.EXCHANGE_QUESTION_ASK,
        rooms=("peer_checks",),
    ),
    Task(
        page="reviews.listed",
        label=N_("Alerts of others"),
        permission=Permission.BANK_ALERT_REVIEW,
        rooms=("reviews",),
        key="A",
    ),
    Task(
        page="contacts.listed",
        label=N_("Contacts"),
        permission=Permission.CASEWORK_CONTACT_MANAGE,
        rooms=("contacts",),
    ),
    Task(
        page="entries.choose",
        label=N_("Enter a record"),
        permission=Permission.BANK_RECORD_WRITE,
        rooms=("entries",),
        key="E",
    ),
    Task(
        page="records_life.waits",
        label=N_("Records that wait"),
        permission=Permission.BANK_RECORD_VALIDATE,
        rooms=("records_life", "disputes", "corrections"),
    ),
    Task(
        page="search.box",
        label=N_("Search"),
        permission=Permission.BANK_SEARCH_ASK,
        rooms=(
            "search",
            "files",
            "records",
            "statements",
            "same",
            "timeline",
            "places",
            "chart",
        ),
        key="S",
    ),
)
"""In the order of the margin."""

OUTSIDE: Final = ("session", "help")
"""Rooms whose pages belong to no task: they are in the bar at the top."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A task as one reader sees it."""

    label: str
    address: str
    is_here: bool
    key: str


def navigation(desk: Desk) -> list[Entry]:
    """Return the tasks that are open to who asks, with the one where they are."""
    if not desk.is_known:
        return []
    room = getattr(desk.request.state, "room", "")
    return [
        Entry(
            label=desk.gettext(task.label),
            address=desk.url(task.page),
            is_here=room in task.rooms,
            key=task.key,
        )
        for task in TASKS
        if desk.may(task.permission)
    ]
