"""What happens to records: suspended and reviewed, validated, recovered; their files."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

from fastapi import Body, Path, Query
from fastapi.responses import Response

from didban.api.v1.frame import Node, Router, Tx, Who, needs
from didban.api.v1.pages import Page, Paging, Told
from didban.api.v1.record_shapes import (
    AttachmentTold,
    EnteredTold,
    PapersGiven,
    Reason,
    RecoveryGiven,
    RejectionGiven,
    SightingTold,
    ValidationGiven,
    VersionGiven,
)
from didban.api.v1.records import RecordId, key_of, shown
from didban.api.v1.shapes import RecordShown
from didban.intake import attachments, document_reports, status, waiting
from didban.intake.attachments import File
from didban.intake.document_reports import Papers
from didban.intake.file_types import MEDIA_TYPES
from didban.intake.status import StatusEvent
from didban.model.attachments import AttachmentRole
from didban.model.bank import BankRecord, SuspensionCause
from didban.model.permissions import Permission
from didban.store.suspensions import Review

router = Router("records")

AttachmentId = Annotated[str, Path(max_length=200)]
_FILES: Final[dict[str, dict[str, object]]] = {
    "application/octet-stream": {},
    **{kind: {} for kind in MEDIA_TYPES},
}


class StatusEventGiven(VersionGiven):
    """What became of the person."""

    event: StatusEvent
    reason: Reason


class ReviewGiven(VersionGiven):
    """That the owner reviewed why a record was suspended."""

    cause: SuspensionCause
    reason: Reason


class ReviewTold(Told):
    """A suspension that waits for a review."""

    record: str
    cause: SuspensionCause
    suspended_at: datetime
    due_at: datetime | None

    @classmethod
    def of(cls, review: Review) -> ReviewTold:
        """Return the shape of a review."""
        return cls(
            record=review.record,
            cause=review.cause,
            suspended_at=review.suspended_at,
            due_at=review.due_at,
        )


@router.post("/records/{record_id}/status-events")
@needs(Permission.BANK_RECORD_WRITE)
def enter_status_event(
    tx: Tx, who: Who, record_id: RecordId, given: StatusEventGiven
) -> RecordShown:
    """Enter that charges were dropped, and the like: nothing is asked until the review."""
    made = status.change(
        tx, who, record_id, given.event, expected=given.expected_version, reason=given.reason
    )
    return shown(tx, who, made)


@router.post("/records/{record_id}/reviews")
@needs(Permission.BANK_RECORD_VALIDATE)
def review_suspension(tx: Tx, who: Who, record_id: RecordId, given: ReviewGiven) -> RecordShown:
    """End a suspension after a review, as another person than who caused it."""
    made = status.lift(
        tx, who, record_id, given.cause, expected=given.expected_version, reason=given.reason
    )
    return shown(tx, who, made)


@router.post("/documents", status_code=201)
@needs(Permission.BANK_RECORD_WRITE)
def report_documents(tx: Tx, who: Who, given: PapersGiven) -> list[EnteredTold]:
    """Report lost and stolen documents, and ranges of blanks: all of them, or none.

    Stolen blanks, and more than a hundred documents, are found after a second person validated
    them.
    """
    papers = Papers(
        documents=tuple(document.to_document() for document in given.documents),
        marking=given.marking.to_marking(who.authority),
        reported_on=given.reported_on,
    )
    return list(map(entered, document_reports.report(tx, who, papers)))


@router.post("/documents/validations")
@needs(Permission.BANK_RECORD_VALIDATE)
def validate_documents(tx: Tx, who: Who, given: ValidationGiven) -> list[EnteredTold]:
    """Validate reports of your authority, as another person than who entered them."""
    return list(map(entered, document_reports.validate(tx, who, given.records)))


@router.get("/documents/validations", response_model_exclude_none=True)
@needs(Permission.BANK_RECORD_VALIDATE)
def list_reports_to_validate(tx: Tx, who: Who, paging: Paging) -> Page[RecordShown]:
    """List the reports of your authority that wait for a second person."""
    after = paging.after[0] if paging.after else ""
    rows = waiting.reports(tx, who, after=after, limit=paging.fetch)
    return paging.page(rows, keys=lambda row: (row.id,), told=lambda row: shown(tx, who, row))


@router.get("/reviews")
@needs(Permission.BANK_RECORD_VALIDATE)
def list_reviews(tx: Tx, who: Who, paging: Paging) -> Page[ReviewTold]:
    """List the suspensions that your authority has to review."""
    after = paging.after[0] if paging.after else ""
    rows = waiting.reviews(tx, who, after=after, limit=paging.fetch)
    return paging.page(rows, keys=lambda row: (row.id,), told=ReviewTold.of)


@router.post("/records/{record_id}/rejections")
@needs(Permission.BANK_RECORD_VALIDATE)
def reject_record(
    tx: Tx, who: Who, node: Node, record_id: RecordId, given: RejectionGiven
) -> RecordShown:
    """Refuse a report that waits for a second person."""
    made = document_reports.reject(tx, who, record_id, reason=given.reason, key=key_of(node))
    return shown(tx, who, made)


@router.post("/records/{record_id}/recoveries")
@needs(Permission.BANK_RECORD_WRITE)
def recover_document(tx: Tx, who: Who, record_id: RecordId, given: RecoveryGiven) -> RecordShown:
    """Enter that a document was found and returned: it is found in checks no more."""
    made = document_reports.recover(
        tx, who, record_id, expected=given.expected_version, on=given.on
    )
    return shown(tx, who, made)


@router.post("/records/{record_id}/invalidations")
@needs(Permission.BANK_RECORD_WRITE)
def invalidate_document(tx: Tx, who: Who, record_id: RecordId, given: VersionGiven) -> RecordShown:
    """Declare a recovered document invalid: it is found again, and asks nothing."""
    made = document_reports.invalidate(tx, who, record_id, expected=given.expected_version)
    return shown(tx, who, made)


@router.get("/records/{record_id}/sightings")
@needs(Permission.BANK_RECORD_READ_FULL)
def list_sightings(tx: Tx, who: Who, record_id: RecordId) -> list[SightingTold]:
    """List where a document of your authority turned up."""
    return [
        SightingTold(authority=each.authority, place=each.place, seen_at=each.seen_at)
        for each in document_reports.sightings_of(tx, who, record_id)
    ]


@router.post(
    "/records/{record_id}/attachments",
    status_code=201,
    openapi_extra={"requestBody": {"required": True, "content": _FILES}},
)
@needs(Permission.BANK_RECORD_READ)
def attach_file(  # noqa: PLR0913 - the parts of a request
    tx: Tx,
    who: Who,
    node: Node,
    record_id: RecordId,
    *,
    content: Annotated[bytes, Body(media_type="application/octet-stream")],
    role: AttachmentRole,
    title: Annotated[str, Query(max_length=200)] = "",
) -> AttachmentTold:
    """Attach a photo or a file, sent as it is; its kind is told by its first bytes.

    The owner attaches anything; others attach counter-evidence.
    """
    file = File(content=content, role=role, title=title)
    made = attachments.attach(tx, who, record_id, file, node.settings.records)
    return AttachmentTold.of(made)


@router.get("/records/{record_id}/attachments")
@needs(Permission.BANK_RECORD_READ)
def list_attachments(tx: Tx, who: Who, record_id: RecordId) -> list[AttachmentTold]:
    """List the photos and files of a record that you may see."""
    return list(map(AttachmentTold.of, attachments.listed(tx, who, record_id)))


@router.get(
    "/records/{record_id}/attachments/{attachment_id}",
    response_class=Response,
    responses={200: {"content": {kind: {} for kind in MEDIA_TYPES}}},
)
@needs(Permission.BANK_RECORD_READ)
def get_attachment(tx: Tx, who: Who, record_id: RecordId, attachment_id: AttachmentId) -> Response:
    """Return a photo or a file as it was sent."""
    found, content = attachments.read(tx, who, record_id, attachment_id)
    headers = {"Content-Disposition": "attachment"}  # nothing is shown within a page of ours
    return Response(content, media_type=found.media_type, headers=headers)


@router.delete("/records/{record_id}/attachments/{attachment_id}", status_code=204)
@needs(Permission.BANK_RECORD_WRITE)
def remove_attachment(tx: Tx, who: Who, record_id: RecordId, attachment_id: AttachmentId) -> None:
    """Take a file of your record away for good; counter-evidence stays."""
    attachments.remove(tx, who, record_id, attachment_id)


def entered(record: BankRecord) -> EnteredTold:
    """Return the shape of a record that was entered."""
    return EnteredTold(id=record.id, version=record.version, state=record.state)
