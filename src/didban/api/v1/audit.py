"""The audit log: entries, proofs, checkpoints, and what owners learn of the use of their records."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Path, Query
from pydantic import AwareDatetime, Field

from didban.api.v1.frame import Node, Router, Tx, Who, needs
from didban.api.v1.pages import Given, Page, Paging, Told
from didban.exchange import witness
from didban.guard import access, audit_reading, checkpoints, reconstruct, use_reports
from didban.model.audit import AuditEntry
from didban.model.permissions import Permission
from didban.store.audit import Selection
from didban.store.exchange.use import NodeUse
from didban.store.use import Use, UseCount

router = Router("audit")

Number = Annotated[int, Path(ge=1, le=2**63 - 1, examples=[1204])]
_Text = Annotated[str | None, Query(pattern=r"^[A-Za-z0-9._:/@-]{1,120}$")]
_Moment = Annotated[AwareDatetime | None, Query()]


class EntryTold(Told):
    """One entry: who, when, why and what kind of thing; never the content."""

    number: int
    at: datetime
    actor: str
    authority: str
    roles: list[str]
    device: str | None
    purpose: str | None
    reference: str
    place: str
    request: str
    deed: str
    subject: str
    facts: dict[str, str | int | bool]

    @classmethod
    def of(cls, entry: AuditEntry) -> EntryTold:
        """Return the shape of an entry."""
        return cls(
            number=entry.number,
            at=entry.at,
            actor=entry.actor,
            authority=entry.authority,
            roles=list(entry.roles),
            device=entry.device,
            purpose=entry.purpose,
            reference=entry.reference,
            place=entry.place,
            request=entry.request,
            deed=entry.deed,
            subject=entry.subject,
            facts=dict(entry.facts),
        )


class ProofTold(Told):
    """An entry, and the hashes that tie it to a signed checkpoint."""

    entry: dict[str, Any]
    leaf: int
    hashes: list[str]
    checkpoint: str


class GrowthTold(Told):
    """The hashes that show that an older checkpoint is the beginning of the last one."""

    old: int
    hashes: list[str]
    checkpoint: str


class CheckpointTold(Told):
    """The signed checkpoint of everything that was entered, and the key that checks it."""

    checkpoint: str
    key: str


class WitnessTold(Told):
    """How far another node saw the log; `fault`: why it cosigns it no more."""

    node: str
    size: int
    behind: int
    seen_at: datetime | None
    fault: str | None


class WitnessesTold(Told):
    """Who cosigned the log, and the newest checkpoint with all cosignatures under it."""

    wanted: int
    witnesses: list[WitnessTold]
    checkpoint: str | None


class SightTold(Told):
    """One record that somebody saw; `shown` is null where it was erased since."""

    entry: int
    at: datetime
    deed: str
    record: str
    version: int
    shown: dict[str, Any] | None


class ReconstructionGiven(Given):
    """Whose sight is to be played again, and of which time."""

    user: Annotated[str, Field(pattern=r"^[A-Za-z0-9._:/@-]{1,120}$")]
    since: AwareDatetime
    until: AwareDatetime


class UseTold(Told):
    """One use of one document record."""

    record: str
    authority: str
    purpose: str
    on: date

    @classmethod
    def of(cls, use: Use) -> UseTold:
        """Return the shape of a use."""
        return cls(record=use.record, authority=use.authority, purpose=use.purpose, on=use.on)


class UseCountTold(Told):
    """Uses of all other records by one authority for one purpose, in whole steps."""

    authority: str
    purpose: str
    uses: int
    records: int

    @classmethod
    def of(cls, count: UseCount) -> UseCountTold:
        """Return the shape of a count."""
        return cls(
            authority=count.authority,
            purpose=count.purpose,
            uses=count.uses,
            records=count.records,
        )


class NodeUseTold(Told):
    """The use of one's own records at another node, as that node says; in steps of its own."""

    node: str
    documents: list[UseTold]
    counts: list[UseCountTold]
    step: int

    @classmethod
    def of(cls, said: NodeUse) -> NodeUseTold:
        """Return the shape of another node's report."""
        return cls(
            node=said.node,
            documents=[UseTold.of(use) for use in said.documents],
            counts=[UseCountTold.of(count) for count in said.counts],
            step=said.step,
        )


