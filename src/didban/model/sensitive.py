"""Facts that the law protects most: where they may stand, and how they are noticed elsewhere.

They stand in `BankRecord.sensitive` alone, beside the content and never in it, so that nothing that
matches, searches or warns can use them (PR-12).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class SensitiveKind(StrEnum):
    """The kinds that PR-12 names."""

    ORIGIN = "origin"
    OPINION = "opinion"
    RELIGION = "religion"
    HEALTH = "health"
    SEX_LIFE = "sex_life"
    UNION = "union"


@dataclass(frozen=True, slots=True, kw_only=True)
class SensitiveFact:
    """One such fact, with the reason for which it cannot be left out."""

    kind: SensitiveKind
    value: str
    necessity: str


SENSITIVE_PROPERTIES: Final = frozenset({"ethnicity", "political", "religion"})
"""Properties of the vocabulary that hold such facts; a record of the bank may not use them."""
