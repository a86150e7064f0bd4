"""What two birth dates say."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from didban.match.evidence import parameters as p
from didban.match.evidence.dates import DateFinding, compare_dates, find
from didban.match.evidence.particulars import birth_date
from didban.match.features import features_of
from didban.model.dates import PartialDate, parse_date
from specimens import person


def date(text: str) -> PartialDate:
    """Return a date from its EDTF text."""
    found = parse_date(text)
    assert found is not None
    return found


@st.composite
def partial_dates(draw: st.DrawFn) -> PartialDate:
    """Return any date a list may state, years close enough to meet."""
    year = draw(st.integers(1960, 1970))
    if draw(st.booleans()):
        return PartialDate(
            year=year, year_to=year + draw(st.integers(0, 4)), approximate=draw(st.booleans())
        )
    month = draw(st.none() | st.integers(1, 12))
    day = draw(st.none() | st.integers(1, 28)) if month else None
    return PartialDate(year=year, month=month, day=day, approximate=draw(st.booleans()))


@pytest.mark.parametrize(
    ("one", "other", "finding"),
    [
        ("1965-03-12", "1965-03-12", DateFinding.SAME_DAY),
        ("1965-01-01", "1965-01-01", DateFinding.FIRST_OF_JANUARY),
        ("1965-03", "1965-03-12", DateFinding.SAME_MONTH),
        ("1965-03", "1965-03", DateFinding.SAME_MONTH),
        ("1965-03-12", "1965-12-03", DateFinding.SWAPPED),
        ("1965", "1965-03-12", DateFinding.SAME_YEAR),
        ("1965", "1965", DateFinding.SAME_YEAR),
        ("1965-01-01", "1965-03-12", DateFinding.SAME_YEAR),
        ("1965-03-12", "1965-03-13", DateFinding.ONE_DIGIT),
        ("1965-03-12", "1965-03-22", DateFinding.ONE_DIGIT),
        ("1965-03-12", "1966-03-12", DateFinding.ONE_DIGIT),
        ("1965-03-12", "1985-03-12", DateFinding.ONE_DIGIT),
        ("1963/1968", "1965-03-12", DateFinding.WITHIN_RANGE),
        ("1963/1968", "1968/1970", DateFinding.WITHIN_RANGE),
        ("1963/1968", "1963/1968", DateFinding.WITHIN_RANGE),
        ("1965-03-12", "1965-07-28", DateFinding.OTHER_DAY),
        ("1965-03-12", "1965-07", DateFinding.OTHER_DAY),
        ("1965-03-12", "1966-07-28", DateFinding.NEXT_YEAR),
        ("1965", "1966", DateFinding.NEXT_YEAR),
        ("1965-01-01", "1966-01-01", DateFinding.NEXT_YEAR),
        ("1965", "1968", DateFinding.FEW_YEARS),
        ("1963/1968", "1970", DateFinding.FEW_YEARS),
        ("1965", "1969", DateFinding.OTHER_YEAR),
        ("1965-03-12", "1995-07-28", DateFinding.OTHER_YEAR),
        ("XXXX-03-12", "1965-03-12", DateFinding.UNKNOWN),
        ("1965", "XXXX", DateFinding.UNKNOWN),
    ],
)
def test_two_dates_have_this_in_common(one, other, finding):
    """Every finding, from the same day to another generation; both ways round."""
    assert find(date(one), date(other)) is finding
    assert find(date(other), date(one)) is finding


@pytest.mark.parametrize(
    ("written", "other", "finding", "read_as"),
    [
        ("1359/10/12", "1981-01-02", DateFinding.SAME_DAY, "1359/10/12 read as Solar Hijri"),
        ("۱۳۵۹", "1981", DateFinding.WITHIN_RANGE, "۱۳۵۹ read as Solar Hijri"),
        ("1410/05/12", "1989-12-12", DateFinding.SAME_DAY, "1410/05/12 read as Islamic"),
        ("12/05/1380", "1960-11-02", DateFinding.SAME_DAY, "12/05/1380 read as Islamic"),
        (
            "1380/05/12 SH",
            "1960-11-02",
            DateFinding.OTHER_YEAR,
            "1380/05/12 SH read as Solar Hijri",
        ),
    ],
)
def test_a_hijri_date_is_read_as_the_other_side_lets_it_be(written, other, finding, read_as):
    """Unmarked, it may be of either calendar, and it is said which was taken."""
    found = birth_date(features_of(person(birthDate=written)), features_of(person(birthDate=other)))

    assert found is not None
    assert found.detail == f"{finding.words}; {read_as}"


def test_a_narrow_range_says_more_than_a_wide_one():
    """The year of another calendar is two of ours, and nearly as good as one."""
    weights = [
        compare_dates(date(f"1960/{last}"), date("1960-05-05"))[0] for last in (1961, 1965, 2020)
    ]

    assert p.DATES["SAME_YEAR"] > weights[0] > weights[1] > weights[2] == p.DATES["WITHIN_RANGE"]


def test_every_finding_has_a_weight():
    """The table of weights and the findings are one vocabulary."""
    assert set(p.DATES) == set(DateFinding.__members__)


@given(partial_dates(), partial_dates())
def test_it_does_not_matter_whose_date_is_listed(one, other):
    """Any two dates compare alike both ways."""
    assert compare_dates(one, other) == compare_dates(other, one)


@given(partial_dates())
def test_a_date_never_speaks_against_itself(one):
    """However vague, it fits."""
    assert compare_dates(one, one)[0] > 0


@given(partial_dates(), partial_dates())
def test_a_similarity_is_a_share(one, other):
    """Officers see it as a percentage."""
    assert 0.0 <= find(one, other).similarity <= 1.0


@pytest.mark.parametrize(
    ("one", "other"),
    list(product(["1965-03-12", "1965", "1985"], ["1965-03-12", "1965", "1975"])),
)
def test_an_approximate_date_says_less(one, other):
    """Circa 1965 speaks less loudly for 1965, and less against 1975."""
    exact, _ = compare_dates(date(one), date(other))
    rough, _ = compare_dates(date(f"{one}~"), date(other))

    assert abs(rough) < abs(exact)
    assert rough * exact > 0


def test_the_more_two_dates_share_the_more_they_weigh():
    """Day, month, year, a range, the next year, another time: in that order."""
    order = [
        DateFinding.SAME_DAY,
        DateFinding.SAME_MONTH,
        DateFinding.SAME_YEAR,
        DateFinding.WITHIN_RANGE,
        DateFinding.UNKNOWN,
        DateFinding.NEXT_YEAR,
        DateFinding.FEW_YEARS,
        DateFinding.OTHER_YEAR,
    ]
    weights = [p.DATES[finding.name] for finding in order]

    assert weights == sorted(weights, reverse=True)
    assert p.DATES["UNKNOWN"] == 0
