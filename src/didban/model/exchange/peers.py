"""Another node as ours knows it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from didban.errors import BadSignature, Malformed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from didban.model.exchange.descriptors import Descriptor, OnlineKey, SealingKey


class PeerState(StrEnum):
    """Whether we speak with a node. Only one that is `PINNED` gets anything."""

    PROPOSED = "proposed"  # its descriptor is here; its fingerprint was not compared yet
    PINNED = "pinned"
    QUARANTINED = "quarantined"  # by itself, with evidence; a person decides how to go on
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """A node and what it says of itself.

    - `online_keys`: of every version of its descriptor, by identifier: old ones check old entries.
    """

    node: str
    state: PeerState
    descriptor: Descriptor
    online_keys: Mapping[str, OnlineKey]

    def public_of(self, key: str) -> bytes:
        """Return a signing key of this node. Raises BadSignature where it has none of that name."""
        if key not in self.online_keys:
            raise BadSignature("the key is none of this node's")
        return self.online_keys[key].public

    def require_window(self, key: str, moment: datetime) -> None:
        """Return if the key may sign what bears that time. Raises BadSignature."""
        if not self.online_keys[key].may_sign_at(moment):
            raise BadSignature("the key may not sign what bears this time")

    def sealing_key(self, now: datetime) -> SealingKey:
        """Return the key under which bodies for it are sealed now. Raises Malformed without one."""
        standing = [key for key in self.descriptor.sealing_keys if now < key.valid_until]
        if not standing:
            raise Malformed("the node has no sealing key that is valid")
        return standing[0]

    def speaks_for(self, authority: str) -> bool:
        """Return whether the node may publish what this authority owns (PR-07)."""
        return any(one.code == authority for one in self.descriptor.authorities)
