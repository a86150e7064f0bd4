"""Where things happened: states and points around a file, in the order of time, as marks on a map.

Land alone is drawn, and a state is a mark in the middle of it: the page claims no border.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import pairwise
from math import hypot
from typing import TYPE_CHECKING, Any, Final

from didban.model.countries import country
from didban.model.statements import statements_of
from didban.web.presenters.land import flat
from didban.web.presenters.records import look_of, title_of
from didban.web.presenters.timeline import TRIP, bounds_of, evaluation_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from didban.model.person_files import PersonFile
    from didban.web.presenters.around import Opened
    from didban.web.presenters.land import Point, World

_WORDS: Final = frozenset(
    {"address", "birthPlace", "location", "locationMentioned", "full", "city"}
)
_ENDS: Final = {where: when for when, where in TRIP.items()}

_Key = tuple[str, str]  # a state or words; where a point is known, what it is called comes first


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Who says of a place what: the property `name` of `record`, and what that is called.

    - `text`: when it was, as exactly as it is known (EDTF); empty where that is not said.
    """

    name: str
    record: str
    owner: str
    evaluation: str
    text: str = ""
    schema: str = ""
    title: str = ""

    @property
    def years(self) -> tuple[int, int] | None:
        """The years between which it was, where known."""
        bounds = bounds_of(self.text) if self.text else None
        return (bounds[0].year, bounds[1].year) if bounds else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place, and who says what of it.

    - `state` is a code, or empty where the place has `words`; `point`: longitude and latitude, where
      a record gives them; `number`: its mark on the map, at `x` and `y`.
    """

    state: str
    words: str
    said: Sequence[Said]
    point: Point | None = None
    number: int | None = None
    x: float = 0
    y: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """A line of the route from one mark to the next in time, which ends short of the mark."""

    x1: float
    y1: float
    x2: float
    y2: float


def places(file: PersonFile, opened: Iterable[Opened], world: World) -> list[Place]:
    """Return the places of a file and of what is around it, those on the map first."""
    found: dict[_Key, list[Said]] = defaultdict(list)
    points: dict[_Key, Point] = {}
    around = list(opened)
    for key, said in (*_of_file(file), *_of_things(around, points)):
        found[key].append(said)
    made = [
        _placed(Place(state=state, words=words, said=said, point=points.get((state, words))), world)
        for (state, words), said in found.items()
    ]
    marked = sorted((p for p in made if p.number), key=lambda p: (not p.point, p.state, p.words))
    numbered = [replace(place, number=number) for number, place in enumerate(marked, 1)]
    return numbered + [place for place in made if not place.number]


def _of_file(file: PersonFile) -> Iterator[tuple[_Key, Said]]:
    schemata = {member.record: member.shown.get("schema", "") for member in file.members}
    for value in file.values:
        said = Said(
            name=value.name,
            record=value.record,
            owner=value.owner,
            evaluation=value.source_evaluation + value.information_evaluation,
        )
        if look_of(schemata[value.record], value.name) == "country":
            yield (value.value.lower(), ""), said
        elif value.name in _WORDS:
            yield ("", value.value), said


def _of_things(opened: Sequence[Opened], points: dict[_Key, Point]) -> Iterator[tuple[_Key, Said]]:
    """Yield the places of events, links and addresses; what has coordinates goes into `points`."""
    addresses: dict[str, _Key] = {}
    for one in opened:
        values = _values(one.shown)
        if (point := _point(values)) is not None:
            key = ("", title_of(one.shown) or _first(values, "full", "city", "location"))
            addresses[one.shown["id"]], points[key] = key, point
            if one.shown.get("schema") == "Address":
                yield key, _said(one, "location", "")
    for one in opened:
        values = _values(one.shown)
        day = _first(values, "date", "startDate")
        if one.shown.get("schema") == "Address":
            continue
        if one.shown["id"] in addresses:
            yield addresses[one.shown["id"]], _said(one, "location", day)
        else:
            yield from _of_event(one, values, addresses, day)


def _of_event(
    one: Opened, values: Mapping[str, list[str]], addresses: Mapping[str, _Key], day: str
) -> Iterator[tuple[_Key, Said]]:
    told = False
    for name, ids in values.items():
        for key in (addresses[each] for each in ids if each in addresses):
            when = _first(values, _ENDS.get(name, "date"), "date", "startDate")
            yield key, _said(one, name, when)
            told = True
    for name in ("location", "address") if not told else ():
        for words in values.get(name, ()):
            yield ("", words), _said(one, name, day)
    for state in values.get("country", ()) if not told else ():
        yield (state.lower(), ""), _said(one, "country", day)


def _said(one: Opened, name: str, when: str) -> Said:
    return Said(
        name=name,
        record=one.shown["id"],
        owner=one.owner,
        evaluation=evaluation_of(one.shown),
        text=when,
        schema=one.shown.get("schema", ""),
        title=title_of(one.shown),
    )


def _values(shown: Mapping[str, Any]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for statement in statements_of(shown):
        found.setdefault(statement.name, []).append(statement.value)
    return found


def _first(values: Mapping[str, list[str]], *names: str) -> str:
    return next((values[name][0] for name in names if values.get(name)), "")


def _point(values: Mapping[str, list[str]]) -> Point | None:
    try:
        found = float(_first(values, "longitude")), float(_first(values, "latitude"))
    except ValueError:
        return None
    return found if abs(found[0]) <= 180 and abs(found[1]) <= 90 else None  # noqa: PLR2004 - degrees


def _placed(place: Place, world: World) -> Place:
    """Return a place where it lies on the map, marked for a number; as it is if it is on none."""
    state = place.state or country(place.words) or ""
    where = place.point or world.middles.get(state)
    if where is None or not world.land:
        return place
    x, y = flat(where)
    return replace(place, x=x, y=y, number=1)


def among_years(found: Iterable[Place], since: int | None, until: int | None) -> list[Place]:
    """Return the places of these years, with what is said of them; what has no date always is."""

    def is_of_them(said: Said) -> bool:
        years = said.years
        return years is None or (
            years[0] <= (until or years[0]) and years[1] >= (since or years[1])
        )

    kept = (
        replace(place, said=[said for said in place.said if is_of_them(said)]) for place in found
    )
    return [place for place in kept if place.said]


def years_of(found: Iterable[Place]) -> tuple[int, int] | None:
    """Return the first and the last year of all that is said; None where nothing has a date."""
    years = [year for place in found for said in place.said for year in said.years or ()]
    return (min(years), max(years)) if years else None


def route(found: Iterable[Place], *, size: float) -> list[Leg]:
    """Return the lines between the marks in the order of time; `size`: that of a mark.

    Only what has a date is on the way. Where dates do not exclude each other, a beginning stands
    where it may have been at the earliest, an end where it may have come at the latest.
    """
    dated = [
        (bounds[said.name == "endLocation"], bounds, place.x, place.y)
        for place in found
        if place.number
        for said in place.said
        if (bounds := bounds_of(said.text) if said.text else None)
    ]
    stops = [(x, y) for *_, x, y in sorted(dated)]
    return [_leg(one, other, size) for one, other in pairwise(stops) if one != other]


def _leg(one: Point, other: Point, size: float) -> Leg:
    dx, dy = other[0] - one[0], other[1] - one[1]
    far = hypot(dx, dy)
    gap = min(1.25 * size / far, 0.45)
    return Leg(
        x1=round(one[0] + gap * dx, 2),
        y1=round(one[1] + gap * dy, 2),
        x2=round(other[0] - 1.4 * gap * dx, 2),
        y2=round(other[1] - 1.4 * gap * dy, 2),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What of the map is shown, in its own measures."""

    x: float
    y: float
    width: float
    height: float

    @property
    def mark(self) -> float:
        """How large a mark is drawn: its radius."""
        return round(self.width / 60, 2)


_LEAST_WIDTH: Final = 60.0  # degrees: nobody recognises less of the world
_MARGIN: Final = 15.0


def view_of(found: Iterable[Place], world: World) -> View:
    """Return the part of the map around these places, twice as wide as it is high."""
    wide, high = world.right - world.left, world.bottom - world.top
    marked = [place for place in found if place.number]
    left = min((p.x for p in marked), default=world.left)
    right = max((p.x for p in marked), default=world.right)
    top = min((p.y for p in marked), default=world.top)
    bottom = max((p.y for p in marked), default=world.bottom)
    margin = min(_MARGIN, wide / 8)
    most = max(wide, 2 * high)
    needed = max(right - left + 2 * margin, 2 * (bottom - top + 2 * margin))
    width = min(max(needed, min(_LEAST_WIDTH, most)), most)
    height = width / 2
    return View(
        x=round(_within((left + right - width) / 2, world.left, world.right - width), 1),
        y=round(_within((top + bottom - height) / 2, world.top, world.bottom - height), 1),
        width=round(width, 1),
        height=round(height, 1),
    )


def _within(value: float, least: float, most: float) -> float:
    """Return a value between two bounds; the middle of them where the map is the smaller."""
    return min(max(value, least), most) if least <= most else (least + most) / 2
