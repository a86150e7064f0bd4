"""Dates of a file in their order, as exact as they are known, with the gaps between them."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from didban.model.date_text import parse_date
from didban.model.schemata import Kind, property_kind
from didban.model.statements import statements_of
from didban.web.presenters.around import Opened
from didban.web.presenters.records import title_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from didban.model.person_files import FileValue, PersonFile

GAP: Final = 2  # years between two dates that are worth a word
_OF_THE_RECORD: Final = frozenset({"modifiedAt", "createdAt", "retrievedAt"})
"""Dates of a record's own life. What is not about the person or thing is no part of its story."""

_WHERE: Final = ("location", "address", "country")
TRIP: Final = {"startDate": "startLocation", "endDate": "endLocation"}
"""Where a trip was when it began and ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Something at a time.

    - `text`: the date as it is known (EDTF); `first`, `last`: the days between which it lies.
    - `name`: the property that says so; `record`: who says it, with `schema` and `title`, and how
      far that can be relied on (`evaluation`).
    - `others`: whom or what it has to do with besides the file; `places`: where it was, in words or
      as the code of a state.
    """

    text: str
    first: date
    last: date
    name: str
    record: str
    owner: str
    handling: str
    title: str
    schema: str
    evaluation: str
    others: frozenset[str] = frozenset()
    places: tuple[str, ...] = ()


def moments(file: PersonFile, opened: Iterable[Opened]) -> list[Moment]:
    """Return every date of a file and of what it is linked with, the earliest first."""
    members = {member.record: member for member in file.members}
    found = list(_of_file(file.values, {name: one.shown for name, one in members.items()}))
    for one in opened:
        found += _of_record(one)
    unique = {(one.text, one.name, one.record): one for one in found}
    return sorted(unique.values(), key=_order)


def _order(one: Moment) -> tuple[date, date, str]:
    """Return where a date stands among others: an end stands where it may have come at the latest."""
    return (one.last if one.name == "endDate" else one.first), one.last, one.name


def _of_file(
    values: Iterable[FileValue], shown: Mapping[str, Mapping[str, Any]]
) -> Iterator[Moment]:
    for value in values:
        one = Opened(shown=shown[value.record], owner=value.owner)
        if made := _moment(one, value.name, value.value, title=""):
            yield made


def _of_record(one: Opened) -> Iterator[Moment]:
    for said in statements_of(one.shown):
        if made := _moment(one, said.name, said.value, title=title_of(one.shown)):
            yield made


def _moment(one: Opened, name: str, text: str, *, title: str) -> Moment | None:
    schema = one.shown.get("schema", "")
    is_date = property_kind(schema, name) is Kind.DATE or name == "documents.expires_on"
    bounds = bounds_of(text) if is_date and name not in _OF_THE_RECORD else None
    if bounds is None:
        return None
    return Moment(
        text=text,
        first=bounds[0],
        last=bounds[1],
        name=name,
        record=one.shown["id"],
        owner=one.owner,
        handling=one.shown.get("handling", {}).get("code", ""),
        title=title,
        schema=schema,
        evaluation=evaluation_of(one.shown),
        others=one.others,
        places=_places(one, name) if title else (),
    )


def evaluation_of(shown: Mapping[str, Any]) -> str:
    """Return how far a record can be relied on: the codes of source and information."""
    marking = shown.get("marking", {})
    return f"{marking.get('source_evaluation', '')}{marking.get('information_evaluation', '')}"


def _places(one: Opened, name: str) -> tuple[str, ...]:
    """Return where something was that a property dates: a trip began in one place, ended in another."""
    said: dict[str, list[str]] = {}
    for statement in statements_of(one.shown):
        said.setdefault(statement.name, []).append(statement.value)
    ends = said.get(TRIP.get(name, ""), ()) or one.addresses
    towns = tuple(sorted(one.addresses[each] for each in ends if each in one.addresses))
    return towns or next((tuple(said[each]) for each in _WHERE if each in said), ())


def bounds_of(text: str) -> tuple[date, date] | None:
    """Return the days between which a date lies; None where not even its year is known."""
    known = parse_date(text)
    if known is None or known.years is None:
        return None
    low, high = known.years
    first_month, last_month = (known.month or 1), (known.month or 12)
    last_day = known.day or calendar.monthrange(high, last_month)[1]
    try:
        return date(low, first_month, known.day or 1), date(high, last_month, last_day)
    except ValueError:
        return None


def year(text: str) -> int | None:
    """Return a year that somebody typed or drew; None for anything else."""
    return int(text) if text.isdecimal() and len(text) <= 4 else None  # noqa: PLR2004 - digits


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the story: how many years of silence came before it, and what it is."""

    silence: int
    moment: Moment


def entries(story: Sequence[Moment]) -> list[Entry]:
    """Return the story line by line; a silence of less than `GAP` years is none."""
    found, until = [], None
    for one in story:
        years = 0 if until is None else (one.first - until).days // 365
        found.append(Entry(silence=years if years >= GAP else 0, moment=one))
        until = one.last if until is None else max(until, one.last)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What stands on the strip: from `x` on, `width` wide; a whole day is a point without width."""

    x: float
    width: float
    moment: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """The strip chart: marks, and the years below them. Measures are those of its view box."""

    marks: Sequence[Mark]
    years: Sequence[tuple[float, int]]


WIDTH: Final = 1000
_EDGE: Final = 30  # room for the first and the last year
_MOST_YEARS: Final = 10  # that are written below


def strip(story: Sequence[Moment], *, is_mirrored: bool) -> Strip:
    """Return the strip of a story; time runs as the language is read."""
    if not story:
        return Strip(marks=(), years=())
    low, high = story[0].first.year, max(one.last.year for one in story) + 1
    start, days = date(low, 1, 1), max((date(min(high, 9999), 1, 1) - date(low, 1, 1)).days, 1)

    def place(day: date) -> float:
        share = (day - start).days / days
        from_start = _EDGE + share * (WIDTH - 2 * _EDGE)
        return round(WIDTH - from_start if is_mirrored else from_start, 1)

    marks = []
    for one in story:
        ends = sorted((place(one.first), place(one.last)))
        marks.append(Mark(x=ends[0], width=round(ends[1] - ends[0], 1), moment=one))
    step = max(1, -(-(high - low) // _MOST_YEARS))
    years = [(place(date(year, 1, 1)), year) for year in range(low, min(high, 9999) + 1, step)]
    return Strip(marks=marks, years=years)
