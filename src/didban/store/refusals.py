"""What was refused or withdrawn, by keyed hashes of who it was about (PR-57)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from didban.model.disputes import EarlierRefusal, Ground
from didban.store.tables.attached import refusal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from didban.store.database import Transaction


def remember(
    tx: Transaction,
    digests: Iterable[bytes],
    *,
    record_id: str,
    ground: Ground,
    at: datetime,
    until: date,
) -> None:
    """Keep the hashes of a record that was refused or withdrawn, until that day."""
    rows = [
        {"digest": digest, "record": record_id, "ground": ground, "refused_at": at, "until": until}
        for digest in digests
    ]
    if rows:
        tx.execute(insert(refusal).values(rows).on_conflict_do_nothing())


def earlier(
    tx: Transaction, digests: Iterable[bytes], *, beside: str = ""
) -> tuple[EarlierRefusal, ...]:
    """Return the refusals that one of these hashes recognises, oldest first.

    - `beside`: a record whose own refusals are left out.
    """
    query = (
        select(refusal.c.record, refusal.c.refused_at, refusal.c.ground)
        .where(refusal.c.digest.in_(set(digests)), refusal.c.record != beside)
        .distinct()
        .order_by(refusal.c.refused_at)
    )
    return tuple(
        EarlierRefusal(refused_at=row.refused_at, ground=Ground(row.ground))
        for row in tx.execute(query)
    )


def forget_older(tx: Transaction, today: date) -> int:
    """Delete what is remembered no longer; return how much."""
    return tx.execute(delete(refusal).where(refusal.c.until < today)).rowcount
