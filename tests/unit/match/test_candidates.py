"""Whom a mistyped name brings up, where its parts say too little to be found by them alone."""

from __future__ import annotations

import pytest

from didban.match.index.candidates import Retrieval, Scope
from didban.match.index.layers import Layer
from didban.match.modes import Mode
from didban.match.query import query_from_record
from didban.match.search import Search
from specimens import person

MISTYPED = "Kqyvxn Behroozinia"
"""Two errors in a name of six sounds: nothing on a list is like that part."""


def listed(count=1, **facts):
    """Return a layer of namesakes by the family name, among others."""
    names = ["Keyvan", "Dariush", "Nadir", "Zoltan"]
    bearers = [
        person(f"{names[n % 4]} Behroozinia", id=f"p{n}", schema="Person", **facts)
        for n in range(count)
    ]
    others = [person(f"Olga Petrova{'q' * n}", id=f"o{n}") for n in range(20)]
    return Layer.of_records([*bearers, *others])


def found(layer, name, **facts):
    """Return the identifiers of the candidates."""
    query = query_from_record(person(name, id="q", **facts))
    scope = Scope(query=query, mode=Mode.BORDER, datasets=None)
    return {
        candidate.layer.record(candidate.number).id
        for candidate in Retrieval([layer]).candidates(scope)
    }


def test_few_bearers_of_a_rare_part_are_looked_at():
    """However the other part is written."""
    assert "p0" in found(listed(), MISTYPED)


def test_many_bearers_are_not():
    """A common name leads nowhere by itself."""
    assert found(listed(40), MISTYPED) == set()


@pytest.mark.parametrize("born", ["1984-02-11", "1984-11-02"])
def test_who_was_born_on_the_same_day_is_looked_at(born):
    """With one part that agrees, and with day and month either way."""
    layer = listed(20, birthDate="1984-02-11")
    assert found(layer, MISTYPED, birthDate=born) == {f"p{n}" for n in range(20)}


def test_of_very_many_born_on_the_same_day_the_nearest_are_looked_at():
    """As many as are scored for a name: who has more of the name comes first."""
    day = "1984-02-11"
    strangers = [person("Zoltan Behroozinia", id=f"s{n}", birthDate=day) for n in range(60)]
    layer = Layer.of_records([*strangers, person("Reza Behroozinia", id="near", birthDate=day)])
    looked_at = found(layer, "Rukza Behroozinia", birthDate=day)
    assert "near" in looked_at
    assert len(looked_at) == Mode.BORDER.depth


@pytest.mark.parametrize("born", ["1984", "1984-02", "1984-01-01", "1984-02-11~"])
def test_a_rough_birth_date_leads_nowhere(born):
    """Nor does 1 January, on which half a country is born."""
    assert found(listed(40, birthDate=born), MISTYPED, birthDate=born) == set()


def test_a_day_alone_leads_nowhere():
    """One part of the name must be alike."""
    layer = listed(40, birthDate="1984-02-11")
    assert found(layer, "Zqxwv Uqxnorth", birthDate="1984-02-11") == set()


def test_who_was_withdrawn_is_not_found():
    """Neither by day nor by part."""
    layer = listed(birthDate="1984-02-11")
    layer.withdraw([0])
    assert found(layer, MISTYPED, birthDate="1984-02-11") == set()


@pytest.mark.parametrize("name", ["Keyvanbehroozinia", "Keyvanzarrin Behroozinia"])
def test_parts_written_together_lead_to_who_bears_both(name):
    """Though many bear one of them, and nobody the two as one."""
    layer = Layer.of_records(
        [person(name, id=name) for name in ("Keyvan Behroozinia", "Keyvan Zarrin Behroozinia")]
        + [person(f"Zoltan Behroozinia{'q' * n}", id=f"o{n}") for n in range(20)]
    )
    assert "Keyvan Zarrin Behroozinia" in found(layer, name)


def test_a_part_that_somebody_bears_is_not_parted():
    """It is a name of its own."""
    layer = Layer.of_records([person("Marek Zarrin", id="a"), person("Marek Zarrinkuh", id="b")])
    assert found(layer, "Marek Zarrinkuh") == {"b"}


@pytest.mark.parametrize("asked", ["1987-01-01", "1986-12-30"])
def test_one_day_of_the_islamic_calendar_is_not_left_unread_across_new_year(asked: str):
    """Its month may have begun a day earlier: the year of the index is then the next one."""
    namesakes = [person(id=f"n{n}", birthDate=f"1986-{n + 1:02}-02") for n in range(10)]
    search = Search([Layer.of_records([*namesakes, person(id="one", birthDate="1407-04-28 AH")])])
    query = query_from_record(person(birthDate=asked))
    scope = Scope(query=query, mode=Mode.THOROUGH, datasets=None)

    (best,) = search.match(scope, limit=1, threshold=0.0)
    every = search.match(scope, limit=50, threshold=0.0)

    assert (best.id, best.score) == (every[0].id, every[0].score)
    assert best.id == "one"
