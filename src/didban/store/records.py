"""Records in the database: their present version, their history, and who is told of a change.

Every reading function takes the visibility numbers that are open to who asks
(`store.visibility.open_to`): what is not open is not there.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from didban.model.alerts import Action, Alert, DocumentStatus, NoticeType, PersonStatus
from didban.model.bank import FOUND, BankRecord, RecordState
from didban.model.marking import (
    Handling,
    InformationEvaluation,
    Marking,
    SourceEvaluation,
    Visibility,
)
from didban.model.purposes import Purpose
from didban.model.records import Record
from didban.store.tables.records import change, record, visibility
from didban.store.visibility import number_of, visibility_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from didban.store.database import Transaction


def insert_record(tx: Transaction, new: BankRecord) -> int:
    """Add a record that is not there yet; return its number."""
    number = tx.scalar(insert(record).values(values_of(tx, new)).returning(record.c.number))
    announce(tx, number)
    return int(number)


def announce(tx: Transaction, number: int) -> None:
    """Tell who follows the bank that a record changed, when the transaction is committed."""
    tx.execute(insert(change).values(record=number))


def get(tx: Transaction, record_id: str, open_to: frozenset[int]) -> BankRecord | None:
    """Return the present version of a record, or None where it is not there for who asks."""
    query = (
        select(record, visibility.c.audience, visibility.c.excluded, visibility.c.confidentiality)
        .join(visibility, visibility.c.number == record.c.visibility)
        .where(record.c.id == record_id, record.c.visibility.in_(open_to))
    )
    row = tx.execute(query).one_or_none()
    return record_of(row) if row else None


def values_of(tx: Transaction, new: BankRecord) -> dict[str, Any]:
    """Return the columns of a record."""
    marking, alert = marking_json(new.marking), alert_json(new.alert)
    entity = new.entity.to_json()
    content = json.dumps([entity, marking, alert], sort_keys=True, ensure_ascii=False)
    return {
        "id": new.id,
        "owner": new.owner,
        "visibility": number_of(tx, new.marking.visibility),
        "dataset": new.dataset,
        "schema": new.entity.schema,
        "caption": new.entity.caption,
        "state": new.state,
        "version": new.version,
        "entity": entity,
        "marking": marking,
        "alert": alert,
        "is_searchable": new.state in FOUND and not new.marking.is_tainted,
        "verified_on": new.marking.verified_on,
        "review_due": new.marking.review_due,
        "retention_until": new.marking.retention_until,
        "valid_from": new.valid_from,
        "valid_to": new.valid_to,
        "recorded_at": new.recorded_at,
        "recorded_by": new.recorded_by,
        "digest": hashlib.sha256(content.encode()).digest(),
    }


def record_of(row: Any) -> BankRecord:
    """Return the value of a row of `record` joined with its `visibility`."""
    return BankRecord(
        entity=Record.from_json(row.entity),
        marking=_marking_of(row, visibility_of(row)),
        alert=alert_of(row.alert),
        state=RecordState(row.state),
        version=row.version,
        recorded_at=row.recorded_at,
        recorded_by=row.recorded_by,
        dataset=row.dataset,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        visibility_number=row.visibility,
    )


def marking_json(marking: Marking) -> dict[str, Any]:
    """Return what of a marking has no column of its own."""
    return {
        "purpose": marking.purpose,
        "legal_basis": marking.legal_basis,
        "handling": marking.handling,
        "handling_conditions": marking.handling_conditions,
        "source_evaluation": marking.source_evaluation,
        "information_evaluation": marking.information_evaluation,
        "is_tainted": marking.is_tainted,
    }


def _marking_of(row: Any, seen_by: Visibility) -> Marking:
    kept = row.marking
    return Marking(
        visibility=seen_by,
        purpose=Purpose(kept["purpose"]),
        legal_basis=kept["legal_basis"],
        handling=Handling(kept["handling"]),
        handling_conditions=kept["handling_conditions"],
        source_evaluation=SourceEvaluation(kept["source_evaluation"]),
        information_evaluation=InformationEvaluation(kept["information_evaluation"]),
        is_tainted=kept["is_tainted"],
        verified_on=row.verified_on,
        review_due=row.review_due,
        retention_until=row.retention_until,
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
    )
