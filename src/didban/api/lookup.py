"""`GET /entities/{id}`: one record with what it is tied to, and its ties page by page."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse

from didban.api import parameters as given
from didban.api.adjacency import around, beside, nested
from didban.api.entities import entity
from didban.api.running import run, service_of
from didban.api.search import DEFAULT_LIMIT, MAX_OFFSET, read_sorts
from didban.model.links import entity_properties

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from didban.api.service import Service
    from didban.model.records import Record

_SORTED_BY = frozenset({"id", "caption", "schema", "first_seen", "last_seen", "last_change"})


async def get_entity(request: Request) -> Response:
    """Answer a record; 308 to its own identifier when asked by a referent; 404."""
    is_nested = given.flag(request.query_params, "nested", default=True)
    return await _about(request, "", partial(_whole, is_nested=is_nested))


async def get_adjacent(request: Request) -> Response:
    """Answer a record's ties, by property, a page of each."""
    window = _Window(request)
    return await _about(request, "/adjacent", partial(_adjacent, window=window))


async def get_adjacent_by_property(request: Request) -> Response:
    """Answer a page of the ties of one property; 404 where that is none."""
    name = request.path_params["property"]
    answer = partial(_adjacent_by, window=_Window(request), name=name)
    return await _about(request, f"/adjacent/{quote(name)}", answer)


class _Window:
    """The page that a request wants, and its order."""

    def __init__(self, request: Request) -> None:
        query = request.query_params
        most = service_of(request).settings.serving.max_limit
        self.limit = given.whole(query, "limit", DEFAULT_LIMIT, between=(0, most))
        self.offset = given.whole(query, "offset", 0, between=(0, MAX_OFFSET))
        self._sorts = read_sorts(query)

    def page(self, service: Service, root: Record, name: str) -> dict[str, Any]:
        """Return one page of a record's ties by a property."""
        records = self._sorted(beside(root, name, service.texts.texts, service.record))
        shown = records[self.offset : self.offset + self.limit]
        around_them = nested(root, shown, service.record)["properties"].get(name, [])
        order = {record.id: at for at, record in enumerate(shown)}
        results = [one for one in around_them if isinstance(one, dict) and one["id"] in order]
        return {
            "results": sorted(results, key=lambda one: order[one["id"]]),
            "total": {"value": len(records), "relation": "eq"},
            "limit": self.limit,
            "offset": self.offset,
        }

    def _sorted(self, records: list[Record]) -> list[Record]:
        for field, is_falling in reversed(self._sorts):
            if field not in _SORTED_BY:
                raise HTTPException(400, "results cannot be sorted by that field")
            records.sort(key=lambda record: getattr(record, field) or "", reverse=is_falling)
        return records


async def _about(
    request: Request, more: str, answer: Callable[[Service, Record], dict[str, Any]]
) -> Response:
    """Find the record of a request, and answer about it, or send on to its own identifier."""
    asked = request.path_params["id"]
    found = await run(request, lambda service: _answered(service, asked, answer))
    if isinstance(found, str):
        return RedirectResponse(f"/entities/{quote(found, safe='')}{more}", 308)
    return JSONResponse(found)


def _answered(
    service: Service, asked: str, answer: Callable[[Service, Record], dict[str, Any]]
) -> dict[str, Any] | str:
    """Return what is said about a record, or the identifier under which it stands."""
    service.require_fresh()
    record = service.record(asked)
    answered = None if record is None or record.id != asked else answer(service, record)
    service.enter(asked=1, matched=int(record is not None))
    if record is None:
        raise HTTPException(404, "No such entity!")
    return record.id if answered is None else answered


def _whole(service: Service, record: Record, *, is_nested: bool) -> dict[str, Any]:
    if not is_nested:
        return entity(record)
    tied = around(record, service.texts.texts, service.record)
    return nested(record, tied, service.record)


def _adjacent(service: Service, record: Record, *, window: _Window) -> dict[str, Any]:
    pages = {name: window.page(service, record, name) for name in entity_properties(record.schema)}
    return {
        "entity": entity(record),
        "adjacent": {name: page for name, page in pages.items() if page["total"]["value"]},
        "limit": window.limit,
        "offset": window.offset,
    }


def _adjacent_by(service: Service, record: Record, *, window: _Window, name: str) -> dict[str, Any]:
    if name not in entity_properties(record.schema):
        raise HTTPException(404, "No such property!")
    return window.page(service, record, name)
