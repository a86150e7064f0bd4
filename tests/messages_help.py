"""Desks of three states that write to each other over the network of `exchange_help`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import select

from bank_help import actor, marking, person
from didban.casework import notifications
from didban.casework.messages import arriving, desk, receipts, writing
from didban.casework.messages.clearing import DraftPart
from didban.casework.messages.steps import Mail
from didban.exchange import faults
from didban.exchange.identity import Identity
from didban.intake import bank
from didban.model.actors import Actor
from didban.model.exchange.kinds import Kind
from didban.model.exchange.messages import MessageKind, Side, Topic
from didban.model.notifications import Channel, Post
from didban.store import messages
from didban.store.messages import Message
from didban.store.notifications import Contact
from didban.store.tables.notify import notification
from exchange_help import Bank, Network

TEXT = DraftPart(text="Please compare the photo of your registry.")


def officer(code: str, user: str = "", **more: Any) -> Actor:
    """Return an officer of a desk who reads and writes messages."""
    purpose = more.pop("purpose", "criminal_investigation")
    made: Actor = actor(
        code, "liaison_officer", user=user or f"usr_{code}", purpose=purpose, **more
    )
    return made


@dataclass
class Desk:
    """One authority's desk."""

    bank: Bank
    mail: Mail
    who: Actor

    def do(self, verb: Any, *arguments: Any, **more: Any) -> Any:
        """Do something as this desk's officer, in a transaction of its own."""
        return self.bank.do(verb, self.who, self.mail, *arguments, **more)

    def send(
        self, to: str, *parts: DraftPart, kind: MessageKind = MessageKind.REQUEST, **more: Any
    ) -> Any:
        """Send a message."""
        values: dict[str, Any] = {"topic": Topic.COOPERATION, **more}
        draft = writing.Draft(kind=kind, recipient=to, parts=parts or (TEXT,), **values)
        return self.do(writing.send, draft)

    def reply(
        self, to: Message, *parts: DraftPart, kind: MessageKind = MessageKind.ANSWER, **more: Any
    ) -> Any:
        """Reply to a request."""
        return self.do(writing.reply, to.id, kind=kind, parts=parts or (TEXT,), **more)

    def read(self, message: Message) -> Any:
        """Read a message."""
        return self.do(desk.read, message.id)

    def taken(self, message: Message) -> Any:
        """Read a request and take it into work."""
        self.read(message)
        return self.do(desk.take, message.id)

    def has(self, message: Message, side: Side | None = None) -> Any:
        """Return what this end keeps of a message."""
        mine = Side.SENT if message.sender == self.bank.code else Side.RECEIVED
        return self.bank.do(messages.get, message.id, side or mine)

    def history(self, message: Message) -> list[str]:
        """Return what happened to a message at this end."""
        return [entry.event for entry in self.bank.do(messages.history, self.has(message))]


class Desks(dict[str, Desk]):
    """Desks by code, and the network between them."""

    def __init__(self, network: Network) -> None:
        self.network = network
        for code, one in network.items():
            mail = Mail(me=partial(_identity, one))
            one.handlers[Kind.MESSAGE] = partial(arriving.take_in, mail=mail)
            one.handlers[Kind.MESSAGE_EVENT] = partial(receipts.take_in, mail=mail)
            one.handlers[Kind.REFUSAL] = partial(_refused, one)
            self[code] = Desk(bank=one, mail=mail, who=officer(code))

    def carry(self) -> int:
        """Take everything everywhere."""
        return self.network.carry()


def _identity(bank: Bank, _: Any) -> Identity:
    return bank.identity


def _refused(bank: Bank, tx: Any, arrived: Any, now: Any) -> None:
    faults.told(bank.identity, tx, arrived, now)


def told(desk_: Desk) -> list[tuple[str, str]]:
    """Return which posts of a desk were told what."""
    rows = desk_.bank.do(lambda tx: tx.execute(select(notification)).all())
    return [(row.post, row.kind) for row in rows]


def with_contacts(desk_: Desk) -> None:
    """Let every post of a desk be reached."""
    supervisor = actor(desk_.bank.code, "supervisor")
    for post in Post:
        contact = Contact(
            authority=desk_.bank.code, post=post, channel=Channel.EMAIL, address="a@b.example"
        )
        desk_.bank.do(notifications.set_contact, supervisor, contact)


def reported(desks: Desks, entity: Any = None, owner: str = "xar", **more: Any) -> Any:
    """Return a record of an authority in the bank of xar."""
    return desks.network["xar"].do(
        bank.report, actor(owner), entity or person(birthDate="1971-05-02"), marking(owner, **more)
    )


def about(
    desks: Desks,
    kept: Any,
    *,
    to: str = "xbo",
    topic: Topic = Topic.IDENTITY,
    kind: MessageKind = MessageKind.SPONTANEOUS,
    **part: Any,
) -> Any:
    """Let xar write to another about a record."""
    return desks["xar"].send(to, DraftPart(record=kept.id, **part), topic=topic, kind=kind)
