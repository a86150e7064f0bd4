"""How long something may be kept, and the life of a record's retention (state-machines 4.6).

recorded --warn (120 days before)--> review_due --keep [assessed, by another person]--> recorded
                                     review_due --delete | lapse--> erased
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from didban.model.alerts import Action
from didban.model.machines import Machine, Transition
from didban.model.schemata import is_a

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

_LEAP_DAY: Final = (2, 29)


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionPolicy:
    """The longest that each kind of data may be kept (PR-30). A charter may shorten it.

    - Years: what is said of persons and organisations, of a person who is checked discreetly, of
      documents and other objects.
    - Days: the content of searches and checks; a passenger list, whose passengers without a hit are
      masked after so many hours; signals; what is withdrawn, until it is erased.
    - `warning_days`: how long before the end the owner is told (PR-32); `justify_days`: how long it
      may take to delete or justify when the purpose is achieved (PR-33).
    """

    person_years: int = 5
    discreet_check_years: int = 1
    object_years: int = 10
    search_days: int = 365
    passenger_mask_hours: int = 24
    passenger_list_days: int = 180
    signal_days: int = 180
    withdrawn_days: int = 365
    warning_days: int = 120
    justify_days: int = 15


class ErasureReason(StrEnum):
    """Why a record was erased, as its tombstone says."""

    RETENTION_ENDED = "retention_ended"  # nobody answered the warning (PR-31)
    NOT_NEEDED = "not_needed"  # the review decided so (PR-32), or the purpose is achieved (PR-33)
    SUBJECT_REQUEST = "subject_request"
    OVERSIGHT = "oversight"
    OWNER_WITHDREW = "owner_withdrew"  # the copy of another node's record
    LEASE_ENDED = "lease_ended"  # of such a copy, and nobody renewed it


BARRING: Final = frozenset({ErasureReason.SUBJECT_REQUEST, ErasureReason.OVERSIGHT})
"""What was erased for these reasons does not come back because a list still names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """That a record was erased, without anything of it: the keyed hash of its identifier."""

    hash: bytes
    reason: ErasureReason
    erased_at: datetime


class RetentionState(StrEnum):
    """Where the retention of a record stands."""

    RECORDED = "recorded"
    REVIEW_DUE = "review_due"
    ERASED = "erased"


class RetentionEvent(StrEnum):
    """What happens to it."""

    WARN = "warn"
    KEEP = "keep"
    DELETE = "delete"
    LAPSE = "lapse"  # nobody answered by the day


class RetentionGuard(StrEnum):
    """What must hold for a record to be kept longer (PR-32, PR-28)."""

    ASSESSED = "assessed"  # an individual assessment in words
    OTHER_PERSON = "other_person"  # than who recorded it
    WITHIN_MAXIMUM = "within_maximum"


_S, _E, _G = RetentionState, RetentionEvent, RetentionGuard

RETENTION: Final = Machine(
    name="retention",
    initial=_S.RECORDED,
    final=frozenset({_S.ERASED}),
    transitions=(
        Transition(source=_S.RECORDED, event=_E.WARN, target=_S.REVIEW_DUE),
        Transition(
            source=_S.REVIEW_DUE,
            event=_E.KEEP,
            target=_S.RECORDED,
            guards=(_G.ASSESSED, _G.OTHER_PERSON, _G.WITHIN_MAXIMUM),
        ),
        Transition(
            source=_S.REVIEW_DUE,
            event=_E.DELETE,
            target=_S.ERASED,
            guards=(_G.ASSESSED, _G.OTHER_PERSON),
        ),
        Transition(source=_S.REVIEW_DUE, event=_E.LAPSE, target=_S.ERASED),
    ),
)
"""The machine of state-machines 4.6."""


class BatchDecision(StrEnum):
    """What several reviews are answered with together."""

    KEEP = "keep"  # things alone: a record on somebody is kept after an assessment of its own
    DELETE = "delete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Several reviews that one reviewer answers together.

    - `until`: the day until which the records are kept, where they are; `left`: those of the sample
      that nobody has looked at yet; `records`: each with the version that was chosen.
    """

    id: str
    owner: str
    decision: BatchDecision
    until: date | None
    assessment: str
    drawn_by: str
    drawn_at: datetime
    records: Mapping[str, int]
    sample: tuple[str, ...]
    left: tuple[str, ...]


_WRONG_SHARE: Final = 10  # one in so many
_MISSED: Final = 0.05  # how likely it may be that the sample shows none of them


def sample_size(count: int) -> int:
    """Return how many of so many records are looked at before the rest may follow.

    So many that, were one record in ten decided wrongly, nineteen samples in twenty would show one:
    all of ten or fewer, 22 of 50, 25 of 100.
    """
    wrong = -(-count // _WRONG_SHARE)
    drawn, missed = 0, 1.0
    while drawn < count and missed > _MISSED:
        missed *= (count - drawn - wrong) / (count - drawn)
        drawn += 1
    return drawn


def maximum_for(schema: str, action: Action | None, today: date, policy: RetentionPolicy) -> date:
    """Return the last day to which a record entered today may be kept (PR-30).

    - `schema`: what it is about; what is neither a document nor another object counts as a person.
    - `action`: what its alert asks, if it has one.
    """
    if action is Action.DISCREET_CHECK:
        return years_after(today, policy.discreet_check_years)
    return years_after(today, policy.object_years if is_object(schema) else policy.person_years)


def is_object(schema: str) -> bool:
    """Return whether records of this schema are about things: documents, vehicles, firearms ..."""
    is_asset = is_a(schema, "Asset") and not is_a(schema, "LegalEntity")
    return is_asset or is_a(schema, "Identification")


def years_after(day: date, years: int) -> date:
    """Return the same day of a later year; the day before, where that year has no 29 February."""
    if (day.month, day.day) == _LEAP_DAY:
        day -= timedelta(days=1)
    return day.replace(year=day.year + years)
