"""Checks on the bank: by an officer or a device, for a purpose, kept with what they found.

    question ── asked ── live index, as it is open to the asker ── records as they stand now
             ──> kept check and matches ──> the first line: match or no match, and what to do

- The first line never sees the file: the full record is a second, reasoned step (`open_match`).
- A check takes no decision and moves nothing: a match becomes a hit when a human takes it up.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from didban import clock
from didban.errors import InvalidInput, NotFound
from didban.guard import access, audit, conditions, consents, fields, limits, lookups
from didban.guard.secrets import SecretName
from didban.ids import new_id
from didban.match.modes import Mode
from didban.model.bank import FOUND, standing
from didban.model.casework import Evidence
from didban.model.checks import AskedFor, KeptCheck, KeptMatch
from didban.model.deeds import Deed
from didban.model.permissions import Permission
from didban.model.retention import RetentionPolicy
from didban.screening.check import Depth, Verdict, ask, asked_of
from didban.screening.freshness import Age
from didban.settings import Access
from didban.store import checks, records
from didban.store.non_match import silenced
from didban.store.visibility import open_to

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from didban.guard.audit import Facts
    from didban.guard.secrets import Secrets
    from didban.match.search import Match
    from didban.model.actors import Actor
    from didban.model.alerts import Action
    from didban.model.bank import BankRecord, Note, Standing
    from didban.model.checks import ChipEvidence
    from didban.model.records import Record
    from didban.screening.check import Answer
    from didban.screening.live import LiveIndex
    from didban.screening.question import Question
    from didban.store.database import Transaction


_MORE: Final = 2
"""So many times the limit are looked for: what is silenced must not crowd out what is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Booth:
    """What checks go by: the index that is asked, how deep, and how much one may ask."""

    index: LiveIndex
    secrets: Secrets
    access: Access = field(default_factory=Access)
    mode: Mode = Mode.BALANCED
    limit: int = 5
    policy: RetentionPolicy = field(default_factory=RetentionPolicy)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """One match as it is told: what to do, and by what to tell that it is the one.

    - `notes`: read before the action, in that order (PR-29); `action`: None where none is asked.
    - `shown`: what `guard.fields` lets the asker see of the record in this first step (PR-02).
    """

    match: str
    notes: tuple[Note, ...]
    action: Action | None
    shown: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class BankAnswer:
    """The answer to one check, by falling score.

    - `lag`: how far the index may have been behind the bank; `is_degraded`: so far that it must be
      said. `UNKNOWN` means that "nothing found" cannot be said.
    - `remarks`: what is odd about what was asked, such as a wrong check digit.
    """

    check: str
    verdict: Verdict
    matches: tuple[Sight, ...]
    lag: timedelta
    is_degraded: bool
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedMatch:
    """A match with its record, as it stands now.

    `shown`: what `guard.fields` lets the asker see of it.
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
    - A record that was taken out while the index was about to notice is not told of.

    Raises PurposeMissing, NotPermitted (PR-01), LimitReached (PR-04), InvalidInput for a part that
    cannot be read.
    """
    access.require(actor, Permission.SCREENING_CHECK_MAKE)
    now = clock.now()
    asked = asked_of(question, now.date())
    limits.count_search(tx, actor, booth.access)
    seen = open_to(tx, actor)
    depth = Depth(mode=booth.mode, limit=_MORE * booth.limit)
    answer = ask(booth.index.view(seen), asked, depth, booth.index.freshness())
    listed = _still_listed(tx, answer, seen)
    check = _kept_check(actor, booth, answer, chip, now)
    matches = _kept_matches(tx, booth, check, answer, listed)
    told = [match for match in matches if not match.is_silenced]
    check = replace(check, verdict=_verdict(answer, told))
    checks.keep(tx, check, check_kept_until(booth.policy, now))
    checks.keep_matches(tx, matches)
    _note_lookup(tx, actor, booth, asked[0].record, is_found=bool(told))
    facts: Facts = {"verdict": check.verdict, "told": len(told), "found": len(matches)}
    audit.enter(tx, actor, Deed.CHECK_MADE, subject=check.id, facts=facts)
    return BankAnswer(
        check=check.id,
        verdict=Verdict(check.verdict),
        matches=tuple(_sight(match, listed[match.record], actor, now) for match in told),
        lag=answer.freshness.age,
        is_degraded=check.is_degraded,
        remarks=tuple(dict.fromkeys(note for one in asked for note in one.notes)),
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
    if found is None or record is None or not _is_found(record):
        raise NotFound("there is no such match")
    match, _ = found
    checks.note_opened(tx, match.id, actor.user, now, reason.strip())
    facts: Facts = {"record": match.record, "version": record.version}
    audit.enter(tx, actor, Deed.MATCH_OPENED, subject=match.id, facts=facts)
    stands = standing(record, now.date())
    shown = fields.shown(
        record,
        stands,
        actor,
        has_acknowledged=conditions.has_acknowledged(tx, actor, record),
        has_consent=consents.has_consent(tx, actor, record),
    )
    return OpenedMatch(match=match, record=record, standing=stands, shown=shown)


def check_kept_until(policy: RetentionPolicy, now: datetime) -> date:
    """Return until when the content of a check made now may be kept (PR-30)."""
    return now.date() + timedelta(days=policy.search_days)


def evidence_of(match: Match) -> tuple[Evidence, ...]:
    """Return the explanations of a match as they are kept: they reproduce its score (PR-27)."""
    return tuple(
        Evidence(
            feature=feature,
            asked=said.query,
            listed=said.candidate,
            similarity=said.similarity,
            weight=said.weight,
            detail=said.detail,
        )
        for feature, said in match.explanations.items()
    )


def _still_listed(tx: Transaction, answer: Answer, seen: frozenset[int]) -> dict[str, BankRecord]:
    """Return the records that were found, as the bank has them at this moment."""
    ids = [match.id for match in answer.matches]
    present = records.many(tx, ids, seen) if ids else {}
    return {record_id: record for record_id, record in present.items() if _is_found(record)}


def _is_found(record: BankRecord) -> bool:
    return record.state in FOUND and not record.marking.is_tainted


def _kept_check(
    actor: Actor, booth: Booth, answer: Answer, chip: ChipEvidence | None, now: datetime
) -> KeptCheck:
    freshness = answer.freshness
    return KeptCheck(
        id=new_id("chk"),
        at=now,
        user=actor.user,
        device=actor.device,
        authority=actor.authority,
        purpose=str(actor.purpose),
        reference=actor.reference,
        place=actor.place,
        mode=booth.mode,
        verdict=answer.verdict,
        asked=tuple(
            AskedFor(origin=one.origin, record=one.record, notes=one.notes) for one in answer.asked
        ),
        chip=chip,
        lag=freshness.age.total_seconds(),
        is_degraded=freshness.state is not Age.FRESH,
    )


def _kept_matches(
    tx: Transaction,
    booth: Booth,
    check: KeptCheck,
    answer: Answer,
    listed: Mapping[str, BankRecord],
) -> list[KeptMatch]:
    """Return what is kept of the matches: those that are told, up to the limit, and silenced ones."""
    origins = {one.origin: at for at, one in enumerate(check.asked)}
    key = booth.secrets.get(SecretName.NON_MATCH)
    kept: list[KeptMatch] = []
    told = 0
    for found in answer.found:
        record = listed.get(found.match.id)
        if record is None or told == booth.limit:
            continue
        origin = origins[found.origin]
        quiet = silenced(tx, key, check.asked[origin].record, [record.entity])
        told += not quiet
        kept.append(
            KeptMatch(
                id=new_id("mat"),
                check=check.id,
                record=record.id,
                version=found.match.version,
                owner=record.owner,
                visibility=record.visibility_number,
                score=found.match.score,
                prior=found.match.prior,
                origin=origin,
                evidence=evidence_of(found.match),
                is_silenced=bool(quiet),
                is_rescreened=False,
                made_at=check.at,
            )
        )
    return kept


def _note_lookup(
    tx: Transaction, actor: Actor, booth: Booth, asked: Record, *, is_found: bool
) -> None:
    """Note who was looked for, for as long as nobody is found (PR-05)."""
    names = asked.values("name")
    if not names:
        return
    person = lookups.key_of(booth.secrets, names, asked.first("birthDate"))
    if is_found:
        lookups.forget(tx, actor, person)
    else:
        lookups.note(tx, actor, person, booth.access)


def _verdict(answer: Answer, told: Sequence[KeptMatch]) -> Verdict:
    if answer.verdict is Verdict.UNKNOWN:
        return Verdict.UNKNOWN
    return Verdict.POSSIBLE_MATCH if told else Verdict.NO_MATCH


def _sight(match: KeptMatch, record: BankRecord, actor: Actor, now: datetime) -> Sight:
    stands = standing(record, now.date())
    return Sight(
        match=match.id,
        notes=stands.notes,
        action=stands.action if stands.asks_first_line else None,
        shown=fields.shown(record, stands, actor, among=fields.FIRST_STEP),
    )
