"""What must not leave at the moment of the deed, because that moment tells something (PR-53).

It is kept with the deed, and published in the bilateral feed by a duty when it is due.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from didban.exchange import feeds
from didban.store.exchange import links, peers

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from didban.exchange.identity import Identity
    from didban.model.exchange.feeds import Item
    from didban.store.database import Database, Transaction

_AT_ONCE: Final = 200


def send(tx: Transaction, node: str, items: Sequence[Item], due_at: datetime) -> None:
    """Publish to a node when it is due, and not before. Erased with its record until then."""
    for item in items:
        links.add_later(tx, node, item, due_at)


def run_due(
    database: Database, now: datetime, *, identity_of: Callable[[Transaction], Identity]
) -> int:
    """Publish what is due; return how much that was. What is for a node that is gone is dropped."""
    total = 0
    while taken := _publish(database, now, identity_of):
        total += taken
    return total


def _publish(
    database: Database, now: datetime, identity_of: Callable[[Transaction], Identity]
) -> int:
    with database.begin() as tx:
        due = links.take_due(tx, now, _AT_ONCE)
        if not due:
            return 0
        me = identity_of(tx)
        pinned = {peer.node for peer in peers.pinned(tx)}
        for node, group in groupby(sorted(due, key=lambda one: one[0]), key=lambda one: one[0]):
            if node in pinned:
                items = [item for _, item in group]
                feeds.publish(tx, me, feeds.talk(tx, me, node, now), items, now)
    return len(due)
