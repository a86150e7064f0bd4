"""How the exchange with other nodes stands: links, backlogs, clocks, keys, witnesses."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from didban import clock
from didban.api.v1.frame import Node, Router, Tx, Who, needs
from didban.api.v1.pages import Told
from didban.exchange import network
from didban.model.exchange.peers import PeerState
from didban.model.permissions import Permission

router = Router("network")


class StandingTold(Told):
    """How it stands with one node; see the command `didban network status`."""

    node: str
    state: PeerState
    called_at: datetime | None
    heard_at: datetime | None
    failures: int
    fault: str | None
    skew_seconds: float | None
    to_come: int
    owed: int
    owed_since: datetime | None
    stopped: tuple[str, ...]
    evidence: int
    ends_at: datetime | None
    witnessed_at: datetime | None
    unseen: int
    witness_fault: str | None


class NetworkTold(Told):
    """All nodes that this one knows, and feeds of ours that need a new epoch."""

    at: datetime
    nodes: tuple[StandingTold, ...]
    own_stopped: tuple[str, ...]
    own_ends_at: datetime | None


@router.get("/network")
@needs(Permission.EXCHANGE_PEER_READ)
def get_network(tx: Tx, who: Who, node: Node) -> NetworkTold:
    """Say how it stands with each node: when it was heard, what is to come and what it has to take in.

    Counts and times alone; what is shared with whom stands elsewhere.
    """
    found = network.status(tx, who, node.secrets, clock.now())
    return NetworkTold(
        at=found.at,
        nodes=tuple(StandingTold(**asdict(one)) for one in found.nodes),
        own_stopped=found.own_stopped,
        own_ends_at=found.own_ends_at,
    )
