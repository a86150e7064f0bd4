"""Triage: whose work a hit is, and what may wait until a moment; several hits at once.

Neither moves a hit, and no clock stops for it. Each hit is looked at by itself: what could not be
done is told of each, with why, and the others are done.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from didban import clock
from didban.casework.steps import locked, note
from didban.errors import InvalidInput, NotFound
from didban.guard import access
from didban.model.hits import ENDED, OPEN, Barrier, HitNote
from didban.model.permissions import HOLDERS, Permission
from didban.store import hits, users
from didban.store.visibility import open_to

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from didban.model.actors import Actor
    from didban.model.casework import Hit
    from didban.model.users import User
    from didban.store.database import Transaction

MOST: Final = 100
"""Hits at once."""

LONGEST: Final = timedelta(days=30)
"""How far ahead a hit may be put aside."""

MAX_WORDS: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Triaged:
    """What became of several hits: those that changed, and why others could not."""

    done: tuple[str, ...]
    barred: Mapping[str, Barrier]


def colleagues(tx: Transaction, actor: Actor) -> list[User]:
    """Return the users of the actor's authority who may work on hits, by login name."""
    access.require(actor, Permission.CASEWORK_HIT_WORK)
    return users.holding(tx, actor.authority, HOLDERS[Permission.CASEWORK_HIT_WORK])


def aside(tx: Transaction, actor: Actor) -> int:
    """Return how many open hits of the actor's authority are put aside."""
    access.require(actor, Permission.CASEWORK_HIT_WORK)
    seen, at = open_to(tx, actor), clock.now()
    return hits.count(tx, actor.authority, seen, OPEN, at=at, is_aside=True)


def assign(tx: Transaction, actor: Actor, hit_ids: Collection[str], to: str | None) -> Triaged:
    """Make hits the work of a colleague or of oneself; None: of nobody in particular.

    Raises InvalidInput for too many; NotFound for who does not work on hits of this authority.
    """
    access.require(actor, Permission.CASEWORK_HIT_WORK)
    if to not in {None, actor.user, *(user.id for user in colleagues(tx, actor))}:
        raise NotFound("there is no such colleague who works on hits")

    def one(hit: Hit, _: datetime) -> Hit | Barrier:
        return Barrier.ENDED if hit.state in ENDED else replace(hit, assignee=to)

    return _each(tx, actor, hit_ids, one)


def put_aside(
    tx: Transaction, actor: Actor, hit_ids: Collection[str], *, until: datetime, words: str
) -> Triaged:
    """Take hits out of the inbox until a moment, and say why.

    Not while a person is kept waiting, and not past a deadline. Raises InvalidInput for a moment
    that is past or further ahead than `LONGEST`, for no words, and for too many hits.
    """
    access.require(actor, Permission.CASEWORK_HIT_WORK)
    if not timedelta() < until - clock.now() <= LONGEST:
        raise InvalidInput("until: a moment ahead, at most 30 days from now")
    if not 0 < len(words.strip()) <= MAX_WORDS:
        raise InvalidInput(f"words: say why, in 1 to {MAX_WORDS} characters")

    def one(hit: Hit, _: datetime) -> Hit | Barrier:
        if hit.state in ENDED:
            return Barrier.ENDED
        if hit.is_held:
            return Barrier.PERSON_WAITS
        if any(running.due_at < until for running in hits.clocks(tx, hit.id)):
            return Barrier.DEADLINE_SOONER
        return replace(hit, aside_until=until)

    return _each(tx, actor, hit_ids, one, words=words)


def undo(tx: Transaction, actor: Actor, hit_ids: Collection[str]) -> Triaged:
    """Give hits back as they were before the actor last assigned them or put them aside.

    What somebody else changed since stays as it is.
    """
    access.require(actor, Permission.CASEWORK_HIT_WORK)

    def one(hit: Hit, at: datetime) -> Hit | Barrier:
        sorted_by = [e for e in hits.history(tx, hit.id) if e.event in _CHANGED]
        last = sorted_by[-1] if sorted_by else None
        if last is None or last.actor != actor.user or hit.state in ENDED:
            return Barrier.CHANGED_SINCE
        before = str(last.facts["before"])
        if last.event == HitNote.ASSIGNED:
            return replace(hit, assignee=before or None)
        until = datetime.fromisoformat(before) if before else None
        return replace(hit, aside_until=until if until and until > at else None)

    return _each(tx, actor, hit_ids, one)


def taken_up(tx: Transaction, hit: Hit) -> Hit:
    """Return a hit that something happened to: what was put aside is in the inbox again."""
    if hit.aside_until is None:
        return hit
    here = replace(hit, aside_until=None)
    hits.save(tx, here)
    return here


_CHANGED: Final = {HitNote.ASSIGNED: "assignee", HitNote.PUT_ASIDE: "aside_until"}
"""What each note tells of: the field of a hit, as it was and as it is."""


def _each(
    tx: Transaction,
    actor: Actor,
    hit_ids: Collection[str],
    one: Callable[[Hit, datetime], Hit | Barrier],
    *,
    words: str = "",
) -> Triaged:
    """Change hits one by one, in an order that lets nobody wait for each other."""
    if len(hit_ids) > MOST:
        raise InvalidInput(f"hits: at most {MOST} at once")
    at = clock.now()
    done: list[str] = []
    barred: dict[str, Barrier] = {}
    for hit_id in sorted(set(hit_ids)):
        try:
            hit = locked(tx, actor, hit_id, at)
        except NotFound:
            barred[hit_id] = Barrier.GONE
            continue
        changed = one(hit, at)
        if isinstance(changed, Barrier):
            barred[hit_id] = changed
            continue
        if changed != hit:
            _keep(tx, actor, hit, changed, at, words)
            done.append(hit_id)
    return Triaged(done=tuple(done), barred=barred)


def _keep(
    tx: Transaction, actor: Actor, before: Hit, now: Hit, at: datetime, words: str
) -> None:  # fmt: skip
    hits.save(tx, now)
    for what, field in _CHANGED.items():
        was, is_now = getattr(before, field), getattr(now, field)
        if was != is_now:
            facts = {"before": _text(was), "after": _text(is_now)}
            note(tx, actor, now, what, at, facts=facts, words=words)


def _text(value: str | datetime | None) -> str:
    return value.isoformat() if isinstance(value, datetime) else value or ""
