"""Versions of the charter of the network to which this node belongs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from didban.model.exchange.charters import NetworkCharter
from didban.store.tables.exchange_trust import charter

if TYPE_CHECKING:
    from datetime import datetime

    from didban.model.exchange.signed import Signed
    from didban.store.database import Transaction


def newest(tx: Transaction) -> NetworkCharter | None:
    """Return the charter in force, or None where this node belongs to no network with one."""
    query = select(charter.c.payload).order_by(charter.c.version.desc()).limit(1)
    payload = tx.scalar(query)
    return NetworkCharter.from_bytes(bytes(payload)) if payload is not None else None


def add(tx: Transaction, new: NetworkCharter, signed: Signed, *, by: str, now: datetime) -> None:
    """Keep a version as it was signed."""
    tx.execute(
        insert(charter).values(
            version=new.version,
            payload=signed.payload,
            signatures=signed.to_json()["signatures"],
            accepted_at=now,
            accepted_by=by,
        )
    )
