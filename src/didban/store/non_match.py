"""Non-match tokens in the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select, update

from didban.ids import new_id
from didban.model.non_match import digest
from didban.store.tables.hits import hit, non_match_token

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from didban.model.records import Record
    from didban.store.database import Transaction


def issue(tx: Transaction, token: bytes, *, hit_id: str, record: str, at: datetime, by: str) -> str:
    """Keep a token; return its identifier."""
    token_id = new_id("ntk")
    values = {"id": token_id, "digest": token, "hit": hit_id, "record": record}
    tx.execute(insert(non_match_token).values(**values, issued_at=at, issued_by=by))
    return token_id


def revoke(tx: Transaction, hit_id: str, at: datetime) -> None:
    """End the tokens of a hit: it was reopened."""
    tx.execute(
        update(non_match_token)
        .where(non_match_token.c.hit == hit_id, non_match_token.c.revoked_at.is_(None))
        .values(revoked_at=at)
    )


def silenced(
    tx: Transaction, key: bytes, asked: Record, listed: Iterable[Record]
) -> frozenset[str]:
    """Return the identifiers of those records about which this asking stays silent (PR-25).

    - `key`: the secret `non-match`; `asked`: as it is looked for; `listed`: the records found.

    Whoever calls it still keeps the matches, for the data-protection officer to see.
    """
    tokens = {record.id: digest(key, asked, record) for record in listed}
    if not tokens:
        return frozenset()
    query = select(non_match_token.c.digest).where(
        non_match_token.c.digest.in_(set(tokens.values())), non_match_token.c.revoked_at.is_(None)
    )
    known = {bytes(row.digest) for row in tx.execute(query)}
    return frozenset(record_id for record_id, token in tokens.items() if token in known)


def counted(tx: Transaction, authority: str | None) -> list[tuple[str, int, int]]:
    """Return authority, living tokens and revoked ones, of one authority's hits or of all (None)."""
    living = func.count().filter(non_match_token.c.revoked_at.is_(None))
    query = (
        select(hit.c.authority, living, func.count(non_match_token.c.revoked_at))
        .join(hit, hit.c.id == non_match_token.c.hit)
        .group_by(hit.c.authority)
        .order_by(hit.c.authority)
    )
    if authority is not None:
        query = query.where(hit.c.authority == authority)
    return [(code, alive, revoked) for code, alive, revoked in tx.execute(query)]
