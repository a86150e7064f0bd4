"""Our arithmetic agrees with days that are known from almanacs, and is inverse to counting on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from didban.model.calendars import (
    HIJRI_YEARS,
    islamic_to_gregorian,
    solar_hijri_month_days,
    solar_hijri_to_gregorian,
)


@pytest.mark.parametrize(
    ("year", "nowruz"),
    [
        (1300, date(1921, 3, 21)),
        (1354, date(1975, 3, 21)),
        (1358, date(1979, 3, 21)),
        (1359, date(1980, 3, 21)),
        (1375, date(1996, 3, 20)),
        (1376, date(1997, 3, 21)),
        (1399, date(2020, 3, 20)),
        (1400, date(2021, 3, 21)),
        (1403, date(2024, 3, 20)),
        (1404, date(2025, 3, 21)),
        (1408, date(2029, 3, 20)),
    ],
)
def test_the_solar_year_begins_on_the_known_day(year, nowruz):
    """Nowruz is astronomical; the 33-year rule hits it."""
    assert solar_hijri_to_gregorian(year, 1, 1) == nowruz


def test_solar_days_follow_each_other_without_a_gap():
    """Two hundred years, day by day."""
    expected = solar_hijri_to_gregorian(HIJRI_YEARS[0], 1, 1)
    for year in HIJRI_YEARS:
        for month in range(1, 13):
            length = solar_hijri_month_days(year, month)
            assert solar_hijri_to_gregorian(year, month, 1) == expected
            expected += timedelta(days=length)
            assert solar_hijri_to_gregorian(year, month, length) == expected - timedelta(days=1)


@pytest.mark.parametrize(
    ("hijri", "known"),
    [
        ((1400, 1, 1), date(1979, 11, 21)),
        ((1420, 9, 1), date(1999, 12, 9)),
        ((1445, 1, 1), date(2023, 7, 19)),
        ((1446, 9, 1), date(2025, 3, 1)),
    ],
)
def test_the_lunar_tables_are_right_to_two_days(hijri, known):
    """Announced months and tables differ by a day or two, not more."""
    assert abs(islamic_to_gregorian(*hijri) - known) <= timedelta(days=2)


@pytest.mark.parametrize("parts", [(1403, 13, 1), (1403, 0, 1), (1403, 7, 31), (1402, 12, 30)])
def test_a_day_that_is_none_is_refused(parts):
    """Mehr has thirty days; 1402 is no leap year."""
    with pytest.raises(ValueError, match="no such day"):
        solar_hijri_to_gregorian(*parts)
