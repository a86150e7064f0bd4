"""Statements and links: a record value by value, and what hangs together with it."""

from __future__ import annotations

import pytest

from api_help import Api
from bank_help import actor, authority, marking, person
from didban.ids import new_id
from didban.intake import bank
from didban.model.marking import Handling
from didban.model.records import Record


@pytest.fixture
def node(api: Api) -> Api:
    """Return the interface of a bank with three authorities."""
    with api.database.begin() as tx:
        for code in ("xar", "xbo", "xca"):
            authority(tx, code)
    return api


def _report(api: Api, entity, owner="xar", **marked):
    with api.database.begin() as tx:
        bank.report(tx, actor(owner), entity, marking(owner, **marked))
    return entity.id


def _thing(schema: str, **properties: str) -> Record:
    told = {name: (value,) for name, value in properties.items()}
    return Record(id=new_id("rec"), schema=schema, properties=told, caption=schema)


def test_a_record_is_told_value_by_value(node: Api):
    """Each with the part in which it is shown; the marking stands once, for all."""
    known = _report(node, person(birthDate="1971-05-02", nationality="xbo"))

    told = node.as_("xar", "second_line").get(f"/records/{known}/statements").json()

    rows = {(row["field"], row["name"], row["value"]) for row in told["statements"]}
    assert ("identity", "name", "Zahra Karimzadeh") in rows
    assert ("identity", "birthDate", "1971-05-02") in rows
    assert (told["owner"], told["handling"], told["source_evaluation"]) == ("xar", "H0", "X")


@pytest.mark.parametrize("path", ["statements", "links"])
def test_pr_09_a_hidden_record_is_answered_as_one_that_is_not_there(node: Api, path: str):
    """The same words for both."""
    hidden = _report(node, person(), owner="xbo", excluded=("node:xar",))
    desk = node.as_("xar", "second_line")

    answers = [desk.get(f"/records/{name}/{path}") for name in (hidden, new_id("rec"))]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].json()["detail"] == answers[1].json()["detail"]


def test_a_link_between_two_things_is_an_edge(node: Api):
    """From either end, and with the strictest handling code of all three (PR-08)."""
    one = _report(node, person("Zahra Karimzadeh"))
    other = _report(node, person("Omid Karimzadeh"), handling=Handling.H1)
    link = _report(node, _thing("Family", person=one, relative=other))
    desk = node.as_("xar", "second_line")

    graphs = [desk.get(f"/records/{end}/links").json() for end in (one, other, link)]

    for graph in graphs[:2]:
        assert {each["id"] for each in graph["nodes"]} == {one, other}
        assert graph["edges"] == [
            {
                "source": min(one, other),
                "target": max(one, other),
                "name": "Family",
                "link": link,
                "handling": "H1",
            }
        ]
    assert {each["id"] for each in graphs[2]["nodes"]} == {one, other, link}


def test_a_value_that_names_a_record_is_an_edge(node: Api):
    """A vehicle names its owner: seen from both."""
    holder = _report(node, person())
    vehicle = _report(node, _thing("Vehicle", name="White van", owner=holder))
    desk = node.as_("xar", "second_line")

    for end in (holder, vehicle):
        [edge] = desk.get(f"/records/{end}/links").json()["edges"]
        assert (edge["source"], edge["target"], edge["name"]) == (vehicle, holder, "owner")


def test_pr_09_an_edge_that_stands_on_something_hidden_is_not_there(node: Api):
    """Neither a hidden link nor a hidden end leaves a trace."""
    one = _report(node, person("Zahra Karimzadeh"))
    other = _report(node, person("Omid Karimzadeh"))
    hidden = _report(node, person("Navid"), owner="xbo", audience=("node:xca",))
    alone = node.as_("xar", "second_line").get(f"/records/{one}/links").json()

    _report(node, _thing("Family", person=one, relative=hidden), owner="xbo")
    _report(node, _thing("Family", person=one, relative=other), owner="xbo", audience=("node:xca",))

    assert node.as_("xar", "second_line").get(f"/records/{one}/links").json() == alone


def test_pr_03_a_neighbour_of_another_authority_is_only_there(node: Api):
    """Existence, owner, contact and reference; the edge says no more than the link does."""
    one = _report(node, person("Zahra Karimzadeh"))
    theirs = _report(node, person("Omid Karimzadeh"), owner="xbo")
    _report(node, _thing("Family", person=one, relative=theirs))

    graph = node.as_("xar", "second_line").get(f"/records/{one}/links").json()

    [node_told] = [each for each in graph["nodes"] if "reference" in each]
    assert node_told == {
        "exists": True,
        "owner": "xbo",
        "contact": "xbo",
        "reference": theirs,
    }


@pytest.mark.parametrize(
    "record_id", ["un-QDi.001", "list_2024-05.17", "NK-abc_DEF", "eu-fsf-eu.1.23", "ofac-123.4"]
)
def test_identifiers_of_lists_are_found_too(node: Api, record_id: str):
    """Whatever signs they are written with."""
    from dataclasses import replace

    one = _report(node, replace(person(), id=record_id))
    vehicle = _report(node, _thing("Vehicle", name="White van", owner=one))
    desk = node.as_("xar", "second_line")

    graph = desk.get(f"/records/{vehicle}/links").json()
    assert {each["id"] for each in graph["nodes"]} == {one, vehicle}
