"""What is about to run out: our descriptor and those of others, keys, certificates, the charter.

A root of trust that ran out unseen stops a network at once, on a day that nobody chose. So each is
told of 60, 30 and 7 days ahead and on the day itself, once each time, and stands in the status.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Protocol

from didban.exchange import ours
from didban.guard.crypto.certificates import end_of
from didban.store.exchange import peers, warnings

if TYPE_CHECKING:
    from datetime import datetime

    from didban.model.exchange.descriptors import Descriptor
    from didban.store.database import Database, Transaction

DAYS: Final = (60, 30, 7, 0)
"""How many days ahead of an end it is told of."""


class Ending(StrEnum):
    """What ends."""

    DESCRIPTOR = "descriptor"
    SIGNING_KEY = "signing_key"
    CERTIFICATE = "certificate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expiry:
    """Something of a node that ends, and who has to act: that node. `is_ours`: we have to."""

    node: str
    what: Ending
    ends_at: datetime
    is_ours: bool

    def days_left(self, now: datetime) -> int:
        """Return how many whole days are left; less than none where it has run out."""
        return (self.ends_at - now) // timedelta(days=1)


class Told(Protocol):
    """What tells a person that something ends."""

    def __call__(self, tx: Transaction, ends: Expiry, /) -> None:
        """Tell them."""


def ahead(tx: Transaction) -> list[Expiry]:
    """Return what ends, ours and of the nodes that are pinned; what ends first, first."""
    mine = ours.published(tx)
    found = [] if mine is None else _of(mine, is_ours=True)
    for peer in peers.pinned(tx):
        found += _of(peer.descriptor, is_ours=False)
    return sorted(found, key=lambda one: (one.ends_at, one.node, one.what))


def run_due(database: Database, now: datetime, *, told: Told) -> int:
    """Tell of everything that ends in so many days, once for each of `DAYS`; return of how many."""
    count = 0
    with database.begin() as tx:
        for one in ahead(tx):
            stage = min(
                (day for day in DAYS if one.ends_at - now <= timedelta(days=day)), default=None
            )
            if stage is None:
                continue
            if warnings.add(tx, f"{one.node} {one.what}", one.ends_at, stage, now):
                told(tx, one)
                count += 1
    return count


def _of(said: Descriptor, *, is_ours: bool) -> list[Expiry]:
    """Return what ends of one node: the key that signs, where it ends before the descriptor does."""
    ends = {Ending.DESCRIPTOR: said.expires_at}
    standing = [key for key in said.online_keys if key.compromised_since is None]
    last = max((key.valid_until for key in standing), default=said.expires_at)
    if last < said.expires_at:
        ends[Ending.SIGNING_KEY] = last
    certificate = end_of(said.certificate) if said.certificate else None
    if certificate is not None:
        ends[Ending.CERTIFICATE] = certificate
    return [
        Expiry(node=said.node, what=what, ends_at=at, is_ours=is_ours) for what, at in ends.items()
    ]
