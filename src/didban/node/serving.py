"""The processes that answer.

A small node is one process: it answers, follows the bank and does the duties. A large one has a
parent, which does the duties, and workers, which answer on one port and follow the bank each.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import threading
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

import structlog
import uvicorn

from didban import clock, logs, settings
from didban.errors import ConfigError, DidbanError, Unavailable
from didban.exchange import network
from didban.node import exchange
from didban.node import parts as building
from didban.node.duties import Runner
from didban.node.parts import PRIVATE
from didban.node.running import held
from didban.screening.live import LiveIndex
from didban.serving.workers import Workers, end_with_parent
from didban.store import jobs, schema, sources
from didban.store.postmaster import ServerState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from types import FrameType

    from starlette.types import ASGIApp, Receive, Scope, Send

    from didban.api.operation import Metrics
    from didban.node.exchange import Joined
    from didban.node.parts import Parts
    from didban.store.exchange.bell import Bell

_MAX_HEAD_BYTES: Final = 262_144
_KEEP_SECONDS: Final = 0.5  # between two looks at the database
_DUTY_SECONDS: Final = 20.0  # that a duty under way is waited for
_PAGES: Final = "/desk"

_log = structlog.get_logger("didban.node")


class NodeHealth:
    """What one process knows of its state."""

    def __init__(self, parts: Parts, index: LiveIndex) -> None:
        self._parts = parts
        self._index = index

    def checks(self) -> Mapping[str, bool]:
        """Return what must hold for this process to answer checks."""
        is_fresh = not self._index.freshness().is_expired
        try:
            with self._parts.database.begin() as tx:
                is_current = schema.state(tx).is_current
        except DidbanError:
            return {"database": False, "schema": False, "index": is_fresh}
        return {"database": True, "schema": is_current, "index": is_fresh}

    def readings(self) -> Mapping[str, float]:
        """Return what can be measured now."""
        found: dict[str, float] = {
            "index_lag_seconds": self._index.lag().total_seconds(),
            "index_records": len(self._index),
        }
        with suppress(DidbanError), self._parts.database.begin() as tx:
            found["lists_stale"] = sources.count_stale(tx, clock.now())
            found["jobs_dead"] = jobs.dead(tx)
            now = clock.now()
            found |= network.readings(network.read(tx, self._parts.secrets, now))
        return found


def serve(parts: Parts, told: Callable[[str], None]) -> None:
    """Run the node until it is told to stop (Ctrl-C, SIGTERM). `told` is called with its address.

    The database is started before, and stopped after the last answer. Its schema is brought up to
    this code. Raises NotFound where no node was made, Conflict where it runs already, Unavailable,
    ConfigError.
    """
    building.require_made(parts)
    signal.signal(signal.SIGTERM, _leave)  # until the server has handlers of its own
    with ExitStack() as stack:
        tell = stack.enter_context(held(parts.places.lock))
        stack.callback(building.stop_database, parts)
        building.start_database(parts)
        for version in schema.upgrade(parts.database):
            _log.info("schema.upgraded", version=version)
            parts.secrets.make()  # those that came with it
        parts, _ = building.opened(parts)
        stack.enter_context(_database_kept(parts))
        listener = stack.enter_context(_listener(parts))
        address = f"{scheme_of(parts)}://{_address(listener)}"

        def answers() -> None:
            tell(address)
            told(address)

        run = _serve_alone if parts.settings.node.workers == 1 else _serve_with_workers
        run(parts, listener, answers)


def _leave(_number: int, _frame: object) -> None:
    """Leave in order, whatever is being started: being told to stop is no failure."""
    raise SystemExit(0)


@contextmanager
def _database_kept(parts: Parts) -> Iterator[None]:
    """Start the node's own PostgreSQL again, should it die. Requests meanwhile are told to wait."""
    stopping = threading.Event()

    def keep() -> None:
        while not stopping.wait(_KEEP_SECONDS):
            if parts.server is not None and parts.server.state is ServerState.DOWN:
                _log.error("database.died")
                try:
                    building.start_database(parts)
                except DidbanError:
                    _log.exception("database.not_started")

    keeper = threading.Thread(target=keep, name="database", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        stopping.set()
        keeper.join()


@contextmanager
def _listener(parts: Parts) -> Iterator[socket.socket]:
    host, port = parts.settings.node.host, parts.settings.node.port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP, or asyncio leaves Nagle's algorithm on and each answer waits 40 ms.
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
            listener.listen()
        except OSError as error:
            raise Unavailable(f"port {port} of {host} cannot be used: {error.strerror}") from error
        yield listener


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def scheme_of(parts: Parts) -> str:
    """Return the scheme under which this node answers. Raises ConfigError for half of a pair of TLS."""
    certificate, key = parts.settings.node.tls_certificate_file, parts.settings.node.tls_key_file
    if (certificate is None) != (key is None):
        raise ConfigError("a certificate and its key belong together", "node.tls_certificate_file")
    for path, name in ((certificate, "tls_certificate_file"), (key, "tls_key_file")):
        if path is not None and not path.is_file():
            raise ConfigError("there is no such file", f"node.{name}")
    return "http" if certificate is None else "https"


def _serve_alone(parts: Parts, listener: socket.socket, answers: Callable[[], None]) -> None:
    from didban.api.operation import Metrics  # noqa: PLC0415 - loaded when it is known where to

    metrics = Metrics()
    with (
        LiveIndex.open(parts.database, parts.places.index) as index,
        exchange.bell_of(parts) as bell,
    ):
        joined = exchange.join(parts, index)
        server = _Server(_config(parts, _application(joined, bell, metrics)), bell)
        with _duties(joined, bell, metrics):
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, lambda *_: setattr(server, "should_exit", True))
            answers()
            server.run(sockets=[listener])


