"""`GET /search/{scope}`: looking things up by words, filters and facets."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from didban.api import parameters as given
from didban.api.entities import entity
from didban.api.running import run
from didban.errors import nearest
from didban.model.countries import country_name
from didban.model.schemata import is_a, schema, schemata
from didban.screening.texts.lucene import parse, parse_simple
from didban.screening.texts.texts import Filters, Wanted

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Mapping

    from starlette.datastructures import QueryParams
    from starlette.requests import Request

    from didban.api.service import Service
    from didban.screening.texts.texts import Found

DEFAULT_LIMIT: Final = 10
MAX_OFFSET: Final = 9_499
MAX_SORTS: Final = 4
MAX_VALUES: Final = 100
"""So many values one filter may have."""

FACETS: Final = ("countries", "topics", "datasets", "schema", "identifiers", "genders")
DEFAULT_FACETS: Final = FACETS[:3]
_LABELS: Final = {
    "countries": "Countries",
    "topics": "Topics",
    "datasets": "Data sources",
    "schema": "Entity types",
    "identifiers": "Identifiers",
    "genders": "Genders",
}
_MOST_VALUES: Final = 1_000
_HUMP: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")


async def get_search(request: Request) -> JSONResponse:
    """Answer a search; the check log has its entry before the answer is sent."""
    query, scope = request.query_params, request.path_params["scope"]
    return JSONResponse(await run(request, lambda service: _answer(service, query, scope)))


def _answer(service: Service, query: QueryParams, scope: str) -> dict[str, Any]:
    wanted = read_wanted(query, scope, service)
    service.require_fresh()
    found = searched(service, wanted)
    service.enter(asked=1, matched=found.total)
    return {
        "limit": wanted.limit,
        "offset": wanted.offset,
        "total": {"value": found.total, "relation": "eq"},
        "results": [entity(record) for record in found.records],
        "facets": {
            name: {"label": _LABELS[name], "values": _values(name, found.facets[name])}
            for name in wanted.facets
        },
    }


def searched(service: Service, wanted: Wanted) -> Found:
    """Return what is found; while the text is older than the snapshot, without who has left it."""
    kept = service.texts
    found = kept.texts.search(wanted)
    if kept.is_current:
        return found
    standing = (service.record(record.id) for record in found.records)
    records = tuple(record for record in standing if record is not None)
    return type(found)(records=records, total=found.total, facets=found.facets)


def read_wanted(query: QueryParams, scope: str, service: Service) -> Wanted:
    """Return what a request searches for.

    - 400 for a text that is no query (unless `simple`), an unknown schema, a filter without a colon.
    - 404 for an unknown scope; 422 for a number, date or word that is out of its bounds.
    """
    text = query.get("q", "")
    known = (dataset.name for dataset in service.snapshot.datasets)
    limits = service.settings.serving
    datasets = given.datasets_of(query, scope, known)
    given.flag(query, "fuzzy")  # a tilde in the text always means what this asks for
    return Wanted(
        tree=parse_simple(text) if given.flag(query, "simple") else parse(text),
        filters=Filters(
            schemata=described_by(query.get("schema", "Thing")),
            without_schemata=frozenset(query.getlist("exclude_schema")),
            datasets=datasets,
            values=_filters(query),
            all_values=given.one_of(query, "filter_op", ("AND", "OR"), ("OR",)) == ["AND"],
            is_target=given.flag(query, "target") if "target" in query else None,
            changed_since=given.moment(query, "changed_since"),
        ),
        sorts=read_sorts(query),
        facets=given.one_of(query, "facets", FACETS, DEFAULT_FACETS),
        limit=given.whole(query, "limit", DEFAULT_LIMIT, between=(0, limits.max_limit)),
        offset=given.whole(query, "offset", 0, between=(0, MAX_OFFSET)),
    )


def described_by(name: str) -> frozenset[str] | None:
    """Return the schemata that a search for one of this name looks at; 400 for an unknown one.

    Of a kind that is matched, those that are compared with it, and its own special cases; None
    means every one, links and events too.
    """
    if schema(name) is None:
        raise HTTPException(400, f"Invalid schema{nearest(name, schemata())}")
    if name == "Thing":
        return None
    return frozenset(each for each in schemata() if is_a(each, name))


def read_sorts(query: QueryParams) -> list[tuple[str, bool]]:
    """Return the fields to sort by, and whether each falls: `first_seen:desc`."""
    sorts = []
    for text in given.several(query, "sort", most=MAX_SORTS):
        field, colon, order = text.rpartition(":")
        is_named = colon and order in {"asc", "desc"}
        sorts.append((field if is_named else text, bool(is_named and order == "desc")))
    return sorts


def _filters(query: QueryParams) -> Mapping[str, list[str]]:
    values: defaultdict[str, list[str]] = defaultdict(list)
    for field in ("countries", "topics", "datasets"):
        values[field] += given.several(query, field, most=MAX_VALUES)
    for text in given.several(query, "filter", most=MAX_VALUES):
        field, colon, value = text.partition(":")
        if not colon:
            raise HTTPException(400, "Invalid filter: write field:value")
        values[field].append(value)
    return {field: named for field, named in values.items() if named}


def _values(facet: str, counts: Counter[str]) -> list[dict[str, Any]]:
    ranked = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))[:_MOST_VALUES]
    return [{"name": name, "label": _label(facet, name), "count": count} for name, count in ranked]


def _label(facet: str, value: str) -> str:
    if facet == "countries":
        return country_name(value)
    return in_words(value) if facet == "schema" else value


def in_words(name: str) -> str:
    """Return a name of the vocabulary as words: `birthDate` is `Birth date`."""
    return _HUMP.sub(" ", name).capitalize()
