"""Passenger lists: screened when they come, held for a time, masked, unmasked by two, deleted.

hold ── screened at once ──> a check for each passenger who was found
24 h ──> the others are masked: kept, and shown to nobody
hits: who was found, the surest first, as their records stand now
unmask: one person asks with a reason, another confirms; for an hour
the term of the policy ──> everything of the list is deleted (PR-35)
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from didban import clock
from didban.errors import Conflict, InvalidInput, NotFound
from didban.guard import access, audit
from didban.ids import new_id
from didban.intake.queries import read_queries
from didban.model.deeds import Deed
from didban.model.passengers import Passenger, PassengerList, Unmasking
from didban.model.permissions import Permission
from didban.screening.looking import Sight, is_told, keep, look, sight, sights
from didban.screening.question import Asked
from didban.store import checks, passengers, records
from didban.store.visibility import open_to

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from didban.guard.audit import Facts
    from didban.intake.readers.base import Reject
    from didban.model.actors import Actor
    from didban.model.checks import KeptMatch
    from didban.model.records import Record
    from didban.screening.looking import Booth
    from didban.store.database import Database, Transaction

MOST: Final = 2_000
"""Passengers of one list: more are several lists."""

UNMASKED_FOR: Final = timedelta(hours=1)
_AT_ONCE: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldList:
    """A list that was taken, and who was found on it: by position, what is told of them.

    - `refused`: the lines that could not be read, with why; they are told once and not kept.
    """

    kept: PassengerList
    found: dict[int, tuple[Sight, ...]]
    refused: tuple[Reject, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A passenger who was found, and what is told of them as the records stand now.

    - `score`: of the best match; 0 where nothing that was found is open to who looks any more.
    """

    passenger: Passenger
    score: float
    sights: tuple[Sight, ...]


def hold(tx: Transaction, booth: Booth, actor: Actor, name: str, content: bytes) -> HeldList:
    """Take a list (PAXLST, CSV or JSON lines), screen everybody on it, and hold it.

    Raises PurposeMissing, NotPermitted, InvalidFile for what is no such list, InvalidInput for one
    with nobody or too many.
    """
    access.require(actor, Permission.SCREENING_LIST_HOLD)
    now = clock.now()
    asked, refused = _read(name, content, now)
    seen = open_to(tx, actor)
    list_id = new_id("lst")
    found, by_position = {}, {}
    for position, record in enumerate(asked):
        one = [Asked(origin=f"{list_id}:{position}", record=record)]
        looked = look(tx, booth, actor, one, seen=seen, now=now)
        if looked.told:
            keep(tx, booth, looked)
            by_position[position] = looked.check.id
            found[position] = sights(looked, actor)
    kept = PassengerList(
        id=list_id,
        name=name,
        at=now,
        user=actor.user,
        device=actor.device,
        authority=actor.authority,
        clearance=int(actor.clearance),
        purpose=str(actor.purpose),
        reference=actor.reference,
        place=actor.place,
        passengers=len(asked),
        rejects=len(refused),
        mask_at=now + timedelta(hours=booth.policy.passenger_mask_hours),
        masked_at=None,
        kept_until=now.date() + timedelta(days=booth.policy.passenger_list_days),
    )
    passengers.keep(tx, kept, asked, by_position)
    facts: Facts = {"passengers": len(asked), "found": len(found), "rejects": len(refused)}
    audit.enter(tx, actor, Deed.PASSENGERS_SCREENED, subject=kept.id, facts=facts)
    return HeldList(kept=kept, found=found, refused=refused)


def listed(
    tx: Transaction, actor: Actor, *, before: int | None, limit: int
) -> list[tuple[int, PassengerList]]:
    """Return the lists of the actor's authority with their numbers, the latest first."""
    access.require(actor, Permission.SCREENING_LIST_READ)
    rows = passengers.listed(tx, actor.authority, before=before, most=limit)
    audit.enter(tx, actor, Deed.PASSENGERS_LISTED, facts={"shown": len(rows)})
    return rows


def viewed(tx: Transaction, actor: Actor, list_id: str) -> tuple[PassengerList, list[Passenger]]:
    """Return a list with its passengers; of those that are masked, only that they were on it.

    Raises NotPermitted, NotFound.
    """
    access.require(actor, Permission.SCREENING_LIST_READ)
    kept = _found(tx, actor, list_id)
    unmasked = passengers.unmasked_on(tx, kept.id, clock.now())
    facts: Facts = {"unmasked": unmasked}
    audit.enter(tx, actor, Deed.PASSENGERS_VIEWED, subject=kept.id, facts=facts)
    return kept, passengers.passengers(tx, kept.id, unmasked=unmasked)


def found_on(tx: Transaction, actor: Actor, list_id: str) -> tuple[PassengerList, list[Found]]:
    """Return a list and who was found on it, the surest first. Raises NotPermitted, NotFound."""
    access.require(actor, Permission.SCREENING_LIST_READ)
    kept = _found(tx, actor, list_id)
    found = _found_on(tx, actor, kept)
    audit.enter(tx, actor, Deed.PASSENGERS_VIEWED, subject=kept.id, facts={"found": len(found)})
    return kept, found


