"""The map on which places are marked: land, and where each state lies on it. No borders are drawn.

The file is Natural Earth at 1:110 million from the assets, or one of the node's own: TopoJSON, or
GeoJSON in longitude and latitude (RFC 7946). A state is known by `code` or `name` of its properties.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from didban.errors import ConfigError
from didban.model.countries import country
from didban.web.rendering import STATIC

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

SETTING: Final = "desk.map_file"
MOST_BYTES: Final = 5_000_000
"""A larger file would make every page with a map too slow to be used."""

_FILE: Final = STATIC / "vendor" / "countries-110m.json"
_LEAST_LATITUDE: Final = -60.0  # below it there is nobody to look for
_LEAST_RING: Final = 4  # points: the last is the first again

Point = tuple[float, float]  # longitude, latitude in degrees
Ring = list[Point]
_Shape = tuple["Mapping[str, Any] | None", list[Ring]]


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The map: land as the data of an SVG path, the middle of each state by our code, its edges.

    - `left`, `top`, `right`, `bottom`: in the measures of the map (`flat`).
    """

    land: str
    middles: Mapping[str, Point]
    left: float = 0.0
    top: float = 0.0
    right: float = 360.0
    bottom: float = 150.0


@lru_cache(maxsize=4)
def world(file: Path | None = None) -> World:
    """Return the map of a file, or that among the assets; an empty one where there is none.

    Raises ConfigError, with what is wrong and where, for a file that is no map.
    """
    if file is None and not _FILE.exists():
        return World(land="", middles={})
    content = _read(file or _FILE)
    try:
        shapes = list(_shapes(content))
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise ConfigError(f"this is no map: {_told(error)}", SETTING) from error
    # Where all land is there in one piece, nothing else is drawn: between states seams would show.
    whole = [ring for properties, drawn in shapes for ring in drawn if properties is None]
    rings = whole or [ring for _, drawn in shapes for ring in drawn]
    if not rings:
        raise ConfigError("this map has no Polygon and no MultiPolygon to draw", SETTING)
    middles: dict[str, Point] = {}
    for properties, drawn in shapes:
        said = properties or {}
        code = country(str(said.get("code") or said.get("name") or ""))
        if code and drawn:
            middles.setdefault(code, _middle(max(drawn, key=_area)))
    pieces = [piece for ring in rings for piece in _on_the_map(ring)]
    land = "".join(_path(piece) for piece in pieces)
    return World(land=land, middles=middles, **(_edges(rings) if file else {}))


def flat(point: Point) -> Point:
    """Return where a point lies on the map: degrees from its upper left corner."""
    return round(point[0] + 180, 2), round(90 - point[1], 2)


def _read(file: Path) -> Mapping[str, Any]:
    try:
        size = file.stat().st_size
        content = json.loads(file.read_text(encoding="utf-8")) if size <= MOST_BYTES else None
    except (OSError, ValueError) as error:
        raise ConfigError(f"the map cannot be read: {error}", SETTING) from error
    if content is None:
        raise ConfigError(f"the map has {size} bytes, and {MOST_BYTES} at most are read", SETTING)
    if not isinstance(content, dict) or content.get("type") not in _READERS:
        message = f"a map is a JSON object of the type {' or '.join(_READERS)}"
        raise ConfigError(message, SETTING)
    return content


def _told(error: Exception) -> str:
    return f"{error} is missing" if isinstance(error, KeyError) else str(error)


def _shapes(content: Mapping[str, Any]) -> Iterator[_Shape]:
    """Yield the properties and the outer rings of everything on the map; lakes are left out.

    Properties are None where a shape has none: it is land, of whomever.
    """
    return _READERS[content["type"]](content)


def _of_geojson(content: Mapping[str, Any]) -> Iterator[_Shape]:
    for number, feature in enumerate(content["features"], 1):
        shape, where = feature.get("geometry") or {}, f"feature {number}"
        rings = [_checked([(p[0], p[1]) for p in r], where) for r in _outer(shape, "coordinates")]
        yield feature.get("properties") or {}, rings


