"""Which lists are offered and held, for who watches over them. Nothing of what they hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from didban.guard import access, audit
from didban.model.deeds import Deed
from didban.model.permissions import Permission
from didban.store.exchange import blind

if TYPE_CHECKING:
    from datetime import datetime

    from didban.match.blind_keys import BlindList
    from didban.model.actors import Actor
    from didban.store.database import Transaction

_TAGS_THERE_ARE: Final = 2.0**64


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRow:
    """One list, ours or another node's.

    - `is_ours`: offered by us to `node`, or offered by it to us.
    - `records`: of ours; None of another's. `tags`: with those of nobody.
    - `false_hits`: how often a key that is not listed is found all the same, by chance (PR-44).
    """

    node: str
    list: BlindList
    epoch: int
    is_ours: bool
    is_usable: bool
    ends_at: datetime
    tags: int
    records: int | None

    @property
    def false_hits(self) -> float:
        """The probability for one key."""
        return self.tags / _TAGS_THERE_ARE


def listed(tx: Transaction, actor: Actor, now: datetime) -> list[ListRow]:
    """Return every list that has not ended, ours first."""
    access.require(actor, Permission.EXCHANGE_PEER_READ)
    rows = []
    for one in blind.lists(tx):
        records, tags = blind.counts(tx, one)
        rows.append(
            ListRow(
                node=one.node,
                list=one.list,
                epoch=one.epoch,
                is_ours=True,
                is_usable=one.published_at is not None and now < one.ends_at,
                ends_at=one.ends_at,
                tags=tags,
                records=records,
            )
        )
    rows += [
        ListRow(
            node=one.node,
            list=one.list,
            epoch=one.epoch,
            is_ours=False,
            is_usable=one.is_whole and now < one.valid_until,
            ends_at=one.valid_until,
            tags=blind.count_held(tx, one),
            records=None,
        )
        for one in blind.held(tx)
    ]
    audit.enter(tx, actor, Deed.BLIND_LISTED, facts={"count": len(rows)})
    return rows
