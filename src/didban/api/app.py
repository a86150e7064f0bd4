"""The HTTP application: what it serves, and through which guards a request comes.

    request ── trace ── access (Host, Origin, length) ── [CORS] ── gzip ── route

Every `POST /match` leaves one entry in the check log before its answer leaves the machine.
"""

from __future__ import annotations

import anyio
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Route

from didban.api import catalog, match
from didban.api.errors import HANDLERS
from didban.api.service import Service
from didban.api.tracing import Trace
from didban.serving.access import Access

__all__ = ["Service", "create_app"]

_GZIP_FROM_BYTES = 500


def create_app(service: Service) -> Starlette:
    """Return the application that answers from this service's snapshot."""
    app = Starlette(
        routes=[
            Route("/match/{scope}", match.post_match, methods=["POST"]),
            Route("/healthz", catalog.get_health),
            Route("/readyz", catalog.get_readiness),
            Route("/algorithms", catalog.get_algorithms),
            Route("/catalog", catalog.get_catalog),
            Route("/manifest", catalog.get_catalog),
        ],
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
    return app


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
