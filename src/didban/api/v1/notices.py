"""Notices and diffusions: drafts, their compliance review, what is out, what others published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Protocol

from fastapi import Query

from didban import clock
from didban.api.v1.frame import Node, Router, Tx, Who, needs
from didban.api.v1.notice_shapes import (
    AddendumGiven,
    ApprovalGiven,
    ExtensionGiven,
    NoticeGiven,
    NoticeId,
    NoticeReaderTold,
    NoticeTold,
    NoticeViewTold,
    NoticeWordsGiven,
    ReceivedNoticeTold,
    RefusalGiven,
)
from didban.api.v1.pages import Page, Paging
from didban.casework.notices import arriving, deadlines, drafting, publishing, reviewing
from didban.model.notices import NoticeState
from didban.model.permissions import Permission
from didban.serving.desks import board_of

if TYPE_CHECKING:
    from didban.casework.notices.steps import Board
    from didban.store.notices import Notice

router = Router("notices")


@router.post("/notices", status_code=201)
@needs(Permission.CASEWORK_NOTICE_DRAFT)
def draft_notice(tx: Tx, who: Who, node: Node, given: NoticeGiven) -> NoticeTold:
    """Begin a notice or diffusion about a record of one's own."""
    return NoticeTold.of(drafting.draft(tx, who, board_of(node), given.draft()))


@router.get("/notices")
@needs(Permission.CASEWORK_NOTICE_READ)
def list_notices(
    tx: Tx,
    who: Who,
    paging: Paging,
    state: Annotated[list[NoticeState] | None, Query(max_length=20)] = None,
) -> Page[NoticeTold]:
    """List notices of the own authority, oldest first."""
    after = int(paging.after[0]) if paging.after else 0
    states = state or list(NoticeState)
    rows = drafting.listed(tx, who, states=states, limit=paging.fetch, after=after)
    return paging.page(rows, keys=lambda row: (row.number,), told=NoticeTold.of)


@router.get("/received-notices")
@needs(Permission.CASEWORK_NOTICE_READ)
def list_received_notices(tx: Tx, who: Who, paging: Paging) -> Page[ReceivedNoticeTold]:
    """List notices of other authorities whose record is open to who asks."""
    after = str(paging.after[0]) if paging.after else ""
    rows = arriving.received(tx, who, after=after, limit=paging.fetch)
    return paging.page(rows, keys=lambda row: (row.said.id,), told=ReceivedNoticeTold.of)


@router.get("/overdue-notice-receipts")
@needs(Permission.CASEWORK_NOTICE_READ)
def list_overdue_notice_receipts(tx: Tx, who: Who, node: Node) -> list[NoticeReaderTold]:
    """List the nodes that were told of a notice's end and have not confirmed it in time (PR-34)."""
    late = deadlines.overdue_receipts(tx, who, board_of(node), clock.now())
    return [NoticeReaderTold.of(one) for one in late]


@router.get("/notices/{notice_id}")
@needs(Permission.CASEWORK_NOTICE_READ)
def view_notice(tx: Tx, who: Who, notice_id: NoticeId) -> NoticeViewTold:
    """View a notice with its self check: everything that keeps it from leaving."""
    return NoticeViewTold.of(drafting.view(tx, who, notice_id))


@router.put("/notices/{notice_id}")
@needs(Permission.CASEWORK_NOTICE_DRAFT)
def change_notice(
    tx: Tx, who: Who, node: Node, notice_id: NoticeId, given: NoticeGiven
) -> NoticeTold:
    """Put another text in the place of a draft."""
    return NoticeTold.of(drafting.change(tx, who, board_of(node), notice_id, given.draft()))


@router.post("/notices/{notice_id}/submission")
@needs(Permission.CASEWORK_NOTICE_DRAFT)
def submit_notice(tx: Tx, who: Who, node: Node, notice_id: NoticeId) -> NoticeTold:
    """Give a complete draft to its review, whose clock starts."""
    return NoticeTold.of(drafting.submit(tx, who, board_of(node), notice_id))


