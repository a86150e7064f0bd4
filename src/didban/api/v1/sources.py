"""Lists that refresh themselves, how good they are, and who contributes what."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated

from fastapi import Path, Query
from pydantic import Field

from didban import clock, ids
from didban.api.v1.authorities import Code
from didban.api.v1.frame import Router, Tx, Who, needs
from didban.api.v1.pages import Given, Told
from didban.api.v1.record_shapes import Reason, Tokens
from didban.intake import quality_report, sources
from didban.intake.faults import QualityFault
from didban.model.marking import Confidentiality, Handling, Marking, Visibility
from didban.model.permissions import Permission
from didban.model.publications import PublicationReport
from didban.model.purposes import Purpose
from didban.model.quality import Contribution, QualityReport
from didban.model.sources import ListSource, SourceStatus

router = Router("lists")

_YEAR = timedelta(days=366)

Identifier = Annotated[str, Path(max_length=64, examples=["src_4kq2", "arvand-wanted"])]
Since = Annotated[
    date | None, Query(description="From the first day of this month on; a year by default.")
]
Minutes = Annotated[int, Field(ge=1, le=60 * 24 * 366)]


class TermsGiven(Given):
    """How every record of a list is marked. Until when, is decided by the policy (PR-30)."""

    purpose: Purpose
    legal_basis: Reason
    audience: Tokens = ("*",)
    excluded: Tokens = ()
    confidentiality: Annotated[int, Field(ge=0, le=2)] = 0
    handling: Handling = Handling.H0

    def to_marking(self, owner: str) -> Marking:
        """Return the marking of the model."""
        return Marking(
            visibility=Visibility(
                owner=owner,
                audience=tuple(sorted(set(self.audience))),
                excluded=tuple(sorted(set(self.excluded))),
                confidentiality=Confidentiality(self.confidentiality),
            ),
            purpose=self.purpose,
            legal_basis=self.legal_basis,
            handling=self.handling,
            retention_until=clock.today(),
        )


class SourceGiven(Given):
    """A list to be read from its publisher's address again and again.

    Folders of the machine are named there, by its operator: `didban bank sources add`.
    """

    dataset: Annotated[str, Field(pattern=rf"^(?:{sources.DATASET.pattern})$")]
    kind: Annotated[str, Field(max_length=40, examples=["un-sc"])]
    location: Annotated[str, Field(pattern="^https://", max_length=2_000)]
    owner: Code
    publisher: Annotated[str, Field(max_length=200)] = ""
    terms: TermsGiven
    mapping: Annotated[str | None, Field(max_length=sources.MAX_MAPPING)] = None
    every_minutes: Minutes = 24 * 60
    stale_after_minutes: Minutes = 3 * 24 * 60


class SourceTold(Told):
    """A list, and how its refreshing stands."""

    id: str
    dataset: str
    kind: str
    location: str
    owner: str
    every_minutes: int
    stale_after_minutes: int
    is_active: bool
    is_stale: bool
    due_at: datetime
    fresh_at: datetime | None
    failures: int
    last_error: str | None

    @classmethod
    def of(cls, status: SourceStatus) -> SourceTold:
        """Return the shape of a list's status."""
        source = status.source
        return cls(
            id=source.id,
            dataset=source.dataset,
            kind=source.kind,
            location=source.location,
            owner=source.owner,
            every_minutes=int(source.every / timedelta(minutes=1)),
            stale_after_minutes=int(source.stale_after / timedelta(minutes=1)),
            is_active=source.is_active,
            is_stale=status.is_stale(clock.now()),
            due_at=status.due_at,
            fresh_at=status.fresh_at,
            failures=status.failures,
            last_error=status.last_error,
        )


class ActivityGiven(Given):
    """Whether a list is read from now on."""

    is_active: bool


class PublicationTold(Told):
    """What one publication did to the bank. `taken_in_at` is empty where it was cut off."""

    id: str
    published_on: date | None
    begun_at: datetime
    taken_in_at: datetime | None
    listed: int
    added: int
    changed: int
    withdrawn: int
    held_back: int
    barred: int
    refused: int
    noted: int
    is_cut: bool

    @classmethod
    def of(cls, report: PublicationReport) -> PublicationTold:
        """Return the shape of a report."""
        return cls(**{name: getattr(report, name) for name in cls.model_fields})


