"""How much waits at a desk: numbers alone, for the margin of every page and the poll behind it.

A number tells of nobody, so it is not entered in the audit: a page that asks for it every few
seconds would bury there what people did.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from didban import clock
from didban.model.exchange.messages import MessageState, Side
from didban.model.hits import OPEN
from didban.model.permissions import Permission, permissions_of
from didban.store import asked, hits, messages, questions
from didban.store.visibility import open_to

if TYPE_CHECKING:
    from didban.model.actors import Actor
    from didban.store.database import Transaction

HITS: Final = "hits"
QUESTIONS: Final = "questions"
MESSAGES: Final = "messages"

_UNREAD: Final = (MessageState.ACCEPTED,)


def counts(tx: Transaction, actor: Actor) -> dict[str, int]:
    """Return how many hits, questions and unread messages wait for the actor's desk.

    What the actor's roles do not open is not counted and has no entry.
    """
    may, seen = permissions_of(actor.roles), open_to(tx, actor)
    found: dict[str, int] = {}
    if Permission.CASEWORK_HIT_WORK in may:
        found[HITS] = hits.count(tx, actor.authority, seen, OPEN, at=clock.now())
    if Permission.CASEWORK_QUESTION_ANSWER in may:
        here = questions.count(tx, actor.authority, seen, clock.now())
        found[QUESTIONS] = here + asked.count(tx, actor.authority, seen)
    if Permission.CASEWORK_MESSAGE_READ in may:
        found[MESSAGES] = messages.count(
            tx, actor.authority, int(actor.clearance), side=Side.RECEIVED, states=_UNREAD
        )
    return found
