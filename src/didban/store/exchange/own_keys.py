"""Our own private keys, sealed. What they are for stands in our descriptor."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select

from didban.store.tables.exchange_trust import descriptor, own_key
from didban.store.tables.operation import node

if TYPE_CHECKING:
    from datetime import datetime

    from didban.store.database import Transaction


class KeyUse(StrEnum):
    """What a key is for."""

    SIGNING = "signing"
    SEALING = "sealing"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnKey:
    """A private key as it is kept. `valid_until`: after that nobody uses it for something new."""

    id: str
    use: KeyUse
    suite: str
    sealed: bytes
    made_at: datetime
    valid_until: datetime


def add(tx: Transaction, new: OwnKey) -> None:
    """Keep a key."""
    values = {name: getattr(new, name) for name in OwnKey.__dataclass_fields__}
    tx.execute(insert(own_key).values(values))


def all_of(tx: Transaction) -> list[OwnKey]:
    """Return every key, the oldest first."""
    rows = tx.execute(select(own_key).order_by(own_key.c.made_at, own_key.c.id))
    return [
        OwnKey(
            id=row.id,
            use=KeyUse(row.use),
            suite=row.suite,
            sealed=bytes(row.sealed),
            made_at=row.made_at,
            valid_until=row.valid_until,
        )
        for row in rows
    ]


def stamp(tx: Transaction) -> tuple[int, int]:
    """Return what is different whenever our keys or our descriptor changed."""
    versions = (
        select(func.count()).select_from(descriptor).join(node, node.c.host == descriptor.c.node)
    )
    keys = select(func.count()).select_from(own_key)
    row = tx.execute(select(keys.scalar_subquery(), versions.scalar_subquery())).one()
    return int(row[0]), int(row[1])
