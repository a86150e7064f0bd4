"""The description of what `didban serve` answers (OpenAPI 3.1), made of its routes.

The words of a path are those of the function that answers it; a test holds parameters and shapes
against the answers.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from starlette.responses import JSONResponse
from starlette.routing import Route

from didban import __version__
from didban.api.bodies import MAX_LETTERS
from didban.api.check import MAX_VALUES
from didban.api.parameters import ALGORITHMS, DEFAULT_LIMIT, DEFAULT_THRESHOLD, MAX_EXCLUDED
from didban.api.search import DEFAULT_FACETS, FACETS, MAX_OFFSET
from didban.api.search import DEFAULT_LIMIT as PAGE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.applications import Starlette
    from starlette.requests import Request

_TEXT: Final = {"type": "string"}
_TEXTS: Final = {"type": "array", "items": _TEXT}
_FLAG: Final = {"type": "boolean", "default": False}
_SHARE: Final = {"type": "number", "minimum": 0, "maximum": 1, "default": DEFAULT_THRESHOLD}
_MOMENT: Final = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}(T\d{2}(:\d{2}(:\d{2})?)?)?$"}
_OFFSET: Final = {"type": "integer", "minimum": 0, "maximum": MAX_OFFSET, "default": 0}

_NARROWING: Final[Mapping[str, Any]] = {
    "include_dataset": _TEXTS,
    "exclude_dataset": _TEXTS,
    "exclude_schema": _TEXTS,
    "topics": _TEXTS,
    "changed_since": _MOMENT,
}
_MATCHING: Final[Mapping[str, Any]] = {
    **_NARROWING,
    "threshold": _SHARE,
    "cutoff": _SHARE,
    "algorithm": {"type": "string", "enum": list(ALGORITHMS), "default": "best"},
    "exclude_entity_ids": {**_TEXTS, "maxItems": MAX_EXCLUDED},
}
_SEARCHING: Final[Mapping[str, Any]] = {
    **_NARROWING,
    "q": {**_TEXT, "default": ""},
    "simple": _FLAG,
    "fuzzy": _FLAG,
    "schema": {**_TEXT, "default": "Thing"},
    "countries": _TEXTS,
    "datasets": _TEXTS,
    "filter": _TEXTS,
    "filter_op": {"type": "string", "enum": ["OR", "AND"], "default": "OR"},
    "target": {"type": "boolean", "deprecated": True},
    "sort": _TEXTS,
    "facets": {
        "type": "array",
        "items": {"type": "string", "enum": list(FACETS)},
        "default": list(DEFAULT_FACETS),
    },
}


def _parameters(most: int) -> Mapping[str, Mapping[str, Any]]:
    """Return what stands in the query of each path; `most` is the highest limit."""

    def limit(default: int, least: int = 0) -> dict[str, Any]:
        return {"type": "integer", "minimum": least, "maximum": most, "default": default}

    pages = {"limit": limit(PAGE), "offset": _OFFSET, "sort": _TEXTS}
    return {
        "/match/{scope}": {**_MATCHING, "limit": limit(DEFAULT_LIMIT, 1)},
        "/bulk/{scope}": {**_MATCHING, "limit": limit(DEFAULT_LIMIT, 1)},
        "/search/{scope}": {**_SEARCHING, "limit": limit(PAGE), "offset": _OFFSET},
        "/entities/{id}": {"nested": {**_FLAG, "default": True}},
        "/entities/{id}/adjacent": pages,
        "/entities/{id}/adjacent/{property}": pages,
        "/reconcile/{scope}": {
            "threshold": _SHARE,
            "algorithm": _MATCHING["algorithm"],
            "changed_since": _MOMENT,
        },
        "/reconcile/{scope}/suggest/entity": {"prefix": _TEXT, "limit": limit(PAGE, 1)},
        "/reconcile/{scope}/suggest/property": {"prefix": _TEXT},
        "/reconcile/{scope}/suggest/type": {"prefix": _TEXT},
        "/reconcile/{scope}/extend/property": {"type": _TEXT, "limit": {"type": "integer"}},
        "/updatez": {"token": _TEXT, "sync": _FLAG},
    }


def _object(*required: str, **properties: Any) -> dict[str, Any]:
    named = {name.rstrip("_"): each for name, each in properties.items()}
    return {"type": "object", "required": list(required), "properties": named}


def _of(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _list(of: Any) -> dict[str, Any]:
    return {"type": "array", "items": of}


def _by_name(of: Any) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": of}


_TIME: Final = {"type": ["string", "null"], "description": "YYYY-MM-DDTHH:MM:SS, without a zone."}
_ENTITY: Final = _object(
    *("id", "caption", "schema", "properties", "datasets", "referents", "target"),
    id=_TEXT, caption=_TEXT, schema=_TEXT, datasets=_TEXTS, referents=_TEXTS,
    properties=_by_name(_list({"anyOf": [_TEXT, _of("Entity")]})),
    documents=_list({"type": "object"}), target={"type": "boolean"},
    first_seen=_TIME, last_seen=_TIME, last_change=_TIME,
)  # fmt: skip
_NUMBER: Final = {"type": "number"}
_WHOLE: Final = {"type": "integer"}
_MATCHES: Final = _object(
    "status", "results", "total",
    id=_TEXT, line=_WHOLE, status=_WHOLE, detail=_TEXT, notes=_TEXTS,
    results=_list(_of("ScoredEntity")), total=_of("Total"), query={"type": ["object", "null"]},
)  # fmt: skip
_PAGE: Final = _object(
    "results", "total", "limit", "offset",
    results=_list(_of("Entity")), total=_of("Total"), limit=_WHOLE, offset=_WHOLE,
)  # fmt: skip
_SCHEMAS: Final[Mapping[str, Any]] = {
    "Entity": _ENTITY,
    "ScoredEntity": {
        "allOf": [
            _of("Entity"),
            _object(
                "score", "match", "explanations",
                score=_NUMBER, match={"type": "boolean"}, explanations=_by_name(_of("Evidence")),
            ),
        ]
    },
    "Evidence": _object(
        "detail", "score", "query", "candidate", "weight",
        detail=_TEXT, score=_NUMBER, query=_TEXT, candidate=_TEXT, weight=_NUMBER,
    ),
    "Total": _object("value", "relation", value=_WHOLE, relation={"const": "eq"}),
    "Matches": _MATCHES,
    "Page": _PAGE,
    "Error": _object("detail", detail={"anyOf": [_TEXT, _list({"type": "object"})]}),
}  # fmt: skip
_ANSWERS: Final[Mapping[str, Any]] = {
    "/match/{scope}": _object(
        "responses", "limit", responses=_by_name(_of("Matches")), limit=_WHOLE, searched=_TEXTS
    ),
    "/search/{scope}": {
        "allOf": [_of("Page"), _object("facets", facets=_by_name({"type": "object"}))]
    },
    "/entities/{id}": _of("Entity"),
    "/entities/{id}/adjacent": _object(
        *("entity", "adjacent", "limit", "offset"),
        entity=_of("Entity"),
        adjacent=_by_name(_of("Page")),
        limit=_WHOLE,
        offset=_WHOLE,
    ),
    "/entities/{id}/adjacent/{property}": _of("Page"),
}  # fmt: skip
_QUERY: Final = _object(
    "schema", id=_TEXT, schema=_TEXT, properties=_by_name({}), documents=_list({"type": "object"})
)
_FORM: Final = _object(queries=_TEXT, extend=_TEXT)
_SHORT: Final = {**_TEXT, "maxLength": MAX_LETTERS}
_ONE_OR_MORE: Final = {
    "anyOf": [_SHORT, {**_list({"anyOf": [_SHORT, {"type": "object"}]}), "maxItems": MAX_VALUES}]
}
_BODIES: Final[Mapping[str, tuple[str, Any]]] = {
    "/match/{scope}": (
        "application/json",
        _object("queries", queries=_by_name(_QUERY), weights=_by_name(_NUMBER), config=_by_name({})),
    ),
    "/bulk/{scope}": ("application/x-ndjson", _QUERY),
    "/check": (
        "application/json",
        _object(
            names=_ONE_OR_MORE, nationalities=_ONE_OR_MORE, documents=_ONE_OR_MORE,
            mrz=_ONE_OR_MORE, birth_date=_SHORT, sex=_SHORT, schema=_SHORT, mode=_SHORT,
            limit=_WHOLE, threshold=_NUMBER,
        ),
    ),
    "/reconcile/{scope}": ("application/x-www-form-urlencoded", _FORM),
}  # fmt: skip
_IN_PATH: Final = re.compile(r"\{(\w+)\}")


def describe(app: Starlette, max_limit: int) -> dict[str, Any]:
    """Return the description of an application."""
    paths: dict[str, Any] = {}
    for route in app.routes:
        if isinstance(route, Route) and route.include_in_schema:
            for method in sorted((route.methods or set()) - {"HEAD"}):
                operation = _operation(route, method, _parameters(max_limit))
                paths.setdefault(route.path, {})[method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {"title": "Didban", "version": __version__, "summary": "Checks against lists."},
        "paths": paths,
        "components": {"schemas": dict(_SCHEMAS)},
    }


def _operation(route: Route, method: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    first, _, more = (route.endpoint.__doc__ or "").partition("\n")
    in_path = [
        {"name": name, "in": "path", "required": True, "schema": _TEXT}
        for name in _IN_PATH.findall(route.path)
    ]
    in_query = [
        {"name": name, "in": "query", "schema": each}
        for name, each in parameters.get(route.path, {}).items()
    ]
    kind = "application/x-ndjson" if route.path.startswith("/bulk") else "application/json"
    shape = _of("Matches") if route.path.startswith("/bulk") else _ANSWERS.get(route.path, {})
    wrong = {"content": {"application/json": {"schema": _of("Error")}}}
    made: dict[str, Any] = {
        "operationId": route.endpoint.__name__,
        "summary": first,
        "description": " ".join(more.split()),
        "parameters": [*in_path, *in_query],
        "responses": {
            "200": {"description": "The answer.", "content": {kind: {"schema": shape}}},
            "default": {"description": "What is wrong.", **wrong},
        },
    }
    if method == "POST" and route.path in _BODIES:
        media, body = _BODIES[route.path]
        made["requestBody"] = {"required": True, "content": {media: {"schema": body}}}
    return made


async def get_description(request: Request) -> JSONResponse:
    """Answer the description of everything that is answered here."""
    most = request.app.state.service.settings.serving.max_limit
    return JSONResponse(describe(request.app, most))
