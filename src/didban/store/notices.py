"""Notices and diffusions in the database. Nothing here decides; `casework.notices` does."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from didban.model.alerts import NoticeType
from didban.model.bank import FOUND
from didban.model.exchange.notices import NoticeSaid
from didban.model.notices import (
    ENDED,
    STANDING,
    Basis,
    Dossier,
    Flag,
    JudicialDocument,
    Matter,
    NoticeForm,
    NoticeState,
    RefugeeCheck,
)
from didban.store.arrays import is_one_of
from didban.store.record_rows import alert_json, alert_of
from didban.store.tables.notices import notice, notice_event, notice_reader, received_notice
from didban.store.tables.records import record

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from didban.model.alerts import Alert
    from didban.store.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A notice or diffusion as its authority keeps it.

    - `record`: of this authority, whom or what it is about; it bears `alert` while the notice
      stands, for `audience` (tokens of `model.marking`).
    - `alert`, `dossier`: None once they were erased.
    - `version`: of what was published, 0 before; `ends_on`: its last day.
    - `review_due_at`: while its review is awaited; `cancel_due_at`: once it is fulfilled.
    - `review_node`, `review_rev`: the secretariat that it was handed to last, and what it was given.
    """

    id: str
    authority: str
    form: NoticeForm
    colour: NoticeType
    record: str
    state: NoticeState
    alert: Alert | None
    dossier: Dossier | None
    audience: tuple[str, ...]
    drafted_by: str
    changed_at: datetime
    version: int = 0
    flags: frozenset[Flag] = frozenset()
    is_urgent: bool = False
    submitted_by: str | None = None
    endorsed_by: str | None = None
    refused_by: str | None = None
    is_appealed: bool = False
    review_due_at: datetime | None = None
    review_node: str | None = None
    review_rev: int = 0
    cancel_due_at: datetime | None = None
    ends_on: date | None = None
    number: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeEntry:
    """One line of a notice's history. `facts`: codes and numbers."""

    at: datetime
    actor: str
    event: str
    state: NoticeState
    facts: Mapping[str, str | int | bool] = field(default_factory=dict)
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeReader:
    """A node that was told of a notice. `let_go_at`: when it said that the record is gone there."""

    notice: str
    node: str
    told_at: datetime
    end_told_at: datetime | None
    let_go_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A notice of another authority, as its node told it last."""

    node: str
    said: NoticeSaid
    changed_at: datetime
    let_go_at: datetime | None = None


def add(tx: Transaction, new: Notice) -> None:
    """Add a notice."""
    tx.execute(insert(notice).values(_columns(new)))


def save(tx: Transaction, now: Notice) -> None:
    """Write a notice back. The caller has locked it."""
    tx.execute(update(notice).where(notice.c.id == now.id).values(_columns(now)))


def of(
    tx: Transaction,
    notice_id: str,
    authority: str,
    open_to: frozenset[int],
    *,
    to_change: bool = False,
) -> Notice | None:
    """Return a notice of an authority, or None where it or its record is not there for who asks."""
    is_it = (notice.c.id == notice_id) & (notice.c.authority == authority)
    query = select(notice).where(is_it, _is_open(open_to))
    row = tx.execute(query.with_for_update() if to_change else query).one_or_none()
    return _notice(row) if row else None


def get(tx: Transaction, notice_id: str) -> Notice | None:
    """Return a notice, whoever's, and hold it."""
    row = tx.execute(select(notice).where(notice.c.id == notice_id).with_for_update()).one_or_none()
    return _notice(row) if row else None


def listed(
    tx: Transaction,
    authority: str,
    open_to: frozenset[int],
    *,
    states: Iterable[NoticeState],
    limit: int,
    after: int = 0,
) -> list[Notice]:
    """Return the notices of an authority in these states, oldest first."""
    mine = (notice.c.authority == authority) & notice.c.state.in_(list(states))
    query = select(notice).where(mine, _is_open(open_to), notice.c.number > after)
    return [_notice(row) for row in tx.execute(query.order_by(notice.c.number).limit(limit))]


def standing_of(tx: Transaction, record_ids: Collection[str]) -> dict[str, Notice]:
    """Return the notices under which these records stand, by record: each under one at most."""
    query = select(notice).where(
        is_one_of(notice.c.record, record_ids), notice.c.state.in_(STANDING)
    )
    return {row.record: _notice(row) for row in tx.execute(query)}


