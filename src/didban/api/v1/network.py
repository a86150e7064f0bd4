"""How the exchange with other nodes stands: links, backlogs, clocks, keys, witnesses."""

from __future__ import annotations

from didban import clock
from didban.api.v1.frame import Node, Router, Tx, Who, needs
from didban.exchange import network
from didban.model.exchange.standing import NetworkStatus
from didban.model.permissions import Permission

router = Router("network")


@router.get("/network")
@needs(Permission.EXCHANGE_PEER_READ)
def get_network(tx: Tx, who: Who, node: Node) -> NetworkStatus:
    """Say how it stands with each node: when it was heard, what is to come and what it has to take in.

    Counts and times alone; what is shared with whom stands elsewhere.
    """
    return network.status(tx, who, node.secrets, clock.now())
