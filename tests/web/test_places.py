"""Where somebody is said to belong or to have been: a map without borders, and its table."""

from __future__ import annotations

import gzip
import json

import pytest

from bank_help import actor, marking, person
from didban.errors import ConfigError
from didban.intake import bank
from didban.model.records import Record
from didban.web.presenters import land


def test_the_middle_of_a_state_lies_within_it():
    """The map is read from the assets; Antarctica is left out."""
    world = land.world()

    longitude, latitude = world.middles["ir"]
    assert 50 < longitude < 58
    assert 28 < latitude < 37
    assert len(world.middles) > 160
    assert world.land.startswith("M")


def _square(*, left, code):
    corners = [[left, 40], [left + 4, 40], [left + 4, 44], [left, 44], [left, 40]]
    shape = {"type": "Polygon", "coordinates": [corners]}
    return {"type": "Feature", "properties": {"code": code}, "geometry": shape}


def test_a_node_has_a_map_of_its_own(tmp_path):
    """GeoJSON, by the codes of its states; its land fills the map."""
    file = tmp_path / "map.geojson"
    states = [_square(left=-30, code="xar"), _square(left=-26, code="xbo")]
    file.write_text(json.dumps({"type": "FeatureCollection", "features": states}))

    world = land.world(file)

    assert world.middles["xar"] == (-28.0, 42.0)
    assert (world.left, world.right) == (150.0, 158.0)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("land", "cannot be read"),
        ("[]", "FeatureCollection or Topology"),
        ('{"type": "FeatureCollection", "features": []}', "no Polygon"),
        ('{"type": "Topology", "objects": {}}', "'arcs' is missing"),
        (json.dumps({"type": "FeatureCollection", "features": [_square(left=400, code="xar")]}),
         "feature 1: 400, 40 is no longitude and latitude"),
    ],
)  # fmt: skip
def test_what_is_no_map_is_refused_with_what_is_wrong(tmp_path, content, told):
    """The setting is named, and the shape at which it fails."""
    file = tmp_path / "map.json"
    file.write_text(content)

    with pytest.raises(ConfigError, match=told) as refused:
        land.world(file)

    assert refused.value.path == "desk.map_file"


def test_a_route_goes_from_point_to_point_in_the_order_of_time(pages, api):
    """Addresses with coordinates are points; what lies outside of the years is left out."""
    with api.database.begin() as tx:
        own = bank.report(tx, actor("xar"), person("Zahra Karimzadeh"), marking("xar"))
        for number, town in enumerate(("Dara", "Port Arvand")):
            where = {"name": (town,), "latitude": ("41.5",), "longitude": (f"{-28 + 3 * number}",)}
            address = Record(id=f"rec_addr{number:021}", schema="Address", properties=where)
            bank.report(tx, actor("xar"), address, marking("xar"))
        said = {
            "name": ("Journey to the coast",),
            "involved": (own.id,),
            "startLocation": (f"rec_addr{0:021}",),
            "endLocation": (f"rec_addr{1:021}",),
            "startDate": ("2024-03",),
            "endDate": ("2025-01",),
        }
        trip = Record(id="rec_trip00000000000000000001", schema="Trip", properties=said)
        bank.report(tx, actor("xar"), trip, marking("xar"))
    desk = pages.as_("xar", "second_line", language="fa")

    page = desk.get(f"/files/{own.id}/places")
    later = desk.get(f"/files/{own.id}/places", since="2025")

    assert len(page.all(".//main//{*}svg//{*}circle")) == 2
    assert len(page.all(".//main//{*}line[@class='map-route']")) == 1
    assert "41.5000, -28.0000" in page.text
    assert "Journey to the coast" in page.text
    assert len(later.all(".//main//{*}line[@class='map-route']")) == 0


def test_a_map_marks_states_and_the_table_says_who_says_it(pages, api):
    """A state that is on no map stands in the table all the same."""
    with api.database.begin() as tx:
        told = {"nationality": "ir", "birthCountry": "xar", "birthPlace": "Dara"}
        own = bank.report(tx, actor("xar"), person("Zahra Karimzadeh", **told), marking("xar"))
    page = pages.as_("xar", "analyst").get(f"/files/{own.id}/places")

    assert len(page.all(".//main//{*}svg//{*}circle")) == 1
    assert "#mark-1" in page.links()
    assert {"Iran", "Arvand", "Dara"} <= set(page.text.split())
    assert len(gzip.compress(page.response.body)) < 100_000
    assert pages.as_("xar", "first_line").get(f"/files/{own.id}/places").status == 403
