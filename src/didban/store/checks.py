"""Checks in the database: kept as they were made, emptied of personal content in their time."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import exists, insert, select, text, update

from didban.model.casework import Evidence, TakenMatch
from didban.model.checks import AskedFor, ChipEvidence, KeptCheck, KeptMatch
from didban.model.records import Record
from didban.store.tables.checks import check_made, match_made, match_opened
from didban.store.tables.records import record

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import date, datetime

    from sqlalchemy import ColumnElement

    from didban.store.database import Transaction

_NO_VALUES: Final = text("""(
    select coalesce(jsonb_agg(one || '{"asked": "", "listed": "", "detail": ""}'), '[]')
    from jsonb_array_elements(match_made.evidence) one
)""")


def keep(tx: Transaction, check: KeptCheck, kept_until: date) -> None:
    """Keep a check."""
    values = asdict(check) | {"asked": [_asked_json(one) for one in check.asked]}
    tx.execute(insert(check_made).values(**values, kept_until=kept_until))


def keep_matches(tx: Transaction, matches: Sequence[KeptMatch]) -> None:
    """Keep matches of checks that are kept."""
    if matches:
        tx.execute(insert(match_made), [asdict(match) for match in matches])


def get(tx: Transaction, check_id: str, authority: str) -> KeptCheck | None:
    """Return a check of this authority, or None."""
    query = select(check_made).where(
        check_made.c.id == check_id, check_made.c.authority == authority
    )
    row = tx.execute(query).one_or_none()
    return _check_of(row) if row else None


def listed(
    tx: Transaction, authority: str, *, user: str | None, before: int | None, most: int
) -> list[tuple[int, KeptCheck]]:
    """Return an authority's checks with their numbers, the latest first; one user's where named."""
    query = select(check_made).where(check_made.c.authority == authority)
    if user is not None:
        query = query.where(check_made.c.user == user)
    if before is not None:
        query = query.where(check_made.c.number < before)
    rows = tx.execute(query.order_by(check_made.c.number.desc()).limit(most))
    return [(row.number, _check_of(row)) for row in rows]


def held(tx: Transaction, *, after: int, most: int) -> list[tuple[int, KeptCheck]]:
    """Return checks whose content is still there, with their numbers, the oldest first."""
    query = (
        select(check_made)
        .where(check_made.c.number > after, check_made.c.asked.is_not(None))
        .order_by(check_made.c.number)
        .limit(most)
    )
    return [(row.number, _check_of(row)) for row in tx.execute(query)]


def matches_of(
    tx: Transaction, check_id: str, open_to: frozenset[int], *, with_silenced: bool = False
) -> list[KeptMatch]:
    """Return the matches of a check among what is open to who asks, the best first."""
    query = select(match_made).where(match_made.c.check == check_id, _is_open(open_to))
    if not with_silenced:
        query = query.where(~match_made.c.is_silenced)
    best = query.order_by(match_made.c.score.desc(), match_made.c.record)
    return [_match_of(row) for row in tx.execute(best)]


def told_of(
    tx: Transaction, check_ids: Collection[str], open_to: frozenset[int]
) -> list[KeptMatch]:
    """Return the matches of several checks that are not silenced, the best first; see `matches_of`."""
    told = match_made.c.check.in_(check_ids) & _is_open(open_to) & ~match_made.c.is_silenced
    query = select(match_made).where(told)
    best = query.order_by(match_made.c.score.desc(), match_made.c.record)
    return [_match_of(row) for row in tx.execute(best)]


def _is_open(open_to: frozenset[int]) -> ColumnElement[bool]:
    """Return that a match was open to who asks when it was made, and its record still is or is gone."""
    hidden = exists().where(record.c.id == match_made.c.record, record.c.visibility.not_in(open_to))
    return match_made.c.visibility.in_(open_to) & ~hidden


def match(
    tx: Transaction, match_id: str, authority: str, open_to: frozenset[int]
) -> tuple[KeptMatch, KeptCheck] | None:
    """Return a match of this authority's and its check, or None where who asks has none such."""
    query = (
        select(match_made)
        .join(check_made, check_made.c.id == match_made.c.check)
        .where(
            match_made.c.id == match_id,
            _is_open(open_to),
            ~match_made.c.is_silenced,
            check_made.c.authority == authority,
        )
    )
    row = tx.execute(query).one_or_none()
    if row is None:
        return None
    check = get(tx, row.check, authority)
    return (_match_of(row), check) if check else None


