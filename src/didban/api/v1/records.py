"""Records: reported, read, corrected, confirmed, disputed and withdrawn."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated

from fastapi import Path, Query

from didban.api.v1.frame import Node, Router, Tx, Who, needs
from didban.api.v1.pages import Page, Paging
from didban.api.v1.record_shapes import (
    CorrectionGiven,
    CounterEvidenceGiven,
    CounterEvidenceTold,
    DecisionGiven,
    DisputeGiven,
    DisputeTold,
    DraftGiven,
    EarlierRefusalTold,
    ReportTold,
    VersionGiven,
    VersionTold,
    WithdrawalGiven,
)
from didban.api.v1.shapes import RecordShown
from didban.guard.disclosure import shown_to
from didban.guard.secrets import SecretName
from didban.intake import bank, disputes
from didban.model.bank import BankRecord
from didban.model.permissions import Permission
from didban.serving.services import Services

router = Router("records")

RecordId = Annotated[str, Path(max_length=200, examples=["rec_4kq2c7x5yz6aabbccddeeff2"])]


@router.post("/records", status_code=201)
@needs(Permission.BANK_RECORD_WRITE)
def report_record(tx: Tx, who: Who, node: Node, given: DraftGiven) -> ReportTold:
    """Report what your authority says about a person, a document or another thing.

    Every fault is named at once, by its place in the body. A report about stolen blanks waits for a
    second person; so does one about a person who was refused or withdrawn before.
    """
    draft, key = given.to_draft(who.authority), key_of(node)
    made = bank.report(
        tx,
        who,
        draft.entity,
        draft.marking,
        draft.alert,
        sensitive=draft.sensitive,
        valid_from=draft.valid_from,
        valid_to=draft.valid_to,
        key=key,
    )
    earlier = bank.earlier_refusals(tx, made.entity, key)
    return ReportTold(
        record=shown(tx, who, made),
        state=made.state,
        earlier_refusals=[
            EarlierRefusalTold(refused_at=each.refused_at, ground=each.ground) for each in earlier
        ],
    )


@router.get("/records/{record_id}")
@needs(Permission.BANK_RECORD_READ)
def get_record(tx: Tx, who: Who, record_id: RecordId) -> RecordShown:
    """Return what of a record you may see for your purpose."""
    return shown(tx, who, bank.read(tx, who, record_id))


@router.post("/records/{record_id}/corrections")
@needs(Permission.BANK_RECORD_WRITE)
def correct_record(tx: Tx, who: Who, record_id: RecordId, given: CorrectionGiven) -> RecordShown:
    """Put a new version in the place of the one you read; the old one is kept."""
    made = bank.correct(
        tx,
        who,
        record_id,
        given.record.to_draft(who.authority),
        expected=given.expected_version,
        reason=given.reason,
        consent=given.consent,
        corroborated_by=given.corroborated_by,
    )
    return shown(tx, who, made)


@router.post("/records/{record_id}/confirmations")
@needs(Permission.BANK_RECORD_WRITE)
def confirm_record(tx: Tx, who: Who, record_id: RecordId, given: VersionGiven) -> RecordShown:
    """Confirm that a record of your authority still holds as it is."""
    return shown(tx, who, bank.confirm(tx, who, record_id, expected=given.expected_version))


@router.post("/records/{record_id}/withdrawals")
@needs(Permission.BANK_RECORD_WRITE)
def withdraw_record(
    tx: Tx, who: Who, node: Node, record_id: RecordId, given: WithdrawalGiven
) -> RecordShown:
    """Take a record of your authority back: within a second it is found no more."""
    made = bank.withdraw(
        tx,
        who,
        record_id,
        expected=given.expected_version,
        ground=given.ground,
        reason=given.reason,
        key=key_of(node),
    )
    return shown(tx, who, made)


@router.get("/records/{record_id}/versions")
@needs(Permission.BANK_RECORD_READ_FULL)
def list_versions(tx: Tx, who: Who, record_id: RecordId) -> list[VersionTold]:
    """List every version that is open to you, oldest first."""
    return [version_told(tx, who, each) for each in bank.history(tx, who, record_id)]


@router.get("/records/{record_id}/as-of")
@needs(Permission.BANK_RECORD_READ_FULL)
def get_record_as_of(
    tx: Tx,
    who: Who,
    record_id: RecordId,
    recorded_at: Annotated[
        datetime | None, Query(description="As the bank knew it then; UTC where no zone is given.")
    ] = None,
    valid_on: Annotated[date | None, Query(description="As it was on that day.")] = None,
) -> VersionTold:
    """Return what the bank held at one moment about one day."""
    if recorded_at is not None and recorded_at.tzinfo is None:
        recorded_at = recorded_at.replace(tzinfo=UTC)
    kept = bank.as_of(tx, who, record_id, recorded_at=recorded_at, valid_on=valid_on)
    return version_told(tx, who, kept)


@router.post("/records/{record_id}/disputes", status_code=201)
@needs(Permission.BANK_RECORD_DISPUTE)
def dispute_record(tx: Tx, who: Who, record_id: RecordId, given: DisputeGiven) -> DisputeTold:
    """Dispute a record; its owner has fifteen days to answer, and every answer says so."""
    raised = disputes.dispute(tx, who, record_id, by=given.by, ground=given.ground)
    return DisputeTold.of(raised)


@router.get("/records/{record_id}/disputes")
@needs(Permission.BANK_RECORD_READ_FULL)
def list_record_disputes(tx: Tx, who: Who, record_id: RecordId) -> list[DisputeTold]:
    """List the disputes of a record: all for its owner, for others those that they raised."""
    return [DisputeTold.of(each) for each in disputes.of_record(tx, who, record_id)]


@router.get("/disputes")
@needs(Permission.BANK_RECORD_WRITE)
def list_open_disputes(tx: Tx, who: Who, paging: Paging) -> Page[DisputeTold]:
    """List the disputes that your authority has to answer, the next due first."""
    after = (date.fromisoformat(paging.after[0]), paging.after[1]) if paging.after else None
    rows = disputes.open_for(tx, who, after=after, limit=paging.fetch)
    return paging.page(rows, keys=lambda row: (row.due_on.isoformat(), row.id), told=DisputeTold.of)


@router.post("/records/{record_id}/dispute-decisions")
@needs(Permission.BANK_RECORD_WRITE)
def decide_dispute(
    tx: Tx, who: Who, node: Node, record_id: RecordId, given: DecisionGiven
) -> RecordShown:
    """Answer every open dispute of a record: uphold it, with a change, or withdraw it."""
    made = disputes.decide(
        tx,
        who,
        record_id,
        given.decision,
        expected=given.expected_version,
        answer=given.answer,
        draft=given.record.to_draft(who.authority) if given.record else None,
        key=key_of(node),
    )
    return shown(tx, who, made)


@router.post("/records/{record_id}/counter-evidence", status_code=201)
@needs(Permission.BANK_RECORD_DISPUTE)
def give_counter_evidence(
    tx: Tx, who: Who, record_id: RecordId, given: CounterEvidenceGiven
) -> CounterEvidenceTold:
    """Attach what speaks against a record; it is shown wherever the record is shown."""
    made = disputes.give_counter_evidence(
        tx, who, record_id, text=given.text, attachment=given.attachment
    )
    return CounterEvidenceTold.of(made)


def shown(tx: Tx, who: Who, record: BankRecord) -> RecordShown:
    """Return what of a record its reader may see."""
    return RecordShown.of(shown_to(tx, who, record))


def version_told(tx: Tx, who: Who, record: BankRecord) -> VersionTold:
    """Return the shape of one version."""
    return VersionTold(
        record=shown(tx, who, record),
        version=record.version,
        state=record.state,
        recorded_at=record.recorded_at,
        valid_from=record.valid_from,
        valid_to=record.valid_to,
        reason=record.reason if record.owner == who.authority else "",
    )


def key_of(node: Services) -> bytes:
    """Return the key of the hashes by which a refused person is recognised."""
    return node.secrets.get(SecretName.REFUSAL)
