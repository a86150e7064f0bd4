"""Messages written at the desk: by type, part by part, looked at as the recipient gets them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from didban.casework.messages import desk as verbs
from didban.casework.messages import writing
from didban.casework.messages.steps import lasts
from didban.casework.messages.writing import Draft
from didban.errors import Conflict, DidbanError
from didban.guard import authorities
from didban.model.exchange.messages import (
    MessageKind,
    MessageUrgency,
    RefusalGround,
    Topic,
)
from didban.model.permissions import Permission
from didban.serving.desks import mail_of
from didban.web.desk import Go, Page, Room
from didban.web.i18n import N_
from didban.web.presenters import messages as shaped
from didban.web.presenters import records
from didban.web.presenters.entries.marking import MOST_AUTHORITIES
from didban.web.presenters.messages import Way, What

if TYPE_CHECKING:
    from didban.store.messages import Message
    from didban.web.desk import Desk

room = Room("letters")

_WRITE: Final = Permission.CASEWORK_MESSAGE_WRITE
_FIRST: Final = (MessageKind.REQUEST, MessageKind.SPONTANEOUS)
_REPLIES: Final = (MessageKind.ANSWER, MessageKind.PARTIAL_ANSWER, MessageKind.REFUSAL)


@room.page("/letters/new", _WRITE)
def write(desk: Desk) -> Page:
    """Show the form of a request, or of information that nobody asked for."""
    there = authorities.listed(desk.tx, desk.who, limit=MOST_AUTHORITIES)
    terms = desk.services.settings.messages
    return _form(
        desk,
        "pages/letters/write.html",
        kinds=[(one.value, desk.speech.term(one)) for one in _FIRST],
        recipients=[(one.code, one.name) for one in there if one.code != desk.who.authority],
        topics=[(one.value, desk.speech.term(one)) for one in Topic],
        urgencies=[
            (one.value, desk.speech.term(one), desk.speech.span(lasts(terms, one)))
            for one in MessageUrgency
        ],
        chosen=desk.request.query_params.getlist("recipient"),
        thread=desk.form.text("thread") or desk.asked("thread"),
    )


def _form(desk: Desk, template: str, **values: Any) -> Page:
    """Return the form of a message, with as many parts as it has by now."""
    return Page(
        template,
        numbers=range(shaped.count_of(desk.form)),
        most=shaped.MOST_PARTS,
        whats=[(one.value, desk.speech.term(one)) for one in What],
        **shaped.markings(desk),
        before={
            "what": desk.asked("what"),
            "record": desk.asked("record"),
            "message": desk.asked("message"),
            "number": desk.asked("number"),
        },
        **values,
    )


@room.deed("/letters/part", _WRITE, again=write)
def more(desk: Desk) -> Page:
    """Show the form again with one more part, or as it was before it was looked at."""
    shaped.keep_files(desk.form)
    if desk.form.text("do") == "more":
        desk.form.sent["parts"] = [str(min(shaped.count_of(desk.form) + 1, shaped.MOST_PARTS))]
    return write(desk)


@room.deed("/letters/look", _WRITE, again=write)
def look(desk: Desk) -> Page:
    """Show what each recipient would get, or why nothing may go to them."""
    if desk.form.text("do") == "more":
        return more(desk)
    shaped.keep_files(desk.form)
    draft = _draft(desk)
    ways = [_way(desk, replace(draft, recipient=code)) for code in desk.form.all("recipient")]
    fields = [(name, value) for name, value in shaped.answers(desk.form) if name != "recipient"]
    return Page(
        "pages/letters/look.html",
        draft=draft,
        ground=None,
        ways=ways,
        lasts=lasts(desk.services.settings.messages, draft.urgency),
        answers=fields,
        send=desk.url("letters.send"),
        back=desk.url("letters.more"),
        rows_of=records.rows,
    )


@room.deed("/letters", _WRITE, again=write)
def send(desk: Desk) -> Go:
    """Send a message to each recipient: each has its own clock, and none learns of the others."""
    shaped.keep_files(desk.form)
    draft = _draft(desk)
    mail = mail_of(desk.services)
    sent = [
        writing.send(desk.tx, desk.who, mail, replace(draft, recipient=code))
        for code in desk.form.all("recipient")
    ]
    said = N_("It is on its way.")
    if len(sent) == 1:
        return Go("messages.message", said=said, path={"message_id": sent[0].id})
    return Go("messages.inbox", said=said, query={"box": "sent"})


def _draft(desk: Desk) -> Draft:
    """Return what was written, for no recipient yet. Raises InvalidFields."""
    form = desk.form
    kind = form.one_of("kind", MessageKind)
    topic = form.one_of("topic", Topic)
    urgency = form.one_of("urgency", MessageUrgency)
    if not form.all("recipient"):
        form.blame("recipient", N_("Tick at least one recipient."))
    parts = shaped.parts_of(form, kind, topic)
    assert kind is not None  # noqa: S101 - `parts_of` has seen to it
    assert topic is not None  # noqa: S101 - as above
    assert urgency is not None  # noqa: S101 - as above
    return Draft(
        kind=kind,
        recipient="",
        topic=topic,
        urgency=urgency,
        thread=form.text("thread", most=64) or None,
        parts=parts,
    )


def _way(desk: Desk, draft: Draft) -> Way:
    try:
        parts = writing.preview(desk.tx, desk.who, draft)
    except DidbanError as error:
        return shaped.barred(draft.recipient, error)
    return Way(recipient=draft.recipient, parts=parts)


@room.page("/messages/{message_id}/reply", _WRITE)
def reply(desk: Desk, message_id: str) -> Page:
    """Show the form by which a request is answered, in part or whole, or refused."""
    return _form(
        desk,
        "pages/letters/reply.html",
        request=_request(desk, message_id),
        kinds=[(one.value, desk.speech.term(one)) for one in _REPLIES],
        grounds=[(one.value, desk.speech.term(one)) for one in RefusalGround],
    )


@room.deed("/messages/{message_id}/reply/part", _WRITE, again=reply)
def more_reply(desk: Desk, message_id: str) -> Page:
    """Show the form of a reply again with one more part, or as it was."""
    shaped.keep_files(desk.form)
    if desk.form.text("do") == "more":
        desk.form.sent["parts"] = [str(min(shaped.count_of(desk.form) + 1, shaped.MOST_PARTS))]
    return reply(desk, message_id)


@room.deed("/messages/{message_id}/reply/look", _WRITE, again=reply)
def look_at_reply(desk: Desk, message_id: str) -> Page:
    """Show a reply as who asked would get it, or why it may not go."""
    if desk.form.text("do") == "more":
        return more_reply(desk, message_id)
    shaped.keep_files(desk.form)
    asked = _request(desk, message_id)
    draft, ground = _reply(desk, asked)
    return Page(
        "pages/letters/look.html",
        draft=draft,
        ground=ground,
        ways=[_way(desk, draft)],
        lasts=None,
        answers=shaped.answers(desk.form),
        send=desk.url("letters.send_reply", message_id=message_id),
        back=desk.url("letters.more_reply", message_id=message_id),
        rows_of=records.rows,
        handling=(asked.confidentiality,),
    )


@room.deed("/messages/{message_id}/reply", _WRITE, again=reply)
def send_reply(desk: Desk, message_id: str) -> Go:
    """Send a reply; it moves the request at both ends."""
    shaped.keep_files(desk.form)
    draft, ground = _reply(desk, _request(desk, message_id))
    writing.reply(
        desk.tx,
        desk.who,
        mail_of(desk.services),
        message_id,
        kind=draft.kind,
        parts=draft.parts,
        ground=ground,
    )
    return Go(
        "messages.message", said=N_("The reply is on its way."), path={"message_id": message_id}
    )


def _request(desk: Desk, message_id: str) -> Message:
    found = verbs.read(desk.tx, desk.who, mail_of(desk.services), message_id).message
    if found.kind is not MessageKind.REQUEST:
        raise Conflict(N_("this message asks for nothing: there is nothing to reply to"))
    return found


def _reply(desk: Desk, asked: Message) -> tuple[Draft, RefusalGround | None]:
    form = desk.form
    kind = form.one_of("kind", MessageKind)
    ground = None
    if kind is MessageKind.REFUSAL:
        ground = form.one_of("ground", RefusalGround)
    parts = shaped.parts_of(form, kind, asked.topic)
    assert kind is not None  # noqa: S101 - `parts_of` has seen to it
    draft = Draft(
        kind=kind, recipient=asked.sender, topic=asked.topic, urgency=asked.urgency, parts=parts
    )
    return draft, ground
