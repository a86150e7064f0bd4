"""Messages in the database. Nothing here decides; `casework.messages` does.

What belongs to another authority, or is classified above who asks, is not there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from didban.model.exchange.kinds import MESSAGES
from didban.model.exchange.letters import Letter
from didban.model.exchange.messages import (
    MessageKind,
    MessageState,
    MessageUrgency,
    Punctuality,
    Side,
    Topic,
)
from didban.model.marking import Confidentiality, Handling
from didban.model.purposes import Purpose
from didban.store.exchange import feeds
from didban.store.tables.exchange_feeds import feed_reader, feed_refusal
from didban.store.tables.messages import message, message_event, message_record

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from didban.store.database import Transaction


_ON_ITS_WAY = (MessageState.QUEUED, MessageState.UNDELIVERABLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message as one end keeps it.

    - `node`: of the other side; None where that has its desk in this bank.
    - `letter`: what it says; None once it was recalled or erased.
    - `sent_by`: a user of ours; `feed`, `seq`: where it was published.
    - `undeliverable_at`: while it is on its way; `next_at`: when its clock has something to say.
    """

    id: str
    side: Side
    thread: str
    kind: MessageKind
    topic: Topic
    urgency: MessageUrgency
    sender: str
    recipient: str
    node: str | None
    purpose: Purpose
    handling: Handling
    confidentiality: Confidentiality
    state: MessageState
    letter: Letter | None
    sent_at: datetime
    changed_at: datetime
    punctuality: Punctuality = Punctuality.IN_TIME
    in_reply_to: str | None = None
    sent_by: str | None = None
    undeliverable_at: datetime | None = None
    accepted_at: datetime | None = None
    due_at: datetime | None = None
    next_at: datetime | None = None
    feed: str | None = None
    seq: int | None = None
    number: int = field(default=0, compare=False)

    @classmethod
    def of(
        cls, letter: Letter, *, side: Side, state: MessageState, at: datetime, **more: Any
    ) -> Message:
        """Return what an end keeps of a letter from that moment on."""
        same = ("id", "thread", "kind", "topic", "urgency", "sender", "recipient", "in_reply_to",
                "purpose", "handling", "confidentiality", "sent_at")  # fmt: skip
        told = {name: getattr(letter, name) for name in same}
        return cls(side=side, state=state, letter=letter, changed_at=at, **told, **more)

    @property
    def authority(self) -> str:
        """The authority at this end."""
        return self.sender if self.side is Side.SENT else self.recipient

    @property
    def other(self) -> str:
        """The authority at the other end."""
        return self.recipient if self.side is Side.SENT else self.sender


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageEntry:
    """One line of a message's history. `facts`: codes and numbers."""

    at: datetime
    actor: str
    event: str
    state: MessageState
    facts: Mapping[str, str | int | bool] = field(default_factory=dict)
    words: str = ""


def add(tx: Transaction, new: Message) -> bool:
    """Add a message; return False, and add nothing, where this end has it already."""
    added = upsert(message).values(_columns(new)).on_conflict_do_nothing()
    if tx.execute(added.returning(message.c.id)).one_or_none() is None:
        return False
    named = new.letter.records if new.letter else ()
    if rows := [{"record": record, "message": new.id} for record in sorted(named)]:
        tx.execute(upsert(message_record).on_conflict_do_nothing(), rows)
    return True


def get(tx: Transaction, message_id: str, side: Side, *, to_change: bool = False) -> Message | None:
    """Return what one end keeps; with `to_change`, nobody else moves it meanwhile."""
    query = select(message).where(message.c.id == message_id, message.c.side == side)
    row = tx.execute(query.with_for_update() if to_change else query).one_or_none()
    return _message(row) if row else None


def of(
    tx: Transaction, message_id: str, authority: str, clearance: int, *, to_change: bool = False
) -> Message | None:
    """Return a message as an authority has it, or None where it is not there for who asks."""
    query = select(message).where(message.c.id == message_id, _is_of(authority, clearance))
    query = query.order_by(message.c.side).limit(1)
    row = tx.execute(query.with_for_update() if to_change else query).one_or_none()
    return _message(row) if row else None


