"""How long records are kept: reviews, extensions, erasure, and how often which happened."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated

from fastapi import Path, Query
from pydantic import Field

from didban import clock
from didban.api.v1.frame import Node, Router, Tx, Who, needs
from didban.api.v1.pages import Given, Page, Paging, Told
from didban.guard import retention
from didban.model.permissions import Permission
from didban.store.retention import Answered, Review

router = Router("retention")

_YEAR = timedelta(days=366)

Identifier = Annotated[str, Path(max_length=120, examples=["rec_4kq2"])]
Assessment = Annotated[
    str,
    Field(
        min_length=retention.LEAST_WORDS,
        max_length=retention.MOST_WORDS,
        description="Why this one record is needed, or not; erased with it.",
    ),
]


class RetentionReviewTold(Told):
    """A record of your authority that waits for a person to decide."""

    record: str
    due_on: date
    told_at: datetime
    is_purpose_achieved: bool

    @classmethod
    def of(cls, review: Review) -> RetentionReviewTold:
        """Return the shape of a review."""
        return cls(
            record=review.record,
            due_on=review.due_on,
            told_at=review.told_at,
            is_purpose_achieved=review.is_purpose_achieved,
        )


class ExtensionGiven(Given):
    """Until when a record is kept, and why."""

    until: date
    assessment: Assessment


class KeptTold(Told):
    """Until when a record is kept now."""

    record: str
    version: int
    retention_until: date


class AssessmentGiven(Given):
    """Why a record is needed, or not."""

    assessment: Assessment


class AchievedTold(Told):
    """By when a record whose purpose is achieved is to be deleted or justified."""

    record: str
    due_on: date


class AnsweredTold(Told):
    """How many reviews of a month were answered in one way; `lapse` is by nobody."""

    owner: str
    month: date
    is_object: bool
    decision: str
    count: int

    @classmethod
    def of(cls, one: Answered) -> AnsweredTold:
        """Return the shape of a count."""
        return cls(
            owner=one.owner,
            month=one.month,
            is_object=one.is_object,
            decision=one.decision,
            count=one.count,
        )


@router.get("/retention/reviews")
@needs(Permission.RETENTION_RECORD_REVIEW)
def list_retention_reviews(tx: Tx, who: Who, paging: Paging) -> Page[RetentionReviewTold]:
    """List the records of your authority whose time ends, or whose purpose is achieved."""
    after = (date.fromisoformat(paging.after[0]), paging.after[1]) if paging.after else None
    rows = retention.due(tx, who, after=after, limit=paging.fetch)
    return paging.page(
        rows, keys=lambda row: (row.due_on.isoformat(), row.record), told=RetentionReviewTold.of
    )


@router.post("/records/{record}/extension")
@needs(Permission.RETENTION_RECORD_REVIEW)
def extend_record(
    tx: Tx, who: Who, node: Node, record: Identifier, given: ExtensionGiven
) -> KeptTold:
    """Keep a record beyond its day, after an individual assessment (PR-32).

    By another person than who recorded it or kept it last time (PR-28), and to the policy's maximum
    at most (PR-30).
    """
    made = retention.keep(
        tx,
        who,
        record,
        until=given.until,
        assessment=given.assessment,
        policy=retention.policy_of(node.settings.retention),
    )
    return KeptTold(
        record=made.id, version=made.version, retention_until=made.marking.retention_until
    )


@router.post("/records/{record}/erasure", status_code=204)
@needs(Permission.RETENTION_RECORD_REVIEW)
def erase_record(tx: Tx, who: Who, record: Identifier, given: AssessmentGiven) -> None:
    """Erase a record that is not needed any more, with everything that was kept because of it."""
    retention.drop(tx, who, record, assessment=given.assessment)


@router.post("/records/{record}/achievement")
@needs(Permission.BANK_RECORD_WRITE)
def note_achieved(tx: Tx, who: Who, node: Node, record: Identifier) -> AchievedTold:
    """Say that a record's purpose is achieved: it is deleted or justified in fifteen days (PR-33)."""
    policy = retention.policy_of(node.settings.retention)
    due_on = retention.note_achieved(tx, who, record, policy)
    return AchievedTold(record=record, due_on=due_on)


@router.post("/records/{record}/justification", status_code=204)
@needs(Permission.RETENTION_RECORD_REVIEW)
def justify_record(tx: Tx, who: Who, record: Identifier, given: AssessmentGiven) -> None:
    """Say why a record is still needed although its purpose is achieved (PR-33)."""
    retention.justify(tx, who, record, assessment=given.assessment)


@router.get("/retention/statistics")
@needs(Permission.RETENTION_STATISTICS_READ)
def count_reviews(
    tx: Tx,
    who: Who,
    since: Annotated[date | None, Query(description="A year ago by default.")] = None,
) -> list[AnsweredTold]:
    """Count how reviews were answered, by owner and month (PR-32)."""
    found = retention.statistics(tx, who, since=since or clock.today() - _YEAR)
    return [AnsweredTold.of(one) for one in found]
