"""The register of partner assessments and the assurances of partners, in the database."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import distinct_on

from didban.model.assessments import Assessment, AssessmentVerdict, Assurance, Harm
from didban.store.database import Topic, touch
from didban.store.records import announce_by_id
from didban.store.tables.assessments import assurance, partner_assessment

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from didban.store.database import Transaction


def add(tx: Transaction, new: Assessment) -> None:
    """Add a version of an assessment."""
    lists = {"offences": list(new.offences), "sources": list(new.sources)}
    tx.execute(insert(partner_assessment).values({**asdict(new), **lists}))
    touch(tx, Topic.READERS)


def versions(tx: Transaction, partner: str, harm: Harm) -> int:
    """Return how many versions there are; nobody else can add one until the transaction ends."""
    tx.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"assessment {partner} {harm}"))))
    query = select(func.count()).where(
        partner_assessment.c.partner == partner, partner_assessment.c.harm == harm
    )
    return int(tx.scalar(query) or 0)


def current(tx: Transaction, partners: Iterable[str] | None = None) -> list[Assessment]:
    """Return the newest version on each partner and subject; of these partners, or of all."""
    table = partner_assessment.c
    query = (
        select(partner_assessment)
        .ext(distinct_on(table.partner, table.harm))
        .order_by(table.partner, table.harm, table.version.desc())
    )
    if partners is not None:
        query = query.where(table.partner.in_(list(partners)))
    return [_assessment(row) for row in tx.execute(query)]


def history(tx: Transaction, partner: str) -> list[Assessment]:
    """Return every version on one partner, oldest first."""
    table = partner_assessment.c
    query = select(partner_assessment).where(table.partner == partner)
    rows = tx.execute(query.order_by(table.harm, table.version))
    return [_assessment(row) for row in rows]


def add_assurance(tx: Transaction, new: Assurance) -> None:
    """Add an assurance that nobody accepted yet."""
    tx.execute(insert(assurance).values(asdict(new)))


def assurances(tx: Transaction, on: date, *, limit: int) -> list[Assurance]:
    """Return the assurances that are valid on a day, the newest first."""
    query = select(assurance).where(assurance.c.valid_until >= on)
    rows = tx.execute(query.order_by(assurance.c.recorded_at.desc(), assurance.c.id).limit(limit))
    return [_assurance(row) for row in rows]


def lock_assurance(tx: Transaction, assurance_id: str) -> Assurance | None:
    """Return an assurance, held until the transaction ends, or None."""
    query = select(assurance).where(assurance.c.id == assurance_id).with_for_update()
    row = tx.execute(query).one_or_none()
    return _assurance(row) if row else None


def accept(tx: Transaction, assurance_id: str, *, by: str, at: datetime) -> None:
    """Note who accepted an assurance; the record that it is about may go where it could not."""
    accepted = update(assurance).where(assurance.c.id == assurance_id)
    values = {"accepted_by": by, "accepted_at": at}
    for about in tx.scalars(accepted.values(values).returning(assurance.c.record)).all():
        announce_by_id(tx, about)


def accepted_for(
    tx: Transaction, record_id: str, partners: Iterable[str], on: date
) -> list[Assurance]:
    """Return what these partners promised about a record, as far as it was accepted and holds."""
    query = select(assurance).where(
        assurance.c.record == record_id,
        assurance.c.partner.in_(list(partners)),
        assurance.c.accepted_at.is_not(None),
        assurance.c.valid_until >= on,
    )
    return [_assurance(row) for row in tx.execute(query)]


def forget(tx: Transaction, record_id: str) -> None:
    """Forget the assurances about a record that is erased."""
    tx.execute(delete(assurance).where(assurance.c.record == record_id))


def _assessment(row: Any) -> Assessment:
    kept = {f.name: getattr(row, f.name) for f in fields(Assessment)}
    parsed = {
        "harm": Harm(row.harm),
        "verdict": AssessmentVerdict(row.verdict),
        "offences": tuple(row.offences),
        "sources": tuple(row.sources),
    }
    return Assessment(**{**kept, **parsed})


def _assurance(row: Any) -> Assurance:
    kept = {f.name: getattr(row, f.name) for f in fields(Assurance)}
    return Assurance(**{**kept, "harm": Harm(row.harm)})
