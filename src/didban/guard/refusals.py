"""Refusals are entered too: who was refused what, for which rule (PR-01, PR-04).

An error undoes the transaction of its request, so a refusal is entered in one of its own, by
whoever stands outermost: the frame of the HTTP interface, or `acting`.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from didban.errors import LimitReached, NotPermitted, PurposeMissing
from didban.guard import audit, signals
from didban.model.deeds import Deed
from didban.model.signals import SignalKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from didban.errors import DidbanError
    from didban.model.actors import Actor
    from didban.store.database import Database, Transaction

_REASON: Final = re.compile(r"[a-z0-9_:.-]+")
_MAX_TOLD: Final = 200  # characters

REFUSALS: Final = (NotPermitted, PurposeMissing, LimitReached)


def enter(tx: Transaction, actor: Actor, error: DidbanError, *, asked: str) -> None:
    """Enter a refusal, and raise the signal of a limit that was reached.

    - `asked`: what was refused, as a word of ours: the name of a route or a command.

    Other errors than refusals leave no entry here.
    """
    if not isinstance(error, REFUSALS):
        return
    reasons = error.reasons if isinstance(error, NotPermitted) else ()
    told = ",".join(filter(_REASON.fullmatch, reasons))[:_MAX_TOLD]
    facts = {"code": error.code, "route": asked, "reasons": told}
    audit.enter(tx, actor, Deed.REQUEST_REFUSED, facts=facts)
    if isinstance(error, LimitReached) and error.limit in set(SignalKind):
        signals.raise_about(tx, SignalKind(error.limit), actor)


@contextmanager
def acting(database: Database, actor: Actor, *, asked: str) -> Iterator[Transaction]:
    """Give one transaction for what an actor does; a refusal undoes it and is entered.

    Raises what the block raises.
    """
    try:
        with database.begin() as tx:
            yield tx
    except REFUSALS as error:
        with database.begin() as tx:
            enter(tx, actor, error, asked=asked)
        raise
