"""Which records an actor may know of: a set of numbers, decided once and used in every query."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from didban.model.marking import Confidentiality, Visibility
from didban.store.tables.records import visibility

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Row

    from didban.model.actors import Actor
    from didban.store.database import Transaction


def open_to(tx: Transaction, actor: Actor) -> frozenset[int]:
    """Return the visibility numbers that are open to an actor (`Visibility.is_open_to`).

    The table has few rows, and the rule stays where it is tested: in the model.
    """
    return frozenset(
        row.number for row in tx.execute(select(visibility)) if visibility_of(row).is_open_to(actor)
    )


def owned_by(tx: Transaction, owners: Collection[str]) -> frozenset[int]:
    """Return the visibility numbers of what these owners say."""
    return frozenset(tx.scalars(select(visibility.c.number).where(visibility.c.owner.in_(owners))))


def every_number(tx: Transaction) -> frozenset[int]:
    """Return every visibility number: for what is done about the bank as a whole, never for show."""
    return frozenset(tx.scalars(select(visibility.c.number)))


def number_of(tx: Transaction, wanted: Visibility) -> int:
    """Return the number of a visibility, which is given one if it has none yet."""
    values = {
        "owner": wanted.owner,
        "audience": sorted(set(wanted.audience)),
        "excluded": sorted(set(wanted.excluded)),
        "confidentiality": int(wanted.confidentiality),
    }
    same = [visibility.c[name] == value for name, value in values.items()]
    known = select(visibility.c.number).where(*same)
    if (number := tx.scalar(known)) is None:
        tx.execute(insert(visibility).values(values).on_conflict_do_nothing())
        number = tx.execute(known).scalar_one()
    return int(number)


def visibility_of(row: Row[Any]) -> Visibility:
    """Return the value of a row that has the columns of `visibility`."""
    return Visibility(
        owner=row.owner,
        audience=tuple(row.audience),
        excluded=tuple(row.excluded),
        confidentiality=Confidentiality(row.confidentiality),
    )
