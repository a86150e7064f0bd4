"""Where somebody is said to belong or to have been: a map without borders, and its table."""

from __future__ import annotations

import gzip

from bank_help import actor, marking, person
from didban.intake import bank
from didban.web.presenters import places


def test_the_middle_of_a_state_lies_within_it():
    """The map is read from the assets; Antarctica is left out."""
    world = places.world()

    longitude, latitude = world.middles["ir"]
    assert 50 < longitude < 58
    assert 28 < latitude < 37
    assert len(world.middles) > 160
    assert world.land.startswith("M")


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
