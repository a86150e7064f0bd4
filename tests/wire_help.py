"""Banks that speak over HTTP on the loopback, and somebody in between who changes what passes.

with connected(network, "xbo") as wire:       # xbo answers, the others fetch from it
    wire.tamper = lambda lines: ...            # what xbo's answers become on their way
    wire.puller("xar").pull()
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import threading
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import uvicorn

from didban import clock
from didban.api.peers_wire import PeersWire
from didban.exchange import descriptors
from didban.exchange.lines import PATH, Lines
from didban.exchange.ports import Exchange
from didban.exchange.pulling import Puller
from didban.exchange.serving import Server
from didban.settings import Exchange as Terms
from didban.store.exchange import feeds, links, peers
from didban.store.exchange.bell import Bell
from exchange_help import Bank, Network, descriptor_of
from tools.chaos.nodes import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TERMS = Terms(poll_seconds=2, answer_seconds=120.0, connect_seconds=60.0)


async def nothing_else(_scope: Any, _receive: Any, _send: Any) -> None:
    """Stand for the rest of the node, which nobody may reach by these paths."""
    raise AssertionError("this was not for other nodes")


@dataclass
class Wire:
    """One bank that answers at a port.

    - `tamper`: is given the body of each answer, and returns what arrives.
    """

    network: Network
    bank: Bank
    port: int
    scheme: str = "http"
    tamper: Callable[[bytes], bytes] | None = None
    renewed: list[str] = field(default_factory=list)
    lines: Lines = field(default_factory=Lines)

    @property
    def endpoint(self) -> str:
        """Where it answers."""
        return f"{self.scheme}://127.0.0.1:{self.port}"

    def puller(self, reader: str, **terms: Any) -> Puller:
        """Return what fetches for another bank."""
        here = self.network[reader]
        exchange = Exchange(
            database=here.database, identity_of=lambda _tx: here.identity, lines=self.lines
        )
        terms_of_it = replace(TERMS, poll_seconds=0, **terms)
        return Puller(exchange, here.handlers, self.bank.code, terms_of_it, self.renewed.append)

    def send(
        self, call: str, body: bytes, method: str = "POST"
    ) -> tuple[int, bytes, dict[str, str]]:
        """Send any bytes; return status, body and headers but for the date."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        with contextlib.closing(connection):
            connection.request(method, PATH + call, body)
            with connection.getresponse() as answer:
                headers = {name.lower(): value for name, value in answer.getheaders()}
                headers.pop("date")
                return answer.status, answer.read(), headers

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer as the bank does, and change it on its way."""
        sent: list[Any] = []

        async def keep(message: Any) -> None:
            sent.append(message)

        await self.app(scope, receive, keep)
        body = b"".join(message.get("body", b"") for message in sent)
        if self.tamper is not None:
            body = self.tamper(body)
        length = (b"content-length", str(len(body)).encode())
        begin = {**sent[0], "headers": [h for h in sent[0]["headers"] if h[0] != length[0]]}
        await send({**begin, "headers": [*begin["headers"], length]})
        await send({"type": "http.response.body", "body": body})

    def begin(self, bell: Bell) -> None:
        """Build what answers."""
        bank = self.bank
        exchange = Exchange(database=bank.database, identity_of=lambda _tx: bank.identity)
        server = Server(exchange=exchange, handlers=bank.calls, terms=TERMS)
        self.app = PeersWire(nothing_else, server=server, bell=bell)


@contextlib.contextmanager
def connected(network: Network, code: str, **tls: Any) -> Iterator[Wire]:
    """Give a wire to one bank, which the others know to answer there.

    - `tls`: what the server is given for that (`ssl_certfile`, `ssl_keyfile`).
    """
    bank, listener = network[code], socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    wire = Wire(network=network, bank=bank, port=port, scheme="https" if tls else "http")
    announce(network, bank, wire.endpoint)
    with Bell(bank.database, feeds.BELL, links.BELL) as bell:
        wire.begin(bell)
        config = uvicorn.Config(wire, log_config=None, lifespan="off", **tls)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        wait_until(lambda: server.started)
        try:
            yield wire
        finally:
            wire.lines.close()
            bell.end()
            server.should_exit = True
            thread.join()


def announce(network: Network, bank: Bank, endpoint: str, **more: Any) -> None:
    """Let everybody know where a node answers: the next version of its descriptor."""
    [*_, before] = bank.do(peers.descriptors, bank.code)
    about = {"version": before.version + 1, "endpoints": (endpoint,), **more}
    new = descriptor_of(bank.code, bank.root, bank.identity, **about)
    for each in network.values():
        each.do(peers.add_descriptor, new, descriptors.sign(new, bank.root), clock.now())
