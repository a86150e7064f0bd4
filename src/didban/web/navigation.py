"""The tasks in the margin of every page: each page belongs to one, or says why to none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from didban.casework import inbox
from didban.model.permissions import Permission
from didban.web.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from didban.web.desk import Desk


GATE: Final = N_("First line")
CASEWORK: Final = N_("Casework")
RECORDS: Final = N_("Records")
RIGHTS: Final = N_("Rights and oversight")
NODE: Final = N_("This node")


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A task of the margin.

    - `page`: `room.function` of its first page; `rooms`: those whose pages belong to it.
    - `label`: English, as the catalogue `frame` has it; `key`: the physical key after G, if any.
    - `count`: of `casework.inbox`, how much waits there; `group`: what it stands under.
    """

    page: str
    label: str
    permission: Permission
    rooms: tuple[str, ...]
    key: str = ""
    count: str = ""
    group: str = NODE


TASKS: Final[Sequence[Task]] = (
    Task(
        page="home.mine",
        group="",
        label=N_("My desk"),
        permission=Permission.ACCESS_SESSION_HOLD,
        rooms=("home",),
        key="D",
    ),
    Task(
        page="shelf.mine",
        group="",
        label=N_("My files"),
        permission=Permission.ANALYSIS_FILE_READ,
        rooms=("shelf",),
        key="R",
    ),
    Task(
        page="checks.booth",
        group=GATE,
        label=N_("Check"),
        permission=Permission.SCREENING_CHECK_MAKE,
        rooms=("checks",),
        key="C",
    ),
    Task(
        page="passengers.lists",
        group=GATE,
        label=N_("Passenger lists"),
        permission=Permission.SCREENING_LIST_READ,
        rooms=("passengers",),
        key="P",
    ),
    Task(
        page="hits.queue",
        group=CASEWORK,
        label=N_("Hits"),
        permission=Permission.CASEWORK_HIT_WORK,
        rooms=("decisions", "hits", "triage"),
        key="I",
        count=inbox.HITS,
    ),
    Task(
        page="questions.listed",
        group=CASEWORK,
        label=N_("Questions to us"),
        permission=Permission.CASEWORK_QUESTION_ANSWER,
        rooms=("questions",),
        key="Q",
        count=inbox.QUESTIONS,
    ),
    Task(
        page="messages.inbox",
        group=CASEWORK,
        label=N_("Messages"),
        permission=Permission.CASEWORK_MESSAGE_READ,
        rooms=("letters", "messages"),
        key="M",
        count=inbox.MESSAGES,
    ),
    Task(
        page="notices.listed",
        group=CASEWORK,
        label=N_("Notices"),
        permission=Permission.CASEWORK_NOTICE_READ,
        rooms=("notice_reviews", "notices"),
        key="O",
    ),
    Task(
        page="peer_checks.listed",
        group=CASEWORK,
        label=N_("Questions to other nodes"),
        permission=Permission.EXCHANGE_QUESTION_ASK,
        rooms=("peer_checks",),
    ),
    Task(
        page="reviews.listed",
        group=CASEWORK,
        label=N_("Alerts of others"),
        permission=Permission.BANK_ALERT_REVIEW,
        rooms=("reviews",),
        key="A",
    ),
    Task(
        page="contacts.listed",
        group=CASEWORK,
        label=N_("Contacts"),
        permission=Permission.CASEWORK_CONTACT_MANAGE,
        rooms=("contacts",),
    ),
    Task(
        page="entries.choose",
        group=RECORDS,
        label=N_("Enter a record"),
        permission=Permission.BANK_RECORD_WRITE,
        rooms=("entries",),
        key="E",
    ),
    Task(
        page="records_life.waits",
        group=RECORDS,
        label=N_("Records that wait"),
        permission=Permission.BANK_RECORD_VALIDATE,
        rooms=("records_life", "disputes", "corrections"),
    ),
    Task(
        page="search.box",
        group=RECORDS,
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
    Task(
        page="consents.given",
        group=RECORDS,
        label=N_("Consents"),
        permission=Permission.ACCESS_CONSENT_GIVE,
        rooms=("consents",),
    ),
    Task(
        page="retention.due",
        group=RECORDS,
        label=N_("Records whose time ends"),
        permission=Permission.RETENTION_RECORD_REVIEW,
        rooms=("retention", "retention_batches", "certificates"),
    ),
    Task(
        page="subject_requests.listed",
        group=RIGHTS,
        label=N_("Requests of persons"),
        permission=Permission.RIGHTS_REQUEST_HANDLE,
        rooms=("subject_requests",),
    ),
    Task(
        page="subject_cases.waiting",
        group=RIGHTS,
        label=N_("Requests of persons to decide"),
        permission=Permission.RIGHTS_REQUEST_DECIDE,
        rooms=("subject_cases",),
    ),
    Task(
        page="subject_questions.waiting",
        group=RIGHTS,
        label=N_("Questions about persons"),
        permission=Permission.RIGHTS_SOURCE_ANSWER,
        rooms=("subject_questions",),
    ),
    Task(
        page="doubts.asked",
        group=RIGHTS,
        label=N_("Questions of oversight"),
        permission=Permission.RIGHTS_SOURCE_ANSWER,
        rooms=("doubts",),
    ),
    Task(
        page="received_corrections.waiting",
        group=RIGHTS,
        label=N_("Corrections to follow"),
        permission=Permission.RIGHTS_CORRECTION_RECEIVE,
        rooms=("received_corrections",),
    ),
    Task(
        page="suspensions.doubted",
        group=RIGHTS,
        label=N_("Records in doubt"),
        permission=Permission.OVERSIGHT_RECORD_SUSPEND,
        rooms=("suspensions",),
    ),
    Task(
        page="assessments.current",
        group=RIGHTS,
        label=N_("Assessments of partners"),
        permission=Permission.RIGHTS_ASSESSMENT_READ,
        rooms=("assessments",),
    ),
    Task(
        page="shared_records.held",
        group=RECORDS,
        label=N_("Records at other nodes"),
        permission=Permission.EXCHANGE_SHARING_READ,
        rooms=("shared_records",),
    ),
    Task(
        page="exports.form",
        group=RECORDS,
        label=N_("Export records"),
        permission=Permission.BANK_RECORD_EXPORT,
        rooms=("exports",),
    ),
    Task(
        page="lists.form",
        group=RECORDS,
        label=N_("Take in a list"),
        permission=Permission.BANK_LIST_TAKE_IN,
        rooms=("lists",),
    ),
    Task(
        page="sources.listed",
        group=RECORDS,
        label=N_("Lists"),
        permission=Permission.BANK_SOURCE_MANAGE,
        rooms=("sources",),
    ),
    Task(
        page="quality.reports",
        group=RECORDS,
        label=N_("Quality of records"),
        permission=Permission.BANK_QUALITY_READ,
        rooms=("quality",),
    ),
    Task(
        page="network.listed",
        label=N_("Network"),
        permission=Permission.EXCHANGE_PEER_READ,
        rooms=("network",),
        key="N",
    ),
    Task(
        page="audit.entries",
        group=RIGHTS,
        label=N_("Audit log"),
        permission=Permission.AUDIT_LOG_READ,
        rooms=("audit",),
    ),
    Task(
        page="access.listed",
        label=N_("Access"),
        permission=Permission.ACCESS_USER_MANAGE,
        rooms=("access", "explanations"),
    ),
    Task(
        page="recoveries.waiting",
        label=N_("Recoveries of access"),
        permission=Permission.ACCESS_RECOVERY_CONFIRM,
        rooms=("recoveries",),
    ),
    Task(
        page="signals.listed",
        group=RIGHTS,
        label=N_("Signals"),
        permission=Permission.ACCESS_SIGNAL_TRIAGE,
        rooms=("signals",),
    ),
    Task(
        page="oversight.alike",
        group=RIGHTS,
        label=N_("Equal criteria"),
        permission=Permission.OVERSIGHT_EQUALITY_READ,
        rooms=("oversight",),
    ),
    Task(
        page="devices.listed",
        label=N_("Devices"),
        permission=Permission.SCREENING_DEVICE_SERVE,
        rooms=("devices",),
    ),
    Task(
        page="node.state",
        label=N_("This node"),
        permission=Permission.NODE_STATE_READ,
        rooms=("node",),
    ),
)
"""In the order of the margin."""

OUTSIDE: Final = ("session", "help")
"""Rooms whose pages belong to no task: they are in the bar at the top."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A task as one reader sees it. `waiting`: how much waits there; None where none is counted.

    - `room`: that of its first page, by which the help has it.
    """

    room: str
    label: str
    address: str
    is_here: bool
    key: str
    count: str
    waiting: int | None
    group: str


def navigation(desk: Desk) -> list[Entry]:
    """Return the tasks that are open to who asks, with the one where they are."""
    if not desk.is_known:
        return []
    room = getattr(desk.request.state, "room", "")
    counts = waiting(desk)
    entries = [
        Entry(
            room=task.page.partition(".")[0],
            label=desk.gettext(task.label),
            address=desk.url(task.page),
            is_here=room in task.rooms,
            key=task.key,
            count=task.count,
            waiting=counts.get(task.count),
            group=desk.gettext(task.group) if task.group else "",
        )
        for task in TASKS
        if desk.may(task.permission)
    ]
    order = list(dict.fromkeys(entry.group for entry in entries))
    return sorted(entries, key=lambda entry: order.index(entry.group))


def waiting(desk: Desk) -> dict[str, int]:
    """Return how much waits for who asks; nothing for a part of a page, or beside an error."""
    if not desk.is_known or not desk.has_transaction or "HX-Request" in desk.request.headers:
        return {}
    return inbox.counts(desk.tx, desk.who)
