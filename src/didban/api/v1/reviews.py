"""The receiver's desk: alerts of other nodes, accepted or refused under our own law (PR-52)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Path, Query
from pydantic import Field

from didban.api.v1.assessments import AssessmentTold
from didban.api.v1.frame import Node, Router, Tx, Who, needs
from didban.api.v1.hit_shapes import Said, Words, shaped
from didban.api.v1.pages import Given, Page, Paging, Told
from didban.api.v1.record_shapes import EarlierRefusalTold
from didban.api.v1.shapes import RecordShown
from didban.guard.secrets import SecretName
from didban.intake import reviews
from didban.model.alerts import Action
from didban.model.permissions import Permission
from didban.model.reviews import (
    OPEN,
    Doubt,
    Review,
    ReviewEvent,
    ReviewGround,
    ReviewState,
)
from didban.serving.desks import verdicts_of

router = Router("reviews")

ReviewId = Annotated[str, Path(max_length=64, examples=["rvw_4kq2"])]
_Read = Annotated[
    str, Field(pattern=r"^[0-9a-f]{64}$", description="`digest` of the review as it was read.")
]


class AlertAcceptanceGiven(Given):
    """What the reviewer read, and what only a person can answer. Every answer is given."""

    read: _Read
    claim_for_protection: bool = Field(description="Or refugee papers, as far as is known here.")
    human_rights: bool = Field(
        description="Art. 2: no fair trial, or ill-treatment, is to be feared."
    )
    political: bool = Field(description="Art. 3: political, military, religious or racial.")
    words: Words = ""

    def doubts(self) -> tuple[Doubt, ...]:
        """Return what speaks against it, as the reviewer says."""
        said = {
            Doubt.CLAIM_FOR_PROTECTION: self.claim_for_protection,
            Doubt.HUMAN_RIGHTS: self.human_rights,
            Doubt.POLITICAL: self.political,
        }
        return tuple(doubt for doubt, is_so in said.items() if is_so)


class AlertRefusalGiven(Given):
    """Why an alert is not accepted here."""

    read: _Read
    ground: ReviewGround
    words: Said


class AlertReviewTold(Told):
    """Where the review of an alert stands."""

    id: str
    record: str
    owner: str
    state: ReviewState
    digest: str
    opened_at: datetime
    doubts: list[Doubt]
    ground: ReviewGround | None
    decided_at: datetime | None

    @classmethod
    def of(cls, review: Review) -> AlertReviewTold:
        """Return the shape of a review."""
        return cls(
            id=review.id,
            record=review.record,
            owner=review.owner,
            state=review.state,
            digest=review.digest.hex(),
            opened_at=review.opened_at,
            doubts=list(review.doubts),
            ground=review.ground,
            decided_at=review.decided_at,
        )


class ReviewStepTold(Told):
    """One line of a review's history."""

    at: datetime
    actor: str
    event: ReviewEvent
    state: ReviewState
    words: str


class AlertReviewViewTold(Told):
    """A review with all that a reviewer goes by.

    - `would_ask`: what it would ask here if it were accepted; `record` says what it asks now.
    - `doubts`: what the node itself finds against it; `held`: what the register holds of its owner.
    """

    review: AlertReviewTold
    would_ask: Action | None
    doubts: list[Doubt]
    earlier: list[EarlierRefusalTold]
    held: list[AssessmentTold]
    record: RecordShown
    history: list[ReviewStepTold]

    @classmethod
    def of(cls, view: reviews.ReviewView) -> AlertReviewViewTold:
        """Return the shape of a review as it is seen."""
        return cls(
            review=AlertReviewTold.of(view.review),
            would_ask=view.would_ask,
            doubts=list(view.doubts),
            earlier=[shaped(EarlierRefusalTold, one) for one in view.earlier],
            held=[AssessmentTold.of(one) for one in view.held],
            record=RecordShown.of(view.shown),
            history=[shaped(ReviewStepTold, step) for step in view.steps],
        )


@router.get("/alert-reviews")
@needs(Permission.BANK_ALERT_REVIEW)
def list_alert_reviews(
    tx: Tx,
    who: Who,
    paging: Paging,
    state: Annotated[list[ReviewState] | None, Query(max_length=5)] = None,
) -> Page[AlertReviewTold]:
    """List reviews, oldest first: those that wait for somebody, or those in some states."""
    place = (datetime.fromisoformat(paging.after[0]), paging.after[1]) if paging.after else None
    states = frozenset(state) if state else OPEN
    rows = reviews.listed(tx, who, states=states, limit=paging.fetch, after=place)
    return paging.page(
        rows, keys=lambda row: (row.opened_at.isoformat(), row.id), told=AlertReviewTold.of
    )


@router.get("/alert-reviews/{review_id}")
@needs(Permission.BANK_ALERT_REVIEW)
def view_alert_review(tx: Tx, who: Who, node: Node, review_id: ReviewId) -> AlertReviewViewTold:
    """Open a review: what the sender attached, earlier refusals, what is held of the owner."""
    key = node.secrets.get(SecretName.REFUSAL)
    return AlertReviewViewTold.of(reviews.view(tx, who, review_id, key))


@router.post("/alert-reviews/{review_id}/acceptance")
@needs(Permission.BANK_ALERT_REVIEW)
def accept_alert(
    tx: Tx, who: Who, node: Node, review_id: ReviewId, given: AlertAcceptanceGiven
) -> AlertReviewTold:
    """Accept an alert, so that it asks here what its owner asks; with a doubt, two persons do."""
    return AlertReviewTold.of(
        reviews.accept(
            tx,
            who,
            review_id,
            read=bytes.fromhex(given.read),
            doubts=given.doubts(),
            key=node.secrets.get(SecretName.REFUSAL),
            words=given.words,
            told=verdicts.told if (verdicts := verdicts_of(node)) else None,
        )
    )


@router.post("/alert-reviews/{review_id}/refusal")
@needs(Permission.BANK_ALERT_REVIEW)
def refuse_alert(
    tx: Tx, who: Who, node: Node, review_id: ReviewId, given: AlertRefusalGiven
) -> AlertReviewTold:
    """Refuse an alert: it stays information, and is recognised when it is submitted again."""
    return AlertReviewTold.of(
        reviews.refuse(
            tx,
            who,
            review_id,
            read=bytes.fromhex(given.read),
            ground=given.ground,
            words=given.words,
            key=node.secrets.get(SecretName.REFUSAL),
            told=verdicts.told if (verdicts := verdicts_of(node)) else None,
        )
    )
