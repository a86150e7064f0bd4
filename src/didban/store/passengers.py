"""Passenger lists in the database."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update

from didban.ids import new_id
from didban.model.checks import AskedFor, KeptCheck
from didban.model.passengers import Passenger, PassengerList, Unmasking
from didban.model.records import Record
from didban.store.tables.passengers import passenger, passenger_list, passenger_unmasking

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from didban.store.database import Transaction


def keep(
    tx: Transaction, new: PassengerList, asked: Sequence[Record], found: Mapping[int, str]
) -> None:
    """Keep a list with its passengers; `found` names the checks by position."""
    tx.execute(insert(passenger_list).values(asdict(new)))
    rows = [
        {"list": new.id, "position": at, "asked": one.to_json(), "check": found.get(at)}
        for at, one in enumerate(asked)
    ]
    if rows:
        tx.execute(insert(passenger), rows)


def get(tx: Transaction, list_id: str, authority: str) -> PassengerList | None:
    """Return a list of this authority, or None."""
    query = select(passenger_list).where(
        passenger_list.c.id == list_id, passenger_list.c.authority == authority
    )
    row = tx.execute(query).one_or_none()
    return _list_of(row) if row else None


def listed(
    tx: Transaction, authority: str, *, before: int | None, most: int
) -> list[tuple[int, PassengerList]]:
    """Return an authority's lists with their numbers, the latest first."""
    query = select(passenger_list).where(passenger_list.c.authority == authority)
    if before is not None:
        query = query.where(passenger_list.c.number < before)
    rows = tx.execute(query.order_by(passenger_list.c.number.desc()).limit(most))
    return [(row.number, _list_of(row)) for row in rows]


def passengers(
    tx: Transaction, list_id: str, *, unmasked: bool, after: int = -1, most: int | None = None
) -> list[Passenger]:
    """Return the passengers of a list in its order; masked ones without content unless `unmasked`."""
    query = (
        select(passenger)
        .where(passenger.c.list == list_id, passenger.c.position > after)
        .order_by(passenger.c.position)
        .limit(most)
    )
    return [_passenger_of(row, unmasked=unmasked) for row in tx.execute(query)]


def of_id(tx: Transaction, list_id: str) -> PassengerList | None:
    """Return a list, whoever's it is: for the node's own work."""
    row = tx.execute(select(passenger_list).where(passenger_list.c.id == list_id)).one_or_none()
    return _list_of(row) if row else None


def open_lists(tx: Transaction) -> list[str]:
    """Return the lists that are not masked yet."""
    return list(tx.scalars(select(passenger_list.c.id).where(passenger_list.c.masked_at.is_(None))))


def found(tx: Transaction, one: Passenger, check_id: str) -> None:
    """Note the check that found a passenger after all."""
    tx.execute(
        update(passenger)
        .where(passenger.c.list == one.list, passenger.c.position == one.position)
        .values(check=check_id)
    )


def check_of(kept: PassengerList, one: Passenger, *, mode: str) -> KeptCheck:
    """Return the check that a passenger's screening was, as it would have been kept."""
    origin = f"{kept.id}:{one.position}"
    asked = (AskedFor(origin=origin, record=one.asked),) if one.asked else ()
    return KeptCheck(
        id=new_id("chk"),
        at=kept.at,
        user=kept.user,
        device=kept.device,
        authority=kept.authority,
        clearance=kept.clearance,
        purpose=kept.purpose,
        reference=kept.reference,
        place=kept.place,
        mode=mode,
        verdict="no_match",
        asked=asked,
        chip=None,
        lag=0.0,
        is_degraded=False,
    )


def unmasked_on(tx: Transaction, list_id: str, now: datetime) -> bool:
    """Return whether a confirmed request lets a masked list be seen at this moment."""
    query = select(passenger_unmasking.c.id).where(
        passenger_unmasking.c.list == list_id, passenger_unmasking.c.ends_at > now
    )
    return tx.execute(query.limit(1)).one_or_none() is not None


def request_unmasking(tx: Transaction, new: Unmasking) -> None:
    """Keep a request to see a masked list again."""
    tx.execute(insert(passenger_unmasking).values(asdict(new)))


def unmaskings(tx: Transaction, list_id: str) -> list[Unmasking]:
    """Return the requests to see a list again that nobody confirmed yet, the oldest first."""
    waiting = (passenger_unmasking.c.list == list_id, passenger_unmasking.c.confirmed_by.is_(None))
    query = select(passenger_unmasking).where(*waiting)
    rows = tx.execute(query.order_by(passenger_unmasking.c.requested_at)).mappings()
    return [Unmasking(**row) for row in rows]


def unmasking(tx: Transaction, unmasking_id: str, authority: str) -> Unmasking | None:
    """Return a request about a list of this authority, so that nobody else confirms it meanwhile."""
    query = (
        select(passenger_unmasking)
        .join(passenger_list, passenger_list.c.id == passenger_unmasking.c.list)
        .where(passenger_unmasking.c.id == unmasking_id, passenger_list.c.authority == authority)
        .with_for_update(of=passenger_unmasking)
    )
    row = tx.execute(query).one_or_none()
    return Unmasking(**row._mapping) if row else None  # noqa: SLF001 - SQLAlchemy's public name


def confirm_unmasking(tx: Transaction, confirmed: Unmasking) -> None:
    """Keep who confirmed a request, and until when it holds."""
    values = asdict(confirmed)
    own = ("confirmed_by", "confirmed_at", "ends_at")
    tx.execute(
        update(passenger_unmasking)
        .where(passenger_unmasking.c.id == confirmed.id)
        .values({name: values[name] for name in own})
    )


def mask_due(tx: Transaction, now: datetime, *, most: int) -> int:
    """Mask who was not found on lists whose day is over; return how many lists."""
    due = (
        select(passenger_list.c.id)
        .where(passenger_list.c.mask_at <= now, passenger_list.c.masked_at.is_(None))
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    ids = list(tx.scalars(due))
    if ids:
        not_found = (passenger.c.list.in_(ids), passenger.c.check.is_(None))
        tx.execute(update(passenger).where(*not_found).values(is_masked=True))
        tx.execute(update(passenger_list).where(passenger_list.c.id.in_(ids)).values(masked_at=now))
    return len(ids)


def delete_due(tx: Transaction, today: date, *, most: int) -> int:
    """Delete lists whose term is over, with everything in them; return how many."""
    due = (
        select(passenger_list.c.id)
        .where(passenger_list.c.kept_until <= today)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    ids = list(tx.scalars(due))
    if ids:
        tx.execute(delete(passenger_list).where(passenger_list.c.id.in_(ids)))
    return len(ids)


def _list_of(row: Any) -> PassengerList:
    fields = PassengerList.__dataclass_fields__
    return PassengerList(**{name: getattr(row, name) for name in fields})


def _passenger_of(row: Any, *, unmasked: bool) -> Passenger:
    made = Passenger(
        list=row.list,
        position=row.position,
        asked=Record.from_json(row.asked),
        check=row.check,
        is_masked=row.is_masked,
    )
    return made if unmasked or not row.is_masked else replace(made, asked=None)
