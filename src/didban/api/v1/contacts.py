"""Contacts: where the posts of the own authority are told of deadlines."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from didban.api.v1.frame import Router, Tx, Who, needs
from didban.api.v1.pages import Given, Told
from didban.casework import notifications
from didban.model.notifications import Channel, Notification, Post
from didban.model.permissions import Permission
from didban.store.notifications import Contact

router = Router("contacts")


class AddressGiven(Given):
    """Where a post is told: one e-mail address, or an `https://` address."""

    address: Annotated[str, Field(min_length=3, max_length=500)]


class ContactTold(Told):
    """Where a post is told by one channel."""

    post: Post
    channel: Channel
    address: str


class UndeliveredTold(Told):
    """A notification that was given up, and what went wrong last."""

    id: str
    kind: Notification
    subject: str
    fault: str


@router.get("/contacts")
@needs(Permission.CASEWORK_CONTACT_MANAGE)
def list_contacts(tx: Tx, who: Who) -> list[ContactTold]:
    """List where the posts of the own authority are told."""
    return [
        ContactTold(post=one.post, channel=one.channel, address=one.address)
        for one in notifications.contacts(tx, who)
    ]


@router.put("/contacts/{post}/{channel}")
@needs(Permission.CASEWORK_CONTACT_MANAGE)
def set_contact(tx: Tx, who: Who, post: Post, channel: Channel, given: AddressGiven) -> ContactTold:
    """Lay down where a post is told by one channel."""
    contact = Contact(authority=who.authority, post=post, channel=channel, address=given.address)
    notifications.set_contact(tx, who, contact)
    return ContactTold(post=post, channel=channel, address=given.address)


@router.delete("/contacts/{post}/{channel}", status_code=204)
@needs(Permission.CASEWORK_CONTACT_MANAGE)
def drop_contact(tx: Tx, who: Who, post: Post, channel: Channel) -> None:
    """Tell a post no more by one channel."""
    notifications.drop_contact(tx, who, post, channel)


@router.get("/notifications/given-up")
@needs(Permission.CASEWORK_CONTACT_MANAGE)
def list_undelivered(tx: Tx, who: Who) -> list[UndeliveredTold]:
    """List what could not be told to anybody, newest first."""
    return [
        UndeliveredTold(id=name, kind=kind, subject=subject, fault=fault)
        for name, kind, subject, fault in notifications.given_up(tx, who)
    ]
