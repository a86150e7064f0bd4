"""Another node as ours knows it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from didban.errors import BadSignature, Expired, UnknownKey
from didban.model.exchange.descriptors import NodeRole

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
    - `authorities`: codes of those for which we agreed that it speaks; `desks`: of those for which
      it writes, also where they own nothing.
    """

    node: str
    state: PeerState
    descriptor: Descriptor
    online_keys: Mapping[str, OnlineKey]
    authorities: frozenset[str] = frozenset()
    desks: frozenset[str] = frozenset()

    def public_of(self, key: str) -> bytes:
        """Return a signing key of this node. Raises UnknownKey where it has none of that name."""
        if key not in self.online_keys:
            raise UnknownKey("the key is none of this node's")
        return self.online_keys[key].public

    def require_window(self, key: str, moment: datetime) -> None:
        """Return if the key may sign what bears that time.

        Raises BadSignature; Expired where only its time was over, which a renewal of the
        descriptor mends.
        """
        known = self.online_keys[key]
        if known.may_sign_at(moment):
            return
        if known.compromised_since is None and moment >= known.valid_until:
            raise Expired("the time of the key was over: its node renews the descriptor")
        raise BadSignature("the key may not sign what bears this time")

    def sealing_key(self, now: datetime) -> SealingKey:
        """Return the key under which bodies for it are sealed now.

        The one that stands longest if none stands any more: that another node forgot to renew its
        descriptor never stops a deed of ours. It gets nothing before it has.
        """
        standing = [key for key in self.descriptor.sealing_keys if now < key.valid_until]
        return standing[0] if standing else max(self.descriptor.sealing_keys, key=_end)

    def is_fresh(self, now: datetime) -> bool:
        """Return whether the newest descriptor stands. A node without one gets nothing."""
        return now < self.descriptor.expires_at

    def speaks_for(self, authority: str) -> bool:
        """Return whether the node may publish what this authority owns (PR-07).

        Those count that a person here agreed to. A secretariat owns nothing.
        """
        if self.descriptor.role is NodeRole.SECRETARIAT:
            return False
        return authority in self.authorities and self._names(authority)

    def writes_for(self, authority: str) -> bool:
        """Return whether the node may send what this authority's desk writes: a secretariat too."""
        return authority in self.desks and self._names(authority)

    def _names(self, authority: str) -> bool:
        return any(one.code == authority for one in self.descriptor.authorities)


def _end(key: SealingKey) -> datetime:
    return key.valid_until
