"""Judgements about pairs of records in the database, as far as both ends are open to who asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from didban.model.person_files import JudgedPair, Judgement
from didban.store.tables.person_files import judged_pair
from didban.store.tables.records import record

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from didban.store.database import Transaction

_LOCK: Final = 7_402_511  # of the judgements as a whole: two must not contradict each other unseen


def hold(tx: Transaction) -> None:
    """Let nobody else judge until this transaction ends. Humans judge: nobody waits for long."""
    tx.execute(select(func.pg_advisory_xact_lock(_LOCK)))


def add(tx: Transaction, new: JudgedPair) -> bool:
    """Add a judgement; return False where one about the pair stands already."""
    values = {name: getattr(new, name) for name in JudgedPair.__dataclass_fields__}
    added = insert(judged_pair).values(values).on_conflict_do_nothing()
    return tx.execute(added.returning(judged_pair.c.id)).one_or_none() is not None


def undo(tx: Transaction, pair_id: str, *, at: datetime, by: str, reason: str) -> None:
    """Take a judgement back; it stays as history."""
    tx.execute(
        update(judged_pair)
        .where(judged_pair.c.id == pair_id, judged_pair.c.undone_at.is_(None))
        .values(undone_at=at, undone_by=by, undone_reason=reason)
    )


def get(tx: Transaction, pair_id: str, open_to: frozenset[int]) -> JudgedPair | None:
    """Return a judgement, or None where there is none for who asks."""
    row = tx.execute(select(judged_pair).where(judged_pair.c.id == pair_id)).one_or_none()
    if row is None:
        return None
    found = _pair(row)
    return found if found.ends <= present(tx, found.ends, open_to) else None


def present(
    tx: Transaction, record_ids: Collection[str], open_to: frozenset[int]
) -> frozenset[str]:
    """Return those of these records that are found and open to who asks."""
    query = select(record.c.id).where(
        record.c.id.in_(record_ids), record.c.visibility.in_(open_to), record.c.is_searchable
    )
    return frozenset(tx.scalars(query))


def connected(tx: Transaction, record_id: str, open_to: frozenset[int]) -> frozenset[str]:
    """Return the records that standing judgements "same" connect with one, itself among them.

    Only through records that are open to who asks: what lies behind another is not there.
    """
    return files(tx, (record_id,), open_to)[record_id]


def files(
    tx: Transaction, record_ids: Collection[str], open_to: frozenset[int]
) -> dict[str, frozenset[str]]:
    """Return what each of these records is connected with; see `connected`."""
    beside: dict[str, set[str]] = {name: set() for name in record_ids}
    edge = set(record_ids)
    while edge:
        query = select(judged_pair.c.left, judged_pair.c.right).where(
            judged_pair.c.judgement == Judgement.SAME,
            judged_pair.c.undone_at.is_(None),
            or_(judged_pair.c.left.in_(edge), judged_pair.c.right.in_(edge)),
        )
        pairs = [(row.left, row.right) for row in tx.execute(query)]
        edge = set(present(tx, {end for pair in pairs for end in pair} - beside.keys(), open_to))
        beside |= {name: set() for name in edge}
        for left, right in pairs:
            if left in beside and right in beside:
                beside[left].add(right)
                beside[right].add(left)
    return {name: _reached(name, beside) for name in record_ids}


def _reached(name: str, beside: Mapping[str, set[str]]) -> frozenset[str]:
    reached = {name}
    edge = {name}
    while edge:
        edge = {end for one in edge for end in beside[one]} - reached
        reached |= edge
    return frozenset(reached)


def standing(
    tx: Transaction, one: Collection[str], other: Collection[str], judgement: Judgement
) -> list[JudgedPair]:
    """Return the standing judgements of that kind between a record of `one` and one of `other`."""
    left, right = judged_pair.c.left, judged_pair.c.right
    query = (
        select(judged_pair)
        .where(
            judged_pair.c.judgement == judgement,
            judged_pair.c.undone_at.is_(None),
            or_(left.in_(one) & right.in_(other), left.in_(other) & right.in_(one)),
        )
        .order_by(judged_pair.c.made_at, judged_pair.c.id)
    )
    return [_pair(row) for row in tx.execute(query)]


def history(tx: Transaction, members: Collection[str], open_to: frozenset[int]) -> list[JudgedPair]:
    """Return every judgement about these records, of which both ends are open to who asks."""
    query = (
        select(judged_pair)
        .where(or_(judged_pair.c.left.in_(members), judged_pair.c.right.in_(members)))
        .order_by(judged_pair.c.made_at, judged_pair.c.id)
    )
    found = [_pair(row) for row in tx.execute(query)]
    seen = present(tx, {end for pair in found for end in pair.ends}, open_to)
    return [pair for pair in found if pair.ends <= seen]


def sampled(
    tx: Transaction, authority: str, open_to: frozenset[int], *, limit: int
) -> list[JudgedPair]:
    """Return standing judgements of an authority, drawn by lot, of which both ends are open."""
    query = (
        select(judged_pair)
        .where(judged_pair.c.authority == authority, judged_pair.c.undone_at.is_(None))
        .order_by(func.random())
        .limit(limit)
    )
    found = [_pair(row) for row in tx.execute(query)]
    seen = present(tx, {end for pair in found for end in pair.ends}, open_to)
    return [pair for pair in found if pair.ends <= seen]


def forget(tx: Transaction, record_id: str) -> int:
    """Take out every judgement about a record that is erased; return how many."""
    about = or_(judged_pair.c.left == record_id, judged_pair.c.right == record_id)
    return tx.execute(delete(judged_pair).where(about)).rowcount


def _pair(row: Any) -> JudgedPair:
    columns = {name: getattr(row, name) for name in JudgedPair.__dataclass_fields__}
    return JudgedPair(**{**columns, "judgement": Judgement(row.judgement)})
