from __future__ import annotations

from didban.model.links import entity_properties, neighbours, tie_of, ties, ties_behind
from didban.model.schemata import Kind, property_kind, schema
from specimens import person


def test_every_tie_is_a_property_of_the_vocabulary():
    """And points at a kind of thing that there is."""
    for tie in ties():
        assert property_kind(tie.schema, tie.name) is Kind.ENTITY
        assert schema(tie.target) is not None
        assert tie.reverse not in (schema(tie.target) or tie).properties  # type: ignore[union-attr]


def test_a_tie_is_seen_from_both_ends():
    """Inherited ones too."""
    tie = tie_of("Ownership", "owner")

    assert tie is not None
    assert tie.reverse == "ownershipOwner"
    assert ties_behind("Person", "ownershipOwner") == (tie,)
    assert "ownershipOwner" in entity_properties("Company")
    assert "ownershipOwner" not in entity_properties("Vessel")
    assert tie_of("Company", "addressEntity") is not None
    assert tie_of("Company", "name") is None


def test_neighbours_are_what_a_record_points_at():
    """All, or by some properties."""
    link = person("", schema="Ownership", owner="a", asset="b", role="holder")

    assert set(neighbours(link)) == {"a", "b"}
    assert neighbours(link, ["asset", "role"]) == ("b",)
    assert neighbours(person("Zoltan", schema="Unheard")) == ()
