from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from asgi_help import Client
from serve_help import serve, tied

_PATH = "/reconcile/default"


@pytest.fixture(scope="module")
def client(tmp_path_factory) -> Client:
    """Return a client of a service over people and ships."""
    return serve(tied(tmp_path_factory.mktemp("reconcile") / "lists"))


def post(client: Client, **form: Any) -> Any:
    """Send a form as spreadsheet tools do."""
    body = urlencode({name: json.dumps(value) for name, value in form.items()}).encode()
    kind = {"content-type": "application/x-www-form-urlencoded"}
    return client.post(_PATH, content=body, headers=kind)


def test_the_manifest_says_where_everything_is(client: Client):
    """Version 0.2 of the specification; parameters of its address stay with it."""
    manifest = client.get(f"{_PATH}?api_key=7").json()

    assert manifest["versions"] == ["0.2"]
    assert {"identifierSpace", "schemaSpace", "view", "preview", "suggest", "extend"} <= set(
        manifest
    )
    assert manifest["suggest"]["entity"] == {
        "service_url": f"http://127.0.0.1:8000{_PATH}",
        "service_path": "/suggest/entity?api_key=7",
    }
    assert {"id": "Person", "name": "Person", "description": "Person"} in manifest["defaultTypes"]
    assert manifest["batchSize"] == 3


def test_a_batch_is_matched(client: Client):
    """With type, properties and limits of each query."""
    queries = {
        "a": {"query": "Zahra Karimzadeh", "type": "Person"},
        "b": {"query": "Karimzadeh", "type": ["Vessel"], "limit": 1},
        "c": {
            "query": "Zahra Karimzadeh",
            "properties": [{"pid": "Person:birthDate", "v": "1971"}],
        },
        "d": {"type": "Person"},
    }
    answer = post(client, queries=queries)
    results = {key: value["result"] for key, value in answer.json().items()}

    assert answer.headers["x-batch-size"] == "4"
    assert results["a"][0]["id"] == "zahra"
    assert results["a"][0]["type"] == [{"id": "Person", "name": "Person", "description": "Person"}]
    assert results["c"][0]["score"] > results["a"][0]["score"]
    assert (len(results["b"]), results["d"]) == (1, [])


def test_queries_may_stand_in_the_address(client: Client):
    """As the specification allows."""
    query = urlencode({"queries": json.dumps({"a": {"query": "Zahra Karimzadeh"}})})

    assert client.get(f"{_PATH}?{query}").json()["a"]["result"][0]["id"] == "zahra"


def test_columns_are_fetched(client: Client):
    """For people or as they are kept; a record that is not there has an empty row."""
    extend = {
        "ids": ["zahra", "nobody"],
        "properties": [
            {"id": "name"},
            {"id": "nationality"},
            {"id": "birthDate", "settings": {"render": "raw", "limit": 1}},
        ],
    }
    answer = post(client, extend=extend).json()

    assert [column["id"] for column in answer["meta"]] == ["name", "nationality", "birthDate"]
    assert answer["rows"]["zahra"]["nationality"] == [{"str": "Iran"}]
    assert answer["rows"]["zahra"]["birthDate"] == [{"str": "1971-05-02"}]
    assert answer["rows"]["nobody"] == {}


def _columns(settings: object) -> dict[str, Any]:
    """Return the form that asks for a column with these settings."""
    return {"extend": {"ids": ["zahra"], "properties": [{"id": "name", "settings": settings}]}}


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"queries": {"a": {"type": "Banana"}}}, 400),
        ({"queries": {str(n): {"query": "x"} for n in range(101)}}, 400),
        ({"queries": [1]}, 422),
        ({"queries": {"a": 7}}, 422),
        ({"queries": {"a": {"query": "x", "limit": 0}}}, 422),
        ({"queries": {"a": {"query": "x", "properties": [7]}}}, 422),
        ({"queries": {"a": {"query": "x", "properties": 7}}}, 422),
        ({"extend": {"ids": ["old-7"], "properties": []}}, 400),
        (_columns("some"), 422),
        (_columns({"limit": "some"}), 422),
        (_columns({"limit": -1}), 422),
        ({"extend": {"ids": "zahra"}}, 422),
        ({"extend": {"ids": [], "properties": [{}]}}, 422),
        ({}, 422),
        ({f"field{n}": n for n in range(11)}, 422),
    ],
)
def test_what_cannot_be_answered_is_refused(client: Client, form: dict[str, Any], status: int):
    """A referent too: a row has one name."""
    assert post(client, **form).status_code == status


@pytest.mark.parametrize(
    ("path", "ids"),
    [
        ("/suggest/entity", []),
        ("/suggest/entity?prefix=zahra%20kar", ["zahra"]),
        ("/suggest/entity?prefix=banana", []),
        ("/suggest/property", []),
        ("/suggest/property?prefix=banana", []),
        ("/suggest/property?prefix=birth", ["Person:birthCountry", "Person:birthDate", "Person:birthPlace"]),
        ("/suggest/type", []),
        ("/suggest/type?prefix=legal", ["LegalEntity"]),
        ("/suggest/type?prefix=banana", []),
    ],
)  # fmt: skip
def test_suggestions_begin_as_somebody_types(client: Client, path: str, ids: list[str]):
    """Nothing is suggested for nothing."""
    answer = client.get(_PATH + path).json()

    assert (answer["code"], answer["status"]) == ("/api/status/ok", "200 OK")
    assert [one["id"] for one in answer["result"]] == ids


def test_properties_are_proposed_for_a_kind(client: Client):
    """Those that are asked for most come first, in alphabetical order."""
    answer = client.get(f"{_PATH}/extend/property?limit=3&type=Person").json()

    assert (answer["limit"], answer["type"]) == (3, "Person")
    assert len(answer["properties"]) == 3
    assert client.get(f"{_PATH}/extend/property?type=Banana").status_code == 400


def test_an_unknown_scope_is_told(client: Client):
    """Everywhere below it."""
    for path in ("", "/suggest/type", "/suggest/entity", "/extend/property"):
        assert client.get(f"/reconcile/nowhere{path}").status_code == 404


def test_too_many_names_in_a_batch_are_refused(client: Client):
    """Each of the columns of a row may hold another name."""
    names = [{"pid": "alias", "v": [f"Name {number}" for number in range(250)]}]
    row = {"type": "Person", "query": "Name", "properties": names}
    answer = post(client, queries=dict.fromkeys("abcd", row))

    assert answer.status_code == 400
