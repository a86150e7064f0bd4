from __future__ import annotations

from typing import Any

import pytest
from starlette.routing import Route

from asgi_help import Client
from serve_help import serve, tied


@pytest.fixture(scope="module")
def client(tmp_path_factory) -> Client:
    """Return a client of a service over people and ships."""
    return serve(tied(tmp_path_factory.mktemp("description") / "lists"))


@pytest.fixture(scope="module")
def description(client: Client) -> Any:
    """Return the description as it is answered."""
    return client.get("/openapi.json").json()


def test_every_path_is_described(client: Client, description: Any):
    """And nothing else; the operator's paths are not for programs."""
    routes = {
        (route.path, method.lower())
        for route in client._app.routes
        if isinstance(route, Route) and route.include_in_schema
        for method in (route.methods or set()) - {"HEAD"}
    }

    assert {
        (path, method) for path, item in description["paths"].items() for method in item
    } == routes
    assert all(each["summary"] for item in description["paths"].values() for each in item.values())


def test_names_of_operations_are_told_apart(description: Any):
    """Programs make functions of them; one list has two paths."""
    names = [
        each["operationId"] for item in description["paths"].values() for each in item.values()
    ]

    assert {name for name in names if names.count(name) > 1} <= {"get_catalog"}


def test_a_parameter_is_refused_beyond_what_is_described(client: Client, description: Any):
    """Its type and its bounds are those that hold."""
    values = {"scope": "default", "id": "zahra", "property": "ownershipOwner"}
    for path, item in description["paths"].items():
        for parameter in item.get("get", {}).get("parameters", []):
            wrong = _beyond(parameter["schema"])
            if parameter["in"] == "query" and wrong is not None and "openapi" not in path:
                answer = client.get(f"{path.format(**values)}?{parameter['name']}={wrong}")
                assert answer.status_code in {400, 422}, (path, parameter, answer.body)


def _beyond(schema: Any) -> str | None:
    """Return a value that a parameter does not take, or None where it takes all."""
    if "maximum" in schema:
        return str(schema["maximum"] + 1)
    if schema["type"] in {"integer", "number", "boolean"} or "pattern" in schema:
        return "perhaps"
    return "nothing-of-it" if "enum" in schema or "enum" in schema.get("items", {}) else None


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/search/{scope}", "/search/default?q=zahra"),
        ("/entities/{id}", "/entities/zahra"),
        ("/entities/{id}/adjacent", "/entities/zahra/adjacent"),
        ("/entities/{id}/adjacent/{property}", "/entities/zahra/adjacent/ownershipOwner"),
    ],
)
def test_an_answer_has_the_shape_that_is_described(
    client: Client, description: Any, path: str, answer: str
):
    """All that is required, and nothing that is not named."""
    content = description["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]

    _fits(client.get(answer).json(), content["schema"], description["components"]["schemas"])


def test_matches_have_the_shape_that_is_described(client: Client, description: Any):
    """With their evidence."""
    query = {"schema": "Person", "properties": {"name": ["Zahra Karimzadeh"]}}
    told = client.post("/match/default", json={"queries": {"q": query}}).json()
    content = description["paths"]["/match/{scope}"]["post"]["responses"]["200"]["content"]

    assert told["responses"]["q"]["results"]
    _fits(told, content["application/json"]["schema"], description["components"]["schemas"])


def _fits(value: Any, schema: Any, named: Any) -> None:
    """Check objects and lists, as deep as they are described."""
    schema = _plain(value, schema, named)
    if isinstance(value, list):
        assert schema["type"] == "array"
        for each in value:
            _fits(each, schema["items"], named)
    elif isinstance(value, dict) and "properties" in schema:
        assert set(schema["required"]) <= set(value)
        for name, each in value.items():
            assert name in schema["properties"], name
            _fits(each, schema["properties"][name], named)
    elif isinstance(value, dict) and "additionalProperties" in schema:
        for each in value.values():
            _fits(each, schema["additionalProperties"], named)


def _plain(value: Any, schema: Any, named: Any) -> Any:
    """Return a shape without references, the one of several that is meant, and put together."""
    if "$ref" in schema:
        return _plain(value, named[schema["$ref"].rpartition("/")[2]], named)
    if "anyOf" in schema:
        meant = (one for one in schema["anyOf"] if ("$ref" in one) == isinstance(value, dict))
        return _plain(value, next(meant), named)
    if "allOf" in schema:
        parts = [_plain(value, part, named) for part in schema["allOf"]]
        return {
            "type": "object",
            "required": [name for part in parts for name in part["required"]],
            "properties": {name: one for part in parts for name, one in part["properties"].items()},
        }
    return schema
