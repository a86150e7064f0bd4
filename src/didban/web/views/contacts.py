"""Contacts: where the posts of the own authority are told of deadlines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from didban.casework import notifications
from didban.model.notifications import Channel, Post
from didban.model.permissions import Permission
from didban.store.notifications import Contact
from didban.web.desk import Go, Page, Room
from didban.web.i18n import N_

if TYPE_CHECKING:
    from didban.web.desk import Desk

room = Room("contacts")


@room.page("/contacts", Permission.CASEWORK_CONTACT_MANAGE)
def listed(desk: Desk) -> Page:
    """Show where the posts of the own authority are told, and what could not be told."""
    return Page(
        "pages/contacts/list.html",
        contacts=notifications.contacts(desk.tx, desk.who),
        given_up=notifications.given_up(desk.tx, desk.who),
        Post=Post,
        Channel=Channel,
    )


@room.deed("/contacts", Permission.CASEWORK_CONTACT_MANAGE, again=listed)
def lay_down(desk: Desk) -> Go:
    """Lay down where a post is told by one channel; what was there is replaced."""
    form = desk.form
    post, channel = form.one_of("post", Post), form.one_of("channel", Channel)
    address = form.text("address", needed=True, most=500)
    form.require()
    assert post is not None  # noqa: S101 - `require` has seen to it
    assert channel is not None  # noqa: S101 - as above
    contact = Contact(authority=desk.who.authority, post=post, channel=channel, address=address)
    notifications.set_contact(desk.tx, desk.who, contact)
    return Go("contacts.listed", said=N_("The contact is kept."))


@room.deed("/contacts/drop", Permission.CASEWORK_CONTACT_MANAGE, again=listed)
def drop(desk: Desk) -> Go:
    """Tell a post no more by one channel."""
    post, channel = desk.form.one_of("post", Post), desk.form.one_of("channel", Channel)
    desk.form.require()
    assert post is not None  # noqa: S101 - `require` has seen to it
    assert channel is not None  # noqa: S101 - as above
    notifications.drop_contact(desk.tx, desk.who, post, channel)
    return Go("contacts.listed", said=N_("The contact is taken out."))
