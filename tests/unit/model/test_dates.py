"""Dates are read as lists and documents of several countries write them."""

from __future__ import annotations

import re
from datetime import date

import pytest

from didban.model.dates import PartialDate, parse_date, parse_dates


def _edtf(text, **options):
    found = parse_date(text, **options)
    return None if found is None else str(found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1965", "1965"),
        ("1965-03", "1965-03"),
        ("1965-03-02", "1965-03-02"),
        ("1965~", "1965~"),
        ("1965?", "1965~"),
        ("1965-03-02~", "1965-03-02~"),
        ("1963/1968", "1963/1968"),
        ("1963~/1968~", "1963~/1968~"),
        ("XXXX-03-02", "XXXX-03-02"),
        ("1965-XX-02", "1965-XX-02"),
        ("XXXX", "XXXX"),
        ("196X", "1960/1969"),
    ],
)
def test_edtf_is_read(text, expected):
    """The text form of our own is understood, with its unknown and uncertain parts."""
    assert _edtf(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12/10/1965", "1965-10-12"),
        ("2.3.1965", "1965-03-02"),
        ("02-03-1965", "1965-03-02"),
        ("1965/3/2", "1965-03-02"),
        ("1965.03.02", "1965-03-02"),
        ("03/1965", "1965-03"),
        ("19650302", "1965-03-02"),
        ("02031965", "1965-03-02"),
        ("12/31/1965", "1965-12-31"),
    ],
)
def test_numbers_with_any_separator_are_read_day_first(text, expected):
    """A value above twelve decides by itself which part is the day."""
    assert _edtf(text) == expected


def test_month_first_can_be_asked_for():
    """An American table says so in its mapping."""
    assert _edtf("03/04/1965", day_first=False) == "1965-03-04"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("00/00/1980", "1980"), ("00/05/1980", "1980-05"), ("1980-00-00", "1980")],
)
def test_zero_is_an_unknown_part(text, expected):
    """The British list writes a bare year as 00/00/1980."""
    assert _edtf(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "circa 1965",
        "c. 1965",
        "c1965",
        "ca. 1965",
        "approximately 1965",
        "about 1965",
        "vers 1965",
        "около 1965",
        "حدود 1965",
        "~1965",
    ],
)
def test_circa_makes_a_date_approximate(text):
    """Every word for "about" gives the same."""
    assert _edtf(text) == "1965~"


@pytest.mark.parametrize(
    "text",
    [
        "between 1963 and 1968",
        "1963 to 1968",
        "from 1963 to 1968",
        "1963-1968",
        "1963 - 1968",
        "1963-68",
        "1963 – 1968",
        "entre 1963 et 1968",
        "zwischen 1963 und 1968",
        "между 1963 и 1968",
        "1 Jan 1963 to 31 Dec 1968",
    ],
)
def test_a_range_is_its_years(text):
    """The days at the ends of a range of years say nothing more."""
    assert _edtf(text) == "1963/1968"


def test_a_range_within_one_year_or_month_keeps_what_is_certain():
    """A whole year written from its first to its last day is that year."""
    assert _edtf("01 Jan 1962 to 31 Dec 1962") == "1962"
    assert _edtf("11 Jul 1964 to 28 Jul 1964") == "1964-07"


def test_a_circa_range_is_approximate_at_both_ends():
    """So that matching may go a little beyond."""
    assert _edtf("circa 1954-1956") == "1954~/1956~"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12 Mar 1965", "1965-03-12"),
        ("March 12, 1965", "1965-03-12"),
        ("12th March 1965", "1965-03-12"),
        ("12-Mar-1965", "1965-03-12"),
        ("Mar 1965", "1965-03"),
        ("Dec. 1965", "1965-12"),
        ("1er janvier 1965", "1965-01-01"),
        ("2 février 1965", "1965-02-02"),
        ("2 de marzo de 1965", "1965-03-02"),
        ("2. März 1965", "1965-03-02"),
        ("12 марта 1965 г.", "1965-03-12"),
        ("9 мая 1965", "1965-05-09"),
        ("12 مارس 1965", "1965-03-12"),
        ("١٢ آذار ١٩٦٥", "1965-03-12"),
    ],
)
def test_month_names_of_several_languages_are_read(text, expected):
    """English, French, Spanish, German, Russian, and both habits of Arabic."""
    assert _edtf(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1359/10/12", "1981-01-02"),
        ("1359-10-12", "1981-01-02"),
        ("۱۳۵۹/۱۰/۱۲", "1981-01-02"),
        ("13591012 SH", "1981-01-02"),
        ("13850101 SH", "2006-03-21"),
        ("1403/12/30", "2025-03-20"),
        ("1399/12/30", "2021-03-20"),
        ("۱۲ فروردین ۱۳۵۹", "1980-04-01"),
        ("7 Tir 1360", "1981-06-28"),
        ("1359/10", "1980/1981"),
        ("1359", "1980/1981"),
    ],
)
def test_a_year_of_the_fourteenth_century_first_is_solar_hijri(text, expected):
    """It is converted, and a month or year of it becomes the narrowest Gregorian date around it."""
    found = parse_date(text)

    assert found is not None
    assert str(found) == expected
    assert found.calendar == "solar_hijri"
    assert found.raw == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("24/06/1402 (Hijri Calendar)", "1982-04-19~"),
        ("1402-06-24 AH", "1982-04-19~"),
        ("15 Ramadan 1402", "1982-07-07~"),
        ("10 Rabi' al-Thani 1402", "1982-02-05~"),
        ("1402هـ", "1981~/1982~"),
        ("1402/06/24 ه.ق", "1982-04-19~"),
    ],
)
def test_a_lunar_date_is_converted_and_approximate(text, expected):
    """Its month may have begun a day or two beside the tables."""
    found = parse_date(text)

    assert found is not None
    assert str(found) == expected
    assert found.calendar == "islamic"


