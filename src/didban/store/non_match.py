"""Non-match tokens in the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as insert_new

from didban.ids import new_id
from didban.model.exchange.questions import ToldNonMatch
from didban.model.non_match import digest
from didban.model.records import Record
from didban.store.tables.asked import shared_non_match
from didban.store.tables.hits import hit, non_match_token

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

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
    tx: Transaction, key: bytes, asked: Record, listed: Collection[Record]
) -> frozenset[str]:
    """Return the identifiers of those records about which this asking stays silent (PR-25).

    - `key`: the secret `non_match`; `asked`: as it is looked for; `listed`: the records found.

    Whoever calls it still keeps the matches, for the data-protection officer to see.
    """
    tokens = {record.id: digest(key, asked, record) for record in listed}
    if not tokens:
        return frozenset()
    query = select(non_match_token.c.digest).where(
        non_match_token.c.digest.in_(set(tokens.values())), non_match_token.c.revoked_at.is_(None)
    )
    known = {bytes(row.digest) for row in tx.execute(query)}
    ours = frozenset(record_id for record_id, token in tokens.items() if token in known)
    return ours | _told_silent(tx, asked, {record.id: record for record in listed})


def _told_silent(tx: Transaction, asked: Record, listed: Mapping[str, Record]) -> frozenset[str]:
    """Return the records of which their owners told that they are not about who is asked for."""
    told = select(shared_non_match).where(shared_non_match.c.record.in_(set(listed)))
    return frozenset(
        row.record
        for row in tx.execute(told)
        if digest(bytes(row.salt), asked, listed[row.record]) == bytes(row.digest)
    )


def told_of(tx: Transaction, records: Collection[str]) -> list[ToldNonMatch]:
    """Return what owners told of these records."""
    query = select(shared_non_match).where(shared_non_match.c.record.in_(list(records)))
    return [
        ToldNonMatch(record=row.record, salt=bytes(row.salt), digest=bytes(row.digest))
        for row in tx.execute(query)
    ]


def issued_of(tx: Transaction, records: Collection[str]) -> list[tuple[str, bytes, Record]]:
    """Return record, token and who was asked for, of the living tokens of hits that have content."""
    token = non_match_token.c
    query = (
        select(token.record, token.digest, hit.c.asked)
        .join(hit, hit.c.id == token.hit)
        .where(token.record.in_(list(records)), token.revoked_at.is_(None))
        .where(hit.c.asked.is_not(None))
    )
    return [
        (row.record, bytes(row.digest), Record.from_json(row.asked)) for row in tx.execute(query)
    ]


def keep_told(tx: Transaction, told: ToldNonMatch, node: str, at: datetime) -> None:
    """Keep what an owner found, by its node."""
    values = {"record": told.record, "salt": told.salt, "digest": told.digest}
    added = insert_new(shared_non_match).values(**values, node=node, issued_at=at)
    tx.execute(added.on_conflict_do_nothing())


def forget(tx: Transaction, record_id: str) -> None:
    """Forget what was told about a record that is erased."""
    tx.execute(delete(shared_non_match).where(shared_non_match.c.record == record_id))


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
