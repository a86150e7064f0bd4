"""The outbox of notifications, and whom to tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from didban.ids import new_id
from didban.model.notifications import Channel, Notification, Post
from didban.store.tables.notify import duty_contact, notification

if TYPE_CHECKING:
    from datetime import datetime

    from didban.store.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Where a post of an authority is told."""

    authority: str
    post: Post
    channel: Channel
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One notification on its way. `attempts` counts this one."""

    id: str
    contact: Contact
    subject: str
    kind: Notification
    due_at: datetime | None
    attempts: int


def set_contact(tx: Transaction, contact: Contact, *, at: datetime, by: str) -> None:
    """Lay down where a post is told by one channel."""
    values = {name: getattr(contact, name) for name in Contact.__dataclass_fields__}
    values |= {"changed_at": at, "changed_by": by}
    added = upsert(duty_contact).values(values)
    keys = ["authority", "post", "channel"]
    tx.execute(added.on_conflict_do_update(index_elements=keys, set_=values))


def drop_contact(tx: Transaction, authority: str, post: Post, channel: Channel) -> None:
    """Tell a post no more by one channel."""
    tx.execute(
        delete(duty_contact).where(
            duty_contact.c.authority == authority,
            duty_contact.c.post == post,
            duty_contact.c.channel == channel,
        )
    )


def contacts(tx: Transaction, authority: str) -> list[Contact]:
    """Return whom an authority has told us to tell."""
    query = select(duty_contact).where(duty_contact.c.authority == authority)
    rows = tx.execute(query.order_by(duty_contact.c.post, duty_contact.c.channel))
    return [_contact(row) for row in rows]


def put(  # noqa: PLR0913 - one notification has so many parts
    tx: Transaction,
    contact: Contact,
    kind: Notification,
    subject: str,
    *,
    at: datetime,
    not_before: datetime,
    due_at: datetime | None,
) -> None:
    """Put a notification into the outbox."""
    tx.execute(
        insert(notification).values(
            id=new_id("ntf"),
            authority=contact.authority,
            post=contact.post,
            channel=contact.channel,
            address=contact.address,
            subject=subject,
            kind=kind,
            due_at=due_at,
            made_at=at,
            attempts=0,
            next_try_at=not_before,
            fault="",
        )
    )


def drop(tx: Transaction, subject: str) -> None:
    """Take out what was to be told about something and has not been tried yet."""
    tx.execute(
        delete(notification).where(notification.c.subject == subject, notification.c.attempts == 0)
    )


def claim(tx: Transaction, now: datetime, until: datetime) -> Outgoing | None:
    """Take the oldest notification that is due, so that nobody else does before `until`."""
    due = (
        select(notification.c.id)
        .where(notification.c.next_try_at <= now)
        .order_by(notification.c.next_try_at)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    claimed = (
        update(notification)
        .where(notification.c.id == due)
        .values(next_try_at=until, attempts=notification.c.attempts + 1)
        .returning(*notification.c)
    )
    row = tx.execute(claimed).one_or_none()
    if row is None:
        return None
    return Outgoing(
        id=row.id,
        contact=_contact(row),
        subject=row.subject,
        kind=Notification(row.kind),
        due_at=row.due_at,
        attempts=row.attempts,
    )


def delivered(tx: Transaction, notification_id: str, at: datetime) -> None:
    """Keep that a notification was taken by the other side."""
    _settle(tx, notification_id, next_try_at=None, sent_at=at, fault="")


def failed(
    tx: Transaction, notification_id: str, *, at: datetime, again_at: datetime | None, fault: str
) -> None:
    """Keep why a notification was not taken; without `again_at` it is given up."""
    given_up = {} if again_at else {"given_up_at": at}
    _settle(tx, notification_id, next_try_at=again_at, fault=fault, **given_up)


def given_up(
    tx: Transaction, authority: str, limit: int
) -> list[tuple[str, Notification, str, str]]:
    """Return identifier, kind, subject and fault of what could not be told, newest first."""
    query = (
        select(notification)
        .where(notification.c.authority == authority, notification.c.given_up_at.is_not(None))
        .order_by(notification.c.given_up_at.desc())
        .limit(limit)
    )
    return [(row.id, Notification(row.kind), row.subject, row.fault) for row in tx.execute(query)]


def forget_before(tx: Transaction, moment: datetime) -> int:
    """Delete what was told, or given up, before a moment; return how many there were."""
    settled = func.coalesce(notification.c.sent_at, notification.c.given_up_at)
    return tx.execute(delete(notification).where(settled < moment)).rowcount


def _settle(tx: Transaction, notification_id: str, **values: Any) -> None:
    tx.execute(update(notification).where(notification.c.id == notification_id).values(values))


def _contact(row: Any) -> Contact:
    return Contact(
        authority=row.authority,
        post=Post(row.post),
        channel=Channel(row.channel),
        address=row.address,
    )
