"""Entries of the audit log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert

from didban.store.tables.audit import audit_entry

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from didban.model.actors import Actor
    from didban.model.deeds import Deed
    from didban.store.database import Transaction


def append(
    tx: Transaction,
    actor: Actor,
    deed: Deed,
    *,
    at: datetime,
    subject: str,
    facts: Mapping[str, str | int | bool],
) -> None:
    """Append one entry."""
    tx.execute(
        insert(audit_entry).values(
            at=at,
            actor=actor.user,
            authority=actor.authority,
            purpose=actor.purpose,
            reference=actor.reference,
            place=actor.place,
            deed=deed,
            subject=subject,
            facts=dict(facts),
        )
    )