def listed(  # noqa: PLR0913 - whose, as who sees it, which page
    tx: Transaction,
    authority: str,
    clearance: int,
    *,
    side: Side,
    states: Iterable[MessageState],
    limit: int,
    after: int = 0,
) -> list[Message]:
    """Return what an authority sent or received that stands in these states, oldest first."""
    query = select(message).where(
        _is_of(authority, clearance),
        message.c.side == side,
        message.c.state.in_(list(states)),
        message.c.number > after,
    )
    return [_message(row) for row in tx.execute(query.order_by(message.c.number).limit(limit))]


def about(
    tx: Transaction, authority: str, clearance: int, records: Iterable[str], *, limit: int
) -> list[Message]:
    """Return what an authority sent or received with any of these records in it, newest first."""
    carried = select(message_record.c.message).where(message_record.c.record.in_(list(records)))
    query = select(message).where(_is_of(authority, clearance), message.c.id.in_(carried))
    return [
        _message(row) for row in tx.execute(query.order_by(message.c.number.desc()).limit(limit))
    ]


def count(
    tx: Transaction, authority: str, clearance: int, *, side: Side, states: Iterable[MessageState]
) -> int:
    """Return how many messages an authority sent or received that stand in these states."""
    stands = (message.c.side == side) & message.c.state.in_(list(states))
    query = select(func.count()).select_from(message)
    return tx.scalar(query.where(_is_of(authority, clearance), stands)) or 0


def in_thread(
    tx: Transaction,
    thread: str,
    authority: str,
    clearance: int,
    *,
    limit: int | None = None,
    after: int = 0,
) -> list[Message]:
    """Return what an authority has of a thread, in the order in which it came or left.

    - `limit`: of a page; None for all. `after`: the number of the last one of the page before.
    """
    query = select(message).where(message.c.thread == thread, _is_of(authority, clearance))
    query = query.where(message.c.number > after).order_by(message.c.number).limit(limit)
    return [_message(row) for row in tx.execute(query)]


def is_thread_between(tx: Transaction, thread: str, one: str, other: str) -> bool:
    """Return whether nobody else's message stands in a thread."""
    both = (one, other)
    others = select(message.c.id).where(
        message.c.thread == thread,
        message.c.sender.not_in(both) | message.c.recipient.not_in(both),
    )
    return tx.execute(others.limit(1)).one_or_none() is None


def save(tx: Transaction, now: Message) -> None:
    """Write a message back. The caller has locked it."""
    is_it = (message.c.id == now.id) & (message.c.side == now.side)
    tx.execute(update(message).where(is_it).values(_columns(now)))


def append(tx: Transaction, of_it: Message, entry: MessageEntry) -> None:
    """Add one line to its history."""
    values = {name: getattr(entry, name) for name in MessageEntry.__dataclass_fields__}
    values |= {"facts": dict(entry.facts), "message": of_it.id, "side": of_it.side}
    tx.execute(insert(message_event).values(values))


def history(tx: Transaction, of_it: Message) -> tuple[MessageEntry, ...]:
    """Return what happened to it, in order."""
    e = message_event.c
    query = select(message_event).where(e.message == of_it.id, e.side == of_it.side)
    return tuple(
        MessageEntry(
            at=row.at,
            actor=row.actor,
            event=row.event,
            state=MessageState(row.state),
            facts=row.facts,
            words=row.words,
        )
        for row in tx.execute(query.order_by(e.number))
    )


def next_due(tx: Transaction, now: datetime) -> Message | None:
    """Return one message, held, whose clock has something to say; none that another process holds."""
    query = select(message).where(message.c.next_at <= now).order_by(message.c.next_at).limit(1)
    row = tx.execute(query.with_for_update(skip_locked=True)).one_or_none()
    return _message(row) if row else None


def next_undelivered(tx: Transaction, now: datetime) -> Message | None:
    """Return one message, held, that is on its way for too long."""
    query = select(message).where(message.c.undeliverable_at <= now)
    query = query.order_by(message.c.undeliverable_at).limit(1)
    row = tx.execute(query.with_for_update(skip_locked=True)).one_or_none()
    return _message(row) if row else None


