"""The HTTP application: what it serves, and through which guards a request comes.

    request ── trace ── access (Host, Origin, length) ── [CORS] ── gzip ── route

Whatever shows persons leaves an entry in the check log before its answer leaves the machine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware

from didban.api import (
    algorithms,
    bulk,
    catalog,
    check,
    description,
    lookup,
    match,
    operation,
    reconciliation,
    search,
    suggestions,
)
from didban.api.errors import HANDLERS
from didban.api.operation import NamedRoute
from didban.api.service import Service
from didban.api.tracing import Trace
from didban.serving.access import Access

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.routing import Route

__all__ = ["Service", "create_app"]

_GZIP_FROM_BYTES = 500


def create_app(service: Service) -> Starlette:
    """Return the application that answers from this service's snapshot."""
    app = Starlette(
        routes=[*routes()],
        middleware=[
            Middleware(Trace),
            Middleware(Access, hosts=service.hosts, origins=service.origins),
            *_cors(service),
            Middleware(GZipMiddleware, minimum_size=_GZIP_FROM_BYTES),
        ],
        exception_handlers=HANDLERS,
    )
    app.state.service = service
    # One search at a time: the snapshot's caches are not for several threads, and two searches
    # at once would only take turns at the interpreter.
    app.state.searching = anyio.CapacityLimiter(1)
    operation.add_to(app, service, operation.Metrics())
    return app


def routes() -> Iterator[Route]:
    """Yield every path but those of the operator (`api.operation`)."""
    for path, answer, method in (
        ("/match/{scope}", match.post_match, "POST"),
        ("/bulk/{scope}", bulk.post_bulk, "POST"),
        ("/check", check.post_check, "POST"),
        ("/search/{scope}", search.get_search, "GET"),
        ("/entities/{id}", lookup.get_entity, "GET"),
        ("/entities/{id}/adjacent", lookup.get_adjacent, "GET"),
        ("/entities/{id}/adjacent/{property}", lookup.get_adjacent_by_property, "GET"),
        ("/reconcile/{scope}", reconciliation.get_reconcile, "GET"),
        ("/reconcile/{scope}", reconciliation.post_reconcile, "POST"),
        ("/reconcile/{scope}/suggest/entity", reconciliation.get_suggest_entity, "GET"),
        ("/reconcile/{scope}/suggest/property", suggestions.get_suggest_property, "GET"),
        ("/reconcile/{scope}/suggest/type", suggestions.get_suggest_type, "GET"),
        ("/reconcile/{scope}/extend/property", suggestions.get_extend_property, "GET"),
        ("/algorithms", algorithms.get_algorithms, "GET"),
        ("/catalog", catalog.get_catalog, "GET"),
        ("/manifest", catalog.get_catalog, "GET"),
        ("/updatez", catalog.post_update, "POST"),
        ("/openapi.json", description.get_description, "GET"),
    ):
        yield NamedRoute(path, answer, methods=[method])


def _cors(service: Service) -> list[Middleware]:
    """Let pages of the named origins read answers; without any there is no CORS at all."""
    if not service.origins:
        return []
    return [
        Middleware(
            CORSMiddleware,
            allow_origins=list(service.origins),
            allow_methods=["GET", "POST"],
            allow_headers=["*"],
            expose_headers=["x-batch-size", "traceparent", "tracestate"],
        )
    ]
