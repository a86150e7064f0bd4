"""Notices of other authorities that this node reviews, as the secretariat of its network."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Query
from pydantic import Field

from didban.api.v1.frame import Node, Router, Tx, Who, needs
from didban.api.v1.notice_shapes import (
    ApprovalGiven,
    NoticeId,
    NoticeWordsGiven,
    RefusalGiven,
)
from didban.api.v1.pages import Page, Paging, Told
from didban.casework.notices import secretariat
from didban.model.alerts import NoticeType
from didban.model.notices import Flag, NoticeForm, NoticeState
from didban.model.permissions import Permission
from didban.serving.desks import board_of

if TYPE_CHECKING:
    from didban.store.notice_cases import KeptCase

router = Router("notice-cases")


class NoticeCaseTold(Told):
    """Where the review of a notice stands."""

    notice: str
    owner: str
    state: NoticeState
    is_urgent: bool
    flags: list[Flag]
    received_at: datetime
    due_at: datetime | None
    changed_at: datetime

    @classmethod
    def of(cls, kept: KeptCase) -> NoticeCaseTold:
        """Return the shape of a case."""
        values = {name: getattr(kept, name) for name in NoticeCaseTold.model_fields}
        return cls(**{**values, "flags": sorted(kept.flags)})


class NoticeCaseViewTold(Told):
    """A notice as it came for review. What it says is erased once it was decided."""

    standing: NoticeCaseTold
    form: NoticeForm | None = None
    colour: NoticeType | None = None
    audience: list[str] = Field(default=[], description="Tokens of those who are to get it.")
    is_appeal: bool = Field(default=False, description="Another reviewer refused it.")
    entity: dict[str, Any] | None = None
    legal_basis: str = ""
    purpose: str = ""
    alert: dict[str, Any] | None = None
    dossier: dict[str, Any] | None = None

    @classmethod
    def of(cls, kept: KeptCase) -> NoticeCaseViewTold:
        """Return the shape of a case with what it says."""
        said = kept.case.to_json() if kept.case else {}
        shown = {name: said[name] for name in cls.model_fields if name in said}
        return cls(standing=NoticeCaseTold.of(kept), **shown)


@router.get("/notice-cases")
@needs(Permission.CASEWORK_NOTICE_REVIEW)
def list_notice_cases(
    tx: Tx,
    who: Who,
    paging: Paging,
    state: Annotated[list[NoticeState] | None, Query(max_length=20)] = None,
) -> Page[NoticeCaseTold]:
    """List notices of other authorities that wait for review here, or had it, oldest first."""
    after = int(paging.after[0]) if paging.after else 0
    states = state or [NoticeState.COMPLIANCE_REVIEW]
    rows = secretariat.listed(tx, who, states=states, limit=paging.fetch, after=after)
    return paging.page(rows, keys=lambda row: (row.number,), told=NoticeCaseTold.of)


@router.get("/notice-cases/{notice_id}")
@needs(Permission.CASEWORK_NOTICE_REVIEW)
def view_notice_case(tx: Tx, who: Who, notice_id: NoticeId) -> NoticeCaseViewTold:
    """View a notice as it came for review."""
    return NoticeCaseViewTold.of(secretariat.read(tx, who, notice_id))


@router.post("/notice-cases/{notice_id}/return")
@needs(Permission.CASEWORK_NOTICE_REVIEW)
def return_notice_case(
    tx: Tx, who: Who, node: Node, notice_id: NoticeId, given: NoticeWordsGiven
) -> NoticeCaseTold:
    """Return a notice to its drafter with questions; the clock stops."""
    board = board_of(node)
    back = secretariat.send_back(tx, who, board, notice_id, words=given.words)
    return NoticeCaseTold.of(back)


@router.post("/notice-cases/{notice_id}/refusal")
@needs(Permission.CASEWORK_NOTICE_REVIEW)
def refuse_notice_case(
    tx: Tx, who: Who, node: Node, notice_id: NoticeId, given: RefusalGiven
) -> NoticeCaseTold:
    """Refuse a notice on a ground."""
    said = given.model_dump()
    return NoticeCaseTold.of(secretariat.refuse(tx, who, board_of(node), notice_id, **said))


@router.post("/notice-cases/{notice_id}/approval")
@needs(Permission.CASEWORK_NOTICE_REVIEW)
def approve_notice_case(
    tx: Tx, who: Who, node: Node, notice_id: NoticeId, given: ApprovalGiven
) -> NoticeCaseTold:
    """Approve a notice; where it is flagged, two reviewers do (PR-13)."""
    said = given.model_dump()
    return NoticeCaseTold.of(secretariat.approve(tx, who, board_of(node), notice_id, **said))