@router.post("/notices/{notice_id}/return")
@needs(Permission.CASEWORK_NOTICE_REVIEW)
def return_notice(tx: Tx, who: Who, notice_id: NoticeId, given: NoticeWordsGiven) -> NoticeTold:
    """Return a notice to its drafter with questions; the clock stops."""
    return NoticeTold.of(reviewing.send_back(tx, who, notice_id, words=given.words))


@router.post("/notices/{notice_id}/refusal")
@needs(Permission.CASEWORK_NOTICE_REVIEW)
def refuse_notice(tx: Tx, who: Who, notice_id: NoticeId, given: RefusalGiven) -> NoticeTold:
    """Refuse a notice on a ground."""
    refused = reviewing.refuse(tx, who, notice_id, ground=given.ground, words=given.words)
    return NoticeTold.of(refused)


@router.post("/notices/{notice_id}/approval")
@needs(Permission.CASEWORK_NOTICE_REVIEW)
def approve_notice(tx: Tx, who: Who, notice_id: NoticeId, given: ApprovalGiven) -> NoticeTold:
    """Approve a notice as another person than its drafter; where it is flagged, two do (PR-13)."""
    approved = reviewing.approve(tx, who, notice_id, flags=given.flags, words=given.words)
    return NoticeTold.of(approved)


@router.post("/notices/{notice_id}/publication")
@needs(Permission.CASEWORK_NOTICE_DRAFT)
def publish_notice(tx: Tx, who: Who, node: Node, notice_id: NoticeId) -> NoticeTold:
    """Publish what was approved: the record bears its alert, and its readers are told."""
    return NoticeTold.of(publishing.publish(tx, who, board_of(node), notice_id))


@router.post("/notices/{notice_id}/addenda")
@needs(Permission.CASEWORK_NOTICE_DRAFT)
def add_to_notice(
    tx: Tx, who: Who, node: Node, notice_id: NoticeId, given: AddendumGiven
) -> NoticeTold:
    """Add facts, warnings or references to what is out."""
    added = publishing.add(tx, who, board_of(node), notice_id, **given.model_dump())
    return NoticeTold.of(added)


@router.post("/notices/{notice_id}/extension")
@needs(Permission.CASEWORK_NOTICE_REVIEW)
def extend_notice(
    tx: Tx, who: Who, node: Node, notice_id: NoticeId, given: ExtensionGiven
) -> NoticeTold:
    """Let a notice stand longer, as another person than its drafter assessed."""
    board = board_of(node)
    longer = publishing.extend(tx, who, board, notice_id, until=given.until, words=given.words)
    return NoticeTold.of(longer)


class _Worded(Protocol):
    """A step in the life of a notice, for which it is said why."""

    def __call__(self, tx: Tx, who: Who, board: Board, notice_id: str, /, *, words: str) -> Notice:
        """Take it, and return the notice as it stands then."""


def _deed(name: str, path: str, permission: Permission, verb: _Worded, summary: str) -> None:
    """Give the router a step for which it is said why."""

    def step(
        tx: Tx, who: Who, node: Node, notice_id: NoticeId, given: NoticeWordsGiven
    ) -> NoticeTold:
        return NoticeTold.of(verb(tx, who, board_of(node), notice_id, words=given.words))

    step.__name__, step.__doc__ = name, summary
    router.post(f"/notices/{{notice_id}}/{path}")(needs(permission)(step))


_DRAFT, _REVIEW = Permission.CASEWORK_NOTICE_DRAFT, Permission.CASEWORK_NOTICE_REVIEW
_deed(
    "appeal_notice", "appeal", _DRAFT, drafting.appeal,
    "Ask once that another reviewer looks at what was refused.",
)  # fmt: skip
_deed(
    "suspend_notice", "suspension", _REVIEW, publishing.suspend,
    "Suspend a notice while a complaint about it is pending.",
)  # fmt: skip
_deed(
    "lift_notice", "lifting", _REVIEW, publishing.lift,
    "End a suspension, as another person than the drafter.",
)  # fmt: skip
_deed(
    "achieve_notice", "achievement", _DRAFT, publishing.achieve,
    "Note that the purpose is achieved; the notice is cancelled within a day.",
)  # fmt: skip
_deed(
    "cancel_notice", "cancellation", _DRAFT, publishing.cancel,
    "Cancel a notice, or give a draft up; what is out is withdrawn from every reader.",
)  # fmt: skip