def taken(
    tx: Transaction, match_id: str, authority: str, open_to: frozenset[int]
) -> TakenMatch | None:
    """Return a match as a hit takes it up, or None where who asks has none such.

    Nor when what was asked is erased already.
    """
    found = match(tx, match_id, authority, open_to)
    if found is None or not found[1].asked:
        return None
    kept, check = found
    return TakenMatch(
        id=kept.id,
        check=check.id,
        authority=check.authority,
        asked_by=check.user,
        asked_at=check.at,
        place=check.place,
        asked=check.asked[kept.origin].record,
        record=kept.record,
        record_version=kept.version,
        score=kept.score,
        evidence=kept.evidence,
    )


def silenced(tx: Transaction, authority: str, *, most: int) -> list[KeptMatch]:
    """Return the latest matches that non-match tokens silenced, without the values compared."""
    query = (
        select(match_made)
        .join(check_made, check_made.c.id == match_made.c.check)
        .where(match_made.c.is_silenced, check_made.c.authority == authority)
        .order_by(match_made.c.number.desc())
        .limit(most)
    )
    return [_match_of(row) for row in tx.execute(query)]


def note_opened(tx: Transaction, match_id: str, user: str, at: datetime, reason: str) -> None:
    """Keep who opened the record behind a match, and why."""
    tx.execute(insert(match_opened).values(match=match_id, user=user, at=at, reason=reason))


def mask_due(tx: Transaction, today: date, *, most: int) -> int:
    """Empty the checks whose content may not be kept any longer (PR-30); return how many."""
    due = (
        select(check_made.c.id)
        .where(check_made.c.kept_until <= today, check_made.c.asked.is_not(None))
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    ids = list(tx.scalars(due))
    if ids:
        tx.execute(
            update(match_made).where(match_made.c.check.in_(ids)).values(evidence=_NO_VALUES)
        )
        tx.execute(update(check_made).where(check_made.c.id.in_(ids)).values(asked=None))
    return len(ids)


def forget(tx: Transaction, record_id: str) -> int:
    """Empty the matches of a record, and the checks that found it, of content (PR-31).

    What was asked says of the person found what the record said. Returns how many matches there are.
    """
    of_it = match_made.c.record == record_id
    matches, found = select(match_made.c.id).where(of_it), select(match_made.c.check).where(of_it)
    tx.execute(update(check_made).where(check_made.c.id.in_(found)).values(asked=None))
    tx.execute(update(match_opened).where(match_opened.c.match.in_(matches)).values(reason=""))
    return tx.execute(update(match_made).where(of_it).values(evidence=_NO_VALUES)).rowcount


def known(tx: Transaction, pairs: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return those of these pairs of check and record between which a match is kept already."""
    wanted = set(pairs)
    query = select(match_made.c.check, match_made.c.record).where(
        match_made.c.check.in_({check for check, _ in wanted}),
        match_made.c.record.in_({record for _, record in wanted}),
    )
    return {(check, record) for check, record in tx.execute(query)} & wanted


def _asked_json(one: AskedFor) -> dict[str, Any]:
    return {"origin": one.origin, "record": one.record.to_json(), "notes": list(one.notes)}


def asked_of(data: Iterable[dict[str, Any]] | None) -> tuple[AskedFor, ...]:
    """Return what a check looked for, as it is kept."""
    return tuple(
        AskedFor(
            origin=one["origin"],
            record=Record.from_json(one["record"]),
            notes=tuple(one["notes"]),
        )
        for one in data or ()
    )


def _check_of(row: Any) -> KeptCheck:
    return KeptCheck(
        id=row.id,
        at=row.at,
        user=row.user,
        device=row.device,
        authority=row.authority,
        clearance=row.clearance,
        purpose=row.purpose,
        reference=row.reference,
        place=row.place,
        mode=row.mode,
        verdict=row.verdict,
        asked=asked_of(row.asked),
        chip=ChipEvidence(row.chip) if row.chip else None,
        lag=row.lag,
        is_degraded=row.is_degraded,
    )


def _match_of(row: Any) -> KeptMatch:
    fields = {name: getattr(row, name) for name in KeptMatch.__dataclass_fields__}
    evidence = tuple(Evidence(**one) for one in row.evidence)
    return KeptMatch(**{**fields, "evidence": evidence})
