"""Sliding windows: what users lately did, and for whom they looked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select

from didban.store.tables.access import user_account
from didban.store.tables.signals import lookup, recent_use

if TYPE_CHECKING:
    from datetime import datetime

    from didban.store.database import Transaction


def wait_turn(tx: Transaction, user: str) -> None:
    """Stand in line with the user's other requests, until the end of the transaction.

    So that many at once do not get past a limit that each of them alone keeps.
    """
    key = func.hashtextextended(f"limits {user}", 0)
    tx.execute(select(func.pg_advisory_xact_lock(key)))


def add_use(tx: Transaction, user: str, kind: str, *, amount: int, at: datetime) -> None:
    """Add what a user did."""
    tx.execute(insert(recent_use).values(user=user, kind=kind, at=at, amount=amount))


def used(tx: Transaction, user: str, kind: str, *, since: datetime) -> tuple[int, datetime | None]:
    """Return how much a user did of a kind since then, and when the first of it was."""
    use = recent_use.c
    query = select(func.coalesce(func.sum(use.amount), 0), func.min(use.at))
    row = tx.execute(query.where(use.user == user, use.kind == kind, use.at > since)).one()
    return int(row[0]), row[1]


def add_lookup(tx: Transaction, user: str, person: bytes, *, at: datetime) -> None:
    """Add that a user looked for a person."""
    tx.execute(insert(lookup).values(user=user, person=person, at=at))


def count_lookups(tx: Transaction, user: str, person: bytes, *, since: datetime) -> int:
    """Return how often a user looked for a person since then."""
    query = select(func.count()).select_from(lookup)
    found = query.where(lookup.c.user == user, lookup.c.person == person, lookup.c.at > since)
    return int(tx.scalar(found) or 0)


def forget_lookups(tx: Transaction, user: str, person: bytes) -> None:
    """Forget how often a user looked for a person."""
    tx.execute(delete(lookup).where(lookup.c.user == user, lookup.c.person == person))


def own_person(tx: Transaction, user: str) -> bytes | None:
    """Return the hash of who a user is themselves, if it was given."""
    query = select(user_account.c.own_person).where(user_account.c.id == user)
    found: bytes | None = tx.scalar(query)
    return found


def delete_older(tx: Transaction, *, uses: datetime, lookups: datetime, limit: int) -> int:
    """Erase what is older than any window; return how much."""
    total = 0
    for table, than in ((recent_use, uses), (lookup, lookups)):
        old = select(table.c.number).where(table.c.at < than).limit(limit)
        total += tx.execute(delete(table).where(table.c.number.in_(old))).rowcount
    return total