def test_an_unmarked_hijri_date_with_its_year_last_may_be_of_either_calendar():
    """A wrong calendar would make a true match look false, so both are admitted."""
    found = parse_date("24/06/1402")

    assert found is not None
    assert (str(found), found.calendar) == ("1982~/2023~", "hijri")


@pytest.mark.parametrize("text", ["1359/12/30", "1360/07/31", "1403-13-01"])
def test_a_day_that_the_solar_calendar_has_not_is_no_date(text):
    """1359 was no leap year; Mehr has thirty days."""
    assert parse_date(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1965 or 1966", "1965/1966"), ("1965, 1966", "1965/1966"), ("1961 or 1968", "1961/1968")],
)
def test_a_choice_of_years_becomes_the_narrowest_range(text, expected):
    """One value must admit them all."""
    assert _edtf(text) == expected


def test_a_choice_between_calendars_is_told_as_gregorian():
    """Its text holds dates of both; the value is Gregorian anyway."""
    found = parse_date("1965 or 1359")

    assert found is not None
    assert (str(found), found.calendar) == ("1965/1981", "gregorian")


def test_each_date_of_a_choice_can_be_had():
    """Readers keep "1961 or 12 Mar 1965" as two dates, which says more."""
    assert [str(d) for d in parse_dates("1961 or 12 Mar 1965")] == ["1961", "1965-03-12"]
    assert [str(d) for d in parse_dates("between 1961 and 1965")] == ["1961/1965"]
    assert parse_dates("unknown") == ()


@pytest.mark.parametrize(
    "text",
    ["1965-03-02T10:00:00Z", "1965-03-02 10:00", "1965-03-02-05:00", "1965-03-02T00:00:00+03:30"],
)
def test_a_time_of_day_or_zone_is_left_out(text):
    """The UN list writes a zone behind its days."""
    assert _edtf(text) == "1965-03-02"


@pytest.mark.parametrize(
    "text",
    ["", "unknown", "1950-02-31", "32/01/1965", "0000-00-00", "12/03/65", "1234567", "x" * 5000],
)
def test_what_is_no_date_gives_none(text):
    """The century of a two-digit year is not guessed."""
    assert parse_date(text) is None


def test_a_stated_format_comes_first_and_decides_the_century():
    """A mapping file says how its source writes dates."""
    assert _edtf("120365", formats=["%d%m%y"]) != _edtf("120365")
    assert _edtf("65.03", formats=["%y.%m"]) is not None
    assert _edtf("03|1965", formats=["%m|%Y"]) == "1965-03"


@pytest.mark.parametrize(
    ("yymmdd", "expected"),
    [
        ("740812", "1974-08-12"),
        ("260101", "2026-01-01"),
        ("260102", "1926-01-02"),
        ("60<<<<", "1960"),
        ("600000", "1960"),
        ("60<<02", "1960-XX-02"),
        ("<<<<<<", "XXXX"),
        ("6013O2", "1960"),
        ("740231", "1974-02"),
        ("", "XXXX"),
    ],
)
def test_a_machine_readable_birth_date_is_not_in_the_future(yymmdd, expected):
    """The century is the latest possible; an unreadable part is an unknown one."""
    assert str(PartialDate.from_mrz(yymmdd, date(2026, 1, 1))) == expected


@pytest.mark.parametrize(
    ("yymmdd", "expected"),
    [("120415", "2012-04-15"), ("760101", "2076-01-01"), ("770101", "1977-01-01")],
)
def test_a_machine_readable_expiry_lies_at_most_fifty_years_ahead(yymmdd, expected):
    """Beyond it, the document is old and not young."""
    assert str(PartialDate.from_mrz_expiry(yymmdd, date(2026, 1, 1))) == expected


@pytest.mark.parametrize("yymmdd", ["999999", "<<<<<<", ""])
def test_a_document_may_never_expire(yymmdd):
    """Nines and fillers both say so."""
    assert PartialDate.from_mrz_expiry(yymmdd, date(2026, 1, 1)) is None


@pytest.mark.parametrize(
    "parts",
    [
        {"year": 1965, "month": 13},
        {"year": 1965, "month": 2, "day": 29},
        {"year": 1968, "year_to": 1963},
        {"year": 1963, "year_to": 1968, "month": 3},
        {"year_to": 1968},
    ],
)
def test_a_date_that_cannot_be_is_not_built(parts):
    """The value guards its own rules."""
    with pytest.raises(ValueError, match="no such date"):
        PartialDate(**parts)


def test_the_years_are_a_range_even_for_one():
    """Matching compares ranges."""
    assert PartialDate(year=1965).years == (1965, 1965)
    assert PartialDate(month=3).years is None


def test_the_reference_of_dates_is_true(root):
    """Each text of its table is read as the table says."""
    page = (root / "docs" / "reference" / "dates.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`.*`) \| `([^`]+)` \|$", page, re.MULTILINE)

    told = [(text, expected) for cell, expected in rows for text in re.findall(r"`([^`]+)`", cell)]

    assert len(told) > 30
    assert [(text, _edtf(text)) for text, _ in told] == told