def was_refused(tx: Transaction, record_id: str) -> bool:
    """Return whether a notice of this record was refused before."""
    query = select(notice.c.id).where(
        notice.c.record == record_id, notice.c.refused_by.is_not(None)
    )
    return tx.execute(query.limit(1)).one_or_none() is not None


def append(tx: Transaction, notice_id: str, entry: NoticeEntry) -> None:
    """Add one line to a notice's history."""
    values = {**asdict(entry), "facts": dict(entry.facts), "notice": notice_id}
    tx.execute(insert(notice_event).values(values))


def history(tx: Transaction, notice_id: str) -> tuple[NoticeEntry, ...]:
    """Return what happened to a notice, in order."""
    query = select(notice_event).where(notice_event.c.notice == notice_id)
    return tuple(
        NoticeEntry(
            at=row.at,
            actor=row.actor,
            event=row.event,
            state=NoticeState(row.state),
            facts=row.facts,
            words=row.words,
        )
        for row in tx.execute(query.order_by(notice_event.c.number))
    )


def told(tx: Transaction, notice_id: str, node: str, at: datetime, *, is_end: bool) -> None:
    """Note that a node was told of a notice, or of its end."""
    values = {
        "notice": notice_id,
        "node": node,
        "told_at": at,
        "end_told_at": at if is_end else None,
    }
    again = {"end_told_at": values["end_told_at"], "let_go_at": None}
    added = upsert(notice_reader).values(values)
    tx.execute(added.on_conflict_do_update(index_elements=["notice", "node"], set_=again))


def readers(tx: Transaction, notice_id: str) -> list[NoticeReader]:
    """Return every node that was ever told of a notice, by code."""
    query = select(notice_reader).where(notice_reader.c.notice == notice_id)
    names = NoticeReader.__dataclass_fields__
    rows = tx.execute(query.order_by(notice_reader.c.node))
    return [NoticeReader(**{name: getattr(row, name) for name in names}) for row in rows]


def let_go(tx: Transaction, notice_id: str, node: str, at: datetime) -> None:
    """Note that a node confirmed the end of a notice."""
    r = notice_reader.c
    is_it = (r.notice == notice_id) & (r.node == node) & r.end_told_at.is_not(None)
    tx.execute(update(notice_reader).where(is_it).values(let_go_at=at))


def unconfirmed(tx: Transaction, authority: str, told_before: datetime) -> list[NoticeReader]:
    """Return who was told of an end before that moment, and has not confirmed it."""
    r = notice_reader.c
    query = (
        select(notice_reader)
        .join(notice)
        .where(notice.c.authority == authority, r.end_told_at <= told_before, r.let_go_at.is_(None))
        .order_by(r.end_told_at, r.notice, r.node)
    )
    names = NoticeReader.__dataclass_fields__
    return [
        NoticeReader(**{name: getattr(row, name) for name in names}) for row in tx.execute(query)
    ]


def next_due(tx: Transaction, now: datetime) -> Notice | None:
    """Return one notice, held, for which something is due: its review, its end, its record gone."""
    stands = notice.c.state.in_(STANDING)
    is_over = (notice.c.review_due_at <= now) | (notice.c.cancel_due_at <= now)
    is_over |= stands & (notice.c.ends_on < now.date())
    is_found = select(record.c.id).where(
        record.c.id == notice.c.record, record.c.state.in_(sorted(FOUND))
    )
    for is_due in (is_over, stands & ~is_found.exists()):  # apart: the first finds by its indexes
        query = select(notice).where(is_due).limit(1)
        row = tx.execute(query.with_for_update(of=notice, skip_locked=True)).one_or_none()
        if row is not None:
            return _notice(row)
    return None


def take_in(tx: Transaction, node: str, said: NoticeSaid, at: datetime) -> bool:
    """Keep what another node says of a notice of its; return False where we know newer already."""
    values = {name: getattr(said, name) for name in NoticeSaid.__dataclass_fields__}
    values |= {"node": node, "changed_at": at}
    again = {**values, "let_go_at": None}
    added = upsert(received_notice).values(values)
    r = received_notice.c
    is_newer = (r.rev < said.rev) & (r.node == node)
    kept = added.on_conflict_do_update(index_elements=["id"], set_=again, where=is_newer)
    return tx.execute(kept.returning(r.id)).one_or_none() is not None


