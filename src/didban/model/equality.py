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
    - The one that stands out most is named first and then left aside, so that the others are not
      named for being unlike it.
    - Groups of fewer than `LEAST_CASES`, or without as many others, are not judged.
    - A difference that chance makes with such numbers is none: two proportions, pooled.
    """
    compared: dict[tuple[Dimension, Measure], list[Tally]] = {}
    for tally in tallies:
        compared.setdefault((tally.dimension, tally.measure), []).append(tally)
    found = []
    for groups in compared.values():
        while apart := [one for one in groups if _sigmas(one, groups, factor) > _SIGMAS]:
            worst = max(apart, key=lambda one: _sigmas(one, groups, factor))
            cases, total = _others(worst, groups)
            found.append(Divergence(tally=worst, others_rate=cases / total))
            groups.remove(worst)
    return found


def _others(one: Tally, groups: list[Tally]) -> tuple[int, int]:
    """Return the cases and the total of all groups but one."""
    others = [other for other in groups if other is not one]
    return sum(other.cases for other in others), sum(other.total for other in others)


def _sigmas(one: Tally, groups: list[Tally], factor: float) -> float:
    """Return by how many standard errors a group differs; 0 where it does not by the factor."""
    cases, total = _others(one, groups)
    if min(one.total, total) < LEAST_CASES:
        return 0.0
    low, high = sorted((one.rate, cases / total))
    pooled = (one.cases + cases) / (one.total + total)
    error = math.sqrt(pooled * (1 - pooled) * (1 / one.total + 1 / total))
    return (high - low) / error if error and high >= low * factor else 0.0
