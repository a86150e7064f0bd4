"""What waits for who sits at a desk: a line of `SOURCES` for each room, shown by `home`.

A room that has work waiting adds one function here. It returns rows that are ready to be shown, for
who may see them: the verb behind it decides that once more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Final

from didban.casework import answers, hits
from didban.casework.messages import desk as messages
from didban.casework.notices import drafting
from didban.errors import NotPermitted
from didban.guard import subject_requests
from didban.guard.disclosure import shown_to
from didban.intake import reviews
from didban.model.casework import HitsWanted
from didban.model.exchange.messages import MessageState
from didban.model.hits import Urgency, Whose
from didban.model.notices import NoticeState
from didban.model.permissions import Permission
from didban.web.i18n import N_
from didban.web.people import body
from didban.web.presenters import records
from didban.web.presenters.hits import title_of
from didban.web.presenters.messages import BOXES, is_running
from didban.web.rendering import code, data, name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from markupsafe import Markup

    from didban.model.marking import Confidentiality
    from didban.store.notices import Notice
    from didban.web.desk import Desk

MOST: Final = 20
"""Rows of one room; the others stand on the room's own page."""

_MANY: Final = 10 * MOST  # looked through for the nearest deadlines

_NEVER: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One thing that waits.

    - `title`, `why`: in the reader's language; `since`: when it began to wait.
    - `deadline`: None where there is none.
    - `is_urgent`: a person is kept waiting for it; it stands before everything else.
    """

    title: Markup
    why: str
    address: str
    since: datetime | None = None
    deadline: datetime | None = None
    is_urgent: bool = False
    confidentiality: Confidentiality | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What one room has waiting.

    - `label`: English, as the catalogue `frame` has it; `page`, `query`: where all of it stands.
    """

    label: str
    page: str
    permission: Permission
    rows: Callable[[Desk], Iterator[Due]]
    query: str = ""


def of(desk: Desk) -> list[tuple[Source, list[Due]]]:
    """Return what waits for who asks, room by room, the nearest deadline first.

    A room is left out where its verb refuses whom the permission alone would let in.
    """
    found = []
    for source in SOURCES:
        if not desk.may(source.permission):
            continue
        try:
            rows = sorted(source.rows(desk), key=_order)
        except NotPermitted:
            continue
        found.append((source, rows[:MOST]))
    return found


def _order(due: Due) -> tuple[bool, datetime]:
    return not due.is_urgent, due.deadline or _NEVER


def _hits(desk: Desk, whose: Whose) -> Iterator[Due]:
    wanted = HitsWanted(whose=whose, is_aside=False)
    for row in hits.waiting(desk.tx, desk.who, wanted, limit=_MANY):
        title = title_of(row.hit.asked)
        yield Due(
            title=name(title) if title else code(row.hit.id),
            why=desk.speech.term(row.hit.state),
            address=desk.url("hits.hit", hit_id=row.hit.id),
            since=row.hit.opened_at,
            deadline=row.due.due_at if row.due else None,
            is_urgent=row.hit.is_held,
            confidentiality=row.confidentiality,
        )


def _questions(desk: Desk) -> Iterator[Due]:
    for asked in answers.put_to_us(desk.tx, desk.who, limit=MOST):
        title = title_of(asked.identity)
        yield Due(
            title=name(title) if title else code(asked.id),
            why=desk.speech.term(asked.kind),
            address=desk.url("questions.question", question_id=asked.id),
            since=asked.arrived_at,
            deadline=asked.reply_by,
            is_urgent=asked.urgency is Urgency.URGENT,
        )


def _messages(desk: Desk) -> Iterator[Due]:
    """Return what nobody has read, and the requests that are not answered."""
    box = BOXES["open"]
    for one in messages.listed(desk.tx, desk.who, side=box.side, states=box.states, limit=_MANY):
        if one.state is not MessageState.ACCEPTED and not is_running(one):
            continue
        yield Due(
            title=data(f"{desk.speech.term(one.kind)} · {body(desk, one.other)}"),
            why=desk.speech.term(one.urgency),
            address=desk.url("messages.message", message_id=one.id),
            since=one.sent_at,
            deadline=one.due_at if is_running(one) else None,
            confidentiality=one.confidentiality,
        )


