"""Are all measured by the same criteria? Rates by issuer, nationality and script, compared (PR-49)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

LEAST_CASES: Final = 30
"""Fewer judged cases say nothing about a group, and might tell of single persons."""

_SIGMAS: Final = 3.0  # of what chance would do with these numbers: about one false alarm in 400


class Dimension(StrEnum):
    """By what persons' records are grouped."""

    ISSUER = "issuer"
    NATIONALITY = "nationality"
    SCRIPT = "script"


class Measure(StrEnum):
    """What is counted, as cases among a total."""

    REFUSAL = "refusal"  # records on persons that were rejected, or suspended as doubtful
    REFUTATION = "refutation"  # hits that turned out to concern somebody else


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """One group: how many of its records or hits there are, and how many are cases."""

    dimension: Dimension
    measure: Measure
    group: str
    cases: int
    total: int

    @property
    def rate(self) -> float:
        """Cases by total; 0 for an empty group."""
        return self.cases / self.total if self.total else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Divergence:
    """A group that fares unlike all others together, by more than the factor and than chance."""

    tally: Tally
    others_rate: float


def divergences(tallies: Iterable[Tally], factor: float) -> list[Divergence]:
    """Return the groups whose rate differs from that of all others by `factor` or more.

    - Each is compared with the others of its dimension and measure, one rule for all.
    - Groups of fewer than `LEAST_CASES`, or without as many others, are not judged.
    - A difference that chance makes with such numbers is none: two proportions, pooled.
    """
    every = list(tallies)
    found = []
    for one in every:
        others = [
            other
            for other in every
            if (other.dimension, other.measure) == (one.dimension, one.measure)
            and other.group != one.group
        ]
        cases, total = sum(o.cases for o in others), sum(o.total for o in others)
        if min(one.total, total) >= LEAST_CASES and _differs(one, cases, total, factor):
            found.append(Divergence(tally=one, others_rate=cases / total))
    return found


def _differs(one: Tally, cases: int, total: int, factor: float) -> bool:
    others_rate = cases / total
    low, high = sorted((one.rate, others_rate))
    if high < low * factor or high == low:
        return False
    pooled = (one.cases + cases) / (one.total + total)
    error = math.sqrt(pooled * (1 - pooled) * (1 / one.total + 1 / total))
    return high - low > _SIGMAS * error
