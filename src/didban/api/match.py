"""`POST /match/{scope}`: several queries at once, each with its explained results."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import anyio.to_thread
from starlette.responses import JSONResponse

from didban.api.bodies import Refusal, read_body, read_queries
from didban.api.entities import scored_entity
from didban.api.parameters import read_parameters
from didban.match.query import query_from_record

if TYPE_CHECKING:
    from starlette.requests import Request

    from didban.api.parameters import Parameters
    from didban.api.service import Service
    from didban.match.search import Match
    from didban.match.snapshot import Snapshot
    from didban.model.records import Record


async def post_match(request: Request) -> JSONResponse:
    """Answer a batch of queries; the check log has its entry before the answer is sent."""
    service: Service = request.app.state.service
    limits = service.settings.serving
    parameters = read_parameters(
        request.query_params,
        request.path_params["scope"],
        (dataset.name for dataset in service.snapshot.datasets),
        max_limit=limits.max_limit,
    )
    body = await read_body(request, max_bytes=limits.max_body_bytes)
    queries = read_queries(body, max_queries=limits.max_queries)
    answer = await anyio.to_thread.run_sync(
        partial(_answer, service, queries, parameters),
        limiter=request.app.state.searching,
    )
    await service.synced()
    return JSONResponse(answer, headers={"x-batch-size": str(len(queries))})


def _answer(
    service: Service, queries: dict[str, Record | Refusal], parameters: Parameters
) -> dict[str, Any]:
    """Search, enter the request in the log, and return what was found."""
    service.require_fresh()
    snapshot = service.snapshot
    found = {
        key: _search(service, snapshot, query, parameters)
        for key, query in queries.items()
        if not isinstance(query, Refusal)
    }
    matched = sum(
        any(match.score >= parameters.threshold for match in matches) for matches in found.values()
    )
    service.enter(asked=len(found), matched=matched)
    responses = {
        key: _refused(query)
        if isinstance(query, Refusal)
        else _response(query, found[key], parameters.threshold)
        for key, query in queries.items()
    }
    return {"responses": responses, "limit": parameters.limit}


def _response(query: Record, matches: list[Match], threshold: float) -> dict[str, Any]:
    echo = query.to_json()
    del echo["caption"]
    return {
        "status": 200,
        "results": [scored_entity(match, threshold) for match in matches],
        "total": {"value": sum(match.score >= threshold for match in matches), "relation": "eq"},
        "query": echo,
    }


def _refused(query: Refusal) -> dict[str, Any]:
    """Return the answer to a query without anything to search for: not an empty all-clear."""
    return {
        "status": 400,
        "detail": query.reason,
        "results": [],
        "total": {"value": 0, "relation": "eq"},
        "query": None,
    }


def _search(
    service: Service, snapshot: Snapshot, query: Record, parameters: Parameters
) -> list[Match]:
    """Return the results of one query. Filters take out afterwards, so that more is asked for."""
    most = service.settings.serving.max_limit if parameters.is_filtered else parameters.limit
    found = snapshot.match(
        query_from_record(query),
        limit=most,
        threshold=parameters.cutoff,
        mode=service.mode,
        datasets=parameters.datasets,
    )
    kept = [
        match
        for match in found
        if match.score > parameters.cutoff and parameters.lets_through(match)
    ]
    return kept[: parameters.limit]
