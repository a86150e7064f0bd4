"""Messages to other authorities and from them: requests, answers, information, recall."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from fastapi import Query
from pydantic import Field

from didban.api.v1.exports import Code, ConsentId
from didban.api.v1.frame import Node, Router, Tx, Who, needs
from didban.api.v1.message_shapes import (
    MessageId,
    MessageTold,
    MessageViewTold,
    Parts,
    PartTold,
    ThreadId,
)
from didban.api.v1.pages import Given, Page, Paging, Told
from didban.casework.messages import bundles, desk, writing
from didban.casework.messages.writing import Draft
from didban.model.exchange.letters import MAX_PARTS
from didban.model.exchange.messages import (
    MessageKind,
    MessageState,
    MessageUrgency,
    RefusalGround,
    Side,
    Topic,
)
from didban.model.marking import Handling
from didban.model.onward import Onward
from didban.model.permissions import Permission
from didban.serving.desks import mail_of

router = Router("messages")

_First = Literal[MessageKind.REQUEST, MessageKind.SPONTANEOUS]
_Reply = Literal[MessageKind.ANSWER, MessageKind.PARTIAL_ANSWER, MessageKind.REFUSAL]
_Why = Annotated[str, Field(min_length=1, max_length=desk.MAX_WORDS)]


class MessageGiven(Given):
    """A request or information for one authority; `thread` is one that it goes on with."""

    kind: _First
    recipient: Code
    topic: Topic
    urgency: MessageUrgency = MessageUrgency.NORMAL
    thread: Annotated[str, Field(max_length=64)] | None = None
    parts: Parts


class ReplyGiven(Given):
    """An answer, a part of one, or a refusal with its ground."""

    kind: _Reply
    ground: RefusalGround | None = None
    parts: Parts


class PartReadGiven(Given):
    """The part whose conditions were read, counted from 0."""

    part: Annotated[int, Field(ge=0, lt=MAX_PARTS)]


class ClosureGiven(Given):
    """How useful the reply was, from 0 (not at all) to 3."""

    useful: Annotated[int, Field(ge=0, le=3)]


class WhyGiven(Given):
    """Why, in words that the other side reads."""

    words: _Why


class BundleGiven(Given):
    """For which court or third party a thread is taken out, and the owners' consents to that."""

    use: Literal[Onward.COURT, Onward.THIRD_PARTY]
    recipient: Code
    onward_consents: Annotated[tuple[ConsentId, ...], Field(max_length=100)] = ()


class BundledPart(Told):
    """A part, and the message that it is of."""

    message: str
    part: PartTold


class BundleTold(Told):
    """What a thread says, under the strictest code of what is in it."""

    id: str
    made_at: datetime
    handling: Handling
    consents: list[str]
    parts: list[BundledPart]


@router.post("/messages", status_code=201)
@needs(Permission.CASEWORK_MESSAGE_WRITE)
def send_message(tx: Tx, who: Who, node: Node, given: MessageGiven) -> MessageTold:
    """Send a request, or information that nobody asked for, to one authority."""
    draft = Draft(
        kind=given.kind,
        recipient=given.recipient,
        topic=given.topic,
        urgency=given.urgency,
        thread=given.thread,
        parts=tuple(part.draft() for part in given.parts),
    )
    return MessageTold.of(writing.send(tx, who, mail_of(node), draft))


@router.get("/messages")
@needs(Permission.CASEWORK_MESSAGE_READ)
def list_messages(
    tx: Tx,
    who: Who,
    paging: Paging,
    side: Annotated[Side, Query()] = Side.RECEIVED,
    state: Annotated[list[MessageState] | None, Query(max_length=20)] = None,
) -> Page[MessageTold]:
    """List what the own authority received or sent, oldest first; nothing of what it says."""
    after = int(paging.after[0]) if paging.after else 0
    rows = desk.listed(
        tx, who, side=side, states=state or list(MessageState), limit=paging.fetch, after=after
    )
    return paging.page(rows, keys=lambda row: (row.number,), told=MessageTold.of)


