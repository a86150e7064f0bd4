"""A new or changed record is held against the checks and passenger lists still lawfully held.

    change ──> entrants ── each held question, with its asker's eyes ──> a match of that check,
                                                                        marked as found later

- Held is what was asked until its content is emptied (PR-30), and passengers until they are masked
  (PR-35). What the asker's authority may not see is not found for it (PR-09).
- A pair of check and record is told of once, whatever becomes of the record; non-match tokens are
  honoured (PR-25).
- The work goes with the number of held questions, not with that of the records: see
  docs/explanation/live-index.md.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Protocol

from didban.errors import NotFound
from didban.guard import access, audit
from didban.guard.secrets import SecretName
from didban.match.entrants import Entrants
from didban.match.query import query_from_record
from didban.match.shelves import shelves_of
from didban.model.deeds import Deed
from didban.model.marking import Confidentiality
from didban.screening.check import Verdict
from didban.screening.following import held_of, is_specimen
from didban.screening.looking import is_told, match_of
from didban.store import authorities, changes, checks, passengers, records
from didban.store.non_match import silenced
from didban.store.visibility import open_to

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from didban.match.search import Match
    from didban.model.actors import Actor
    from didban.model.checks import KeptCheck, KeptMatch
    from didban.screening.looking import Booth
    from didban.store.database import Database, Transaction

_RECORDS: Final = 2_000
_CHECKS: Final = 200
"""Checks of one transaction: short, so that nobody waits for it."""


class Told(Protocol):
    """Who is told of a match that was found later: casework's notifications."""

    def __call__(self, tx: Transaction, match: KeptMatch, check: KeptCheck) -> None:
        """Tell it, with the transaction or not at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Eyes:
    """With what a held question is looked at again."""

    actor: Actor
    seen: frozenset[int]
    shelves: frozenset[str]


def run_due(database: Database, now: datetime, *, booth: Booth, told: Told | None = None) -> int:
    """Hold what changed since the last run against everything held; return how many matches came.

    The first run only marks the place. One process at a time does it.
    """
    with database.exclusively("rescreen") as is_ours:
        if not is_ours:
            return 0
        with database.begin() as tx:
            before, reached = changes.rescreened_to(tx), changes.position(tx)
            if before and not changes.is_past(tx, before):
                before = None
            numbers = changes.since(tx, before) if before else []
        booth.index.catch_up()
        found = 0
        for start in range(0, len(numbers), _RECORDS):
            found += _rescreen(database, booth, numbers[start : start + _RECORDS], now, told)
        if numbers or before is None:
            with database.begin() as tx:
                changes.keep_rescreened(tx, reached)
        return found


def _rescreen(
    database: Database, booth: Booth, numbers: Sequence[int], now: datetime, told: Told | None
) -> int:
    with database.begin() as tx:
        is_training = changes.is_training(tx)
        present = [
            one
            for one in changes.present(tx, numbers)
            if is_training or not is_specimen(one.record)
        ]
    if not present:
        return 0
    work = _Work(booth, Entrants(booth.index.shelves, map(held_of, present)), now, told)
    found, last = 0, 0
    while True:
        with database.begin() as tx:
            held = checks.held(tx, after=last, most=_CHECKS)
            found += sum(work.again(tx, check) for _, check in held)
        if not held:
            break
        last = held[-1][0]
    with database.begin() as tx:
        open_lists = passengers.open_lists(tx)
    for list_id in open_lists:
        with database.begin() as tx:
            found += work.passengers(tx, list_id)
    return found


class _Work:
    """One round over everything held."""

    def __init__(self, booth: Booth, entrants: Entrants, now: datetime, told: Told | None) -> None:
        self._booth = booth
        self._entrants = entrants
        self._now = now
        self._told = told
        self._key = booth.secrets.get(SecretName.NON_MATCH)
        self._eyes: dict[tuple[str, int], _Eyes] = {}

    def again(self, tx: Transaction, check: KeptCheck) -> int:
        """Ask a kept check again; return how many matches were added to it."""
        eyes = self._eyes_of(tx, check)
        found = list(self._found(tx, check, eyes))
        checks.keep_matches(tx, found)
        for match in found:
            if not match.is_silenced:
                self._tell(tx, eyes, match, check)
        return len(found)

    def passengers(self, tx: Transaction, list_id: str) -> int:
        """Ask about the passengers of a list who were not found; return how many are now."""
        kept = passengers.of_id(tx, list_id)
        if kept is None or kept.masked_at is not None:
            return 0
        found = 0
        for passenger in passengers.passengers(tx, list_id, unmasked=False):
            if passenger.asked is None or passenger.check is not None:
                continue
            check = passengers.check_of(kept, passenger, mode=self._booth.mode)
            eyes = self._eyes_of(tx, check)
            matches = list(self._found(tx, check, eyes))
            if not matches:
                continue
            check = replace(check, verdict=Verdict.POSSIBLE_MATCH)
            checks.keep(tx, check, kept.kept_until)
            checks.keep_matches(tx, matches)
            passengers.found(tx, passenger, check.id)
            for match in matches:
                self._tell(tx, eyes, match, check)
            found += len(matches)
        return found

    def _found(self, tx: Transaction, check: KeptCheck, eyes: _Eyes) -> Iterator[KeptMatch]:
        """Yield what a check finds among the entrants, each record once and by its best question."""
        best: dict[str, tuple[int, Match]] = {}
        for origin, asked in enumerate(check.asked):
            for match in self._entrants.match(
                query_from_record(asked.record),
                shelves=eyes.shelves,
                limit=self._booth.limit,
                threshold=self._booth.mode.threshold,
                mode=self._booth.mode,
            ):
                if match.id not in best or match.score > best[match.id][1].score:
                    best[match.id] = (origin, match)
        if not best:
            return
        told_before = checks.known(tx, ((check.id, record) for record in best))
        present = records.many(tx, best, eyes.seen)
        for record_id, (origin, match) in best.items():
            record = present.get(record_id)
            if record is None or not is_told(record) or (check.id, record_id) in told_before:
                continue
            quiet = silenced(tx, self._key, check.asked[origin].record, [record.entity])
            kept = match_of(check, origin, match, record, self._now)
            yield replace(kept, is_rescreened=True, is_silenced=bool(quiet))

    def _tell(self, tx: Transaction, eyes: _Eyes, match: KeptMatch, check: KeptCheck) -> None:
        facts: audit.Facts = {"check": check.id, "version": match.version}
        audit.enter(tx, eyes.actor, Deed.MATCH_FOUND_LATER, subject=match.id, facts=facts)
        if self._told:
            self._told(tx, match, check)

    def _eyes_of(self, tx: Transaction, check: KeptCheck) -> _Eyes:
        """Return what the authority of a check may see now, at the clearance of who made it."""
        key = (check.authority, check.clearance)
        if key not in self._eyes:
            self._eyes[key] = _eyes(tx, *key)
        return self._eyes[key]


def _eyes(tx: Transaction, code: str, clearance: int) -> _Eyes:
    authority = authorities.get(tx, code)
    if authority is None:
        raise NotFound("a check was made for an authority that is not registered")
    actor = replace(
        access.system_actor(code, "rescreen"),
        kind=authority.kind,
        groups=frozenset(authority.groups),
        clearance=Confidentiality(clearance),
    )
    seen = open_to(tx, actor)
    return _Eyes(actor=actor, seen=seen, shelves=shelves_of(seen))
