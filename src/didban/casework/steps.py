"""One step in the life of a hit: the machine allows it, the guards hold, and history remembers.

Everything that moves a hit goes through `advance`, so that no other way exists. Whoever calls it
has locked the hit (`locked`).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from didban.casework.guards import GUARDS
from didban.errors import NotFound
from didban.guard import audit
from didban.model.casework import HitEntry
from didban.model.deeds import Deed
from didban.model.hits import CLOCKS, ENDED, HIT, Clock, HitNote, HitState, Urgency
from didban.store import hits
from didban.store.visibility import open_to

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from didban.casework.guards import Step
    from didban.model.actors import Actor
    from didban.model.casework import Hit
    from didban.settings import Casework
    from didban.store.database import Transaction


def advance(
    step: Step, *, facts: Mapping[str, str | int | bool] | None = None, **changes: Any
) -> Hit:
    """Move a hit and return it as it stands now.

    - `facts`: codes and numbers for its history; `changes`: further fields of `Hit`.

    Raises Conflict when the machine knows no such arrow, and whatever a guard raises; then nothing
    has happened.
    """
    arrow = HIT.transition(step.hit.state, step.event)
    for guard in arrow.guards:
        GUARDS[guard](step)
    moved = replace(step.hit, state=arrow.target, changed_at=step.at, aside_until=None, **changes)
    hits.save(step.tx, moved)
    said = {"reason": step.reason} if step.reason else {}
    entry = HitEntry(
        at=step.at,
        actor=step.actor.user,
        authority=step.actor.authority,
        event=step.event,
        state=moved.state,
        facts={**said, **(facts or {})},
        words=step.words.strip(),
    )
    hits.append(step.tx, moved.id, entry)
    hits.stop_clocks(
        step.tx, moved.id, (c for c, rule in CLOCKS.items() if moved.state not in rule.runs_in)
    )
    if moved.state in ENDED:
        start(step.tx, moved, step.at, step.terms, Clock.RETENTION)
    audit.enter(
        step.tx,
        step.actor,
        Deed.HIT_MOVED,
        subject=moved.id,
        facts={"event": step.event, "from": arrow.source, "to": arrow.target},
    )
    return moved


def note(  # noqa: PLR0913 - one line of history has so many parts
    tx: Transaction,
    actor: Actor,
    hit: Hit,
    what: HitNote,
    at: datetime,
    *,
    facts: Mapping[str, str | int | bool] | None = None,
    words: str = "",
) -> None:
    """Enter in a hit's history what does not move it."""
    entry = HitEntry(
        at=at,
        actor=actor.user,
        authority=actor.authority,
        event=what,
        state=hit.state,
        facts=facts or {},
        words=words.strip(),
    )
    hits.append(tx, hit.id, entry)
    audit.enter(tx, actor, Deed.HIT_NOTED, subject=hit.id, facts={"note": what})


def locked(tx: Transaction, actor: Actor, hit_id: str, at: datetime) -> Hit:
    """Return a hit of the actor's authority, held until the transaction ends, and up to date.

    Raises NotFound where it is not there, is another's, or its record is not open to the actor.
    """
    hit = hits.lock_own(tx, hit_id, actor.authority, open_to(tx, actor))
    if hit is None:
        raise missing()
    return told_of_record(tx, actor, hit, at)


def missing() -> NotFound:
    """Return the one answer for a hit or question that is not there, or is another's (PR-09)."""
    return NotFound("there is no such hit")


def told_of_record(tx: Transaction, actor: Actor, hit: Hit, at: datetime) -> Hit:
    """Return a hit that knows of its record's present version, or that it is gone.

    A newer version has to be acknowledged again by whoever decides (`guards.evidence_of`).
    """
    now = hits.record_now(tx, hit.record)
    is_gone = now is None
    version = hit.record_version if now is None else now
    if (is_gone, version) == (hit.is_record_gone, hit.record_version):
        return hit
    told = replace(hit, is_record_gone=is_gone, record_version=version, aside_until=None)
    hits.save(tx, told)
    what = HitNote.RECORD_GONE if is_gone else HitNote.RECORD_CHANGED
    note(tx, actor, told, what, at, facts={"version": version})
    return told


def lasts(terms: Casework, clock: Clock, urgency: Urgency = Urgency.ROUTINE) -> timedelta:
    """Return how long a clock runs."""
    if clock is Clock.REPLY and urgency is Urgency.URGENT:
        return timedelta(minutes=terms.urgent_reply_minutes)
    return {
        Clock.REPLY: timedelta(minutes=terms.routine_reply_minutes),
        Clock.NAMED_TIME: timedelta(hours=terms.longest_wait_hours),
        Clock.SUPPLEMENT: timedelta(hours=terms.supplementary_hours),
        Clock.HOLD_WARNING: timedelta(hours=terms.hold_warning_hours),
        Clock.HOLD_LIMIT: timedelta(hours=terms.hold_limit_hours),
        Clock.FEEDBACK: timedelta(hours=terms.feedback_hours),
        Clock.FINAL_OUTCOME: timedelta(days=terms.final_outcome_days),
        Clock.REMINDER: timedelta(days=terms.reminder_days),
        Clock.RETENTION: timedelta(days=terms.closed_days),
    }[clock]


def start(tx: Transaction, hit: Hit, at: datetime, terms: Casework, *clocks: Clock) -> None:
    """Start clocks of a hit that last as long as the settings say."""
    for clock in clocks:
        is_short = clock is Clock.RETENTION and hit.state is HitState.DISMISSED
        span = timedelta(days=terms.dismissed_days) if is_short else lasts(terms, clock)
        hits.start_clock(tx, hit.id, clock, at + span)
