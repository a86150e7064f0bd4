"""What others say against a record: disputes, which its owner must answer, and counter-evidence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import date, datetime

REVIEW_TIME: Final = timedelta(days=15)
"""How long the owner has to answer a dispute (state-machines 4.1)."""


class DisputedBy(StrEnum):
    """Who doubts the record."""

    HOLDER = "holder"  # the person or the holder of the document, through an authority
    AUTHORITY = "authority"


class Decision(StrEnum):
    """How the owner answered a dispute."""

    UPHOLD = "uphold"
    UPHOLD_WITH_CHANGE = "uphold_with_change"
    WITHDRAW = "withdraw"


class Ground(StrEnum):
    """Why a record was rejected or withdrawn."""

    PURPOSE_ACHIEVED = "purpose_achieved"
    ERROR = "error"
    STATUS_CHANGED = "status_changed"
    DISPUTED = "disputed"
    UNLAWFUL = "unlawful"
    RECOVERED = "recovered"
    OWNER_WITHDREW = "owner_withdrew"  # at another node, which does not say why
    FLAGGED = "flagged"  # an alert of another node that was not accepted here (PR-52)


SUSPECT_AGAIN: Final = frozenset(
    {Ground.ERROR, Ground.STATUS_CHANGED, Ground.DISPUTED, Ground.UNLAWFUL, Ground.FLAGGED}
)
"""Grounds after which the same person, submitted again, waits for a second person (PR-57)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierRefusal:
    """That the same was refused or withdrawn before: when and why, not by whom."""

    refused_at: datetime
    ground: Ground


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """A doubt that was raised, and what came of it.

    - `raised_by`: the authority that raised it, for itself or for the holder.
    - `due_on`: when the owner's answer is due; `decision` is None until it is given.
    """

    id: str
    record: str
    raised_by: str
    by: DisputedBy
    ground: str
    raised_at: datetime
    due_on: date
    decision: Decision | None = None
    decided_at: datetime | None = None
    answer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterEvidence:
    """What speaks against a record. It is shown wherever the record is shown (PR-48).

    - `given_by`: the authority that gave it, for itself or for the person.
    - `attachment`: identifier of a file that goes with it, or None.
    """

    id: str
    given_by: str
    text: str
    given_at: datetime
    attachment: str | None = None