def _of_topojson(content: Mapping[str, Any]) -> Iterator[_Shape]:
    arcs = _arcs(content)
    for name, holder in content["objects"].items():
        for number, shape in enumerate(holder.get("geometries", [holder]), 1):
            where = f"{name}, geometry {number}"
            rings = [_checked(_joined(line, arcs), where) for line in _outer(shape, "arcs")]
            yield shape.get("properties"), rings


_READERS: Final = {"FeatureCollection": _of_geojson, "Topology": _of_topojson}


def _outer(shape: Mapping[str, Any], key: str) -> list[Any]:
    """Return the first line of each polygon; other shapes are no land."""
    match shape.get("type"):
        case "Polygon":
            return [shape[key][0]]
        case "MultiPolygon":
            return [polygon[0] for polygon in shape[key]]
    return []


def _arcs(topology: Mapping[str, Any]) -> list[Ring]:
    """Return the lines of a topology, from the steps between whole numbers as which it may have them."""
    grid = topology.get("transform")
    if grid is None:
        return [[(x, y) for x, y, *_ in arc] for arc in topology["arcs"]]
    scale, origin = grid["scale"], grid["translate"]
    found = []
    for steps in topology["arcs"]:
        x, y, line = 0, 0, []
        for dx, dy in steps:
            x, y = x + dx, y + dy
            line.append((x * scale[0] + origin[0], y * scale[1] + origin[1]))
        found.append(line)
    return found


def _joined(numbers: Iterable[int], arcs: Sequence[Ring]) -> Ring:
    """Return a ring of its lines; one with a negative number runs backwards."""
    ring: Ring = []
    for number in numbers:
        line = arcs[number] if number >= 0 else arcs[~number][::-1]
        ring += line[1:] if ring else line
    return ring


def _checked(ring: Ring, where: str) -> Ring:
    """Return a ring that goes on beyond the date line, and so does not run around the world.

    Raises ValueError for one that has too few points, or points that lie nowhere on the earth.
    """
    if len(ring) < _LEAST_RING:
        raise ValueError(f"{where}: a ring has {_LEAST_RING} points or more")
    found: Ring = []
    for longitude, latitude in ring:
        if not (-360 <= longitude <= 360 and -90.1 <= latitude <= 90.1):  # noqa: PLR2004 - degrees
            message = f"{where}: {longitude}, {latitude} is no longitude and latitude in degrees"
            raise ValueError(message)
        turns = round((found[-1][0] - longitude) / 360) if found else 0
        found.append((longitude + 360 * turns, latitude))
    return found


def _on_the_map(ring: Ring) -> Iterator[Ring]:
    """Yield a ring, and once more at the other edge of the map where it goes beyond one."""
    if max(latitude for _, latitude in ring) <= _LEAST_LATITUDE:
        return
    yield ring
    longitudes = [longitude for longitude, _ in ring]
    for turn, is_beyond in ((-360, max(longitudes) > 180), (360, min(longitudes) < -180)):  # noqa: PLR2004 - the date line
        if is_beyond:
            yield [(longitude + turn, latitude) for longitude, latitude in ring]


def _path(ring: Sequence[Point]) -> str:
    points = dict.fromkeys(f"{round(x, 1):g} {round(y, 1):g}" for x, y in map(flat, ring))
    return f"M{'L'.join(points)}Z" if len(points) > 2 else ""  # noqa: PLR2004 - a line is no land


def _edges(rings: Iterable[Ring]) -> dict[str, float]:
    """Return the edges of the map of a node, so that a small land fills it."""
    points = [flat(point) for ring in rings for point in ring]
    across, down = [x for x, _ in points], [y for _, y in points]
    return {"left": min(across), "right": max(across), "top": min(down), "bottom": max(down)}


def _area(ring: Sequence[Point]) -> float:
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring)))


def _middle(ring: Sequence[Point]) -> Point:
    """Return the centre of gravity of a ring."""
    x = y = total = 0.0
    for a, b in pairwise(ring):
        cross = a[0] * b[1] - b[0] * a[1]
        x, y, total = x + (a[0] + b[0]) * cross, y + (a[1] + b[1]) * cross, total + cross
    return (x / (3 * total), y / (3 * total)) if total else ring[0]
