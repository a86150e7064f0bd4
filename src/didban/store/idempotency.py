"""Answers kept under the key that a client gave: one for each actor, route and key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from didban.store.tables.idempotency import idempotency_key

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from didban.store.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an answer is kept."""

    actor: str
    route: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An answer that was given before, and the hash of the request that it was given to.

    `mentions`: identifiers in the answer, those of records among them.
    """

    body_hash: bytes
    status: int
    answer: bytes
    mentions: tuple[str, ...]


def take(tx: Transaction, place: Place, body_hash: bytes, *, now: datetime) -> Kept | None:
    """Take a key for this transaction, or return the answer that is kept under it.

    Waits while another transaction holds the same key, as long as the database waits for locks. A
    transaction that fails leaves the key free.
    """
    values = {
        "actor": place.actor,
        "route": place.route,
        "key": place.key,
        "body_hash": body_hash,
        "made_at": now,
    }
    taken = insert(idempotency_key).values(values).on_conflict_do_nothing()
    while tx.scalar(taken.returning(idempotency_key.c.key)) is None:
        found = tx.execute(select(idempotency_key).where(*_at(place))).one_or_none()
        if found is not None:  # else it was forgotten between the two, and is free
            return Kept(
                body_hash=found.body_hash,
                status=found.status,
                answer=found.answer,
                mentions=tuple(found.mentions),
            )
    return None


def keep(
    tx: Transaction, place: Place, *, status: int, answer: bytes, mentions: Collection[str]
) -> None:
    """Keep the answer under a key that this transaction took.

    - `mentions`: identifiers of records in the answer, by which erasure finds it.
    """
    values = {"status": status, "answer": answer, "mentions": list(mentions)}
    tx.execute(update(idempotency_key).where(*_at(place)).values(values))


def forget(tx: Transaction, record_id: str) -> None:
    """Delete every kept answer that speaks of a record (PR-31)."""
    tx.execute(delete(idempotency_key).where(idempotency_key.c.mentions.contains([record_id])))


def forget_before(tx: Transaction, moment: datetime) -> int:
    """Delete the answers kept before a moment; return how many."""
    return tx.execute(delete(idempotency_key).where(idempotency_key.c.made_at < moment)).rowcount


def _at(place: Place) -> list[ColumnElement[bool]]:
    columns = idempotency_key.c
    return [columns.actor == place.actor, columns.route == place.route, columns.key == place.key]
