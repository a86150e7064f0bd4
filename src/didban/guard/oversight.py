"""Oversight outside the owner: an independent role suspends a record here and asks its owner (PR-57).

The record stays what its owner says; it is found, shown as suspended, and asks for no action on this
node until the oversight role lifts the suspension. No owner can lift it, nor the inspector whom an
owner appoints: what another inspector asked is closed by an independent authority or the host's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from didban import clock, ids
from didban.errors import Conflict, InvalidInput, NotFound
from didban.guard import access, audit
from didban.guard.reach import reach_of
from didban.model.actors import AuthorityKind
from didban.model.bank import SuspensionCause
from didban.model.deeds import Deed
from didban.model.permissions import Permission
from didban.store import oversight, records, suspensions
from didban.store.oversight import Question
from didban.store.visibility import every_number, open_to

if TYPE_CHECKING:
    from datetime import datetime

    from didban.model.actors import Actor
    from didban.model.bank import BankRecord
    from didban.store.database import Transaction

Told = Callable[["Transaction", Question, "datetime"], None]
"""What else is to happen with a question or its answer: other nodes are told."""

ANSWER_TIME: Final = timedelta(days=15)
"""How long an owner has to say why its record should stand."""

MAX_WORDS: Final = 4_000
_REASON: Final = "doubted by the oversight role"  # the words stand in the question alone


class Outcome(StrEnum):
    """How the oversight role closes a question."""

    LIFTED = "lifted"
    UPHELD = "upheld"  # the record stays suspended on this node


def suspend(
    tx: Transaction, actor: Actor, record_id: str, words: str, *, told: Told | None = None
) -> Question:
    """Suspend a record on this node and ask its owner.

    - `words`: why the record is doubted, as its owner reads it.
    - `told`: brings the question to an owner at another node.

    Raises NotFound for a record that is not there for this role, Conflict where it is suspended by
    oversight already or asks for nothing, InvalidInput, NotPermitted.
    """
    access.require(actor, Permission.OVERSIGHT_RECORD_SUSPEND)
    _require_words(words)
    kept = _kept(tx, actor, record_id)
    if SuspensionCause.OVERSIGHT in kept.suspensions:
        raise Conflict("the oversight role has suspended this record already")
    now = clock.now()
    due = now + ANSWER_TIME
    suspensions.suspend(
        tx, kept, SuspensionCause.OVERSIGHT, actor, at=now, reason=_REASON, review_due_at=due
    )
    new = Question(
        id=ids.new_id("ovs"),
        record=kept.id,
        owner=kept.owner,
        words=words.strip(),
        asked_at=now,
        asked_by=actor.user,
        due_at=due,
    )
    oversight.add(tx, new)
    facts: audit.Facts = {"question": new.id, "owner": new.owner}
    audit.enter(tx, actor, Deed.OVERSIGHT_SUSPENDED, subject=kept.id, facts=facts)
    if told is not None:
        told(tx, new, now)
    return new


def listed(tx: Transaction, actor: Actor, *, limit: int = 100) -> list[Question]:
    """Return what the oversight role asked, as far as it may be closed; to an owner, what it was asked."""
    if not access.decide(actor, Permission.OVERSIGHT_RECORD_SUSPEND).is_allowed:
        access.require(actor, Permission.RIGHTS_SOURCE_ANSWER)
        found = oversight.listed(tx, owner=actor.authority, limit=limit)
    elif _is_independent(tx, actor):
        found = oversight.listed(tx, limit=limit)
    else:
        found = oversight.listed(tx, asked_by=actor.user, limit=limit)
    audit.enter(tx, actor, Deed.OVERSIGHT_LISTED, facts={"count": len(found)})
    return found


def answer(
    tx: Transaction, actor: Actor, question_id: str, words: str, *, told: Told | None = None
) -> Question:
    """Say, for the owner, why the record should stand.

    - `told`: brings the answer to another node that asked.

    Raises NotFound for a question to another owner, Conflict where it is answered or closed.
    """
    access.require(actor, Permission.RIGHTS_SOURCE_ANSWER)
    _require_words(words)
    asked = _locked(tx, question_id, actor.authority)
    if asked.answered_at is not None or asked.closed_at is not None:
        raise Conflict("the question is answered or closed")
    said = replace(asked, answer=words.strip(), answered_at=clock.now(), answered_by=actor.user)
    oversight.save(tx, said)
    audit.enter(
        tx, actor, Deed.OVERSIGHT_ANSWERED, subject=said.record, facts={"question": said.id}
    )
    if told is not None:
        told(tx, said, said.answered_at or clock.now())
    return said


def close(tx: Transaction, actor: Actor, question_id: str, outcome: Outcome) -> Question:
    """Lift the suspension, or let it stand for as long as the record is kept.

    Raises NotFound, also for another inspector's question; Conflict where it is closed, NotPermitted.
    """
    access.require(actor, Permission.OVERSIGHT_RECORD_SUSPEND)
    asked = _locked(tx, question_id)
    if asked.asked_by != actor.user and not _is_independent(tx, actor):
        raise _missing()
    if asked.closed_at is not None and asked.outcome == Outcome.LIFTED:
        raise Conflict("the suspension was lifted before")
    now = clock.now()
    kept = records.get(tx, asked.record, every_number(tx), to_change=True)
    if outcome is Outcome.LIFTED and kept is not None:
        cause = SuspensionCause.OVERSIGHT
        suspensions.lift(tx, kept, cause, actor, at=now, reason="lifted by the oversight role")
    closed = replace(asked, outcome=outcome, closed_at=now, closed_by=actor.user)
    oversight.save(tx, closed)
    deed = Deed.OVERSIGHT_LIFTED if outcome is Outcome.LIFTED else Deed.OVERSIGHT_UPHELD
    audit.enter(tx, actor, deed, subject=closed.record, facts={"question": closed.id})
    return closed


def _kept(tx: Transaction, actor: Actor, record_id: str) -> BankRecord:
    """Return the record. An independent authority and the host's inspector reach every one."""
    reachable = every_number(tx) if _is_independent(tx, actor) else open_to(tx, actor)
    kept = records.get(tx, record_id, reachable, to_change=True)
    if kept is None:
        raise NotFound("there is no such record")
    return kept


def _is_independent(tx: Transaction, actor: Actor) -> bool:
    return actor.kind is AuthorityKind.OVERSIGHT or reach_of(tx, actor) is None


def _locked(tx: Transaction, question_id: str, owner: str | None = None) -> Question:
    found = oversight.lock(tx, question_id)
    if found is None or owner not in {None, found.owner}:
        raise _missing()
    return found


def _missing() -> NotFound:
    return NotFound("there is no such question")


def _require_words(words: str) -> None:
    if not words.strip() or len(words) > MAX_WORDS:
        raise InvalidInput(f"words: at least one and at most {MAX_WORDS} characters")
