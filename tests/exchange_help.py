"""Banks of several owners that trust each other's signatures, without a wire between them.

    def test_x(network):                       # xar, xbo and xca, each with a bank of its own
        network["xar"].publish("talk:xbo", item(Kind.MESSAGE, {"text": "hello"}))
        network.carry()                        # every feed to every reader, until all is quiet
        assert network["xbo"].arrived == [...]

`Bank.identity`, `Bank.handlers` and `Bank.calls` are what the node would give; `carry` is the puller
and `ask` a call, both without HTTP.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bank_help import authority, fresh_bank
from didban import clock
from didban.errors import PeerFault
from didban.exchange import calls, descriptors, faults, leaving, members, offering, receiving
from didban.exchange import feeds as publishing
from didban.exchange.calls import CallHandlers
from didban.exchange.identity import Identity
from didban.exchange.records import rooms
from didban.guard.crypto import dsse, hpke
from didban.model.actors import Authority, AuthorityKind
from didban.model.exchange.descriptors import Descriptor, NodeRole, OnlineKey, SealingKey
from didban.model.exchange.feeds import Item
from didban.model.exchange.kinds import Call, Kind
from didban.model.exchange.peers import PeerState
from didban.model.retention import RetentionPolicy
from didban.settings import Sharing
from didban.store import node as node_row
from didban.store.exchange import peers
from didban.store.node import NodeRow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from didban.model.exchange.feeds import Arrived
    from didban.store.database import Database
    from didban.store.embedded import EmbeddedPostgres

_YEAR = timedelta(days=365)


def descriptor_of(
    code: str, root: dsse.SigningKey, identity: Identity, *, version: int = 1, **more: Any
) -> Descriptor:
    """Return what a node of this code says of itself."""
    now = clock.now()
    about = Authority(
        code=code, name=f"Authority {code}", kind=AuthorityKind.POLICE, country=code.upper()
    )
    online = OnlineKey(
        id=identity.signing.id,
        public=identity.signing.public,
        valid_from=now - _YEAR,
        valid_until=now + _YEAR,
    )
    sealing = tuple(
        SealingKey(id=key.id, suite=key.suite, public=key.public.raw, valid_until=now + _YEAR)
        for key in identity.sealing.values()
    )
    values = {
        "node": code,
        "version": version,
        "role": NodeRole.MEMBER,
        "root": root.public,
        "made_at": now,
        "expires_at": now + _YEAR,
        "authorities": (about,),
        "endpoints": (f"http://127.0.0.1/{code}",),
        "online_keys": (online,),
        "sealing_keys": sealing,
        "log": f"{code}/didban/audit+00000000+AAAA",
        "witness": f"{code}/didban/witness+00000000+AAAA",
        "is_training": True,
    }
    return Descriptor(**{**values, **more})


def new_identity(code: str) -> Identity:
    """Return new keys."""
    sealing = hpke.PrivateKey.generate(f"{code}-seal-1")
    signing = dsse.SigningKey.generate(f"{code}-sign-1")
    return Identity(node=code, signing=signing, sealing={sealing.id: sealing})


@dataclass(repr=False)
class Bank:
    """One node's bank and keys. `arrived`: what was handed to rooms that are not under test."""

    code: str
    database: Database
    root: dsse.SigningKey
    identity: Identity
    descriptor: Descriptor
    handlers: receiving.Handlers = field(default_factory=dict)
    arrived: list[Arrived] = field(default_factory=list)
    calls: CallHandlers = field(default_factory=dict)
    sharing: rooms.Sharing = field(init=False)

    def do(self, verb: Callable[..., Any], *arguments: Any, **more: Any) -> Any:
        """Do something in a transaction of its own."""
        with self.database.begin() as tx:
            return verb(tx, *arguments, **more)

    def hears(self, node: str) -> bool:
        """Return whether this node fetches from another, and lets it fetch."""
        with self.database.begin() as tx:
            peer = peers.get(tx, node)
            return peer is not None and leaving.is_heard(tx, peer, clock.now())

    def publish(self, audience: str, *items: Item) -> str:
        """Publish in the feed for an audience: `talk:xbo`, or one that was begun before."""
        now = clock.now()
        with self.database.begin() as tx:
            readers = [audience.removeprefix("talk:")]
            feed = publishing.for_audience(tx, self.identity, audience, readers, now)
            publishing.publish(tx, self.identity, feed, items, now)
        return feed

    def share(self) -> None:
        """Let records leave with the deeds that change them, and keep those of others."""
        self.sharing = rooms.Sharing(
            identity_of=lambda _tx: self.identity, terms=Sharing(), policy=RetentionPolicy()
        )
        self.sharing.publish_from(self.database)
        removed = self.sharing.keeper.removed
        self.handlers |= self.sharing.handlers
        self.handlers[Kind.MEMBERS] = members.Membership(self.identity, removed)
        self.calls |= self.sharing.calls

    def keep_up(self) -> int:
        """Do the frequent duty of sharing."""
        return self.sharing.keep_up(self.database, clock.now())

    def keep(self, tx: Any, arrived: Any, now: Any) -> None:
        """Stand in for a room: remember what came."""
        self.arrived += arrived


