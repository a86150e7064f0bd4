"""Checks on the bank: by an officer or a device, for a purpose, kept with what they found.

    question ── asked ── live index, as it is open to the asker ── records as they stand now
             ──> kept check and matches ──> the first line: match or no match, and what to do

- The first line never sees the file: the full record is a second, reasoned step (`open_match`).
- A check takes no decision and moves nothing: a match becomes a hit when a human takes it up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from didban import clock
from didban.errors import InvalidInput, NotFound
from didban.guard import access, audit, limits, lookups
from didban.guard.disclosure import shown_to
from didban.model.bank import standing
from didban.model.deeds import Deed
from didban.model.permissions import Permission
from didban.screening.check import Verdict, asked_of
from didban.screening.looking import Booth, Looked, Sight, is_told, keep, look, sights
from didban.store import checks, records
from didban.store.visibility import open_to

if TYPE_CHECKING:
    from collections.abc import Mapping

    from didban.guard.audit import Facts
    from didban.model.actors import Actor
    from didban.model.bank import BankRecord, Standing
    from didban.model.checks import AskedFor, ChipEvidence, KeptMatch
    from didban.screening.question import Question
    from didban.store.database import Transaction

__all__ = ["BankAnswer", "Booth", "OpenedMatch", "Sight", "make", "open_match"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BankAnswer:
    """The answer to one check, by falling score.

    - `lag`: how far the index may have been behind the bank; `is_degraded`: so far that it must be
      said. `UNKNOWN` means that "nothing found" cannot be said.
    - `remarks`: what is odd about what was asked, such as a wrong check digit.
    - `asked`: what was looked for, as it was read.
    """

    check: str
    verdict: Verdict
    matches: tuple[Sight, ...]
    lag: timedelta
    is_degraded: bool
    remarks: tuple[str, ...] = ()
    asked: tuple[AskedFor, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedMatch:
    """A match with its record, as it stands now.

    `shown`: what the asker may see of it (`guard.disclosure`).
    """

    match: KeptMatch
    record: BankRecord
    standing: Standing
    shown: Mapping[str, Any]


def make(
    tx: Transaction,
    booth: Booth,
    actor: Actor,
    question: Question,
    chip: ChipEvidence | None = None,
) -> BankAnswer:
    """Make a check, keep it with its matches, and return what the first line is told.

    - What the asker may not see is not there (PR-09). A pair that a non-match token covers is kept
      for the data-protection officer and told to nobody else (PR-25).

    Raises PurposeMissing, NotPermitted (PR-01), LimitReached (PR-04), InvalidInput for a part that
    cannot be read.
    """
    access.require(actor, Permission.SCREENING_CHECK_MAKE)
    now = clock.now()
    asked = asked_of(question, now.date())
    limits.count_search(tx, actor, booth.access)
    looked = look(tx, booth, actor, asked, seen=open_to(tx, actor), now=now, chip=chip)
    if actor.device is None:
        limits.count_results(tx, actor, booth.access, records=len(looked.told))
    keep(tx, booth, looked)
    _note_lookup(tx, booth, actor, looked)
    check, told = looked.check, looked.told
    facts: Facts = {"verdict": check.verdict, "told": len(told), "found": len(looked.matches)}
    audit.enter(tx, actor, Deed.CHECK_MADE, subject=check.id, facts=facts)
    return BankAnswer(
        check=check.id,
        verdict=Verdict(check.verdict),
        matches=sights(looked, actor),
        lag=timedelta(seconds=check.lag),
        is_degraded=check.is_degraded,
        remarks=tuple(dict.fromkeys(note for one in asked for note in one.notes)),
        asked=check.asked,
    )


def open_match(tx: Transaction, actor: Actor, match_id: str, reason: str) -> OpenedMatch:
    """Open the record behind a match, for a reason that is kept: the second step (PR-02).

    Raises NotPermitted, InvalidInput without a reason, NotFound for a match that is not of the
    actor's authority, or whose record is gone or not open to the actor.
    """
    access.require(actor, Permission.BANK_RECORD_READ_FULL)
    if not reason.strip():
        raise InvalidInput("say why the record is to be opened")
    now, seen = clock.now(), open_to(tx, actor)
    found = checks.match(tx, match_id, actor.authority, seen)
    record = records.get(tx, found[0].record, seen) if found else None
    if found is None or record is None or not is_told(record):
        raise NotFound("there is no such match")
    match, _ = found
    checks.note_opened(tx, match.id, actor.user, now, reason.strip())
    facts: Facts = {"record": match.record, "version": record.version}
    audit.enter(tx, actor, Deed.MATCH_OPENED, subject=match.id, facts=facts)
    return OpenedMatch(
        match=match,
        record=record,
        standing=standing(record, now.date()),
        shown=shown_to(tx, actor, record),
    )


def _note_lookup(tx: Transaction, booth: Booth, actor: Actor, looked: Looked) -> None:
    """Note who was looked for, for as long as nobody is found (PR-05)."""
    asked = looked.check.asked[0].record
    names = asked.values("name")
    if not names:
        return
    person = lookups.key_of(booth.secrets, names, asked.first("birthDate"))
    if looked.told:
        lookups.forget(tx, actor, person)
    else:
        lookups.note(tx, actor, person, booth.access)
