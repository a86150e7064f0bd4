"""What every check on the bank does, whoever asks: look, hold it against the bank, keep it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from didban.guard import fields, retention
from didban.guard.secrets import SecretName
from didban.ids import new_id
from didban.match.modes import Mode
from didban.model.bank import FOUND, standing
from didban.model.casework import Evidence
from didban.model.checks import AskedFor, KeptCheck, KeptMatch
from didban.model.retention import RetentionPolicy
from didban.screening.check import Depth, Verdict, ask
from didban.screening.freshness import Age
from didban.screening.screener import mode_of
from didban.settings import Access
from didban.store import checks, records
from didban.store.non_match import silenced

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date, datetime

    from didban.guard.secrets import Secrets
    from didban.match.search import Match
    from didban.model.actors import Actor
    from didban.model.alerts import Action
    from didban.model.bank import BankRecord, Note
    from didban.model.checks import ChipEvidence
    from didban.model.marking import Confidentiality
    from didban.model.records import Record
    from didban.screening.check import Answer
    from didban.screening.live import LiveIndex
    from didban.screening.question import Asked
    from didban.settings import Settings
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

    @classmethod
    def of(cls, index: LiveIndex, secrets: Secrets, settings: Settings) -> Booth:
        """Return what checks go by on a node with these settings. Raises InvalidInput."""
        return cls(
            index=index,
            secrets=secrets,
            access=settings.access,
            mode=mode_of(settings.screening.mode),
            limit=settings.screening.limit,
            policy=retention.policy_of(settings.retention),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """One match as it is told: what to do, and by what to tell that it is the one.

    - `notes`: read before the action, in that order (PR-29); `action`: None where none is asked.
    - `shown`: what `guard.fields` lets the asker see of the record in this first step (PR-02).
    - `confidentiality`: of the record; who may not know of it gets no sight of it.
    """

    match: str
    notes: tuple[Note, ...]
    action: Action | None
    shown: Mapping[str, Any]
    confidentiality: Confidentiality


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A check that was made and not kept yet.

    `matches` hold the silenced ones too; `records` are theirs, as the bank has them now, and
    `found` is what the index said of them.
    """

    check: KeptCheck
    matches: tuple[KeptMatch, ...]
    records: Mapping[str, BankRecord]
    found: Mapping[str, Match]

    @property
    def told(self) -> tuple[KeptMatch, ...]:
        """The matches that the asker is told of, by falling score."""
        return tuple(match for match in self.matches if not match.is_silenced)


def look(  # noqa: PLR0913 - who looks for what, as it may be seen, and when
    tx: Transaction,
    booth: Booth,
    actor: Actor,
    asked: Sequence[Asked],
    *,
    seen: frozenset[int],
    now: datetime,
    chip: ChipEvidence | None = None,
    depth: Depth | None = None,
    datasets: frozenset[str] | None = None,
) -> Looked:
    """Look for these records among what is open to the actor (`seen`).

    - `depth`: how many are told and from which score on; by default the booth's and the mode's.
    - `datasets`: only these publications or owners.
    - What was taken out of the bank while the index was about to notice is not told of.
    - A pair that a non-match token covers is silenced (PR-25).

    Does not decide whether the actor may ask.
    """
    told = depth or Depth(mode=booth.mode, limit=booth.limit)
    view = booth.index.view(seen, datasets)
    wider = replace(told, limit=_MORE * told.limit)
    answer = ask(view, asked, wider, booth.index.freshness())
    ids = [match.id for match in answer.matches]
    present = records.many(tx, ids, seen) if ids else {}
    listed = {record_id: record for record_id, record in present.items() if is_told(record)}
    check = _check(actor, booth, answer, chip, now)
    key = booth.secrets.get(SecretName.NON_MATCH)
    matches = tuple(_matches(tx, key, check, answer, listed, told.limit))
    found = {match.id: match for match in answer.matches}
    looked = Looked(check=check, matches=matches, records=listed, found=found)
    return replace(looked, check=replace(check, verdict=_verdict(answer, looked.told)))


