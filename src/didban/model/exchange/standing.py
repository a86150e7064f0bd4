"""How it stands with the other nodes, as this one sees it. The interface answers it as it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003 - the interface reads what the fields are

from didban.model.exchange.peers import PeerState  # noqa: TC001 - as above


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How it stands with one node.

    - `heard_at`: when it last answered us; what we hold of it is complete up to then. `called_at`:
      when it last called us. `failures`: of ours to reach it since, and the code of the last.
    - `skew_seconds`: by how much its clock is ahead of ours.
    - `to_come`: entries that it has for us; `owed`: entries of ours that it has not acknowledged,
      the oldest of them published at `owed_since`.
    - `stopped`: its feeds that do not go on here; `evidence`: pieces that nobody has closed.
    - `ends_at`: when its descriptor or key runs out.
    - `witnessed_at`: when it last saw our audit log; `unseen`: entries since; `witness_fault`: why it
      refuses our log.
    """

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


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkStatus:
    """All nodes that this one knows. `own_stopped`: feeds of ours that need a new epoch."""

    at: datetime
    nodes: tuple[Standing, ...]
    own_stopped: tuple[str, ...]
    own_ends_at: datetime | None
