"""The monthly report on the quality of each owner's records, and what each contributes (PR-23)."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from didban.guard import access, audit
from didban.intake.faults import QualityFault, faults_of
from didban.model.deeds import Deed
from didban.model.permissions import Permission
from didban.model.quality import QualityReport
from didban.store import quality
from didban.store.visibility import open_to

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from didban.model.actors import Actor
    from didban.model.quality import Contribution
    from didban.model.records import Record
    from didban.store.database import Database, Transaction

_BATCH: Final = 2_000  # records of one short transaction


def run_due(database: Database, now: datetime) -> int:
    """Make the reports of this month if there are none yet; return how many."""
    month = now.date().replace(day=1)
    with database.begin() as tx:
        if quality.has_reports(tx, month):
            return 0
    return make(database, now)


def make(database: Database, now: datetime) -> int:
    """Look at every record that is found and keep a report for each list and owner."""
    counts: dict[tuple[str, str], _Counts] = defaultdict(_Counts)
    last = 0
    while True:
        with database.begin() as tx:
            rows = quality.after(tx, last, most=_BATCH)
        if not rows:
            break
        for number, owner, dataset, record in rows:
            counts[owner, dataset].add(record, now.date())
            last = number
    with database.begin() as tx:
        repeated = quality.repeated(tx)
        for (owner, dataset), found in counts.items():
            found.faults[QualityFault.DUPLICATE_NUMBER] = repeated.get((owner, dataset), 0)
            report = QualityReport(
                owner=owner,
                dataset=dataset,
                month=now.date().replace(day=1),
                records=found.records,
                persons=found.persons,
                faults={fault: found.faults[fault] for fault in QualityFault},
                made_at=now,
            )
            quality.keep(tx, report)
    return len(counts)


class _Counts:
    """What is counted of one list."""

    def __init__(self) -> None:
        self.records = self.persons = 0
        self.faults: Counter[QualityFault] = Counter()

    def add(self, record: Record, today: date) -> None:
        self.records += 1
        self.persons += record.schema == "Person"
        self.faults.update(faults_of(record, today))


def reports(tx: Transaction, actor: Actor, *, since: date) -> list[QualityReport]:
    """Return the reports about the actor's authority and about publishers' lists, newest first.

    Those about other authorities are not there: their counts would tell of records that the actor
    may not know of (PR-09).
    """
    access.require(actor, Permission.BANK_QUALITY_READ)
    found = quality.reports(tx, actor.authority, open_to(tx, actor), since)
    audit.enter(tx, actor, Deed.QUALITY_VIEWED, facts={"count": len(found)})
    return found


def contributions(
    tx: Transaction, actor: Actor, *, since: date, owner: str | None = None
) -> Sequence[Contribution]:
    """Return what each owner entered in each month, counted over what the actor may see (PR-09)."""
    access.require(actor, Permission.BANK_QUALITY_READ)
    found = quality.contributions(tx, open_to(tx, actor), since=since, owner=owner)
    audit.enter(tx, actor, Deed.CONTRIBUTIONS_VIEWED, facts={"count": len(found)})
    return found
