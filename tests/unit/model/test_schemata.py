"""The FollowTheMoney vocabulary is there, with our few additions."""

from __future__ import annotations

import pytest

from didban.model.schemata import Kind, is_a, property_kind, schema, schemata


@pytest.mark.parametrize(
    ("name", "ancestor"),
    [("Person", "LegalEntity"), ("Person", "Thing"), ("Passport", "Identification"),
     ("Company", "Asset"), ("Vessel", "Vehicle"), ("Thing", "Thing"),
     ("Firearm", "Asset"), ("Seizure", "Event"), ("MoneyFlow", "Payment")],
)  # fmt: skip
def test_a_schema_is_what_its_ancestors_are(name, ancestor):
    """A company is an organisation and an asset at once."""
    assert is_a(name, ancestor)


def test_descent_has_a_direction():
    """Not every thing is a person; what is unknown is nothing."""
    assert not is_a("Thing", "Person")
    assert not is_a("Nonsense", "Thing")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("name", Kind.NAME),
        ("weakAlias", Kind.WEAK_NAME),
        ("firstName", Kind.NAME_PART),
        ("birthDate", Kind.DATE),
        ("nationality", Kind.COUNTRY),
        ("passportNumber", Kind.IDENTIFIER),
        ("gender", Kind.GENDER),
        ("addressEntity", Kind.ENTITY),
        ("notes", Kind.TEXT),
        ("listReference", Kind.IDENTIFIER),
    ],
)
def test_properties_of_a_person_have_their_kind(name, kind):
    """Inherited and our own ones included."""
    assert property_kind("Person", name) is kind


def test_unknown_names_have_no_kind():
    """A reader then keeps the value and says so."""
    assert property_kind("Person", "imoNumber") is None
    assert property_kind("Nonsense", "name") is None
    assert schema("Nonsense") is None


def test_links_and_matchable_things_are_marked():
    """A relation is never compared by name."""
    links = {each.name for each in schemata().values() if each.is_link}

    assert {"Family", "Ownership", "Directorship", "UnknownLink", "MoneyFlow", "MethodUse"} <= links
    assert schemata()["Person"].is_matchable
    assert not schemata()["Ownership"].is_matchable
