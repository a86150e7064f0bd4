"""The authorities that take part in a bank."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import or_, select, update
from sqlalchemy.dialects.postgresql import insert

from didban.model.actors import Authority, AuthorityKind
from didban.store.database import Topic, touch
from didban.store.tables.exchange_records import copy
from didban.store.tables.operation import node
from didban.store.tables.publications import source
from didban.store.tables.records import authority, record

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any

    from didban.store.database import Transaction


def add(tx: Transaction, new: Authority, *, now: datetime) -> bool:
    """Add an authority; return whether its code was free."""
    values = {
        "code": new.code,
        "name": new.name,
        "kind": new.kind,
        "country": new.country,
        "groups": list(new.groups),
        "created_at": now,
    }
    added = insert(authority).values(values).on_conflict_do_nothing()
    return tx.scalar(added.returning(authority.c.code)) is not None


def change(tx: Transaction, new: Authority) -> None:
    """Keep what an authority is called and is. Its groups stay as they are."""
    values = {"name": new.name, "kind": new.kind, "country": new.country}
    tx.execute(update(authority).where(authority.c.code == new.code).values(values))


def change_groups(tx: Transaction, code: str, groups: tuple[str, ...]) -> None:
    """Keep of which groups an authority is a member."""
    tx.execute(update(authority).where(authority.c.code == code).values(groups=list(groups)))
    touch(tx, Topic.READERS)


def get(tx: Transaction, code: str) -> Authority | None:
    """Return the authority of that code, or None."""
    row = tx.execute(select(authority).where(authority.c.code == code)).one_or_none()
    return _authority_of(row) if row else None


def host(tx: Transaction) -> Authority | None:
    """Return the authority that runs this node, or None before the node is made."""
    query = select(authority).join(node, node.c.host == authority.c.code)
    row = tx.execute(query).one_or_none()
    return _authority_of(row) if row else None


def listed(tx: Transaction, *, after: str, limit: int) -> list[Authority]:
    """Return authorities in the order of their codes, from behind one code on."""
    query = select(authority).where(authority.c.code > after).order_by(authority.c.code)
    return [_authority_of(row) for row in tx.execute(query.limit(limit))]


def has_said_here(tx: Transaction, code: str) -> bool:
    """Return whether an authority owns what was entered or published here, and no node sent."""
    sent = select(copy.c.record).where(copy.c.record == record.c.id).exists()
    entered = select(record.c.id).where(record.c.owner == code, ~sent)
    published = select(source.c.id).where(source.c.owner == code)
    return bool(tx.scalar(select(or_(entered.exists(), published.exists()))))


def _authority_of(row: Any) -> Authority:
    return Authority(
        code=row.code,
        name=row.name,
        kind=AuthorityKind(row.kind),
        country=row.country,
        groups=tuple(row.groups),
    )
