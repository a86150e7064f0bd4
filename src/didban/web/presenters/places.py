"""Where things happened: states and points of a file, and a map that shows land and no borders.

The map is drawn here, from the TopoJSON file among the assets (Natural Earth at 1:110 million by
default). Land alone is drawn, and a state is a mark in the middle of it: the page claims no border.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from didban.model.countries import country
from didban.web.presenters.records import look_of
from didban.web.rendering import STATIC

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from didban.model.person_files import FileValue, PersonFile

_FILE: Final = STATIC / "vendor" / "countries-110m.json"
_LEAST_LATITUDE: Final = -60.0  # below it there is nobody to look for
_WHERE: Final = frozenset(
    {"address", "birthPlace", "location", "locationMentioned", "full", "city"}
)

Point = tuple[float, float]  # longitude, latitude in degrees


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place, and who says what of it.

    - `state` is a code, or empty where the place has `words` only; `number`: its mark on the map.
    """

    state: str
    words: str
    said: Sequence[FileValue]
    number: int | None
    x: float = 0
    y: float = 0


def places(file: PersonFile) -> list[Place]:
    """Return the places that a file names, those on the map first."""
    schemata = {member.record: member.shown.get("schema", "") for member in file.members}
    by_state: dict[str, list[FileValue]] = {}
    by_words: dict[str, list[FileValue]] = {}
    for value in file.values:
        if look_of(schemata[value.record], value.name) == "country":
            by_state.setdefault(value.value.lower(), []).append(value)
        elif value.name in _WHERE:
            by_words.setdefault(value.value, []).append(value)
    marked = sorted(by_state, key=lambda state: (state not in world().middles, state))
    found = [_place(state, said=by_state[state], at=at) for at, state in enumerate(marked, 1)]
    return found + [Place(state="", words=w, said=s, number=None) for w, s in by_words.items()]


def _place(state: str, *, said: Sequence[FileValue], at: int) -> Place:
    middle = world().middles.get(state)
    if middle is None:
        return Place(state=state, words="", said=said, number=None)
    x, y = flat(middle)
    return Place(state=state, words="", said=said, number=at, x=x, y=y)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The map: land as the data of an SVG path, and the middle of each state by our code."""

    land: str
    middles: Mapping[str, Point]


@lru_cache(maxsize=1)
def world() -> World:
    """Return the map among the assets; an empty one where there is none."""
    if not _FILE.exists():
        return World(land="", middles={})
    topology = json.loads(_FILE.read_text(encoding="utf-8"))
    arcs = _arcs(topology)
    shapes = _shapes(topology, "land")
    rings_of_land = (ring for shape in shapes for ring in _rings(shape, arcs))
    land = (piece for ring in rings_of_land for piece in _on_the_map(ring))
    middles: dict[str, Point] = {}
    for shape in _shapes(topology, "countries"):
        code = country(str(shape.get("properties", {}).get("name", "")))
        rings = list(_rings(shape, arcs))
        if code and rings:
            middles.setdefault(code, _middle(max(rings, key=_area)))
    return World(land="".join(_path(ring) for ring in land), middles=middles)


def flat(point: Point) -> Point:
    """Return where a point lies on the map: degrees from its upper left corner."""
    return round(point[0] + 180, 1), round(90 - point[1], 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What of the map is shown, in its own measures."""

    x: float
    y: float
    width: float
    height: float


_LEAST_WIDTH: Final = 60.0  # degrees: nobody recognises less
_MARGIN: Final = 15.0


def view_of(found: Iterable[Place]) -> View:
    """Return the part of the map around these places, twice as wide as it is high."""
    marked = [place for place in found if place.number is not None]
    if not marked:
        return View(x=0, y=0, width=360, height=150)
    left, right = min(p.x for p in marked), max(p.x for p in marked)
    top, bottom = min(p.y for p in marked), max(p.y for p in marked)
    width = min(
        max(right - left + 2 * _MARGIN, 2 * (bottom - top + 2 * _MARGIN), _LEAST_WIDTH), 360
    )
    height = width / 2
    x, y = (left + right - width) / 2, (top + bottom - height) / 2
    return View(
        x=round(min(max(x, 0), 360 - width), 1),
        y=round(min(max(y, 0), max(150 - height, 0)), 1),
        width=round(width, 1),
        height=round(height, 1),
    )


def _arcs(topology: Mapping[str, Any]) -> list[list[Point]]:
    """Return the lines of a topology, from the steps between whole numbers as which it has them."""
    scale, origin = topology["transform"]["scale"], topology["transform"]["translate"]
    found = []
    for steps in topology["arcs"]:
        x, y, line = 0, 0, []
        for dx, dy in steps:
            x, y = x + dx, y + dy
            line.append((x * scale[0] + origin[0], y * scale[1] + origin[1]))
        found.append(line)
    return found


def _shapes(topology: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = topology["objects"].get(name, {})
    return list(found.get("geometries", [found] if "arcs" in found else []))


def _rings(shape: Mapping[str, Any], arcs: Sequence[list[Point]]) -> Iterator[list[Point]]:
    """Yield the outer rings of a shape; lakes are left out.

    A ring that crosses the date line goes on beyond it, and so does not run around the world.
    """
    polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
    for polygon in polygons:
        ring: list[Point] = []
        for number in polygon[0]:
            line = arcs[number] if number >= 0 else arcs[~number][::-1]
            for longitude, latitude in line[1:] if ring else line:
                turns = round((ring[-1][0] - longitude) / 360) if ring else 0
                ring.append((longitude + 360 * turns, latitude))
        if max(latitude for _, latitude in ring) > _LEAST_LATITUDE:
            yield ring


def _on_the_map(ring: list[Point]) -> Iterator[list[Point]]:
    """Yield a ring, and once more at the other edge of the map where it goes beyond one."""
    yield ring
    longitudes = [longitude for longitude, _ in ring]
    for turn, is_beyond in ((-360, max(longitudes) > 180), (360, min(longitudes) < -180)):  # noqa: PLR2004 - the date line
        if is_beyond:
            yield [(longitude + turn, latitude) for longitude, latitude in ring]


def _path(ring: Sequence[Point]) -> str:
    points = dict.fromkeys(f"{x:g} {y:g}" for x, y in map(flat, ring))
    return f"M{'L'.join(points)}Z" if len(points) > 2 else ""  # noqa: PLR2004 - a line is no land


def _area(ring: Sequence[Point]) -> float:
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring)))


def _middle(ring: Sequence[Point]) -> Point:
    """Return the centre of gravity of a ring."""
    x = y = total = 0.0
    for a, b in pairwise(ring):
        cross = a[0] * b[1] - b[0] * a[1]
        x, y, total = x + (a[0] + b[0]) * cross, y + (a[1] + b[1]) * cross, total + cross
    return (x / (3 * total), y / (3 * total)) if total else ring[0]
