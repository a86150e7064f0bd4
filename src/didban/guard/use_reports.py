"""What an owner learns of the use of its records (PR-38), as far as nobody is endangered (PR-53).

- *Stolen and lost documents* under H2 or H3: each use, with the day, the authority and the purpose;
  never the user, the place or the hour.
- *Everything else*, persons above all: counts, of whole months, long after the month has ended, only
  where many records were used, and in steps. So no single encounter changes what the owner reads: a
  state that is after somebody does not learn here that, where or when they were met. A revoked or
  invalid document counts as its holder: states revoke passports to find people.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from didban import clock
from didban.errors import Conflict
from didban.guard import access, audit, corrections
from didban.model.alerts import ACTING_STATUSES
from didban.model.deeds import Deed
from didban.model.marking import Handling
from didban.model.permissions import Permission
from didban.model.schemata import is_a
from didban.model.subject_requests import months_after
from didban.store import records, use
from didban.store.exchange import use as elsewhere
from didban.store.use import Span, Use, UseCount
from didban.store.visibility import every_number

if TYPE_CHECKING:
    from didban.model.actors import Actor
    from didban.model.bank import BankRecord
    from didban.settings import Rights
    from didban.store.database import Transaction
    from didban.store.exchange.use import NodeUse

MAX_USES: Final = 10_000
LEAST_STEP: Final = 2
"""In steps of one, a count would say that one person more was met."""

_DOCUMENTS: Final = ("Identification", "Passport")


@dataclass(frozen=True, slots=True, kw_only=True)
class UseReport:
    """The use of one owner's records by others in one month.

    - `documents`: each use; `counts`: of all else, in steps of `step`; less than that is told as
      nothing.
    - `nodes`: what other nodes say of their use, each in steps of its own.
    """

    owner: str
    month: date
    documents: tuple[Use, ...]
    counts: tuple[UseCount, ...]
    step: int
    nodes: tuple[NodeUse, ...] = ()


def report(tx: Transaction, actor: Actor, month: date, terms: Rights) -> UseReport:
    """Return the use report of the actor's authority for the month of this day.

    Raises Conflict for a month that is not long enough over.
    """
    access.require(actor, Permission.AUDIT_USE_READ)
    if month > clock.today():
        raise Conflict("the report on a month can be had when it is long over")
    first = month.replace(day=1)
    ready = _span(actor.authority, first).until + timedelta(days=terms.use_delay_days)
    if clock.now() < ready:
        raise Conflict(f"the report on this month can be had from {ready:%Y-%m-%d} on")
    found = compiled(tx, actor.authority, first, terms)
    audit.enter(tx, actor, Deed.USE_REPORTED, facts={"month": f"{first:%Y-%m}"})
    return replace(found, nodes=tuple(elsewhere.of_month(tx, actor.authority, first)))


def last_ready(now: datetime, terms: Rights) -> date:
    """Return the first day of the last month that is long enough over."""
    youngest = now - timedelta(days=terms.use_delay_days)
    return months_after(youngest.replace(day=1), -1).date()


def compiled(tx: Transaction, owner: str, month: date, terms: Rights) -> UseReport:
    """Return what an owner, of this bank or of another node, is told of its records used here.

    - `month`: its first day. Does not ask whether it is long enough over.
    """
    span = _span(owner, month)
    used = use.used(tx, span, _DOCUMENTS)
    told = [
        record.id
        for record in records.many(tx, used, every_number(tx)).values()
        if is_told_singly(record)
    ]
    return UseReport(
        owner=owner,
        month=month,
        documents=tuple(use.of_records(tx, span, told, MAX_USES)),
        counts=tuple(_coarse(use.counts(tx, span, told), terms.use_least)),
        step=terms.use_least,
    )


def is_document(schema: str) -> bool:
    """Return whether records of this schema are documents, not persons."""
    return any(is_a(schema, document) for document in _DOCUMENTS)


def is_told_singly(record: BankRecord) -> bool:
    """Return whether its owner learns of each use of this record."""
    return (
        is_document(record.entity.schema)
        and record.document_status in ACTING_STATUSES
        and record.marking.handling in {Handling.H2, Handling.H3}
    )


def _span(owner: str, month: date) -> Span:
    since = datetime.combine(month, time(), UTC)
    until = months_after(since, 1)
    return Span(owner=owner, deeds=corrections.DISCLOSURES, since=since, until=until)


def _coarse(counts: list[UseCount], step: int) -> list[UseCount]:
    """Return the counts in whole steps, without those of too few records."""
    return [
        UseCount(
            authority=count.authority,
            purpose=count.purpose,
            uses=count.uses // step * step,
            records=count.records // step * step,
        )
        for count in counts
        if count.records >= step
    ]
