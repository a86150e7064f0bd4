"""`POST /match/{scope}`: several queries at once, each with its explained results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from starlette.responses import JSONResponse

from didban.api.bodies import Query, Refusal, read_body, read_queries
from didban.api.entities import scored_entity
from didban.api.parameters import read_parameters
from didban.api.running import run, service_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from didban.api.parameters import Parameters
    from didban.api.service import Service
    from didban.match.search import Match
    from didban.model.records import Record


class Asking(Protocol):
    """One request's way to what is searched: a snapshot, or a bank as it is open to who asks."""

    def search(self, query: Record, parameters: Parameters, *, most: int) -> list[Match]:
        """Return the best `most` results of at least the cutoff, as they may be shown."""

    def enter(self, *, asked: int, matched: int) -> None:
        """Enter the request where it is kept; nothing may be answered if this fails."""


async def post_match(request: Request) -> JSONResponse:
    """Answer a batch of queries; the check log has its entry before the answer is sent."""
    service = service_of(request)
    limits = service.settings.serving
    parameters = read_parameters(
        request.query_params,
        request.path_params["scope"],
        (dataset.name for dataset in service.snapshot.datasets),
        max_limit=limits.max_limit,
    )
    body = await read_body(request, max_bytes=limits.max_body_bytes)
    queries = read_queries(body, max_queries=limits.max_queries)
    answer = await run(request, lambda service: _answer(service, queries, parameters))
    return JSONResponse(answer, headers={"x-batch-size": str(len(queries))})


def _answer(
    service: Service, queries: dict[str, Query | Refusal], parameters: Parameters
) -> dict[str, Any]:
    """Search, enter the request in the log, and return what was found."""
    service.require_fresh()
    return answered(service, queries, parameters, max_limit=service.settings.serving.max_limit)


def answered(
    asking: Asking,
    queries: dict[str, Query | Refusal],
    parameters: Parameters,
    *,
    max_limit: int,
) -> dict[str, Any]:
    """Search for every query, enter the request, and return the answer to it."""
    found = {
        key: found_for(asking, query.record, parameters, most=max_limit)
        for key, query in queries.items()
        if not isinstance(query, Refusal)
    }
    matched = sum(
        any(match.score >= parameters.threshold for match in matches) for matches in found.values()
    )
    asking.enter(asked=len(found), matched=matched)
    responses = {
        key: _refused(query)
        if isinstance(query, Refusal)
        else response(query, found[key], parameters.threshold)
        for key, query in queries.items()
    }
    answer = {"responses": responses, "limit": parameters.limit}
    if parameters.datasets is not None:  # that nobody is in a part of the lists is no all-clear
        answer["searched"] = sorted(parameters.datasets)
    return answer


def response(query: Query, matches: list[Match], threshold: float) -> dict[str, Any]:
    """Return the answer to one query: its results, and itself as it was understood.

    What was not understood is told, but no reason to refuse it: clients send properties of every
    version of the vocabulary.
    """
    echo = query.record.to_json()
    del echo["caption"]
    told = {"notes": [*query.unknown, *query.notes]}
    return {
        **(told if any(told.values()) else {}),
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


def found_for(asking: Asking, query: Record, parameters: Parameters, *, most: int) -> list[Match]:
    """Return the results of one query.

    Filters take out afterwards, so that with them `most` are asked for.
    """
    wanted = most if parameters.is_filtered else parameters.limit
    kept = [
        match
        for match in asking.search(query, parameters, most=wanted)
        if match.score > parameters.cutoff and parameters.lets_through(match)
    ]
    return kept[: parameters.limit]
