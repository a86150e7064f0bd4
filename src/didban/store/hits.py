"""Hits in the database: what the rooms of casework read and write.

`lock` is how every change of a hit begins: two people, or a person and a deadline, never move one
hit at the same time. What belongs to another authority is not there.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, exists, func, insert, select, update
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.dialects.postgresql import insert as upsert

from didban.model.alerts import Action
from didban.model.casework import Evidence, Hit, HitEntry, RunningClock
from didban.model.exchange.kinds import HITS
from didban.model.hits import OPEN, Clock, HitEvent, HitNote, HitState, Outcome, Whose
from didban.model.records import Record
from didban.store.exchange import feeds
from didban.store.tables.checks import match_made
from didban.store.tables.hits import (
    hit,
    hit_clock,
    hit_event,
    hit_seen,
    non_match_token,
    owner_question,
)
from didban.store.tables.records import authority, record

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from didban.model.casework import HitsWanted
    from didban.store.database import Transaction

_LATELY = 5_000  # entries of the histories of all hits
_NO_WORK = (HitNote.VIEWED, HitNote.ASSIGNED, HitNote.PUT_ASIDE)


def insert_hit(tx: Transaction, new: Hit) -> bool:
    """Add a hit; return False, and add nothing, where its match was taken up already."""
    added = upsert(hit).values(_columns(new)).on_conflict_do_nothing(index_elements=["match"])
    return tx.execute(added.returning(hit.c.id)).one_or_none() is not None


def lock(tx: Transaction, hit_id: str) -> Hit | None:
    """Return a hit and hold it until the transaction ends; None where there is none.

    For the owner's answer and for deadlines; people ask for `lock_own`.
    """
    return _one(tx, select(hit).where(hit.c.id == hit_id).with_for_update())


def lock_own(tx: Transaction, hit_id: str, of: str, open_to: frozenset[int]) -> Hit | None:
    """Return a hit of an authority and hold it, or None where it is not there for who asks."""
    query = select(hit).where(hit.c.id == hit_id, hit.c.authority == of, _is_open(open_to))
    return _one(tx, query.with_for_update(of=hit))


def listed(  # noqa: PLR0913 - whose, as who sees it, which of them, which page
    tx: Transaction,
    of: str,
    open_to: frozenset[int],
    wanted: HitsWanted,
    *,
    user: str,
    at: datetime,
    limit: int,
    after: int = 0,
) -> list[tuple[int, Hit]]:
    """Return hits of an authority with their numbers, oldest first.

    - `user`: who asks; their own are those assigned to them, and of those assigned to nobody the
      ones on which they did more than look and sort.
    """
    found = (hit.c.authority == of) & hit.c.state.in_(wanted.states) & _is_open(open_to)
    if wanted.due_before is not None:
        runs_out = hit_clock.c.due_at <= wanted.due_before
        found &= exists().where(hit_clock.c.hit == hit.c.id, runs_out)
    if wanted.whose is not None:
        did = (hit_event.c.actor == user) & hit_event.c.event.not_in(_NO_WORK)
        worked = exists().where(hit_event.c.hit == hit.c.id, did)
        is_free = hit.c.assignee.is_(None)
        mine = (hit.c.assignee == user) | (is_free & worked)
        found &= mine if wanted.whose is Whose.MINE else is_free & ~worked
    if wanted.is_aside is not None:
        found &= _is_aside(at) if wanted.is_aside else ~_is_aside(at)
    query = select(hit).where(found, hit.c.number > after).order_by(hit.c.number).limit(limit)
    return [(row.number, _hit(row)) for row in tx.execute(query)]


def count(
    tx: Transaction,
    of: str,
    open_to: frozenset[int],
    states: frozenset[HitState],
    *,
    at: datetime,
    is_aside: bool = False,
) -> int:
    """Return how many hits of an authority stand in these states and are put aside, or are not."""
    mine = (hit.c.authority == of) & hit.c.state.in_(states) & _is_open(open_to)
    mine &= _is_aside(at) if is_aside else ~_is_aside(at)
    return tx.scalar(select(func.count()).select_from(hit).where(mine)) or 0


def opened_since(
    tx: Transaction, of: str, open_to: frozenset[int], records: Collection[str], since: datetime
) -> list[tuple[str, datetime]]:
    """Return the records about which an authority has hits that began after a moment, and when."""
    mine = (hit.c.authority == of) & hit.c.record.in_(records) & _is_open(open_to)
    query = select(hit.c.record, hit.c.opened_at).where(mine, hit.c.opened_at > since)
    return [(row.record, row.opened_at) for row in tx.execute(query)]


def _is_aside(at: datetime) -> ColumnElement[bool]:
    return func.coalesce(hit.c.aside_until > at, False)


def about(
    tx: Transaction, of: str, open_to: frozenset[int], record_id: str, *, limit: int
) -> list[Hit]:
    """Return the hits of an authority about one record, newest first."""
    mine = (hit.c.authority == of) & (hit.c.record == record_id) & _is_open(open_to)
    query = select(hit).where(mine).order_by(hit.c.number.desc()).limit(limit)
    return [_hit(row) for row in tx.execute(query)]


def of_matches(
    tx: Transaction, of: str, open_to: frozenset[int], matches: Collection[str]
) -> list[Hit]:
    """Return the hits of an authority that began with these matches."""
    mine = (hit.c.authority == of) & hit.c.match.in_(matches) & _is_open(open_to)
    return [_hit(row) for row in tx.execute(select(hit).where(mine))]


def of_checks(
    tx: Transaction, of: str, open_to: frozenset[int], checks: Collection[str]
) -> list[Hit]:
    """Return the hits of an authority whose matches these checks found, in the order of taking up."""
    found = select(match_made.c.id).where(match_made.c.check.in_(checks))
    mine = (hit.c.authority == of) & hit.c.match.in_(found) & _is_open(open_to)
    return [_hit(row) for row in tx.execute(select(hit).where(mine).order_by(hit.c.number))]


def _is_open(open_to: frozenset[int]) -> ColumnElement[bool]:
    """Return that the hit's record is open to who asks, or erased: a hit tells of its record."""
    hidden = exists().where(record.c.id == hit.c.record, record.c.visibility.not_in(open_to))
    return ~hidden


