"""What routes, duties and desks need to speak with other nodes: `Services.exchange`.

exchange.me(tx)                         who we are to others, to publish with `feeds.publish`
exchange.send(tx, "xbo", items, now)    publish in the bilateral feed, with the deed
exchange.ask("xbo", Call.ASK, body)     call another node, and wait for its answer
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from didban import clock
from didban.errors import DidbanError, Malformed, NotFound
from didban.exchange import calls, feeds
from didban.exchange.lines import Lines, Patience, Unanswered
from didban.model.exchange.envelopes import Envelope, Fields
from didban.model.exchange.peers import PeerState
from didban.store.exchange import links, peers

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from didban.exchange.identity import Identity
    from didban.model.exchange.feeds import Item
    from didban.model.exchange.kinds import Call
    from didban.model.exchange.peers import Peer
    from didban.store.database import Database, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """The exchange as one process of the node has it.

    - `identity_of`: reads our keys as they are now, for they are rotated; raises Conflict where
      this node has none yet.
    """

    database: Database
    identity_of: Callable[[Transaction], Identity]
    lines: Lines = field(default_factory=Lines)

    def me(self, tx: Transaction) -> Identity:
        """Return who we are to other nodes. Raises Conflict where this node has no keys yet."""
        return self.identity_of(tx)

    def send(self, tx: Transaction, node: str, items: Sequence[Item], now: datetime) -> None:
        """Publish to one node, with the transaction or not at all.

        Raises NotFound for a node that is not pinned, Conflict for a feed that is stopped.
        """
        _require_pinned(tx, node)
        me = self.me(tx)
        feeds.publish(tx, me, feeds.talk(tx, me, node, now), items, now)

    def ask(self, node: str, call: Call, body: Any, patience: Patience | None = None) -> Any:
        """Call another node and return its answer, as JSON has it: whatever it sent, read strictly.

        Waits for the network: outside of a transaction where there is one. Raises NotFound for a
        node that is not pinned, Unanswered where it does not answer, PeerRefused where it refuses,
        another PeerFault where the answer is none of that node's.
        """
        with self.database.begin() as tx:
            me, peer = self.me(tx), _require_pinned(tx, node)
        question = calls.ask(me, peer, call, body, clock.now())
        try:
            raw = self.lines.post(
                peer.descriptor,
                call,
                calls.lines(question),
                most=calls.MAX_BYTES,
                patience=patience or Patience(),
            )
            now = clock.now()
            answer = Envelope.from_json(Fields.parsed(raw, calls.MAX_BYTES))
            return calls.read(me, peer, question, answer, now)
        except (Unanswered, Malformed) as error:
            self.note_failure(node, error)
            raise

    def note_failure(self, node: str, error: DidbanError) -> None:
        """Note that a node did not answer as it must, for whoever looks at the network."""
        skew = error.skew_seconds if isinstance(error, Unanswered) else None
        with self.database.begin() as tx:
            links.failed(tx, node, error.code, clock.now(), skew)


def _require_pinned(tx: Transaction, node: str) -> Peer:
    peer = peers.get(tx, node)
    if peer is None or peer.state is not PeerState.PINNED:
        raise NotFound(f"no node '{node}' is pinned here: see 'didban peer list'")
    return peer
