"""Shapes of hits, of the questions to owners, and of what is said about them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from fastapi import Path
from pydantic import Field

from didban.api.v1.pages import Given, Told
from didban.api.v1.shapes import RecordShown
from didban.model.alerts import Action
from didban.model.bank import Note
from didban.model.casework import (
    AnswerKind,
    AskedOwner,
    Disclosure,
    Gate,
    Hit,
    QuestionKind,
)
from didban.model.hits import Clock, HitEvent, HitState, Outcome, Urgency

if TYPE_CHECKING:
    from didban.casework.hits import HitView

_T = TypeVar("_T", bound=Told)

Words = Annotated[str, Field(max_length=4_000)]
Said = Annotated[str, Field(min_length=1, max_length=4_000)]
HitId = Annotated[str, Path(max_length=64)]
QuestionId = Annotated[str, Path(max_length=64)]


class SaidGiven(Given):
    """Why, or what, in words; it stays in the hit's history."""

    words: Said


class TakenBackGiven(Given):
    """Why a drafted question is taken back: needed of whoever did not draft it."""

    words: Words = ""


class GateGiven(Given):
    """What the desk answers before an owner is asked (PR-53). Every answer is given."""

    claim_for_protection: bool
    refugee_papers: bool
    flagged: bool = Field(description="An Art. 2 or 3 flag on the record or on its owner.")
    disclosure: Disclosure = Disclosure.FULL

    def gate(self) -> Gate:
        """Return the answers as a value."""
        return Gate(
            claim_for_protection=self.claim_for_protection,
            refugee_papers=self.refugee_papers,
            flagged=self.flagged,
            disclosure=self.disclosure,
        )


class HitBrief(Told):
    """Where a hit stands; all that the first line is told."""

    id: str
    state: HitState
    changed_at: datetime

    @classmethod
    def of(cls, hit: Hit) -> HitBrief:
        """Return the shape of a hit."""
        return cls(id=hit.id, state=hit.state, changed_at=hit.changed_at)


class HitTold(HitBrief):
    """A hit as the second line works with it."""

    match: str
    record: str
    record_version: int
    owner: str
    score: float
    place: str
    checked_at: datetime
    opened_at: datetime
    round: int
    is_held: bool
    is_record_gone: bool
    action: Action | None
    outcome: Outcome | None

    @classmethod
    def of(cls, hit: Hit) -> HitTold:
        """Return the shape of a hit."""
        return cls(**{name: getattr(hit, name) for name in cls.model_fields})


class EvidenceTold(Told):
    """The two values that a feature compared, and what it weighs."""

    feature: str
    asked: str
    listed: str
    similarity: float
    weight: float
    detail: str


class EntryTold(Told):
    """One line of a hit's history."""

    at: datetime
    actor: str
    authority: str
    event: str
    state: HitState
    facts: dict[str, str | int | bool]
    words: str


class ClockTold(Told):
    """A deadline that runs."""

    clock: Clock
    due_at: datetime


class HitViewTold(Told):
    """A hit with its evidence, its record, its history and what may happen next.

    - `notes` are read before `action_requested` and the record.
    - `unseen`: the evidence that who asks has not compared yet.
    """

    hit: HitTold
    notes: list[Note]
    action_requested: Action | None
    record: RecordShown | None
    asked: dict[str, Any] | None
    evidence: list[EvidenceTold]
    unseen: list[str]
    possible: list[HitEvent]
    clocks: list[ClockTold]
    history: list[EntryTold]

    @classmethod
    def of(cls, view: HitView) -> HitViewTold:
        """Return the shape of a hit as it is seen."""
        return cls(
            hit=HitTold.of(view.hit),
            notes=list(view.standing.notes) if view.standing else [],
            action_requested=view.standing.action if view.standing else None,
            record=RecordShown.of(view.shown) if view.shown is not None else None,
            asked=view.hit.asked.to_json() if view.hit.asked else None,
            evidence=[shaped(EvidenceTold, piece) for piece in view.evidence],
            unseen=list(view.unseen),
            possible=list(view.possible),
            clocks=[shaped(ClockTold, running) for running in view.clocks],
            history=[shaped(EntryTold, entry) for entry in view.history],
        )


class QuestionTold(Told):
    """A question as the owner's desk sees it. What tells of the encounter may be withheld."""

    id: str
    kind: QuestionKind
    arrived_at: datetime | None
    record: str
    record_version: int
    identity: dict[str, Any] | None
    words: str
    urgency: Urgency | None
    reply_by: datetime | None
    authority: str | None
    place: str | None
    met_at: datetime | None
    answer: AnswerKind | None
    feedback: Outcome | None
    node: str | None

    @classmethod
    def of(cls, asked: AskedOwner) -> QuestionTold:
        """Return the shape of a question."""
        values = {name: getattr(asked, name) for name in cls.model_fields}
        return cls(**{**values, "identity": asked.identity.to_json() if asked.identity else None})


def shaped(shape: type[_T], value: object) -> _T:
    """Return a shape that has the fields of a value."""
    return shape(**{name: getattr(value, name) for name in shape.model_fields})