def save(tx: Transaction, now: Hit) -> None:
    """Write a hit back. The caller has locked it."""
    tx.execute(update(hit).where(hit.c.id == now.id).values(_columns(now)))


def append(tx: Transaction, hit_id: str, entry: HitEntry) -> None:
    """Add one line to a hit's history."""
    values = {**asdict(entry), "facts": dict(entry.facts)}
    tx.execute(insert(hit_event).values(hit=hit_id, **values))


def history(tx: Transaction, hit_id: str) -> tuple[HitEntry, ...]:
    """Return what happened to a hit, in order."""
    query = select(hit_event).where(hit_event.c.hit == hit_id).order_by(hit_event.c.number)
    return tuple(
        HitEntry(
            at=row.at,
            actor=row.actor,
            authority=row.authority,
            event=row.event,
            state=HitState(row.state),
            facts=row.facts,
            words=row.words,
        )
        for row in tx.execute(query)
    )


def last_of(
    tx: Transaction, user: str, events: Collection[HitEvent], *, most: int
) -> list[HitEvent]:
    """Return what somebody decided last, the latest first, among what the whole desk did lately."""
    lately = select(func.max(hit_event.c.number) - _LATELY).scalar_subquery()
    did = (hit_event.c.actor == user) & hit_event.c.event.in_(events)
    query = select(hit_event.c.event).where(did, hit_event.c.number > lately)
    rows = tx.scalars(query.order_by(hit_event.c.number.desc()).limit(most))
    return [HitEvent(event) for event in rows]


def see(tx: Transaction, hit_id: str, user: str, items: Iterable[str], at: datetime) -> None:
    """Keep that a user acknowledged pieces of evidence; the first time counts."""
    rows = [{"hit": hit_id, "user": user, "item": item, "seen_at": at} for item in items]
    if rows:
        tx.execute(upsert(hit_seen).values(rows).on_conflict_do_nothing())


def seen(tx: Transaction, hit_id: str, user: str) -> dict[str, datetime]:
    """Return what a user acknowledged, and when."""
    query = select(hit_seen).where(hit_seen.c.hit == hit_id, hit_seen.c.user == user)
    return {row.item: row.seen_at for row in tx.execute(query)}


def unsee(tx: Transaction, hit_id: str) -> None:
    """Forget what was acknowledged: a reopened hit is looked at anew."""
    tx.execute(delete(hit_seen).where(hit_seen.c.hit == hit_id))


def start_clock(tx: Transaction, hit_id: str, clock: Clock, due_at: datetime) -> None:
    """Start a clock, or set a running one to another moment."""
    values = {"hit": hit_id, "clock": clock, "due_at": due_at}
    added = upsert(hit_clock).values(values)
    tx.execute(added.on_conflict_do_update(index_elements=["hit", "clock"], set_=values))


def stop_clocks(tx: Transaction, hit_id: str, clocks: Iterable[Clock]) -> None:
    """Stop clocks; those that do not run stay so."""
    tx.execute(delete(hit_clock).where(hit_clock.c.hit == hit_id, hit_clock.c.clock.in_(clocks)))


