"""Checks that were made, as they are read again; and how they are emptied in their time (PR-30)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from didban import clock
from didban.errors import NotFound
from didban.guard import access, audit
from didban.model.deeds import Deed
from didban.model.permissions import Permission, permissions_of
from didban.screening.bank_check import BankAnswer
from didban.screening.check import Verdict
from didban.screening.looking import is_told, sight
from didban.store import checks, records
from didban.store.visibility import open_to

if TYPE_CHECKING:
    from datetime import datetime

    from didban.model.actors import Actor
    from didban.model.checks import KeptCheck, KeptMatch
    from didban.store.database import Database, Transaction

_AT_ONCE: Final = 500


def viewed(tx: Transaction, actor: Actor, check_id: str) -> tuple[KeptCheck, list[KeptMatch]]:
    """Return a check with its matches, among what is open to the actor now.

    Raises NotPermitted, NotFound for a check that is not theirs (`_whose`).
    """
    access.require(actor, Permission.SCREENING_CHECK_READ)
    check = checks.get(tx, check_id, actor.authority)
    if check is None or _whose(actor) not in {None, check.user}:
        raise NotFound("there is no such check")
    audit.enter(tx, actor, Deed.CHECK_VIEWED, subject=check.id)
    return check, checks.matches_of(tx, check.id, open_to(tx, actor))


def answered(tx: Transaction, actor: Actor, check_id: str) -> BankAnswer:
    """Return what the first line is told of a check when it is read again, as records stand now.

    Matches whose record is gone, or not open to the actor any more, are not there. Raises
    NotPermitted, NotFound.
    """
    check, matches = viewed(tx, actor, check_id)
    present = records.many(tx, [match.record for match in matches], open_to(tx, actor))
    today = clock.today()
    sights = tuple(
        sight(match, present[match.record], actor, today)
        for match in matches
        if match.record in present and is_told(present[match.record])
    )
    return BankAnswer(
        check=check.id,
        verdict=Verdict(check.verdict),
        matches=sights,
        lag=timedelta(seconds=check.lag),
        is_degraded=check.is_degraded,
        remarks=tuple(dict.fromkeys(note for one in check.asked for note in one.notes)),
        asked=check.asked,
    )


def listed(
    tx: Transaction, actor: Actor, *, before: int | None, limit: int
) -> list[tuple[int, KeptCheck]]:
    """Return the actor's checks (`_whose`) with their numbers, the latest first."""
    access.require(actor, Permission.SCREENING_CHECK_READ)
    found = checks.listed(tx, actor.authority, user=_whose(actor), before=before, most=limit)
    audit.enter(tx, actor, Deed.CHECK_LISTED, facts={"shown": len(found)})
    return found


def silenced(tx: Transaction, actor: Actor, *, limit: int) -> list[KeptMatch]:
    """Return the latest matches that non-match tokens kept silent, for their overseer (PR-25)."""
    access.require(actor, Permission.CASEWORK_TOKEN_READ)
    found = checks.silenced(tx, actor.authority, most=limit)
    audit.enter(tx, actor, Deed.CHECK_LISTED, facts={"silenced": len(found)})
    return found


def run_due(database: Database, now: datetime) -> int:
    """Empty the checks whose personal content may not be kept any longer; return how many."""
    done = 0
    while True:
        with database.begin() as tx:
            emptied = checks.mask_due(tx, now.date(), most=_AT_ONCE)
        done += emptied
        if emptied < _AT_ONCE:
            return done


def _whose(actor: Actor) -> str | None:
    """Return whose checks an actor reads: their own, or, at the second line, the authority's."""
    reads_all = Permission.BANK_RECORD_READ_FULL in permissions_of(actor.roles)
    return None if reads_all else actor.user