@router.get("/messages/{message_id}")
@needs(Permission.CASEWORK_MESSAGE_READ)
def read_message(tx: Tx, who: Who, node: Node, message_id: MessageId) -> MessageViewTold:
    """Read a message. Its sender is told, the first time, that somebody has read it."""
    return MessageViewTold.of(desk.read(tx, who, mail_of(node), message_id))


@router.get("/threads/{thread_id}")
@needs(Permission.CASEWORK_MESSAGE_READ)
def list_thread(tx: Tx, who: Who, paging: Paging, thread_id: ThreadId) -> Page[MessageTold]:
    """List the messages of a thread, in the order in which they came or left."""
    after = int(paging.after[0]) if paging.after else 0
    rows = desk.thread(tx, who, thread_id, limit=paging.fetch, after=after)
    return paging.page(rows, keys=lambda row: (row.number,), told=MessageTold.of)


@router.post("/threads/{thread_id}/bundle", status_code=201)
@needs(Permission.BANK_RECORD_EXPORT)
def bundle_thread(tx: Tx, who: Who, thread_id: ThreadId, given: BundleGiven) -> BundleTold:
    """Take out what a thread says, for a court or a third party, as far as its owners let it go."""
    made = bundles.make(
        tx,
        who,
        thread_id,
        use=given.use,
        recipient=given.recipient,
        onward_consents=given.onward_consents,
    )
    return BundleTold(
        id=made.id,
        made_at=made.made_at,
        handling=made.handling,
        consents=list(made.consents),
        parts=[
            BundledPart(message=message.id, part=PartTold.of(part, is_withheld=False))
            for message, part in made.parts
        ],
    )


@router.post("/messages/{message_id}/acknowledgement", status_code=204)
@needs(Permission.CASEWORK_MESSAGE_READ)
def acknowledge_part(tx: Tx, who: Who, message_id: MessageId, given: PartReadGiven) -> None:
    """Acknowledge the conditions of a part (H3): the rest of it is shown from now on."""
    desk.acknowledge_conditions(tx, who, message_id, given.part)


@router.post("/messages/{message_id}/work")
@needs(Permission.CASEWORK_MESSAGE_WRITE)
def take_message(tx: Tx, who: Who, node: Node, message_id: MessageId) -> MessageTold:
    """Take a request into work; its sender is told so."""
    return MessageTold.of(desk.take(tx, who, mail_of(node), message_id))


@router.post("/messages/{message_id}/reply", status_code=201)
@needs(Permission.CASEWORK_MESSAGE_WRITE)
def reply_to_message(
    tx: Tx, who: Who, node: Node, message_id: MessageId, given: ReplyGiven
) -> MessageTold:
    """Answer a request, in part or whole, or refuse it on a ground."""
    reply = writing.reply(
        tx,
        who,
        mail_of(node),
        message_id,
        kind=given.kind,
        parts=tuple(part.draft() for part in given.parts),
        ground=given.ground,
    )
    return MessageTold.of(reply)


@router.post("/messages/{message_id}/closure")
@needs(Permission.CASEWORK_MESSAGE_WRITE)
def close_message(
    tx: Tx, who: Who, node: Node, message_id: MessageId, given: ClosureGiven
) -> MessageTold:
    """Close a request that was replied to, and say how useful the reply was."""
    return MessageTold.of(desk.close(tx, who, mail_of(node), message_id, useful=given.useful))


@router.post("/messages/{message_id}/reopening")
@needs(Permission.CASEWORK_MESSAGE_WRITE)
def reopen_message(
    tx: Tx, who: Who, node: Node, message_id: MessageId, given: WhyGiven
) -> MessageTold:
    """Ask again, because the reply is not enough; the clock starts anew."""
    return MessageTold.of(desk.reopen(tx, who, mail_of(node), message_id, words=given.words))


@router.post("/messages/{message_id}/recall")
@needs(Permission.CASEWORK_MESSAGE_WRITE)
def recall_message(
    tx: Tx, who: Who, node: Node, message_id: MessageId, given: WhyGiven
) -> MessageTold:
    """Take a message back: what it says is erased at both ends."""
    return MessageTold.of(desk.recall(tx, who, mail_of(node), message_id, words=given.words))
