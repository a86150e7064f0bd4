"""A record as rows: the one place that turns a `BankRecord` into columns and back."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, fields, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from didban.model.alerts import Action, Alert, DocumentStatus, NoticeType, PersonStatus
from didban.model.attachments import IDENTIFYING
from didban.model.bank import FOUND, BankRecord, RecordState, SuspensionCause
from didban.model.disputes import CounterEvidence
from didban.model.marking import (
    Handling,
    InformationEvaluation,
    Marking,
    SourceEvaluation,
    Visibility,
)
from didban.model.purposes import Purpose
from didban.model.records import Record
from didban.model.reviews import ReviewState, as_it_holds, judged
from didban.model.sensitive import SensitiveFact, SensitiveKind
from didban.store.tables.attached import attachment, counter_evidence, dispute, suspension
from didban.store.tables.exchange_records import copy
from didban.store.tables.records import record, record_version, visibility
from didban.store.tables.reviews import receiver_review, receiver_review_step
from didban.store.visibility import number_of, visibility_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement, Select

    from didban.store.database import Transaction

_DATES: Final = ("verified_on", "review_due", "retention_until")
KEPT_AS_CONTENT: Final = (
    "dataset", "schema", "caption", "entity", "marking", "alert", "sensitive", *_DATES
)  # fmt: skip
"""Columns of `record` that an old version keeps within its `content`."""


def present(at: datetime | None = None) -> Select[Any]:
    """Return the query of present versions, each row fit for `record_of`.

    What is attached is what stands now, or stood at that moment. The caller adds which records, and
    `record.c.visibility.in_(open_to)`.
    """
    return select(record, *_SEEN_BY, *_attached(record.c.id, at)).join(
        visibility, visibility.c.number == record.c.visibility
    )


def superseded(at: datetime | None = None) -> Select[Any]:
    """Return the query of old versions, each row fit for `version_of`.

    What is attached is what stood at that moment, or when the version ended. The caller adds which
    records, and `record_version.c.visibility.in_(open_to)`.
    """
    moment = record_version.c.superseded_at if at is None else at
    attached = _attached(record_version.c.record, moment)
    return select(record_version, visibility.c.owner, *_SEEN_BY, *attached).join(
        visibility, visibility.c.number == record_version.c.visibility
    )


_SEEN_BY: Final = (visibility.c.audience, visibility.c.excluded, visibility.c.confidentiality)


def _attached(
    record_id: ColumnElement[str], at: datetime | ColumnElement[datetime] | None
) -> tuple[ColumnElement[Any], ...]:
    """Return the columns that read what others attached to a record, so that it travels with it."""

    def is_open(begun: ColumnElement[Any], ended: ColumnElement[Any]) -> ColumnElement[bool]:
        if at is None:
            return ended.is_(None)
        return (begun <= at) & (ended.is_(None) | (ended > at))

    held, doubt, against = suspension.c, dispute.c, counter_evidence.c
    told = (against.id, against.given_by, against.text, against.given_at, against.attachment)
    item = func.json_build_array(*told)
    given = [against.record == record_id, *([] if at is None else [against.given_at <= at])]
    return (
        select(func.array_agg(held.cause))
        .where(held.record == record_id, is_open(held.suspended_at, held.lifted_at))
        .scalar_subquery()
        .label("suspensions"),
        select(doubt.id)
        .where(doubt.record == record_id, is_open(doubt.raised_at, doubt.decided_at))
        .exists()
        .label("is_disputed"),
        select(func.json_agg(aggregate_order_by(item, against.given_at)))
        .where(*given)
        .scalar_subquery()
        .label("counter_evidence"),
        select(attachment.c.id)
        .where(attachment.c.record == record_id, attachment.c.role.in_(sorted(IDENTIFYING)))
        .exists()
        .label("is_pictured"),
        _review(record_id, at).label("review"),
    )


def _review(
    record_id: ColumnElement[str], at: datetime | ColumnElement[datetime] | None
) -> ColumnElement[Any]:
    """Return the column that reads where the receiver's review stands, and of what it was.

    Another node's record that nobody looked at waits, whether a review was opened or not (PR-52).
    """
    table = receiver_review if at is None else receiver_review_step
    told = select(func.json_build_array(table.c.state, func.encode(table.c.digest, "hex")))
    query = told.where(table.c.record == record_id)
    if at is not None:
        step = receiver_review_step.c
        query = query.where(step.at <= at).order_by(step.number.desc()).limit(1)
    waits = select(func.json_build_array("waiting", "")).where(copy.c.record == record_id)
    return func.coalesce(query.scalar_subquery(), waits.scalar_subquery())


def values_of(tx: Transaction, new: BankRecord, number: int | None = None) -> dict[str, Any]:
    """Return the columns of a record. `number`: of its visibility, where that is known already."""
    marking, alert = marking_json(new.marking), alert_json(new.alert)
    sensitive = [asdict(fact) for fact in new.sensitive] or None
    entity = new.entity.to_json()
    return {
        "id": new.id,
        "owner": new.owner,
        "visibility": number or number_of(tx, new.marking.visibility),
        "dataset": new.dataset,
        "schema": new.entity.schema,
        "caption": new.entity.caption,
        "state": new.state,
        "version": new.version,
        "entity": entity,
        "marking": marking,
        "alert": alert,
        "sensitive": sensitive,
        "is_searchable": new.state in FOUND and not new.marking.is_tainted,
        "verified_on": new.marking.verified_on,
        "review_due": new.marking.review_due,
        "retention_until": new.marking.retention_until,
        "valid_from": new.valid_from,
        "valid_to": new.valid_to,
        "recorded_at": new.recorded_at,
        "recorded_by": new.recorded_by,
        "reason": new.reason,
        "digest": digest_of(entity, marking, alert, sensitive),
    }


def digest_of(*parts: Any) -> bytes:
    """Return the SHA-256 of what a version says: entity, marking, alert, sensitive facts."""
    content = json.dumps(parts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(content.encode(errors="surrogatepass")).digest()


def record_of(row: Any) -> BankRecord:
    """Return the value of a row of `present()`."""
    return _built(row, row._mapping)  # noqa: SLF001 - the documented name for columns by name


def version_of(row: Any) -> BankRecord:
    """Return the value of a row of `superseded()`."""
    content = dict(row.content)
    for name in _DATES:
        content[name] = date.fromisoformat(content[name]) if content[name] else None
    return _built(row, content)


def _built(row: Any, content: Mapping[str, Any]) -> BankRecord:
    made = BankRecord(
        entity=Record.from_json(content["entity"]),
        marking=marking_of(content, visibility_of(row)),
        alert=alert_of(content["alert"]),
        state=RecordState(row.state),
        version=row.version,
        recorded_at=row.recorded_at,
        recorded_by=row.recorded_by,
        dataset=content["dataset"],
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        reason=row.reason,
        sensitive=tuple(map(_sensitive_of, content["sensitive"] or ())),
        suspensions=frozenset(map(SuspensionCause, row.suspensions or ())),
        is_disputed=row.is_disputed,
        counter_evidence=tuple(map(_counter_evidence_of, row.counter_evidence or ())),
        is_pictured=row.is_pictured,
        visibility_number=row.visibility,
    )
    review = _review_of(row.review, made)
    return made if review is None else replace(made, review=review)


def _review_of(told: tuple[str, str] | None, made: BankRecord) -> ReviewState | None:
    """Return where the review stands for what this version says."""
    if told is None:
        return None
    now = judged(made.entity, made.alert, made.marking)
    return as_it_holds(ReviewState(told[0]), bytes.fromhex(told[1]), now)


def marking_json(marking: Marking) -> dict[str, Any]:
    """Return what of a marking has no column of its own and is not the default.

    A million records of a list bear it; a hundred bytes more are a hundred megabytes.
    """
    return {
        f.name: value
        for f in fields(Marking)
        if f.name not in _MARKING_COLUMNS and (value := getattr(marking, f.name)) != f.default
    }


_MARKING_COLUMNS: Final = frozenset({"visibility", *_DATES})


def marking_of(content: Mapping[str, Any], seen_by: Visibility) -> Marking:
    """Return the marking that `marking_json` and the columns beside it hold."""
    kept = content["marking"]
    return Marking(
        visibility=seen_by,
        purpose=Purpose(kept["purpose"]),
        legal_basis=kept["legal_basis"],
        handling=Handling(kept.get("handling", Handling.H0)),
        handling_conditions=kept.get("handling_conditions", ""),
        source_evaluation=SourceEvaluation(kept.get("source_evaluation", SourceEvaluation.X)),
        information_evaluation=InformationEvaluation(
            kept.get("information_evaluation", InformationEvaluation.UNKNOWN)
        ),
        origin=tuple(kept.get("origin", ())),
        protected_from=tuple(kept.get("protected_from", ())),
        is_tainted=kept.get("is_tainted", False),
        verified_on=content["verified_on"],
        review_due=content["review_due"],
        retention_until=content["retention_until"],
    )


def alert_json(alert: Alert | None) -> dict[str, Any] | None:
    """Return an alert as plain data, without what it does not say. Inverse of `alert_of`."""
    if alert is None:
        return None
    values = asdict(alert)
    values["valid_until"] = alert.valid_until.isoformat() if alert.valid_until else None
    return {name: value for name, value in values.items() if value not in (None, "", ())}


def alert_of(data: Mapping[str, Any] | None) -> Alert | None:
    """Return the alert that `alert_json` wrote."""
    if data is None:
        return None
    until = data.get("valid_until")
    return Alert(
        action_requested=Action(data["action_requested"]),
        person_status=PersonStatus(s) if (s := data.get("person_status")) else None,
        document_status=DocumentStatus(s) if (s := data.get("document_status")) else None,
        notice_type=NoticeType(s) if (s := data.get("notice_type")) else None,
        warnings=tuple(data.get("warnings", ())),
        facts=data.get("facts", ""),
        legal_references=tuple(data.get("legal_references", ())),
        valid_until=date.fromisoformat(until) if until else None,
        guardian_consent=data.get("guardian_consent", ""),
    )


def _sensitive_of(data: Mapping[str, str]) -> SensitiveFact:
    return SensitiveFact(
        kind=SensitiveKind(data["kind"]), value=data["value"], necessity=data["necessity"]
    )


def _counter_evidence_of(told: tuple[Any, ...]) -> CounterEvidence:
    identifier, given_by, words, given_at, file = told
    return CounterEvidence(
        id=identifier,
        given_by=given_by,
        text=words,
        given_at=datetime.fromisoformat(given_at),
        attachment=file,
    )