def received(
    tx: Transaction, open_to: frozenset[int], *, after: str = "", limit: int
) -> list[Received]:
    """Return notices of others whose record is open to who asks, or gone, by identifier.

    None that names another owner's record: there it says nothing.
    """
    is_anothers = record.c.owner != received_notice.c.owner
    hidden = select(record.c.id).where(
        record.c.id == received_notice.c.record,
        record.c.visibility.not_in(open_to) | is_anothers,
    )
    query = select(received_notice).where(~hidden.exists(), received_notice.c.id > after)
    rows = tx.execute(query.order_by(received_notice.c.id).limit(limit))
    return [_received(row) for row in rows]


def next_gone(tx: Transaction) -> Received | None:
    """Return one ended notice of another, held, whose record is gone here: that is to be told.

    Another owner's record is not there for it: who ends a notice does not find out who holds what.
    """
    is_found = select(record.c.id).where(
        record.c.id == received_notice.c.record,
        record.c.owner == received_notice.c.owner,
        record.c.state.in_(sorted(FOUND)),
    )
    ended = received_notice.c.state.in_(ENDED) & received_notice.c.let_go_at.is_(None)
    query = select(received_notice).where(ended, ~is_found.exists()).limit(1)
    row = tx.execute(query.with_for_update(skip_locked=True)).one_or_none()
    return _received(row) if row else None


def confirm(tx: Transaction, notice_id: str, at: datetime) -> None:
    """Note that we confirmed the end of another's notice."""
    is_it = received_notice.c.id == notice_id
    tx.execute(update(received_notice).where(is_it).values(let_go_at=at))


def forget(tx: Transaction, record_id: str) -> None:
    """Empty the notices of a record that is erased: that they were remains, without content."""
    of_it = select(notice.c.id).where(notice.c.record == record_id)
    tx.execute(update(notice_event).where(notice_event.c.notice.in_(of_it)).values(words=""))
    emptied = {"alert": None, "dossier": None}
    tx.execute(update(notice).where(notice.c.record == record_id).values(emptied))
    ended = (received_notice.c.record == record_id) & received_notice.c.let_go_at.is_not(None)
    tx.execute(delete(received_notice).where(ended))


def _is_open(open_to: frozenset[int]) -> Any:
    hidden = select(record.c.id).where(
        record.c.id == notice.c.record, record.c.visibility.not_in(open_to)
    )
    return ~hidden.exists()


def _columns(value: Notice) -> dict[str, Any]:
    columns = {name: getattr(value, name) for name in Notice.__dataclass_fields__}
    del columns["number"]
    return columns | {
        "alert": alert_json(value.alert),
        "dossier": _dossier_json(value.dossier),
        "audience": list(value.audience),
        "flags": sorted(value.flags),
    }


def _notice(row: Any) -> Notice:
    columns = {name: getattr(row, name) for name in Notice.__dataclass_fields__}
    return Notice(
        **{
            **columns,
            "form": NoticeForm(row.form),
            "colour": NoticeType(row.colour),
            "state": NoticeState(row.state),
            "alert": alert_of(row.alert),
            "dossier": _dossier_of(row.dossier),
            "audience": tuple(row.audience),
            "flags": frozenset(map(Flag, row.flags)),
        }
    )


def _received(row: Any) -> Received:
    said = NoticeSaid(
        **{
            **{name: getattr(row, name) for name in NoticeSaid.__dataclass_fields__},
            "form": NoticeForm(row.form),
            "colour": NoticeType(row.colour),
            "state": NoticeState(row.state),
        }
    )
    return Received(node=row.node, said=said, changed_at=row.changed_at, let_go_at=row.let_go_at)


def _dossier_json(dossier: Dossier | None) -> dict[str, Any] | None:
    if dossier is None:
        return None
    paper = dossier.document
    values = asdict(replace(dossier, matters=frozenset()))
    on = paper.on.isoformat() if paper.on else None
    return values | {
        "matters": sorted(dossier.matters),
        "document": {"id": paper.id, "on": on, "authority": paper.authority},
    }


def _dossier_of(data: Mapping[str, Any] | None) -> Dossier | None:
    if data is None:
        return None
    paper = data["document"]
    return Dossier(
        **{
            **data,
            "basis": Basis(data["basis"]) if data["basis"] else None,
            "refugee_check": RefugeeCheck(data["refugee_check"]),
            "matters": frozenset(map(Matter, data["matters"])),
            "document": JudicialDocument(
                id=paper["id"],
                on=date.fromisoformat(paper["on"]) if paper["on"] else None,
                authority=paper["authority"],
            ),
        }
    )
