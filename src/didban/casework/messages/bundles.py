"""A thread as a bundle that leaves the desk: for a court, or for a third authority (PR-08)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from didban import clock
from didban.casework.messages.clearing import has_acknowledged
from didban.errors import InvalidInput, NotFound, NotPermitted
from didban.guard import access, audit
from didban.ids import new_id
from didban.model.deeds import Deed
from didban.model.marking import Handling
from didban.model.onward import Onward
from didban.model.permissions import Permission
from didban.model.purposes import serves
from didban.store import messages, onward

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from didban.model.actors import Actor
    from didban.model.exchange.letters import Part
    from didban.store.database import Transaction
    from didban.store.messages import Message

_BARRED = {Onward.COURT: Handling.H1, Onward.THIRD_PARTY: Handling.H2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """What leaves. `handling`: the strictest of what is in it; it holds for the whole."""

    id: str
    made_at: datetime
    handling: Handling
    consents: tuple[str, ...]
    parts: tuple[tuple[Message, Part], ...]


def make(
    tx: Transaction,
    actor: Actor,
    thread_id: str,
    *,
    use: Onward,
    recipient: str,
    onward_consents: tuple[str, ...] = (),
) -> Bundle:
    """Return what a thread says, for a court or a third authority.

    - H1 of another authority is no evidence and H2 not for third ones, without its consent.
    - What conditions were not acknowledged, and what was sent for another purpose, stays.

    Raises NotFound; NotPermitted, which names the messages that may not go along; InvalidInput.
    """
    access.require(actor, Permission.BANK_RECORD_EXPORT)
    if use not in _BARRED or not recipient:
        raise InvalidInput("a bundle is for a court or a third party, which is named")
    found = messages.in_thread(tx, thread_id, actor.authority, actor.clearance)
    if not found:
        raise NotFound("there is no such thread")
    given = onward.in_force(tx, onward_consents, authority=actor.authority, on=clock.today())
    fitting = {
        (one.record, one.owner): one.id
        for one in given
        if one.use is use and one.recipient in {"", recipient}
    }
    parts = tuple(_parts(found))
    barred: dict[str, list[str]] = {}
    used = []
    for message, number, part in parts:
        if actor.purpose is None or not serves(message.purpose, actor.purpose):
            barred.setdefault("other_purpose", []).append(message.id)
        if not has_acknowledged(tx, actor, message.id, number, part):
            barred.setdefault("conditions", []).append(message.id)
        if part.owner != actor.authority and part.handling is _BARRED[use]:
            consent = fitting.get((part.record or message.id, part.owner))
            if consent is None:
                barred.setdefault(f"handling:{part.handling}", []).append(message.id)
            else:
                used.append(consent)
    if barred:
        named = ", ".join(sorted({each for some in barred.values() for each in some}))
        raise NotPermitted(f"these may not go along (PR-08): {named}", *sorted(barred))
    made = Bundle(
        id=new_id("bun"),
        made_at=clock.now(),
        handling=max((part.handling for _, _, part in parts), default=Handling.H0),
        consents=tuple(sorted(set(used))),
        parts=tuple((message, part) for message, _, part in parts),
    )
    facts = {"use": use.value, "count": len(parts), "handling": made.handling.value}
    audit.enter(tx, actor, Deed.MESSAGE_BUNDLED, subject=thread_id, facts=facts)
    return made


def _parts(found: list[Message]) -> Iterator[tuple[Message, int, Part]]:
    for message in found:
        for number, part in enumerate(message.letter.parts if message.letter else ()):
            yield message, number, part
