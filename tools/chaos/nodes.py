"""Real nodes on the loopback, each with its own database, that have pinned each other."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from didban import clock
from didban.exchange import descriptors, ours, peers, words
from didban.exchange.ours import Changes
from didban.guard import users
from didban.guard.crypto.dsse import SigningKey
from didban.model.actors import Authority, AuthorityKind
from didban.node import making
from didban.node import parts as building
from didban.node.running import look
from didban.settings import Access, Charter, Node, Settings
from didban.store.database import Database
from didban.store.embedded import EmbeddedPostgres
from tools.chaos.links import Link

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from didban.model.exchange.signed import Signed
    from didban.node.parts import Parts

NAMES: Final = {"xar": "Arvand", "xbo": "Boreland", "xca": "Caspia"}
_TERMS: Final = {  # one desk works for a whole state here, and several nodes share a machine
    "DIDBAN_ACCESS_SEARCHES_PER_MINUTE": "100000",
    "DIDBAN_ACCESS_RESULTS_PER_DAY": "10000000",
    "DIDBAN_QUESTIONS_ANSWER_SECONDS": "20",
}
_PORTS: Final = range(20_000, 32_000)
_PATIENCE: Final = 900.0  # seconds: less would be a bet on how busy the machine is


@dataclass(slots=True)
class LocalNode:
    """A node in a folder. `port` is its own; others reach it by `endpoint`, through the link."""

    code: str
    data: Path
    port: int
    endpoint: int
    environment: dict[str, str] = field(default_factory=lambda: dict(_TERMS))
    program: tuple[str, ...] = ("-m", "didban")
    process: subprocess.Popen[bytes] | None = None

    @property
    def settings(self) -> Settings:
        """Return what the tools of this folder need to know."""
        return Settings(
            node=Node(data_folder=self.data, connections=4),
            charter=Charter(is_training=True),
            access=Access(hash_memory_mib=1, hash_rounds=1),
        )

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def up(self) -> None:
        """Start it, and wait until it answers."""
        about = {"DIDBAN_NODE_DATA_FOLDER": str(self.data), "DIDBAN_NODE_PORT": str(self.port)}
        with (self.data / "node.log").open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own command
                [sys.executable, *self.program, "up"],
                env={**os.environ, **about, **self.environment},
                stdout=subprocess.DEVNULL,
                stderr=log,
            )
        wait_until(self._answers)

    def _answers(self) -> bool:
        if self.process is None or self.process.poll() is not None:
            last = (self.data / "node.log").read_text().splitlines()[-1:]
            raise RuntimeError(f"{self.code} did not start: {''.join(last)}")
        running = look(self.data / "node.lock")
        return bool(running and running.address and running.process == self.process.pid)

    def down(self) -> None:
        """Stop it in order."""
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(_PATIENCE)
            self.process = None

    def kill(self) -> None:
        """Kill its process as a power cut would; its database goes on."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def kill_database(self) -> None:
        """Kill PostgreSQL."""
        file = self.data / "postgres" / "data" / "postmaster.pid"
        with contextlib.suppress(OSError, ValueError, IndexError):
            os.kill(int(file.read_text().split()[0]), signal.SIGKILL)

    def end(self) -> None:
        """Stop whatever of it still runs."""
        self.kill()
        EmbeddedPostgres(self.data / "postgres").stop()

    @contextmanager
    def parts(self) -> Iterator[Parts]:
        """Give the parts of the node, with its database running: for what is done beside it."""
        built = building.build(self.settings)
        try:
            building.start_database(built)
            yield built
        finally:
            built.close()

    @contextmanager
    def database(self) -> Iterator[Database]:
        """Give its database."""
        opened = Database(EmbeddedPostgres(self.data / "postgres").url, pool_size=4)
        try:
            yield opened
        finally:
            opened.close()


