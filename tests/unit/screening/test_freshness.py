from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from didban.screening.freshness import Age, Limits, assess

_BUILT = datetime(2031, 5, 4, tzinfo=UTC)
_LIMITS = Limits(warn_after=timedelta(hours=24), unknown_after=timedelta(hours=72))


@pytest.mark.parametrize(
    ("hours", "state"),
    [(0, Age.FRESH), (23.9, Age.FRESH), (24, Age.OLD), (71.9, Age.OLD), (72, Age.EXPIRED)],
)
def test_age_goes_from_fresh_over_old_to_expired(hours: float, state: Age):
    """Each limit belongs to the graver side."""
    assert assess(_BUILT, _BUILT + timedelta(hours=hours), _LIMITS).state is state


def test_data_from_the_future_is_expired():
    """A clock that was set back must not make old data young."""
    found = assess(_BUILT, _BUILT - timedelta(hours=2), _LIMITS)

    assert found.is_expired


def test_a_small_difference_between_two_clocks_is_no_matter():
    """A device a few minutes behind the office goes on working."""
    assert assess(_BUILT, _BUILT - timedelta(minutes=10), _LIMITS).state is Age.FRESH