class UseReportTold(Told):
    """The use of one's own records by others in one month."""

    owner: str
    month: date
    documents: list[UseTold]
    counts: list[UseCountTold]
    step: int
    nodes: list[NodeUseTold]


@router.get("/audit/entries")
@needs(Permission.AUDIT_LOG_READ)
def list_audit_entries(  # noqa: PLR0913, PLR0917 - each restricts
    tx: Tx,
    who: Who,
    paging: Paging,
    actor: _Text = None,
    subject: _Text = None,
    since: _Moment = None,
    until: _Moment = None,
) -> Page[EntryTold]:
    """List entries, the newest first. That they were read is entered too."""
    before = int(paging.after[0]) if paging.after else None
    chosen = Selection(actor=actor, subject=subject, since=since, until=until, before=before)
    rows = audit_reading.select(tx, who, chosen, limit=paging.fetch)
    return paging.page(rows, keys=lambda row: (row.number,), told=EntryTold.of)


@router.get("/audit/entries/{number}/proof")
@needs(Permission.AUDIT_LOG_READ)
def prove_audit_entry(tx: Tx, who: Who, number: Number) -> ProofTold:
    """Prove that an entry is in the last checkpoint."""
    return ProofTold(**audit_reading.prove(tx, who, number).to_json())


@router.get("/audit/growth")
@needs(Permission.AUDIT_LOG_READ)
def prove_audit_growth(
    tx: Tx, who: Who, old: Annotated[int, Query(ge=0, le=2**63 - 1)]
) -> GrowthTold:
    """Prove that a checkpoint of so many entries is the beginning of the last one."""
    hashes, last = audit_reading.growth(tx, who, old)
    return GrowthTold(old=old, hashes=[found.hex() for found in hashes], checkpoint=last)


@router.get("/audit/checkpoint")
@needs(Permission.AUDIT_LOG_READ)
def get_audit_checkpoint(tx: Tx, who: Who, node: Node) -> CheckpointTold:
    """Return the last signed checkpoint. Keep it elsewhere: it convicts whoever rewrites the log."""
    last = audit_reading.last_checkpoint(tx, who)
    key = checkpoints.signer_of(tx, node.secrets).verifier.text()
    return CheckpointTold(checkpoint=last.text, key=key)


@router.get("/audit/witnesses")
@needs(Permission.AUDIT_LOG_READ)
def list_audit_witnesses(tx: Tx, who: Who, node: Node) -> WitnessesTold:
    """List which other nodes cosigned the log, how far and when, and which of them refuse it."""
    access.require(who, Permission.AUDIT_LOG_READ)
    found = witness.standing(tx, node.secrets)
    return WitnessesTold(
        wanted=witness.WANTED,
        witnesses=[
            WitnessTold(
                node=one.node,
                size=one.size,
                behind=one.behind,
                seen_at=one.seen_at,
                fault=one.fault,
            )
            for one in found
        ],
        checkpoint=witness.cosigned(tx, node.secrets),
    )


@router.post("/audit/reconstructions")
@needs(Permission.AUDIT_LOG_READ)
def reconstruct_sight(tx: Tx, who: Who, given: ReconstructionGiven) -> list[SightTold]:
    """Play again what somebody saw: the records as they were then, as they were shown then."""
    sights = reconstruct.seen_by(tx, who, given.user, since=given.since, until=given.until)
    return [
        SightTold(
            entry=sight.entry.number,
            at=sight.entry.at,
            deed=sight.entry.deed,
            record=sight.record,
            version=sight.version,
            shown=dict(sight.shown) if sight.shown is not None else None,
        )
        for sight in sights
    ]


@router.get("/audit/use")
@needs(Permission.AUDIT_USE_READ)
def get_use_report(
    tx: Tx, who: Who, node: Node, month: Annotated[date, Query(description="Any day of it.")]
) -> UseReportTold:
    """Return how others used one's own records in a month that is long enough over."""
    found = use_reports.report(tx, who, month, node.settings.rights)
    return UseReportTold(
        owner=found.owner,
        month=found.month,
        documents=[UseTold.of(use) for use in found.documents],
        counts=[UseCountTold.of(count) for count in found.counts],
        step=found.step,
        nodes=[NodeUseTold.of(said) for said in found.nodes],
    )
