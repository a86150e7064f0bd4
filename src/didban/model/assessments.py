"""What this side holds of its partners, by subject: where sharing could help to harm somebody (PR-55)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime


class Harm(StrEnum):
    """The subjects by which a partner is assessed."""

    TORTURE = "torture"
    REFOULEMENT = "refoulement"  # sent on to where the person is persecuted
    DEATH_PENALTY = "death_penalty"
    PERSECUTION = "persecution"  # for opinion, origin, belief or what somebody is


class AssessmentVerdict(StrEnum):
    """What an assessment comes to."""

    CLEAR = "clear"
    ASSURANCES = "assurances"  # barred without recorded assurances that a second person accepts
    BARRED = "barred"  # no assurance is believed


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """One version of what is held of one partner on one subject. The newest version counts.

    - `partner`: the code of an authority, or of a country for all its authorities.
    - `offences`: codes of the offences that it is about; empty for all. The death penalty is
      assessed by offence.
    - `reason`, `sources`: on what it rests.
    """

    id: str
    partner: str
    harm: Harm
    verdict: AssessmentVerdict
    offences: tuple[str, ...]
    reason: str
    sources: tuple[str, ...]
    version: int
    assessed_at: datetime
    assessed_by: str
    review_due: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Assurance:
    """What a partner promised in one matter, as recorded by one person and accepted by another.

    - `record`: the record whose content would leave; `words`: the promise, and where its original is.
    """

    id: str
    partner: str
    harm: Harm
    record: str
    words: str
    valid_until: date
    recorded_at: datetime
    recorded_by: str
    accepted_at: datetime | None = None
    accepted_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Barrier:
    """What stands between data on a person and a recipient. There is at least one assessment.

    - `is_final`: no assurance lifts it.
    """

    assessments: tuple[Assessment, ...]

    @property
    def is_final(self) -> bool:
        """Whether no assurance lifts it."""
        return any(one.verdict is AssessmentVerdict.BARRED for one in self.assessments)

    @property
    def harms(self) -> frozenset[Harm]:
        """The subjects on which assurances are needed."""
        return frozenset(one.harm for one in self.assessments)


def barrier(current: Iterable[Assessment], offence: str | None) -> Barrier | None:
    """Return what bars, of the newest assessments of a recipient; None when nothing does.

    - `offence`: the code of the offence that the data are about; None where it is not known, which
      counts as every offence.
    - An assessment counts until it is replaced: one whose review is overdue does not lapse.
    """
    barring = tuple(
        one
        for one in current
        if one.verdict is not AssessmentVerdict.CLEAR
        and (offence is None or not one.offences or offence in one.offences)
    )
    return Barrier(assessments=barring) if barring else None
