"""The guards of the receiver's review: for each name in `model.reviews.ReviewGuard`, what must be so.

A guard returns when it holds and raises when it does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from didban.errors import Conflict, InvalidInput, NotPermitted
from didban.guard import access, assessments
from didban.model.alerts import Action
from didban.model.reviews import ADVERSE, ReviewGround, ReviewGuard

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from didban.model.actors import Actor
    from didban.model.bank import BankRecord
    from didban.model.reviews import Doubt, Review, ReviewEvent
    from didban.store.database import Transaction

MAX_WORDS: Final = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What somebody wants to happen to a review."""

    tx: Transaction
    actor: Actor
    review: Review
    record: BankRecord
    event: ReviewEvent
    doubts: tuple[Doubt, ...] = ()
    words: str = ""
    ground: ReviewGround | None = None


def _no_doubt(step: Step) -> None:
    if step.doubts:
        raise Conflict("something speaks against it: another person has to agree")


def _second_person(step: Step) -> None:
    access.require_other_person(step.actor, step.review.proposed_by or "", "the acceptance")


def _complete(step: Step) -> None:
    alert = step.record.alert
    if alert is None or alert.action_requested not in ADVERSE:
        return
    if not alert.facts.strip():
        raise Conflict("the alert does not say what happened: ask its owner, or refuse it")
    if alert.action_requested is Action.ARREST and not alert.legal_references:
        raise Conflict("the alert names no warrant or judgment: ask its owner, or refuse it")


def _not_barred(step: Step) -> None:
    barrier = assessments.bars(step.tx, step.record.owner)
    alert = step.record.alert
    if barrier and barrier.is_final and alert and alert.action_requested in ADVERSE:
        message = "the register of assessments bars this owner (PR-55): refuse the alert"
        raise NotPermitted(message, "barred")


def _ground(step: Step) -> None:
    if step.ground is None:
        raise InvalidInput(f"ground: one of {', '.join(ReviewGround)}")


def _words(step: Step) -> None:
    if not step.words.strip() or len(step.words) > MAX_WORDS:
        raise InvalidInput(f"words: say why, in at most {MAX_WORDS} characters")


GUARDS: Final[Mapping[str, Callable[[Step], None]]] = {
    ReviewGuard.UNFLAGGED: _no_doubt,
    ReviewGuard.SECOND_PERSON: _second_person,
    ReviewGuard.COMPLETE: _complete,
    ReviewGuard.NOT_BARRED: _not_barred,
    ReviewGuard.GROUND: _ground,
    ReviewGuard.WORDS: _words,
}
