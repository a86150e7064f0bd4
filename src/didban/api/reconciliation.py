"""`/reconcile/{scope}`: the reconciliation API, by which spreadsheet tools match a column.

Source: W3C Entity Reconciliation Community Group, *Reconciliation Service API*, version 0.2.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from didban.api import parameters as given
from didban.api.bodies import Query, Refusal, check_batch, read_bytes, read_json, read_query
from didban.api.entities import scored_entity
from didban.api.errors import Fault, Unprocessable
from didban.api.running import run, service_of
from didban.api.search import in_words, searched
from didban.api.suggestions import name_tree, type_json
from didban.model.countries import country_name
from didban.model.schemata import Kind, property_kind
from didban.screening.texts.texts import Filters, Wanted

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.datastructures import QueryParams
    from starlette.requests import Request

    from didban.api.parameters import Parameters
    from didban.api.service import Service
    from didban.model.records import Record

BATCH: Final = 3
"""So many queries a client is advised to send at once."""

_DEFAULT_LIMIT: Final = 5
_MOST_FIELDS: Final = 10
_VOCABULARY: Final = "https://www.opensanctions.org/reference/#schema"
"""The address by which clients know the vocabulary; nothing is fetched from there."""

_PLAIN: Final = "raw"


async def get_reconcile(request: Request) -> JSONResponse:
    """Describe the service, or answer queries that stand in the address."""
    if {"queries", "extend"} & set(request.query_params):
        return await _batch(request, request.query_params)
    return JSONResponse(await _run(request, _manifest, request))


async def post_reconcile(request: Request) -> JSONResponse:
    """Answer a batch of queries, or fetch properties of records that were matched."""
    body = await read_bytes(request, max_bytes=service_of(request).settings.serving.max_body_bytes)
    try:
        form = parse_qs(body.decode(errors="replace"), max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise _fault((), f"at most {_MOST_FIELDS} fields are expected") from error
    return await _batch(request, {name: values[-1] for name, values in form.items()})


async def get_suggest_entity(request: Request) -> JSONResponse:
    """Suggest records whose names begin as somebody types."""
    return JSONResponse(await _run(request, _suggest_entity, request.query_params))


async def _batch(request: Request, form: Mapping[str, str] | QueryParams) -> JSONResponse:
    answer = await _run(request, _read, form)
    return JSONResponse(answer, headers={"x-batch-size": str(len(answer.get("rows", answer)))})


async def _run(
    request: Request, work: Callable[[Service, Parameters, Any], dict[str, Any]], data: Any
) -> dict[str, Any]:
    """Do the work for the scope and with the parameters of the request."""
    service = service_of(request)
    parameters = given.read_parameters(
        request.query_params,
        request.path_params["scope"],
        (dataset.name for dataset in service.snapshot.datasets),
        max_limit=service.settings.serving.max_limit,
    )
    return await run(request, lambda service: work(service, parameters, data))


def _manifest(service: Service, _parameters: Parameters, request: Request) -> dict[str, Any]:
    scope = request.path_params["scope"]
    own = str(request.base_url).rstrip("/")
    more = f"?{request.url.query}" if request.url.query else ""
    here = f"{own}/reconcile/{scope}"

    def at(path: str) -> dict[str, str]:
        return {"service_url": here, "service_path": f"{path}{more}"}

    return {
        "versions": ["0.2"],
        "name": f"Didban ({scope})",
        "identifierSpace": _VOCABULARY,
        "schemaSpace": _VOCABULARY,
        "documentation": f"{own}/openapi.json",
        "batchSize": BATCH,
        "view": {"url": f"{own}/entities/{{{{id}}}}"},
        "preview": {"url": f"{own}/entities/{{{{id}}}}", "width": 430, "height": 600},
        "suggest": {
            "entity": at("/suggest/entity"),
            "type": at("/suggest/type"),
            "property": at("/suggest/property"),
        },
        "extend": {"propose_properties": at("/extend/property"), "propose_settings": _SETTINGS},
        "defaultTypes": [type_json(name) for name in sorted(service.matched_schemata)],
    }


_SETTINGS: Final = [
    {
        "name": "limit",
        "label": "Limit",
        "type": "number",
        "default": 0,
        "help_text": "The most values of a row; 0 for all.",
        "choices": [],
    },
    {
        "name": "render",
        "label": "How values are written",
        "type": "select",
        "default": "caption",
        "help_text": "For people (Iran), or as they are kept (ir).",
        "choices": [
            {"id": "caption", "name": "for people"},
            {"id": _PLAIN, "name": "as they are kept"},
        ],
    },
]


def _read(
    service: Service, parameters: Parameters, form: Mapping[str, str] | QueryParams
) -> dict[str, Any]:
    service.require_fresh()
    if form.get("extend", "").strip():
        return _extended(service, _object(form["extend"], "extend"))
    return _matched(service, parameters, _object(form.get("queries", ""), "queries"))


def _matched(service: Service, parameters: Parameters, batch: Mapping[str, Any]) -> dict[str, Any]:
    _bounded(service, len(batch))
    asked = {key: _query(key, query) for key, query in batch.items()}
    check_batch(asked.values())
    found = {}
    for key, query in asked.items():
        limit = batch[key].get("limit", _DEFAULT_LIMIT)
        if not isinstance(limit, int) or not 0 < limit <= service.settings.serving.max_limit:
            raise _fault(("queries", key, "limit"), "a whole number above 0 is expected")
        matches = (
            []
            if isinstance(query, Refusal)
            else service.search(query.record, parameters.reaching(0.0), most=limit)
        )
        found[key] = [match for match in matches if parameters.lets_through(match)]
    matched = sum(
        any(match.score >= parameters.threshold for match in matches) for matches in found.values()
    )
    service.enter(asked=len(found), matched=matched)
    return {
        key: {"result": [_result(scored_entity(m, parameters.threshold)) for m in matches]}
        for key, matches in found.items()
    }


def _query(key: str, query: Any) -> Query | Refusal:
    """Return a query of the batch: a text, a type, and properties by name or `Schema:name`."""
    if not isinstance(query, Mapping):
        raise _fault(("queries", key), "an object is expected")
    kind = query.get("type") or "Thing"
    properties: dict[str, list[Any]] = {}
    if query.get("query") is not None:
        properties["name"] = [query["query"]]
    stated = query.get("properties") or []
    for one in stated if isinstance(stated, list) else [None]:
        if not isinstance(one, Mapping) or not isinstance(one.get("pid"), str):
            raise _fault(("queries", key, "properties"), "a list of pid and v is expected")
        value = one.get("v")
        values = value if isinstance(value, list) else [value]
        plain = [each.get("id") if isinstance(each, Mapping) else each for each in values]
        properties.setdefault(one["pid"].rpartition(":")[2], []).extend(plain)
    schema_name = kind[0] if isinstance(kind, list) and kind else kind
    return read_query(key, {"schema": schema_name, "properties": properties})


def _extended(service: Service, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return properties of records by their identifiers, for people or as they are kept."""
    ids, columns = wanted.get("ids"), wanted.get("properties")
    if not isinstance(ids, list) or not isinstance(columns, list):
        raise _fault(("extend",), "ids and properties are lists")
    if not all(isinstance(column, Mapping) and column.get("id") for column in columns):
        raise _fault(("extend", "properties"), "a property has an id")
    _bounded(service, len(ids))
    rows: dict[str, Any] = {}
    known: dict[str, None] = {}
    for asked in map(str, ids):
        record = service.record(asked)
        if record is not None and record.id != asked:
            raise HTTPException(400, "Please specify the canonical entity ID, not a referent")
        rows[asked] = {} if record is None else _row(record, columns)
        known.update(dict.fromkeys(rows[asked]))
    service.enter(asked=len(rows), matched=sum(1 for row in rows.values() if row))
    return {"meta": [{"id": name, "name": in_words(name)} for name in known], "rows": rows}


