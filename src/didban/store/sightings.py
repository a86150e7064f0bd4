"""Where stolen and lost documents turned up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from didban import ids
from didban.store.tables.attached import sighting

if TYPE_CHECKING:
    from datetime import datetime

    from didban.store.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One time that a document turned up: before whom, where and when."""

    authority: str
    place: str
    seen_at: datetime


def add(
    tx: Transaction, record_id: str, *, authority: str, place: str, hit: str | None, at: datetime
) -> None:
    """Add a sighting, unless the same hit has one."""
    values = {
        "id": ids.new_id("sgt"),
        "record": record_id,
        "authority": authority,
        "place": place,
        "hit": hit,
        "seen_at": at,
    }
    tx.execute(insert(sighting).values(values).on_conflict_do_nothing(index_elements=["hit"]))


def of_record(tx: Transaction, record_id: str) -> list[Sighting]:
    """Return the sightings of a document, oldest first."""
    query = select(sighting).where(sighting.c.record == record_id).order_by(sighting.c.seen_at)
    return [
        Sighting(authority=row.authority, place=row.place, seen_at=row.seen_at)
        for row in tx.execute(query)
    ]
