"""The body of `POST /match`: queries by key, read into records as every other way in reads them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from starlette.exceptions import HTTPException

from didban.api.algorithms import CONFIG
from didban.api.errors import Fault, Unprocessable
from didban.errors import MAX_QUOTED, nearest, quoted
from didban.intake.queries.lines import query_from_json
from didban.intake.readers.jsonlines import not_json
from didban.match.kinds import compared_schemata
from didban.model.schemata import Kind, is_a, property_kind, schema, unknown_property

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.requests import Request

    from didban.model.records import Record

MAX_NAMES: Final = 256
"""So many names one query may have: each takes about as long as a query with one."""

MAX_NAMES_OF_BATCH: Final = 1_000
MAX_LETTERS: Final = 1_000
"""So many letters a name may have."""

MAX_VALUES: Final = 2_000
"""So many values of all kinds, documents with them, one query may have."""

MAX_TOLD: Final = 10
"""So many properties that there are not are named, at most."""

_NAMES: Final = frozenset({Kind.NAME, Kind.WEAK_NAME})


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A query that can be searched for.

    - `unknown`: in words, which of its properties there are not; they are not searched.
    - `notes`: in words, what else of it was not understood.
    """

    record: Record
    unknown: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


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
        raise _fault("json_invalid", (), not_json(error)) from error


async def read_bytes(request: Request, *, max_bytes: int) -> bytes:
    """Return the body of a request; 413 for one of more than `max_bytes`."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > max_bytes:
            raise HTTPException(413, f"a request has at most {max_bytes} bytes")
    return bytes(body)


def read_queries(data: Any, *, max_queries: int) -> dict[str, Query | Refusal]:
    """Return the queries of a body by their key.

    400 for no query, too many, too large ones, a schema that is unknown or never matched, or an
    unknown setting; 422 for a part without its shape. One bad query refuses the whole batch.
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
    read = {key: read_query(key, query) for key, query in queries.items()}
    check_batch(read.values())
    return read


def check_batch(queries: Iterable[Query | Refusal]) -> None:
    """Refuse queries that together would keep others waiting, with 400."""
    names = (len(_names(query.record)) for query in queries if isinstance(query, Query))
    if sum(names) > MAX_NAMES_OF_BATCH:
        raise HTTPException(400, f"Too many names in one batch (limit: {MAX_NAMES_OF_BATCH})")


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


def read_query(key: str, query: Any) -> Query | Refusal:
    """Return one query.

    400 for a schema that is unknown or never matched, and for too many or too long values; 422 for
    another shape.
    """
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
        near = nearest(schema_name, compared_schemata())
        raise HTTPException(400, f"Unknown or non-matchable schema: {quoted(schema_name)}{near}")
    properties = query.get("properties", {})
    if not isinstance(properties, Mapping):
        raise _fault("dict_type", (*place, "properties"), "an object is expected")
    stated = {name: values for name, values in properties.items() if name in known.properties}
    others = [name for name in properties if name not in stated][:MAX_TOLD]
    unknown = tuple(unknown_property(schema_name, name[: MAX_QUOTED + 1]) for name in others)
    notes: list[str] = []
    try:
        record = query_from_json({**query, "properties": stated}, default_id=key, note=notes.append)
    except ValueError as error:
        return Refusal(reason="; ".join([str(error), *unknown]))
    _check_size(record)
    return Query(record=record, unknown=unknown, notes=tuple(dict.fromkeys(notes)))


def _check_size(query: Record) -> None:
    """Refuse what would keep others waiting: a search is not broken off once it has begun."""
    names = _names(query)
    if len(names) > MAX_NAMES:
        raise HTTPException(400, f"Too many names in one query (limit: {MAX_NAMES})")
    if any(len(name) > MAX_LETTERS for name in names):
        raise HTTPException(400, f"A name is too long (limit: {MAX_LETTERS} letters)")
    if len(query.documents) + sum(map(len, query.properties.values())) > MAX_VALUES:
        raise HTTPException(400, f"Too many values in one query (limit: {MAX_VALUES})")


def _names(query: Record) -> list[str]:
    return [
        value
        for name, values in query.properties.items()
        if property_kind(query.schema, name) in _NAMES
        for value in values
    ]


def _fault(kind: str, place: tuple[str, ...], message: str) -> Unprocessable:
    return Unprocessable(Fault(kind=kind, place=("body", *place), message=message))
