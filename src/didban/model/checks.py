"""Checks and their matches as the bank keeps them: who asked what, and why something was found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from didban.model.casework import Evidence
    from didban.model.records import Record


class ChipEvidence(StrEnum):
    """What the chip of a document proved, where it was asked."""

    READ = "read"  # its data were read, and not verified
    PASSED = "passed"  # passive authentication: signed by the issuing state, unaltered
    FAILED = "failed"  # passive authentication failed
    NOT_TRIED = "not_tried"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedFor:
    """One record that a check looked for, where it comes from, and what is odd about it."""

    origin: str
    record: Record
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptMatch:
    """A match of a check.

    - `record`, `version`: what was compared; `owner`, `visibility`: whose it was, and for whom.
    - `score`: the logistic function of `prior` and the weights of the evidence (PR-27).
    - `evidence`: without the values compared, once the personal content of the check was erased.
    - `origin`: the place in the check's `asked` of what found it.
    - `is_silenced`: a non-match token covers the pair; only the data-protection officer sees it
      (PR-25).
    - `is_rescreened`: found later, when the record was new or had changed.
    """

    id: str
    check: str
    record: str
    version: int
    owner: str
    visibility: int
    score: float
    prior: float
    origin: int
    evidence: tuple[Evidence, ...]
    is_silenced: bool
    is_rescreened: bool
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptCheck:
    """A check as it was made.

    - `asked`: what was looked for; empty once its personal content was erased.
    - `lag`: seconds that the index may have been behind the bank; `is_degraded`: too many.
    """

    id: str
    at: datetime
    user: str
    device: str | None
    authority: str
    clearance: int
    purpose: str
    reference: str
    place: str
    mode: str
    verdict: str
    asked: tuple[AskedFor, ...]
    chip: ChipEvidence | None
    lag: float
    is_degraded: bool