def make(folder: Path, ports: Mapping[str, tuple[int, int]]) -> dict[str, LocalNode]:
    """Make nodes of these codes that have pinned each other; `ports`: own, and endpoint. Stopped."""
    made = {
        code: LocalNode(code=code, data=folder / code, port=own, endpoint=endpoint)
        for code, (own, endpoint) in ports.items()
    }
    introduced = {code: _introduced(node) for code, node in made.items()}
    for code, node in made.items():
        others = [signed for other, signed in introduced.items() if other != code]
        _pin(node, others)
        EmbeddedPostgres(node.data / "postgres").stop()
    return made


def _introduced(node: LocalNode) -> list[Signed]:
    """Make a node with an identity, and return how it introduces itself."""
    parts = building.build(node.settings)
    host = Authority(
        code=node.code,
        name=NAMES.get(node.code, node.code),
        kind=AuthorityKind.BORDER,
        country=node.code,
    )
    making.make(parts, host, operator="chaos", login="first", is_training=True)
    with node.parts() as running, running.database.begin() as tx:
        operator, root = (
            users.operator("chaos", node.code),
            SigningKey.generate(f"{node.code}-root"),
        )
        changes = Changes(
            endpoints=(f"http://127.0.0.1:{node.endpoint}",), root=root.public, contact="duty"
        )
        now = clock.now()
        draft = ours.draft(tx, operator, running.secrets, changes, now)
        ours.publish(tx, operator, descriptors.sign(draft, root), now)
        return ours.introduction(tx)


def _pin(node: LocalNode, others: Sequence[list[Signed]]) -> None:
    with node.parts() as parts, parts.database.begin() as tx:
        operator, charter, now = (
            users.operator("chaos", node.code),
            parts.settings.charter,
            clock.now(),
        )
        for introduction in others:
            peer = peers.propose(tx, operator, introduction, charter, now)
            said = words.of(peer.node, peer.descriptor.root)
            peers.pin(tx, operator, peer.node, " ".join(said), charter, now)


@contextmanager
def linked(nodes: Mapping[str, LocalNode]) -> Iterator[dict[str, Link]]:
    """Give the links to nodes that run, or will; afterwards stop whatever of them still runs."""
    with contextlib.ExitStack() as stack:
        for node in nodes.values():
            stack.callback(node.end)
        yield {
            code: stack.enter_context(Link(node.endpoint, node.port))
            for code, node in nodes.items()
        }


def free_ports(count: int) -> list[int]:
    """Return ports that nobody listens on, outside of those that connections are given.

    No other process is given them by this function as long as this one lives.
    """
    found: list[int] = []
    while len(found) < count:
        port = secrets.choice(_PORTS)
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            _take(port)
            found.append(port)
    return found


def _take(port: int) -> None:
    """Mark a port as ours by a name that the kernel forgets with us. Raises OSError if it is not."""
    with socket.socket(socket.AF_UNIX) as mark:
        mark.bind(f"\0didban-port-{port}")
        mark.detach()


def ports_for(*codes: str) -> dict[str, tuple[int, int]]:
    """Return an own port and one of an endpoint for each node."""
    free = iter(free_ports(2 * len(codes)))
    return {code: (next(free), next(free)) for code in codes}


def wait_until(is_so: Callable[[], object], patience: float = _PATIENCE) -> None:
    """Wait until something came about. Raises TimeoutError."""
    deadline = time.monotonic() + patience
    while not is_so():
        if time.monotonic() > deadline:
            raise TimeoutError("it did not come about in time")
        time.sleep(0.02)


def copied(nodes: Mapping[str, LocalNode], folder: Path) -> dict[str, LocalNode]:
    """Return the same nodes in another folder."""
    found = {}
    for code, node in nodes.items():
        subprocess.run(["cp", "-a", node.data, folder / code], check=True)  # noqa: S603, S607
        found[code] = LocalNode(
            code=code, data=folder / code, port=node.port, endpoint=node.endpoint
        )
    return found


def remove(folder: Path) -> None:
    """Remove a folder of nodes."""
    shutil.rmtree(folder, ignore_errors=True)
