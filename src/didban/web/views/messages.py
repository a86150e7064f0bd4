"""Messages at the desk: what came, what left, what must be answered by when, and each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from didban.casework.messages import bundles
from didban.casework.messages import desk as verbs
from didban.errors import NotFound
from didban.model.exchange.messages import (
    MessageEvent,
    MessageKind,
    MessageState,
    Side,
)
from didban.model.onward import Onward
from didban.model.permissions import Permission
from didban.serving.desks import mail_of
from didban.web.desk import Go, Page, Room, Sent
from didban.web.i18n import N_
from didban.web.paging import ROWS, paged, place
from didban.web.presenters import messages as shaped
from didban.web.presenters import records, steps
from didban.web.presenters import shelf as shelves
from didban.web.presenters.steps import Ask, Step

if TYPE_CHECKING:
    from didban.web.desk import Desk

room = Room("messages")

_READ = Permission.CASEWORK_MESSAGE_READ
_WRITE = Permission.CASEWORK_MESSAGE_WRITE
_EXPORT = Permission.BANK_RECORD_EXPORT

_WHY = Ask(field="words", label=N_("Why"), hint=N_("The other side reads it."))
_CLOSE = Step(
    deed="messages.close",
    heading=N_("Close the request"),
    consequences=(
        N_("The other side is told that it is closed, and how useful its reply was."),
        N_("You can reopen it if the reply proves not to be enough."),
    ),
    asks=(Ask(field="useful", label=N_("How useful was the reply"), how="radios"),),
    button=N_("Close the request"),
)
_REOPEN = Step(
    deed="messages.reopen",
    heading=N_("Reopen the request"),
    consequences=(
        N_("The request stands open at the other side again, and its clock starts anew."),
    ),
    asks=(_WHY,),
    button=N_("Reopen the request"),
)
_RECALL = Step(
    deed="messages.recall",
    heading=N_("Recall the message"),
    consequences=(
        N_(
            "What it says is erased at both ends. That it was recalled, and whether it had been read, stays in the history of both."
        ),
        N_("It cannot be undone: to say it again, write again."),
    ),
    asks=(_WHY,),
    button=N_("Recall the message"),
    is_grave=True,
)
_BUNDLE = Step(
    deed="messages.bundle",
    heading=N_("Take the thread out"),
    consequences=(
        N_("All that it says stands on one page, under the strictest code of what is in it."),
        N_("It is refused whole where an owner has not consented to one part of it."),
    ),
    asks=(
        Ask(
            field="use",
            label=N_("For whom"),
            how="radios",
            among=(Onward.COURT, Onward.THIRD_PARTY),
        ),
        Ask(field="recipient", label=N_("Code of the recipient"), how="code"),
        Ask(
            field="onward_consents",
            label=N_("Consents of the owner"),
            hint=N_("Their numbers, one on each line."),
            is_needed=False,
        ),
    ),
    button=N_("Take the thread out"),
)
USEFUL = (
    N_("Not at all"),
    N_("A little"),
    N_("Useful"),
    N_("It decided the case"),
)


@room.page("/messages", _READ)
def inbox(desk: Desk) -> Page:
    """Show what the own authority received or sent, box by box; nothing of what it says."""
    key, states = shaped.filter_of(desk.request.query_params)
    box = shaped.BOXES[key]
    found = verbs.listed(
        desk.tx,
        desk.who,
        side=box.side,
        states=states or box.states,
        limit=ROWS + 1,
        after=place(desk) or 0,
    )
    rows, following = paged(desk, [(row.number, row) for row in found])
    return Page(
        "pages/messages/inbox.html",
        here=key,
        box=box,
        rows=rows,
        states=states,
        chips=shaped.chips(desk, key, states),
        shaped=shaped,
        next=following,
        views=shelves.views_of(desk, "messages.inbox"),
        handling=tuple(row.confidentiality for row in rows),
    )


@room.page("/messages/deadlines", _READ)
def deadlines(desk: Desk) -> Page:
    """Show every running deadline, ours and theirs, the nearest first."""
    rows = []
    for key in ("open", "awaited"):
        box = shaped.BOXES[key]
        rows += verbs.listed(desk.tx, desk.who, side=box.side, states=box.states, limit=10 * ROWS)
    running = [row for row in rows if shaped.is_running(row)]
    running.sort(key=lambda row: (row.due_at or row.sent_at, row.id))
    return Page(
        "pages/messages/deadlines.html",
        rows=running[:ROWS],
        shaped=shaped,
        handling=tuple(row.confidentiality for row in running[:ROWS]),
    )


@room.page("/threads/{thread_id}", _READ)
def thread(desk: Desk, thread_id: str) -> Page:
    """Show the messages that belong together, in the order in which they came or left."""
    found = verbs.thread(desk.tx, desk.who, thread_id, limit=ROWS + 1, after=place(desk) or 0)
    rows, following = paged(desk, [(row.number, row) for row in found])
    return Page(
        "pages/messages/thread.html",
        thread=thread_id,
        rows=rows,
        shaped=shaped,
        next=following,
        handling=tuple(row.confidentiality for row in rows),
    )


@room.page("/threads/{thread_id}/bundle", _EXPORT)
def bundling(desk: Desk, thread_id: str) -> Page:
    """Ask for which court or third party a thread is taken out."""
    back = desk.url("messages.thread", thread_id=thread_id)
    return steps.page_of(desk, _BUNDLE, back=back, thread_id=thread_id)


@room.deed("/threads/{thread_id}/bundle", _EXPORT, again=bundling)
def bundle(desk: Desk, thread_id: str) -> Page:
    """Show what a thread says, to be printed, as far as its owners let it go."""
    form = desk.form
    use, recipient = form.one_of("use", Onward), form.text("recipient", needed=True, most=40)
    form.require()
    assert use is not None  # noqa: S101 - `require` has seen to it
    made = bundles.make(
        desk.tx,
        desk.who,
        thread_id,
        use=use,
        recipient=recipient.lower(),
        onward_consents=form.lines("onward_consents"),
    )
    return Page(
        "pages/messages/bundle.html",
        made=made,
        thread=thread_id,
        use=use,
        recipient=recipient.lower(),
        rows_of=records.rows,
        handling=tuple(one.confidentiality for one, _ in made.parts),
    )


@room.page("/messages/{message_id}", _READ)
def message(desk: Desk, message_id: str) -> Page:
    """Show a message. Its sender is told, the first time, that somebody has read it."""
    view = verbs.read(desk.tx, desk.who, mail_of(desk.services), message_id)
    together = verbs.thread(desk.tx, desk.who, view.message.thread, limit=ROWS)
    return Page(
        "pages/messages/message.html",
        view=view,
        one=view.message,
        thread=together,
        shaped=shaped,
        delivery=shaped.delivery(desk, view.message, view.history),
        rows_of=records.rows,
        Event=MessageEvent,
        Kind=MessageKind,
        Side=Side,
        State=MessageState,
        useful=USEFUL,
        handling=(view.message.confidentiality,),
    )


@room.page("/messages/{message_id}/parts/{number:int}/file", _READ)
def attached(desk: Desk, message_id: str, number: int) -> Sent:
    """Send a file of a message."""
    view = verbs.read(desk.tx, desk.who, mail_of(desk.services), message_id)
    if not 0 <= number < len(view.parts) or not view.parts[number].data:
        raise NotFound(N_("there is no such file"))
    part = view.parts[number]
    return Sent(content=part.data, media_type="application/octet-stream", name=part.name)


@room.deed("/messages/{message_id}/parts/{number:int}/acknowledge", _READ, again=message)
def acknowledge(desk: Desk, message_id: str, number: int) -> Go:
    """Acknowledge the conditions of a part (H3): the rest of it is shown from now on."""
    verbs.acknowledge_conditions(desk.tx, desk.who, message_id, number)
    return _back(message_id, N_("The conditions are acknowledged."))


@room.deed("/messages/{message_id}/take", _WRITE, again=message)
def take(desk: Desk, message_id: str) -> Go:
    """Take a request into work; its sender is told so."""
    verbs.take(desk.tx, desk.who, mail_of(desk.services), message_id)
    return _back(message_id, N_("The request is in work. Its sender is told."))


@room.page("/messages/{message_id}/close", _WRITE)
def closing(desk: Desk, message_id: str) -> Page:
    """Ask how useful the reply was."""
    words = [(number, desk.gettext(one)) for number, one in enumerate(USEFUL)]
    return _asked(desk, _CLOSE, message_id, useful=words)


@room.deed("/messages/{message_id}/close", _WRITE, again=closing)
def close(desk: Desk, message_id: str) -> Go:
    """Close a request that was replied to."""
    useful = desk.form.whole("useful", verbs.USEFUL)
    desk.form.require()
    verbs.close(desk.tx, desk.who, mail_of(desk.services), message_id, useful=useful or 0)
    return _back(message_id, N_("The request is closed."))


@room.page("/messages/{message_id}/reopen", _WRITE)
def reopening(desk: Desk, message_id: str) -> Page:
    """Ask what is missing in the reply."""
    return _asked(desk, _REOPEN, message_id)


@room.deed("/messages/{message_id}/reopen", _WRITE, again=reopening)
def reopen(desk: Desk, message_id: str) -> Go:
    """Ask again, because the reply is not enough."""
    words = desk.form.text("words", needed=True, most=verbs.MAX_WORDS)
    desk.form.require()
    verbs.reopen(desk.tx, desk.who, mail_of(desk.services), message_id, words=words)
    return _back(message_id, N_("The request is open again."))


@room.page("/messages/{message_id}/recall", _WRITE)
def recalling(desk: Desk, message_id: str) -> Page:
    """Ask why a message is taken back."""
    return _asked(desk, _RECALL, message_id)


@room.deed("/messages/{message_id}/recall", _WRITE, again=recalling)
def recall(desk: Desk, message_id: str) -> Go:
    """Take a message back: what it says is erased at both ends."""
    words = desk.form.text("words", needed=True, most=verbs.MAX_WORDS)
    desk.form.require()
    verbs.recall(desk.tx, desk.who, mail_of(desk.services), message_id, words=words)
    return _back(message_id, N_("The message is recalled."))


def _asked(desk: Desk, step: Step, message_id: str, **options: list[tuple[int, str]]) -> Page:
    offered = {name: [(str(key), words) for key, words in among] for name, among in options.items()}
    back = desk.url("messages.message", message_id=message_id)
    return steps.page_of(desk, step, back=back, options=dict(offered), message_id=message_id)


def _back(message_id: str, said: str) -> Go:
    return Go("messages.message", said=said, path={"message_id": message_id})