def clocks(tx: Transaction, hit_id: str) -> tuple[RunningClock, ...]:
    """Return the running clocks of a hit, soonest first."""
    query = select(hit_clock).where(hit_clock.c.hit == hit_id).order_by(hit_clock.c.due_at)
    return tuple(RunningClock(clock=Clock(r.clock), due_at=r.due_at) for r in tx.execute(query))


def soonest(tx: Transaction, hits: Iterable[str]) -> dict[str, RunningClock]:
    """Return the clock of each of these hits that runs out first."""
    query = select(hit_clock).where(hit_clock.c.hit.in_(set(hits)))
    query = query.ext(distinct_on(hit_clock.c.hit)).order_by(hit_clock.c.hit, hit_clock.c.due_at)
    return {r.hit: RunningClock(clock=Clock(r.clock), due_at=r.due_at) for r in tx.execute(query)}


def next_due(tx: Transaction, now: datetime) -> Hit | None:
    """Return and hold the hit with the oldest clock that ran out and that nobody else holds."""
    query = (
        select(hit)
        .join(hit_clock, hit_clock.c.hit == hit.c.id)
        .where(hit_clock.c.due_at <= now)
        .order_by(hit_clock.c.due_at)
        .limit(1)
        .with_for_update(of=hit, skip_locked=True)
    )
    return _one(tx, query)


def next_outdated(tx: Transaction) -> Hit | None:
    """Return and hold an open hit whose record changed or went since it was last looked at."""
    current = exists().where(
        record.c.id == hit.c.record,
        record.c.version == hit.c.record_version,
        record.c.is_searchable,
    )
    query = (
        select(hit)
        .where(hit.c.state.in_(OPEN), ~hit.c.is_record_gone, ~current)
        .order_by(hit.c.number)
        .limit(1)
        .with_for_update(of=hit, skip_locked=True)
    )
    return _one(tx, query)


def record_now(tx: Transaction, record_id: str) -> int | None:
    """Return the version of a record that is found, whoever may see it; None once it is not."""
    query = select(record.c.version).where(record.c.id == record_id, record.c.is_searchable)
    version = tx.scalar(query)
    return None if version is None else int(version)


def content_of(tx: Transaction, record_id: str) -> Record | None:
    """Return what a record describes, for the node's own comparison; None once it is erased."""
    content = tx.scalar(select(record.c.entity).where(record.c.id == record_id))
    return Record.from_json(content) if content else None


def kind_of_owner(tx: Transaction, owner: str) -> str:
    """Return what kind of authority an owner is."""
    return str(tx.scalar(select(authority.c.kind).where(authority.c.code == owner)))


def forget(tx: Transaction, record_id: str) -> int:
    """Take the personal content out of the hits about a record that is erased; return how many.

    What happened, when and by whom stays, with the bare identifier.
    """
    of_it = select(hit.c.id).where(hit.c.record == record_id).order_by(hit.c.id)
    about = list(tx.scalars(of_it.with_for_update()))  # whoever works on one writes it back whole
    for hit_id in about:
        empty(tx, hit_id)
    tx.execute(delete(non_match_token).where(non_match_token.c.record == record_id))
    return len(about)


def empty(tx: Transaction, hit_id: str) -> None:
    """Take the personal content out of a hit, its history and its questions.

    Its non-match token says nothing of anybody and stays (PR-25).
    """
    tx.execute(update(hit_event).where(hit_event.c.hit == hit_id).values(words=""))
    of_it = owner_question.c.hit == hit_id
    asked = update(owner_question).where(of_it).values(identity=None, words="")
    feeds.erase_bodies(tx, tx.scalars(asked.returning(owner_question.c.id)).all(), HITS)
    tx.execute(update(hit).where(hit.c.id == hit_id).values(asked=None, evidence=[]))


def _one(tx: Transaction, query: Any) -> Hit | None:
    row = tx.execute(query).one_or_none()
    return _hit(row) if row else None


def _columns(value: Hit) -> dict[str, Any]:
    columns = {name: getattr(value, name) for name in Hit.__dataclass_fields__}
    columns["asked"] = value.asked.to_json() if value.asked else None
    columns["evidence"] = [asdict(piece) for piece in value.evidence]
    return columns


def _hit(row: Any) -> Hit:
    columns = {name: getattr(row, name) for name in Hit.__dataclass_fields__}
    return Hit(
        **{
            **columns,
            "state": HitState(row.state),
            "asked": Record.from_json(row.asked) if row.asked else None,
            "evidence": tuple(Evidence(**piece) for piece in row.evidence),
            "action": Action(row.action) if row.action else None,
            "outcome": Outcome(row.outcome) if row.outcome else None,
        }
    )