class QualityTold(Told):
    """What the monthly look at one list, or at what one owner reported itself, found (PR-23)."""

    owner: str
    dataset: str
    month: date
    records: int
    persons: int
    faults: dict[QualityFault, int]

    @classmethod
    def of(cls, report: QualityReport) -> QualityTold:
        """Return the shape of a report."""
        return cls(
            owner=report.owner,
            dataset=report.dataset,
            month=report.month,
            records=report.records,
            persons=report.persons,
            faults={QualityFault(name): count for name, count in report.faults.items()},
        )


class ContributionTold(Told):
    """How many records of one kind an owner entered in a month, of those that are open to you."""

    owner: str
    schema_: str = Field(alias="schema")
    month: date
    count: int

    @classmethod
    def of(cls, one: Contribution) -> ContributionTold:
        """Return the shape of a count."""
        return cls(owner=one.owner, schema=one.schema, month=one.month, count=one.count)


@router.post("/sources", status_code=201)
@needs(Permission.BANK_SOURCE_MANAGE)
def add_source(tx: Tx, who: Who, new: SourceGiven) -> SourceTold:
    """Register a list, to be read at once and then again and again."""
    source = ListSource(
        id=ids.new_id("src"),
        dataset=new.dataset,
        kind=new.kind,
        location=new.location,
        marking=new.terms.to_marking(new.owner),
        every=timedelta(minutes=new.every_minutes),
        stale_after=timedelta(minutes=new.stale_after_minutes),
        mapping=new.mapping,
    )
    return SourceTold.of(sources.add(tx, who, source, new.publisher))


@router.get("/sources")
@needs(Permission.BANK_SOURCE_MANAGE)
def list_sources(tx: Tx, who: Who) -> list[SourceTold]:
    """List the lists that refresh themselves, and how that stands."""
    return [SourceTold.of(status) for status in sources.listed(tx, who)]


@router.get("/sources/{source}/publications")
@needs(Permission.BANK_SOURCE_MANAGE)
def list_publications(
    tx: Tx, who: Who, source: Identifier, limit: Annotated[int, Query(ge=1, le=100)] = 20
) -> list[PublicationTold]:
    """Return what the last publications of a list did, the newest first."""
    return [PublicationTold.of(one) for one in sources.history(tx, who, source, limit=limit)]


@router.put("/sources/{source}/activity")
@needs(Permission.BANK_SOURCE_MANAGE)
def rest_source(tx: Tx, who: Who, source: Identifier, given: ActivityGiven) -> SourceTold:
    """Leave a list alone from now on, or go on with it at once."""
    return SourceTold.of(sources.set_active(tx, who, source, is_active=given.is_active))


@router.delete("/sources/{source}", status_code=204)
@needs(Permission.BANK_SOURCE_MANAGE)
def remove_source(tx: Tx, who: Who, source: Identifier) -> None:
    """Forget where a list comes from. Its records stay until their time ends."""
    sources.remove(tx, who, source)


@router.get("/quality")
@needs(Permission.BANK_QUALITY_READ)
def list_quality(tx: Tx, who: Who, since: Since = None) -> list[QualityTold]:
    """Return the monthly reports about your authority's records and published lists (PR-23)."""
    return [QualityTold.of(one) for one in quality_report.reports(tx, who, since=_month(since))]


@router.get("/contributions")
@needs(Permission.BANK_QUALITY_READ)
def list_contributions(
    tx: Tx,
    who: Who,
    since: Since = None,
    owner: Annotated[str | None, Query(max_length=40)] = None,
) -> list[ContributionTold]:
    """Count what each owner entered, by kind and month, over what you may see."""
    found = quality_report.contributions(tx, who, since=_month(since), owner=owner)
    return [ContributionTold.of(one) for one in found]


def _month(since: date | None) -> date:
    """Return the first day of the month to begin with."""
    return (since or clock.today() - _YEAR).replace(day=1)
