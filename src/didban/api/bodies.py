"""The body of `POST /match`: queries by key, read into records as every other way in reads them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException

from didban.api.algorithms import CONFIG
from didban.api.errors import Fault, Unprocessable
from didban.errors import quoted
from didban.intake.queries.lines import query_from_json
from didban.model.schemata import is_a, schema

if TYPE_CHECKING:
    from starlette.requests import Request

    from didban.model.records import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A query that names nothing to search for; its answer says so, the batch goes on."""

    reason: str


async def read_body(request: Request, *, max_bytes: int) -> Any:
    """Return the JSON of a request, whatever its content type says.

    413 for a body of more than `max_bytes`, 422 for one that is not JSON.
    """
    return read_json(await read_bytes(request, max_bytes=max_bytes))


def read_json(text: bytes | str) -> Any:
    """Return what a text of JSON says; 422 for one that is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _fault("json_invalid", (), "the body is not JSON") from error


async def read_bytes(request: Request, *, max_bytes: int) -> bytes:
    """Return the body of a request; 413 for one of more than `max_bytes`."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > max_bytes:
            raise HTTPException(413, f"a request has at most {max_bytes} bytes")
    return bytes(body)


def read_queries(data: Any, *, max_queries: int) -> dict[str, Record | Refusal]:
    """Return the queries of a body by their key.

    400 for no query, too many, a schema that is unknown or never matched, or an unknown setting;
    422 for a part without its shape. One bad query refuses the whole batch.
    """
    if not isinstance(data, Mapping) or not isinstance(data.get("queries"), Mapping):
        raise _fault("missing", ("queries",), "an object with queries by key is expected")
    _check_settings(data)
    queries = data["queries"]
    _check_keys("queries", queries)
    if not queries:
        raise HTTPException(400, "No queries provided.")
    if len(queries) > max_queries:
        raise HTTPException(400, f"Too many queries in one batch (limit: {max_queries})")
    return {key: read_query(key, query) for key, query in queries.items()}


def _check_settings(data: Mapping[str, Any]) -> None:
    for part in ("weights", "config"):
        if not isinstance(data.get(part) or {}, Mapping):
            raise _fault("dict_type", (part,), "an object is expected")
    _check_keys("weights", data.get("weights") or {})
    for name, weight in (data.get("weights") or {}).items():
        if not isinstance(weight, int | float):
            raise _fault("float_type", ("weights", name), "a number is expected")
    for name in data.get("config") or {}:
        if name not in CONFIG:
            raise HTTPException(400, f"Invalid configuration parameter: {quoted(name)}")


def _check_keys(part: str, named: Mapping[str, Any]) -> None:
    """Refuse keys with half characters, which JSON can name and no answer can repeat."""
    if any("\ud800" <= char <= "\udfff" for key in named for char in key):
        raise _fault("string_unicode", (part,), "a key is not text")


def read_query(key: str, query: Any) -> Record | Refusal:
    """Return one query. 400 for a schema that is unknown or never matched; 422 for another shape."""
    place = ("queries", key)
    if not isinstance(query, Mapping):
        raise _fault("dict_type", place, "an object is expected")
    schema_name = query.get("schema")
    if not isinstance(schema_name, str):
        raise _fault("missing", (*place, "schema"), "Field required")
    known = schema(schema_name)
    if known is None or not (
        known.is_matchable or schema_name == "Thing" or is_a(schema_name, "Identification")
    ):
        raise HTTPException(400, f"Unknown or non-matchable schema: {quoted(schema_name)}")
    properties = query.get("properties", {})
    if not isinstance(properties, Mapping):
        raise _fault("dict_type", (*place, "properties"), "an object is expected")
    stated = {name: values for name, values in properties.items() if name in known.properties}
    try:
        return query_from_json({**query, "properties": stated}, default_id=key, note=_ignore)
    except ValueError as error:
        return Refusal(reason=str(error))


def _ignore(_note: str) -> None:
    """Take no notice: clients send properties of every version of the vocabulary."""


def _fault(kind: str, place: tuple[str, ...], message: str) -> Unprocessable:
    return Unprocessable(Fault(kind=kind, place=("body", *place), message=message))