def next_taken_in(tx: Transaction) -> Message | None:
    """Return one message, held, that is on its way as far as we noted, and the reader has it."""
    query = (
        select(message)
        .join(
            feed_reader,
            (feed_reader.c.feed == message.c.feed) & (feed_reader.c.node == message.c.node),
        )
        .where(
            message.c.state.in_(_ON_ITS_WAY),
            feed_reader.c.cursor_seq >= message.c.seq,
        )
        .limit(1)
    )
    row = tx.execute(query.with_for_update(of=message, skip_locked=True)).one_or_none()
    return _message(row) if row else None


def next_refused(tx: Transaction) -> tuple[Message, str] | None:
    """Return one message, held, that the reader's node put aside unread, and for which fault."""
    refused = feed_refusal.c
    query = (
        select(message, refused.fault)
        .join(feed_refusal, (refused.feed == message.c.feed) & (refused.seq == message.c.seq))
        .where(
            message.c.state.in_((*_ON_ITS_WAY, MessageState.DELIVERED)),
            refused.node == message.c.node,
            refused.is_stop.is_(False),
        )
        .limit(1)
    )
    row = tx.execute(query.with_for_update(of=message, skip_locked=True)).one_or_none()
    return (_message(row), row.fault) if row else None


def next_to_erase(tx: Transaction, before: datetime) -> Message | None:
    """Return one message, held, that still says something and did not change since that moment."""
    is_old = (message.c.changed_at <= before) & message.c.letter.is_not(None)
    query = select(message).where(is_old).order_by(message.c.changed_at).limit(1)
    row = tx.execute(query.with_for_update(skip_locked=True)).one_or_none()
    return _message(row) if row else None


def empty(tx: Transaction, of_it: Message) -> None:
    """Erase what a message says, here and in the feed that it came or left by."""
    is_it = (message.c.id == of_it.id) & (message.c.side == of_it.side)
    tx.execute(update(message).where(is_it).values(letter=None))
    e = message_event.c
    of_events = (e.message == of_it.id) & (e.side == of_it.side)
    tx.execute(update(message_event).where(of_events).values(words=""))
    tx.execute(delete(message_record).where(message_record.c.message == of_it.id))
    feeds.erase_bodies(tx, [of_it.id, events_of(of_it.id)], MESSAGES)


def events_of(message_id: str) -> str:
    """Return under which name a feed holds the events of a message, apart from what it says."""
    return f"{message_id}.events"


def forget(tx: Transaction, record_id: str) -> None:
    """Take what is about an erased record out of the messages that carried it."""
    carried = select(message_record.c.message).where(message_record.c.record == record_id)
    rows = tx.execute(select(message).where(message.c.id.in_(carried)).with_for_update()).all()
    for row in rows:
        said = dict(row.letter or {})
        if said:
            said["parts"] = [part for part in said["parts"] if part.get("record") != record_id]
            is_it = (message.c.id == row.id) & (message.c.side == row.side)
            tx.execute(update(message).where(is_it).values(letter=said))
    tx.execute(delete(message_record).where(message_record.c.record == record_id))
    feeds.erase_bodies(tx, [row.id for row in rows], MESSAGES)


def _is_of(authority: str, clearance: int) -> Any:
    own = ((message.c.side == Side.SENT) & (message.c.sender == authority)) | (
        (message.c.side == Side.RECEIVED) & (message.c.recipient == authority)
    )
    return own & (message.c.confidentiality <= clearance)


def _columns(value: Message) -> dict[str, Any]:
    names = set(Message.__dataclass_fields__) - {"number", "letter", "confidentiality"}
    columns = {name: getattr(value, name) for name in names}
    columns["letter"] = value.letter.to_json() if value.letter else None
    columns["confidentiality"] = int(value.confidentiality)
    return columns


def _message(row: Any) -> Message:
    columns = {name: getattr(row, name) for name in Message.__dataclass_fields__}
    return Message(
        **{
            **columns,
            "side": Side(row.side),
            "kind": MessageKind(row.kind),
            "topic": Topic(row.topic),
            "urgency": MessageUrgency(row.urgency),
            "purpose": Purpose(row.purpose),
            "handling": Handling(row.handling),
            "confidentiality": Confidentiality(row.confidentiality),
            "state": MessageState(row.state),
            "punctuality": Punctuality(row.punctuality),
            "letter": Letter.from_json(row.letter) if row.letter else None,
        }
    )