def _row(record: Record, columns: list[Mapping[str, Any]]) -> dict[str, list[dict[str, str]]]:
    row = {}
    for column in columns:
        name = str(column["id"])
        kind = property_kind(record.schema, name)
        if kind is None:
            continue
        settings = column.get("settings") or {}
        values = record.values(name)[: _limit(settings) or None]
        if kind is Kind.COUNTRY and settings.get("render") != _PLAIN:
            values = tuple(map(country_name, values))
        row[name] = [{"str": value} for value in values]
    return row


def _limit(settings: Any) -> int:
    """Return the most values of a row that are wanted, 0 for all; clients also write it as text."""
    try:
        limit = int(settings.get("limit") or 0)
    except (AttributeError, OverflowError, TypeError, ValueError):
        limit = -1
    if limit < 0:
        raise _fault(("extend", "properties"), "settings are an object, its limit a whole number")
    return limit


def _suggest_entity(service: Service, parameters: Parameters, query: QueryParams) -> dict[str, Any]:
    prefix = query.get("prefix", "")
    tree = name_tree(prefix)
    results: list[Record] = []
    if tree is not None:
        limit = given.whole(query, "limit", 10, between=(0, service.settings.serving.max_limit))
        filters = Filters(datasets=parameters.datasets, schemata=service.matched_schemata)
        service.require_fresh()
        results += searched(service, Wanted(tree=tree, filters=filters, limit=limit)).records
    service.enter(asked=1, matched=len(results))
    return {
        "code": "/api/status/ok",
        "status": "200 OK",
        "prefix": prefix,
        "result": [_entity(record.id, record.caption, record.schema) for record in results],
    }


def _entity(record_id: str, caption: str, schema_name: str) -> dict[str, Any]:
    return {
        "id": record_id,
        "name": caption or record_id,
        "description": in_words(schema_name),
        "type": [type_json(schema_name)],
    }


def _result(scored: Mapping[str, Any]) -> dict[str, Any]:
    about = _entity(scored["id"], scored["caption"], scored["schema"])
    return {**about, "score": scored["score"], "match": scored["match"]}


def _object(text: str, name: str) -> Mapping[str, Any]:
    data = read_json(text)
    if not isinstance(data, Mapping):
        raise _fault((name,), "an object is expected")
    return data


def _bounded(service: Service, count: int) -> None:
    most = service.settings.serving.max_queries
    if count > most:
        raise HTTPException(400, f"Too many queries in one batch (limit: {most})")


def _fault(place: tuple[str, ...], message: str) -> Unprocessable:
    return Unprocessable(Fault(kind="value_error", place=("body", *place), message=message))