def _drafts(desk: Desk) -> Iterator[Due]:
    """Return the notices that who asks has begun, or was given back, and has not handed in."""
    begun = (NoticeState.DRAFT,)
    for notice in drafting.listed(desk.tx, desk.who, states=begun, limit=_MANY):
        if notice.drafted_by == desk.who.user:
            yield _of_notice(desk, notice)


def _reviews(desk: Desk) -> Iterator[Due]:
    found = reviews.listed(desk.tx, desk.who, limit=MOST)
    about = reviews.about(desk.tx, desk.who, found)
    for review in found:
        record = about.get(review.record)
        title = records.title_of(shown_to(desk.tx, desk.who, record)) if record else ""
        owner = body(desk, review.owner)
        yield Due(
            title=name(title) if title else data(owner),
            why=f"{desk.speech.term(review.state)} · {owner}",
            address=desk.url("reviews.review", review_id=review.id),
            since=review.opened_at,
        )


def _notices(desk: Desk) -> Iterator[Due]:
    reviewed = (NoticeState.COMPLIANCE_REVIEW,)
    for notice in drafting.listed(desk.tx, desk.who, states=reviewed, limit=MOST):
        yield _of_notice(desk, notice)


def _of_notice(desk: Desk, notice: Notice) -> Due:
    return Due(
        title=data(f"{desk.speech.term(notice.form)} · {desk.speech.term(notice.colour)}"),
        why=desk.speech.term(notice.state),
        address=desk.url("notices.notice", notice_id=notice.id),
        since=notice.changed_at,
        deadline=notice.review_due_at,
    )


def _subject_requests(desk: Desk) -> Iterator[Due]:
    for request in subject_requests.listed(desk.tx, desk.who, limit=MOST):
        yield Due(
            title=code(request.id),
            why=desk.speech.term(request.state),
            address=desk.url("subject_requests.one", request=request.id),
            since=request.received_at,
        )


_P = Permission
SOURCES: Final[Sequence[Source]] = (
    Source(
        label=N_("My hits"),
        page="hits.queue",
        query="whose=mine",
        permission=_P.CASEWORK_HIT_WORK,
        rows=partial(_hits, whose=Whose.MINE),
    ),
    Source(
        label=N_("Hits that nobody has"),
        page="hits.queue",
        query="whose=nobodys",
        permission=_P.CASEWORK_HIT_WORK,
        rows=partial(_hits, whose=Whose.NOBODYS),
    ),
    Source(
        label=N_("Questions to us"),
        page="questions.listed",
        permission=_P.CASEWORK_QUESTION_ANSWER,
        rows=_questions,
    ),
    Source(
        label=N_("Messages to read and answer"),
        page="messages.inbox",
        permission=_P.CASEWORK_MESSAGE_READ,
        rows=_messages,
    ),
    Source(
        label=N_("Notices that you began"),
        page="notices.listed",
        query="state=draft",
        permission=_P.CASEWORK_NOTICE_DRAFT,
        rows=_drafts,
    ),
    Source(
        label=N_("Notices to review"),
        page="notices.listed",
        permission=_P.CASEWORK_NOTICE_REVIEW,
        rows=_notices,
    ),
    Source(
        label=N_("Alerts of others to review"),
        page="reviews.listed",
        permission=_P.BANK_ALERT_REVIEW,
        rows=_reviews,
    ),
    Source(
        label=N_("Requests of persons"),
        page="subject_requests.listed",
        permission=_P.RIGHTS_REQUEST_HANDLE,
        rows=_subject_requests,
    ),
)
"""In the order of `home`: what has a running clock first."""