class Network(dict[str, Bank]):
    """Banks by code."""

    def pull(self, reader: str, owner: str, limit: int = 100) -> int:
        """Let one take in what another has for it, once; return how many entries came."""
        here, there = self[reader], self[owner]
        return sum(
            self.pull_feed(reader, owner, feed, limit)
            for feed in there.do(offering.offered, reader)
            if here.hears(owner) and there.hears(reader)
        )

    def pull_feed(self, reader: str, owner: str, feed: str, limit: int = 100) -> int:
        """Let one take in what another has in one feed; what is wrong with it stops the feed."""
        here, there, now = self[reader], self[owner], clock.now()
        before = here.do(offering.cursor_of, feed)
        offer = there.do(offering.offer, reader, feed, before, now, limit=limit)
        try:
            with here.database.begin() as tx:
                offering.require_not_behind(tx, feed, offer.head)
                peer = peers.get(tx, owner)
                assert peer is not None
                receiving.take_in(tx, here.identity, peer, feed, offer.entries, here.handlers, now)
        except PeerFault as fault:
            here.do(faults.stop, here.identity, owner, feed, fault, now)
            raise
        return len(offer.entries) if here.do(offering.cursor_of, feed) != before else 0

    def ask(self, asker: str, asked: str, call: Call, body: Any) -> Any:
        """Let one call another, whose handlers are its `calls`, and return the answer.

        Raises PeerRefused with the code of what the other one raised.
        """
        here, there = self[asker], self[asked]
        now = clock.now()
        peer = here.do(peers.get, asked)
        question = calls.ask(here.identity, peer, call, body, now)
        with there.database.begin() as tx:
            received = calls.receive(tx, there.identity, call, calls.lines(question), now)
        answer = calls.answer(there.database, there.identity, received, there.calls, now)
        return calls.read(here.identity, peer, question, answer, now)

    def carry(self) -> int:
        """Take everything everywhere, until all is quiet; return how many entries that were."""
        total = 0
        while moved := sum(
            self.pull(reader, owner) for reader in self for owner in self if reader != owner
        ):
            total += moved
        return total


@contextlib.contextmanager
def banks(postgres: EmbeddedPostgres, *codes: str) -> Iterator[Network]:
    """Give banks whose nodes have pinned each other."""
    with contextlib.ExitStack() as stack:
        made = Network()
        for code in codes:
            identity, root = new_identity(code), dsse.SigningKey.generate(f"{code}-root")
            bank = Bank(
                code=code,
                database=stack.enter_context(fresh_bank(postgres)),
                root=root,
                identity=identity,
                descriptor=descriptor_of(code, root, identity),
            )
            bank.handlers = dict.fromkeys(Kind, bank.keep)
            made[code] = bank
        for bank in made.values():
            _introduce(bank, made)
        yield made


def _introduce(bank: Bank, made: Network) -> None:
    """Let a node know the others, as if their fingerprints had been compared."""
    now = clock.now()
    with bank.database.begin() as tx:
        for other in made.values():
            authority(tx, other.code, country=other.code.upper())
            signed = descriptors.sign(other.descriptor, other.root)
            peers.add_descriptor(tx, other.descriptor, signed, now)
            if other is not bank:
                peers.add(tx, other.code, other.root.public, now)
                peers.let_speak(tx, other.code, [other.code], now)
                peers.set_state(tx, other.code, PeerState.PINNED, by="usr_test", now=now)
        node_row.add(tx, NodeRow(host=bank.code, is_training=True, made_at=now))


@pytest.fixture
def network(postgres: EmbeddedPostgres) -> Iterator[Network]:
    """Return the banks of xar, xbo and xca, which have pinned each other."""
    with banks(postgres, "xar", "xbo", "xca") as made:
        yield made


@pytest.fixture(scope="module")
def lasting(postgres: EmbeddedPostgres) -> Iterator[Network]:
    """Return banks that the tests of one module share: each looks at what it made itself."""
    with banks(postgres, "xar", "xbo", "xca") as made:
        yield made


@pytest.fixture
def sharing(network: Network) -> Network:
    """Return the network, with records that leave and are kept."""
    for bank in network.values():
        bank.share()
    return network


def item(kind: Kind = Kind.MESSAGE, content: Any = None, **more: Any) -> Item:
    """Return something to publish."""
    return Item(kind=kind, content={"text": "hello"} if content is None else content, **more)