class _Server(uvicorn.Server):
    """One that sends other nodes home, which wait for something new, before it ends."""

    def __init__(self, config: uvicorn.Config, bell: Bell) -> None:
        super().__init__(config)
        self._bell = bell

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to end."""
        self._bell.end()
        super().handle_exit(sig, frame)


def _serve_with_workers(parts: Parts, listener: socket.socket, answers: Callable[[], None]) -> None:
    """Start workers on one port. Raises Unavailable when they cannot start."""
    shared = parts.places.metrics
    shutil.rmtree(shared, ignore_errors=True)  # of processes that are gone
    shared.mkdir(mode=0o700)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(shared)
    from didban.api.operation import Metrics  # noqa: PLC0415 - which reads that variable

    config = _config(parts, "didban.node.serving:worker", workers=parts.settings.node.workers)
    config.factory = True
    with (
        LiveIndex.open(parts.database, parts.places.index) as index,
        exchange.bell_of(parts) as bell,
        _duties(exchange.join(parts, index), bell, Metrics()),
    ):
        Workers(config, listener, answers).run()


def _config(parts: Parts, app: ASGIApp | str, workers: int = 1) -> uvicorn.Config:
    node = parts.settings.node
    return uvicorn.Config(
        app,
        workers=workers,
        log_config=None,
        access_log=False,  # `serving.envelope` writes the one line of a request
        server_header=False,
        lifespan="off",
        timeout_graceful_shutdown=node.stop_seconds,
        ssl_certfile=node.tls_certificate_file,
        ssl_keyfile=node.tls_key_file,
        h11_max_incomplete_event_size=_MAX_HEAD_BYTES,
    )


def worker() -> Beside:
    """Return the application of one worker; it reads the settings again and ends with its parent."""
    from didban.api.operation import Metrics  # noqa: PLC0415 - as above

    logs.configure()
    os.umask(PRIVATE)
    end_with_parent()
    parts, _ = building.opened(building.build(settings.load()))
    # These live as long as the process; the folder of the index is the parent's to write.
    index = LiveIndex.open(parts.database, parts.places.index)
    bell = exchange.bell_of(parts).begin()
    _before_the_end(bell.end)
    return _application(exchange.join(parts, index), bell, Metrics())


def _before_the_end(do: Callable[[], None]) -> None:
    """Have something done when this process is told to stop, before the server hears of it."""
    for number in (signal.SIGINT, signal.SIGTERM):
        then = signal.getsignal(number)

        def told(number: int, frame: FrameType | None, then: Any = then) -> None:
            do()
            if callable(then):
                then(number, frame)

        signal.signal(number, told)


class Beside:
    """ASGI: the pages under `/desk` and at `/`, the interface for programs under every other path."""

    def __init__(self, *, desk: ASGIApp, interface: ASGIApp) -> None:
        self._desk = desk
        self._interface = interface

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request as ASGI has it."""
        path = scope.get("path", "")
        is_page = path in {"/", _PAGES} or path.startswith(f"{_PAGES}/")
        await (self._desk if is_page else self._interface)(scope, receive, send)


def _application(joined: Joined, bell: Bell, metrics: Metrics) -> Beside:
    from didban.api import node_app, operation  # noqa: PLC0415 - the framework is slow to load
    from didban.api.peers_wire import PeersWire  # noqa: PLC0415
    from didban.serving.services import Services  # noqa: PLC0415
    from didban.web import app as web  # noqa: PLC0415
    from didban.web import rendering  # noqa: PLC0415

    threading.Thread(target=rendering.warm, name="pages", daemon=True).start()
    parts, index = joined.parts, joined.index
    node, serving = parts.settings.node, parts.settings.serving
    services = Services(
        database=parts.database,
        settings=parts.settings,
        secrets=parts.secrets,
        index=index,
        hosts=(node.host, *serving.hosts),
        origins=serving.origins,
        turns=node.connections,
        exchange=joined.exchange,
    )
    app = node_app.create(services)
    app.add_middleware(PeersWire, server=exchange.server_of(joined), bell=bell)
    operation.add_to(app, NodeHealth(parts, index), metrics)
    return Beside(desk=web.create(services), interface=app)


@contextmanager
def _duties(joined: Joined, bell: Bell, metrics: Metrics) -> Iterator[None]:
    from didban.node.calendar import duties_of  # noqa: PLC0415 - it knows every room

    runner = Runner(joined.parts.database, duties_of(joined), metrics.duty_tried)
    runner.start()
    try:
        with exchange.pulling(joined, bell):
            yield
    finally:
        runner.stop(_DUTY_SECONDS)