def keep(tx: Transaction, booth: Booth, looked: Looked) -> None:
    """Keep a check with its matches, for as long as content of searches may be kept (PR-30)."""
    kept_until = looked.check.at.date() + timedelta(days=booth.policy.search_days)
    checks.keep(tx, looked.check, kept_until)
    checks.keep_matches(tx, looked.matches)


def sights(looked: Looked, actor: Actor) -> tuple[Sight, ...]:
    """Return what the asker is told of the matches."""
    day = looked.check.at.date()
    return tuple(sight(match, looked.records[match.record], actor, day) for match in looked.told)


def sight(match: KeptMatch, record: BankRecord, actor: Actor, day: date) -> Sight:
    """Return what the actor is told of a match: what its record asks on a day."""
    stands = standing(record, day)
    return Sight(
        match=match.id,
        notes=stands.notes,
        action=stands.action if stands.asks_first_line else None,
        shown=fields.shown(record, stands, actor, among=fields.FIRST_STEP),
        confidentiality=record.marking.visibility.confidentiality,
    )


def is_told(record: BankRecord) -> bool:
    """Return whether a record may come of a check: it is in force and was not ill-gotten (PR-55)."""
    return record.state in FOUND and not record.marking.is_tainted


def match_of(
    check: KeptCheck, origin: int, found: Match, record: BankRecord, at: datetime
) -> KeptMatch:
    """Return a match as it is kept: its evidence reproduces its score (PR-27)."""
    return KeptMatch(
        id=new_id("mat"),
        check=check.id,
        record=record.id,
        version=found.version,
        owner=record.owner,
        visibility=record.visibility_number,
        score=found.score,
        prior=found.prior,
        origin=origin,
        evidence=evidence_of(found),
        is_silenced=False,
        is_rescreened=False,
        made_at=at,
    )


def evidence_of(found: Match) -> tuple[Evidence, ...]:
    """Return the explanations of a match as they are kept (PR-27)."""
    return tuple(
        Evidence(
            feature=feature,
            asked=said.query,
            listed=said.candidate,
            similarity=said.similarity,
            weight=said.weight,
            detail=said.detail,
        )
        for feature, said in found.explanations.items()
    )


def _check(
    actor: Actor, booth: Booth, answer: Answer, chip: ChipEvidence | None, now: datetime
) -> KeptCheck:
    return KeptCheck(
        id=new_id("chk"),
        at=now,
        user=actor.user,
        device=actor.device,
        authority=actor.authority,
        clearance=int(actor.clearance),
        purpose=str(actor.purpose),
        reference=actor.reference,
        place=actor.place,
        mode=booth.mode,
        verdict=answer.verdict,
        asked=tuple(
            AskedFor(origin=one.origin, record=one.record, notes=one.notes) for one in answer.asked
        ),
        chip=chip,
        lag=answer.freshness.age.total_seconds(),
        is_degraded=answer.freshness.state is not Age.FRESH,
    )


def _matches(
    tx: Transaction,
    key: bytes,
    check: KeptCheck,
    answer: Answer,
    listed: Mapping[str, BankRecord],
    limit: int,
) -> Iterator[KeptMatch]:
    """Yield the matches to keep: those that are told, up to the limit, and silenced ones."""
    origins = {one.origin: at for at, one in enumerate(check.asked)}
    by_origin: dict[int, list[Record]] = defaultdict(list)
    present = [found for found in answer.found if found.match.id in listed]
    for found in present:
        by_origin[origins[found.origin]].append(listed[found.match.id].entity)
    quiet = {
        (origin, record_id)
        for origin, entities in by_origin.items()
        for record_id in silenced(tx, key, check.asked[origin].record, entities)
    }
    told = 0
    for found in present:
        if told == limit:
            return
        origin, record = origins[found.origin], listed[found.match.id]
        is_silenced = (origin, record.id) in quiet
        told += not is_silenced
        match = match_of(check, origin, found.match, record, check.at)
        yield replace(match, is_silenced=is_silenced)


def _verdict(answer: Answer, told: Sequence[KeptMatch]) -> Verdict:
    if answer.verdict is Verdict.UNKNOWN:
        return Verdict.UNKNOWN
    is_match = any(match.score >= answer.depth.mode.threshold for match in told)
    return Verdict.POSSIBLE_MATCH if is_match else Verdict.NO_MATCH
