"""What a node says of itself: whose it is, and whether it is for training."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import insert, inspect, select

from didban.store.tables.operation import node

if TYPE_CHECKING:
    from datetime import datetime

    from didban.store.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeRow:
    """One node. `host` is the code of the authority that runs it."""

    host: str
    is_training: bool
    made_at: datetime


def get(tx: Transaction) -> NodeRow | None:
    """Return what the node says of itself, or None where none was made."""
    if not inspect(tx).has_table(node.name):
        return None
    row = tx.execute(select(node)).one_or_none()
    if row is None:
        return None
    return NodeRow(host=row.host, is_training=row.is_training, made_at=row.made_at)


def add(tx: Transaction, new: NodeRow) -> None:
    """Say what the node is; there can be one only."""
    from didban.store import erasure  # noqa: PLC0415 - it loads every room; a node is made once

    values = {"host": new.host, "is_training": new.is_training, "made_at": new.made_at}
    tx.execute(insert(node).values(values))
    erasure.make_key(tx)
