"""Whom to tell: notifications into the outbox, in the transaction of the deed itself.

They name the hit or question, the kind and the deadline, and nothing of any person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from didban import clock
from didban.errors import InvalidInput
from didban.guard import access, audit
from didban.guard.authorities import require_host
from didban.model.deeds import Deed
from didban.model.notifications import Channel
from didban.model.permissions import Permission
from didban.store import notifications

if TYPE_CHECKING:
    from datetime import datetime

    from didban.model.actors import Actor
    from didban.model.notifications import Notification, Post
    from didban.store.database import Transaction
    from didban.store.notifications import Contact

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def tell(  # noqa: PLR0913 - who, what, about what, by when
    tx: Transaction,
    authority: str,
    post: Post,
    kind: Notification,
    subject: str,
    *,
    at: datetime,
    due_at: datetime | None = None,
    not_before: datetime | None = None,
) -> None:
    """Put what a post is to be told into the outbox, once for each channel it is reached by."""
    for contact in notifications.contacts(tx, authority):
        if contact.post == post:
            notifications.put(
                tx, contact, kind, subject, at=at, not_before=not_before or at, due_at=due_at
            )


def drop(tx: Transaction, subject: str) -> None:
    """Tell nobody any more of something, where it was not told yet."""
    notifications.drop(tx, subject)


def set_contact(tx: Transaction, actor: Actor, contact: Contact) -> None:
    """Lay down where a post of the actor's own authority is told.

    Raises InvalidInput for an address that is none, or a webhook that is not encrypted; NotPermitted
    for one on this machine, whose services are the host's alone.
    """
    access.require(actor, Permission.CASEWORK_CONTACT_MANAGE)
    _check(actor, contact)
    if contact.address.lower().startswith("http:"):
        require_host(tx, actor)
    notifications.set_contact(tx, contact, at=clock.now(), by=actor.user)
    facts: dict[str, str | int | bool] = {"post": contact.post, "channel": contact.channel}
    audit.enter(tx, actor, Deed.CONTACT_CHANGED, subject=actor.authority, facts=facts)


def drop_contact(tx: Transaction, actor: Actor, post: Post, channel: Channel) -> None:
    """Tell a post of the actor's own authority no more by one channel."""
    access.require(actor, Permission.CASEWORK_CONTACT_MANAGE)
    notifications.drop_contact(tx, actor.authority, post, channel)
    facts: dict[str, str | int | bool] = {"post": post, "channel": channel, "dropped": True}
    audit.enter(tx, actor, Deed.CONTACT_CHANGED, subject=actor.authority, facts=facts)


def contacts(tx: Transaction, actor: Actor) -> list[Contact]:
    """Return whom the actor's authority has told us to tell."""
    access.require(actor, Permission.CASEWORK_CONTACT_MANAGE)
    return notifications.contacts(tx, actor.authority)


def given_up(
    tx: Transaction, actor: Actor, *, limit: int = 100
) -> list[tuple[str, Notification, str, str]]:
    """Return identifier, kind, subject and fault of what could not be told, newest first."""
    access.require(actor, Permission.CASEWORK_CONTACT_MANAGE)
    return notifications.given_up(tx, actor.authority, limit)


def _check(actor: Actor, contact: Contact) -> None:
    if contact.authority != actor.authority:
        raise InvalidInput("authority: contacts are laid down for your own authority")
    if contact.channel is Channel.EMAIL:
        name, at, host = contact.address.rpartition("@")
        if not (name and at and host) or any(c.isspace() or c in "<>,;" for c in contact.address):
            raise InvalidInput("address: expected one e-mail address")
        return
    try:
        parts = urlsplit(contact.address)
        hostname = parts.hostname
    except ValueError as error:
        raise InvalidInput("address: expected an https:// address") from error
    is_local = parts.scheme == "http" and hostname in _LOOPBACK
    if not hostname or not (parts.scheme == "https" or is_local):
        raise InvalidInput("address: expected an https:// address")
