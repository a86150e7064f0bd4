"""Runs the application on the loopback address."""

from __future__ import annotations

import signal
import socket
from typing import TYPE_CHECKING

import uvicorn

from didban.api.app import create_app
from didban.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from didban.api.service import Service

LOOPBACK = "127.0.0.1"
_MAX_HEAD_BYTES = 262_144  # so that too long an address gets our 414 and not the parser's 400


def serve_on_loopback(service: Service, port: int, told: Callable[[str], None]) -> None:
    """Serve until the process is told to stop (Ctrl-C, SIGTERM); port 0 takes a free one.

    `told` is called with the address once it is known.

    Raises `Unavailable` when the port is taken. Access logs are off: the check log is the trace.
    """
    # Named as TCP, or asyncio leaves Nagle's algorithm on and each answer waits 40 ms.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((LOOPBACK, port))
        listener.listen()  # from here on who connects is kept waiting, not refused
    except OSError as error:
        listener.close()
        raise Unavailable(f"port {port} cannot be used: {error.strerror}") from error
    config = uvicorn.Config(
        create_app(service),
        log_level="warning",
        access_log=False,
        server_header=False,
        lifespan="off",
        timeout_graceful_shutdown=5,
        h11_max_incomplete_event_size=_MAX_HEAD_BYTES,
    )
    server = uvicorn.Server(config)

    def stop(_number: int, _frame: object) -> None:
        server.should_exit = True

    # uvicorn has handlers of its own while it runs, and raises the signal again when it is done:
    # being told to stop is no failure, whenever it comes.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    told(f"http://{LOOPBACK}:{listener.getsockname()[1]}")
    server.run(sockets=[listener])
