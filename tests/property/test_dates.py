"""Laws of dates: text and value are inverse, and no text breaks the reader."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from didban.model.dates import PartialDate, parse_date, parse_dates

_YEARS = st.integers(1500, 9999)
_TODAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))


@st.composite
def _partial_dates(draw):
    approximate = draw(st.booleans())
    if draw(st.booleans()):
        first, last = sorted((draw(_YEARS), draw(_YEARS)))
        if first != last:
            return PartialDate(year=first, year_to=last, approximate=approximate)
    day = draw(st.dates(date(1500, 1, 1)))
    month = draw(st.sampled_from([None, day.month]))
    return PartialDate(
        year=draw(st.sampled_from([None, day.year])),
        month=month,
        day=draw(st.sampled_from([None, day.day])),
        approximate=approximate,
    )


def _parts(value):
    return value.year, value.year_to, value.month, value.day, value.approximate


@given(_partial_dates())
def test_the_text_of_a_date_is_read_back(value):
    """`parse_date(str(d))` is `d`, apart from where it came from."""
    again = parse_date(str(value))

    assert again is not None
    assert _parts(again) == _parts(value)


@given(st.text(max_size=60))
def test_any_text_gives_a_date_or_none(text):
    """And if a date, one whose text is stable."""
    found = parse_date(text)

    if found is not None:
        assert found.raw == text
        assert str(parse_date(str(found))) == str(found)
    assert all(each.raw for each in parse_dates(text))


_PIECES = st.sampled_from(
    ["1965", "1402", "03", "12", "0", "31", "/", "-", ".", " ", "~", "circa", "between", "and",
     "to", "Mar", "марта", "مهر", "AH", "SH", "or", ",", "X", "۱۳۵۹", "T", ":", "Z", "و"]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=9).map("".join))
def test_pieces_of_dates_in_any_order_do_not_break_the_reader(text):
    """Texts near to dates reach the deep branches."""
    found = parse_date(text)

    assert found is None or found.years is None or 1500 <= found.years[0] <= 9999


@given(st.text(alphabet="0123456789<OIS", max_size=8), _TODAYS)
def test_a_birth_date_of_a_zone_is_never_in_the_future(text, today):
    """Whatever the scanner made of it."""
    found = PartialDate.from_mrz(text, today)

    if found.year is not None:
        assert (found.year, found.month or 1, found.day or 1) <= (
            today.year,
            today.month,
            today.day,
        )
        assert today.year - found.year <= 100


@given(st.dates(date(1930, 1, 1), date(2025, 12, 31)))
def test_a_day_survives_the_zone(day):
    """Six digits and the present day are enough for anybody under a hundred."""
    assert PartialDate.from_mrz(day.strftime("%y%m%d"), date(2026, 1, 1)).is_exact


@given(st.lists(_partial_dates(), min_size=1, max_size=4))
def test_the_hull_admits_every_date_of_it(values):
    """No year that one of them admits is lost."""
    hull = PartialDate.hull(values)

    for value in values:
        if hull.years is not None:
            assert value.years is not None
            assert hull.years[0] <= value.years[0] <= value.years[1] <= hull.years[1]
        assert hull.month in {None, value.month}
        assert hull.day in {None, value.day}
