"""How old the data is that answers, and whether it may still say that nothing was found (PR-43).

With the age goes which lists could not be read in full: who stood there is not found either.

built_at ──── fresh ──── warn_after ──── old ──── unknown_after ──── expired: UNKNOWN
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from didban.match.index.manifest import DatasetInfo

# A snapshot from the future means that this machine's clock is wrong, and then no age is known.
_CLOCK_SKEW = timedelta(hours=1)


class Age(StrEnum):
    """What the age of a snapshot allows its answers to say."""

    FRESH = "fresh"
    OLD = "old"  # answers hold, and say how old they are
    EXPIRED = "expired"  # answers are UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Ages from which a snapshot is old, and from which it is expired."""

    warn_after: timedelta
    unknown_after: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """The age of a snapshot at one moment, and the lists in it that were not read in full.

    `age` is negative if the clock runs behind.
    """

    built_at: datetime
    age: timedelta
    state: Age
    incomplete: tuple[DatasetInfo, ...] = ()

    @property
    def is_expired(self) -> bool:
        """Whether "nothing found" may not be said."""
        return self.state is Age.EXPIRED


def assess(
    built_at: datetime, now: datetime, limits: Limits, datasets: Iterable[DatasetInfo] = ()
) -> Freshness:
    """Return how fresh data of these datasets, built at `built_at`, is `now`; both aware.

    A build time more than an hour ahead of `now` counts as expired: a clock that was set back must
    not make old data young.
    """
    age = now - built_at
    if age >= limits.unknown_after or age < -_CLOCK_SKEW:
        state = Age.EXPIRED
    elif age >= limits.warn_after:
        state = Age.OLD
    else:
        state = Age.FRESH
    incomplete = tuple(dataset for dataset in datasets if not dataset.is_whole)
    return Freshness(built_at=built_at, age=age, state=state, incomplete=incomplete)


def incomplete_json(freshness: Freshness) -> list[dict[str, Any]]:
    """Return the lists that were not read in full, as answers in JSON hold them."""
    return [
        {"dataset": info.name, "breaks_off": info.breaks_off, "rejects": info.rejects}
        for info in freshness.incomplete
    ]
