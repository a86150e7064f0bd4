"""Runs the application on the loopback address, in one process or several."""

from __future__ import annotations

import os
import signal
import socket
import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import uvicorn

from didban.api.app import create_app
from didban.api.service import Service
from didban.errors import Unavailable
from didban.serving.workers import Workers, end_with_parent

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from starlette.applications import Starlette

    from didban.guard.check_log import CheckLog
    from didban.guard.reasons import Reason
    from didban.settings import Settings

LOOPBACK: Final = "127.0.0.1"
_MAX_HEAD_BYTES: Final = 262_144  # so that too long an address gets our 414, not the parser's 400
_STOP_SECONDS: Final = 5
_SHARED_COUNTERS: Final = "PROMETHEUS_MULTIPROC_DIR"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is served, and for which purpose: each worker makes a service of its own from it."""

    snapshot: Path
    settings: Settings
    reason: Reason
    log: CheckLog
    mode: str
    hosts: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()

    def application(self) -> Starlette:
        """Return the application. Raises InvalidInput, NotFound, IntegrityFailure."""
        service = Service(**{name: getattr(self, name) for name in self.__slots__})
        return create_app(service)

    def __call__(self) -> Starlette:
        """Return the application of one worker, which ends with its parent."""
        end_with_parent(os.environ[_SHARED_COUNTERS])
        return self.application()


def serve_on_loopback(
    plan: Plan, port: int, told: Callable[[str], None], *, workers: int = 1
) -> None:
    """Serve until the process is told to stop (Ctrl-C, SIGTERM); port 0 takes a free one.

    `told` is called with the address once it answers. Of several workers, one that dies is replaced.

    Raises `Unavailable` when the port is taken, and when workers cannot start. Access logs are off:
    the check log is the trace.
    """
    listener = _listener(port)
    address = f"http://{LOOPBACK}:{listener.getsockname()[1]}"
    if workers > 1:
        Service(**{name: getattr(plan, name) for name in plan.__slots__})  # told here, not by each
        _serve_with_workers(plan, listener, lambda: told(address), workers)
    else:
        _serve_alone(plan, listener, lambda: told(address))


def _listener(port: int) -> socket.socket:
    # Named as TCP, or asyncio leaves Nagle's algorithm on and each answer waits 40 ms.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((LOOPBACK, port))
        listener.listen()  # from here on who connects is kept waiting, not refused
    except OSError as error:
        listener.close()
        raise Unavailable(f"port {port} cannot be used: {error.strerror}") from error
    return listener


def _config(app: Any, **options: Any) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        lifespan="off",
        timeout_graceful_shutdown=_STOP_SECONDS,
        h11_max_incomplete_event_size=_MAX_HEAD_BYTES,
        **options,
    )


def _serve_alone(plan: Plan, listener: socket.socket, told: Callable[[], None]) -> None:
    application = plan.application()
    server = uvicorn.Server(_config(application))

    def stop(_number: int, _frame: object) -> None:
        server.should_exit = True

    # uvicorn has handlers of its own while it runs, and raises the signal again when it is done:
    # being told to stop is no failure, whenever it comes.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    told()
    server.run(sockets=[listener])
    application.state.service.close()


def _serve_with_workers(
    plan: Plan, listener: socket.socket, told: Callable[[], None], workers: int
) -> None:
    with tempfile.TemporaryDirectory(prefix="didban-counters-") as shared:
        os.environ[_SHARED_COUNTERS] = shared  # read by the metrics library of each worker
        Workers(_config(plan, workers=workers, factory=True), listener, told).run()
