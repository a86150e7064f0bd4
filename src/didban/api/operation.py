"""What the operator's own programs ask: is it alive, is it ready, how is it doing.

`/healthz` and `/readyz` answer anybody who reaches the port: there is nothing in them of any person,
record or authority. Nor is there in `/metrics`, but numbers that grow tell that something was done:
that a record was entered which the asker may not see (PR-09), that somebody was met (PR-53). So it
answers on the machine itself alone, never through a proxy; elsewhere there is no such path.
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Final, Protocol

from anyio.to_thread import run_sync
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    multiprocess,
)
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Match, Route

from didban.clock import now
from didban.serving.access import LOOPBACK, name_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

SHARED_FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
"""Variable of the metrics library: where processes share counters. Set before it is imported."""

_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Health(Protocol):
    """What the node knows of its own state; asked in a thread, for it may take a moment."""

    def checks(self) -> Mapping[str, bool]:
        """Return what must hold for the node to be ready, by name."""
        ...

    def readings(self) -> Mapping[str, float]:
        """Return what can be measured now, by the name of a gauge."""
        ...


class Metrics:
    """The counters of one process, or of all that share a folder."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.requests = Counter(
            "didban_requests",
            "Requests answered",
            ["method", "route", "status"],
            registry=self._registry,
        )
        self.request_seconds = Histogram(
            "didban_request_seconds",
            "Time until the answer had left",
            ["route"],
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._duties = Counter(
            "didban_duties",
            "Recurring tasks by outcome",
            ["duty", "outcome"],
            registry=self._registry,
        )
        self._duty_at = Gauge(
            "didban_duty_succeeded_timestamp_seconds",
            "When a recurring task last succeeded",
            ["duty"],
            multiprocess_mode="mostrecent",
            registry=self._registry,
        )

    def duty_tried(self, name: str, succeeded: bool) -> None:  # noqa: FBT001 - as the runner tells
        """Count that a duty was tried."""
        self._duties.labels(name, "succeeded" if succeeded else "failed").inc()
        if succeeded:
            self._duty_at.labels(name).set(now().timestamp())

    def shown(self, readings: Mapping[str, float]) -> bytes:
        """Return everything as Prometheus reads it; `readings` are gauges of this moment."""
        registry = self._registry
        if SHARED_FOLDER in os.environ:
            registry = CollectorRegistry()
            multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        lines = [
            f"# TYPE didban_{name} gauge\ndidban_{name} {value}\n"
            for name, value in sorted(readings.items())
        ]
        return generate_latest(registry) + "".join(lines).encode()


class Measured:
    """ASGI middleware that counts requests by route and times them."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request as ASGI has it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.monotonic(), 0

        async def send_noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_noted)
        finally:
            # The route as it is declared: a path may hold an identifier.
            route = getattr(scope.get("route"), "path", "none")
            self._metrics.requests.labels(scope["method"], route, str(status)).inc()
            self._metrics.request_seconds.labels(route).observe(time.monotonic() - began)


class NamedRoute(Route):
    """A route that says which it is, as those of `/api/v1` do, for log and counters."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Return whether it is meant, and what it adds to the request."""
        match, more = super().matches(scope)
        return match, {**more, "route": self}


def _is_here(request: Request) -> bool:
    """Return whether a program on this machine asks, under the machine's own name for itself."""
    client = request.client.host if request.client else ""
    own = {client.lower(), f"[{client.lower()}]"} & LOOPBACK
    return bool(own) and name_of(request.headers.get("host", "")) in LOOPBACK


def add_to(app: Starlette, health: Health, metrics: Metrics) -> None:
    """Add the operator's paths to an application that has not started, and count its requests."""

    async def alive(_request: Request) -> Response:
        """Answer as long as the process can answer at all; a restart would mend nothing else."""
        return JSONResponse({"status": "ok"})

    async def ready(_request: Request) -> Response:
        """Say whether checks can be made here now, and if not, what is missing."""
        checks = dict(await run_sync(health.checks))
        is_ready = all(checks.values())
        body = {"status": "ok" if is_ready else "unavailable", "checks": checks}
        return JSONResponse(body, 200 if is_ready else 503)

    async def shown(request: Request) -> Response:
        if not _is_here(request):
            raise HTTPException(404)
        text = await run_sync(lambda: metrics.shown(health.readings()))
        return PlainTextResponse(text, media_type=CONTENT_TYPE_LATEST)

    for path, handler in (("/healthz", alive), ("/readyz", ready), ("/metrics", shown)):
        app.router.routes.append(NamedRoute(path, handler, include_in_schema=False))
    app.add_middleware(Measured, metrics=metrics)
