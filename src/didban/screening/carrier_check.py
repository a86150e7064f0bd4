"""What a carrier is told before boarding: proceed, or refer to the authority; nothing else (PR-45).

The check is made and kept like any other, for the authority whose token the carrier's program has.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from didban import clock
from didban.guard import access, audit, limits
from didban.model.alerts import Action
from didban.model.deeds import Deed
from didban.model.permissions import Permission
from didban.screening.check import Verdict, asked_of
from didban.screening.looking import keep, look, sights
from didban.store.visibility import open_to

if TYPE_CHECKING:
    from didban.model.actors import Actor
    from didban.screening.looking import Booth
    from didban.screening.question import Question
    from didban.store.database import Transaction


class Advice(StrEnum):
    """All that a carrier is told."""

    PROCEED = "proceed"
    REFER = "refer"


_NOT_TO_BE_NOTICED: Final = frozenset({Action.DISCREET_CHECK, Action.INQUIRY_CHECK, Action.INFORM})
"""What the person must not learn of: to be referred would tell. The border sees it all the same."""


def ask(tx: Transaction, booth: Booth, actor: Actor, question: Question) -> Advice:
    """Make a check for a carrier, keep it, and return the advice.

    Refer where the first line is asked for something, and where nobody can tell. Raises
    NotPermitted, LimitReached, InvalidInput for a part that cannot be read.
    """
    access.require(actor, Permission.SCREENING_CARRIER_ASK)
    now = clock.now()
    asked = asked_of(question, now.date())
    limits.count_search(tx, actor, booth.access)
    looked = look(tx, booth, actor, asked, seen=open_to(tx, actor), now=now)
    keep(tx, booth, looked)
    actions = {sight.action for sight in sights(looked, actor)} - {None}
    is_referred = looked.check.verdict == Verdict.UNKNOWN or bool(actions - _NOT_TO_BE_NOTICED)
    advice = Advice.REFER if is_referred else Advice.PROCEED
    facts: audit.Facts = {"verdict": looked.check.verdict, "told": advice}
    audit.enter(tx, actor, Deed.CHECK_MADE, subject=looked.check.id, facts=facts)
    return advice
