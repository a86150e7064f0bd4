"""What a reconciliation client proposes while somebody types: kinds of thing, and their properties."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from didban.api import parameters as given
from didban.api.running import run, service_of
from didban.api.search import in_words
from didban.model.schemata import Kind, schema, schemata
from didban.screening.texts.fields import words
from didban.screening.texts.lucene import Both, Tree, Word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.requests import Request

_MOST: Final = 10
_FIRST: Final = ("name", "alias", "country", "birthDate", "nationality", "idNumber", "address")
"""Properties that are proposed before the others."""


def type_json(name: str) -> dict[str, str]:
    """Return a kind of thing as the reconciliation API has it."""
    return {"id": name, "name": in_words(name), "description": in_words(name)}


def name_tree(prefix: str) -> Tree | None:
    """Return the search for names that begin so: whole words, and the beginning of the last."""
    *first, last = words(prefix) or [""]
    if not last:
        return None
    whole = [Word(text=word, field="names") for word in first]
    return Both(parts=(*whole, Word(text=f"{last}*", field="names", is_pattern=True)))


async def get_suggest_type(request: Request) -> JSONResponse:
    """Suggest kinds of thing whose name has a word that begins so."""
    prefix, present = await _asked(request)
    found = [name for name in sorted(present) if _begins(name, prefix)]
    return _suggested(prefix, [type_json(name) for name in found])


async def get_suggest_property(request: Request) -> JSONResponse:
    """Suggest properties of what is in the lists; those that begin so first."""
    prefix, present = await _asked(request)
    found = [
        (not name.lower().startswith(prefix.lower().strip()), name, owner)
        for owner in present
        for name in _own(owner)
        if _begins(name, prefix)
    ]
    results = [
        {"id": f"{owner}:{name}", "name": in_words(name)} for _, name, owner in sorted(found)
    ]
    return _suggested(prefix, results)


async def get_extend_property(request: Request) -> JSONResponse:
    """Propose properties that can be fetched for records of a kind; 400 for an unknown one."""
    await _asked(request)
    query = request.query_params
    name = query.get("type", "Thing")
    known = schema(name)
    if known is None:
        raise HTTPException(400, "Invalid type")
    limit = given.whole(query, "limit", 0, between=(0, 1_000))
    own = [one for one, kind in known.properties.items() if kind is not Kind.ENTITY]
    ranked = sorted(own, key=lambda one: (one not in _FIRST, one))[: limit or None]
    properties = [{"id": one, "name": in_words(one)} for one in sorted(ranked)]
    return JSONResponse({"limit": limit, "type": name, "properties": properties})


async def _asked(request: Request) -> tuple[str, frozenset[str]]:
    """Return what is typed, and the schemata that there are; 404 for an unknown scope."""
    datasets = (dataset.name for dataset in service_of(request).snapshot.datasets)
    given.datasets_of(request.query_params, request.path_params["scope"], datasets)
    present = await run(request, lambda service: service.matched_schemata)
    return request.query_params.get("prefix", ""), present


def _begins(name: str, prefix: str) -> bool:
    wanted = prefix.lower().strip()
    said = in_words(name).lower()
    return bool(wanted) and (
        name.lower().startswith(wanted) or any(f" {said}".partition(f" {wanted}")[1:])
    )


def _own(name: str) -> Iterator[str]:
    """Yield the properties that a schema adds to those of its ancestors, but for ties."""
    table = schemata()
    known = table[name]
    inherited = {one for other in known.ancestors - {name} for one in table[other].properties}
    yield from (
        one
        for one, kind in known.properties.items()
        if kind is not Kind.ENTITY and one not in inherited
    )


def _suggested(prefix: str, results: list[dict[str, str]]) -> JSONResponse:
    return JSONResponse(
        {
            "code": "/api/status/ok",
            "status": "200 OK",
            "prefix": prefix,
            "result": results[:_MOST],
        }
    )