def exported(tx: Transaction, actor: Actor, list_id: str) -> tuple[PassengerList, list[Found]]:
    """Return who was found on a list, to be taken out as a file; who took it, and for what, is kept.

    Raises NotPermitted, NotFound, Conflict where nobody was found.
    """
    access.require(actor, Permission.SCREENING_LIST_READ)
    kept = _found(tx, actor, list_id)
    found = _found_on(tx, actor, kept)
    if not found:
        raise Conflict("nobody was found on this list")
    audit.enter(tx, actor, Deed.PASSENGERS_EXPORTED, subject=kept.id, facts={"found": len(found)})
    return kept, found


def request_unmasking(tx: Transaction, actor: Actor, list_id: str, reason: str) -> Unmasking:
    """Ask that a masked list be shown again. Another person confirms it.

    Raises NotPermitted, NotFound, InvalidInput without a reason, Conflict where nothing is masked.
    """
    access.require(actor, Permission.SCREENING_LIST_UNMASK)
    kept = _found(tx, actor, list_id)
    if not reason.strip():
        raise InvalidInput("say why the list is to be shown again")
    if kept.masked_at is None:
        raise Conflict("nobody on this list is masked yet")
    new = Unmasking(
        id=new_id("unm"),
        list=kept.id,
        reason=reason.strip(),
        requested_by=actor.user,
        requested_at=clock.now(),
    )
    passengers.request_unmasking(tx, new)
    facts: Facts = {"request": new.id}
    audit.enter(tx, actor, Deed.UNMASKING_REQUESTED, subject=kept.id, facts=facts)
    return new


def unmaskings(tx: Transaction, actor: Actor, list_id: str) -> list[Unmasking]:
    """Return the requests to see a list again that wait for another person.

    Raises NotPermitted, NotFound.
    """
    access.require(actor, Permission.SCREENING_LIST_UNMASK)
    return passengers.unmaskings(tx, _found(tx, actor, list_id).id)


def confirm_unmasking(tx: Transaction, actor: Actor, unmasking_id: str) -> Unmasking:
    """Let a masked list be shown for an hour; another person asked for it (PR-28, PR-35).

    Raises NotPermitted, NotFound, Conflict where it was confirmed already.
    """
    access.require(actor, Permission.SCREENING_LIST_UNMASK)
    request = passengers.unmasking(tx, unmasking_id, actor.authority)
    if request is None:
        raise NotFound("there is no such request")
    access.require_other_person(actor, request.requested_by, "the confirmation")
    if request.confirmed_by is not None:
        raise Conflict("this request was confirmed already")
    now = clock.now()
    confirmed = replace(
        request, confirmed_by=actor.user, confirmed_at=now, ends_at=now + UNMASKED_FOR
    )
    passengers.confirm_unmasking(tx, confirmed)
    facts: Facts = {"request": request.id}
    audit.enter(tx, actor, Deed.UNMASKING_CONFIRMED, subject=request.list, facts=facts)
    return confirmed


def run_due(database: Database, now: datetime) -> int:
    """Mask the lists whose day is over and delete those whose term is; return how many."""
    done = 0
    while True:
        with database.begin() as tx:
            masked = passengers.mask_due(tx, now, most=_AT_ONCE)
            deleted = passengers.delete_due(tx, now.date(), most=_AT_ONCE)
        done += masked + deleted
        if max(masked, deleted) < _AT_ONCE:
            return done


def _found_on(tx: Transaction, actor: Actor, kept: PassengerList) -> list[Found]:
    by_check = {
        one.check: one for one in passengers.passengers(tx, kept.id, unmasked=False) if one.check
    }
    seen, today = open_to(tx, actor), clock.today()
    matches = checks.told_of(tx, by_check, seen)
    present = records.many(tx, [match.record for match in matches], seen)
    told: dict[str, list[KeptMatch]] = {name: [] for name in by_check}
    for match in matches:
        if match.record in present and is_told(present[match.record]):
            told[match.check].append(match)
    found = [
        Found(
            passenger=by_check[name],
            score=max((match.score for match in its), default=0.0),
            sights=_acting_first(
                sight(match, present[match.record], actor, today) for match in its
            ),
        )
        for name, its in told.items()
    ]
    return sorted(found, key=lambda one: (-one.score, one.passenger.position))


def _acting_first(told: Iterable[Sight]) -> tuple[Sight, ...]:
    return tuple(sorted(told, key=lambda one: one.action is None))


def _found(tx: Transaction, actor: Actor, list_id: str) -> PassengerList:
    kept = passengers.get(tx, list_id, actor.authority)
    if kept is None:
        raise NotFound("there is no such list")
    return kept


def _read(name: str, content: bytes, now: datetime) -> tuple[list[Record], tuple[Reject, ...]]:
    """Return who stands on a list, and the lines that could not be read."""
    refused: list[Reject] = []
    with tempfile.TemporaryDirectory(prefix="didban-") as folder:
        path = Path(folder) / "list"
        path.write_bytes(content)
        asked = list(read_queries(path, refused.append, today=now.date()))
    if not name.strip():
        raise InvalidInput("say which voyage it is: carrier, number and day")
    if not 0 < len(asked) <= MOST:
        raise InvalidInput(f"a list holds 1 to {MOST} passengers that can be read")
    return asked, tuple(reject for reject in refused if not reject.is_note)
