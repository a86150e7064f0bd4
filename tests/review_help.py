"""Alerts of other nodes for tests: as if they had arrived, and the people who review them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bank_help import actor, alert, marking, person
from didban import clock
from didban.intake import reviews
from didban.model.bank import BankRecord, RecordState
from didban.store import records
from didban.store.visibility import every_number

if TYPE_CHECKING:
    from didban.model.records import Record
    from didban.store.database import Transaction

KEY = b"r" * 32
REVIEWER = actor("xar", "reviewer", user="usr_reviewer")
SECOND = actor("xar", "supervisor", user="usr_second")
WARRANT = {"facts": "Robbed a bank in Boreport.", "legal_references": ("warrant 12/2031",)}


def wanted(action: str = "arrest", **more: Any) -> Any:
    """Return an alert that says on what it rests."""
    return alert(action, **{**WARRANT, **more})


def arrive(
    tx: Transaction,
    owner: str = "xbo",
    entity: Record | None = None,
    ask: Any = None,
    **marked: Any,
) -> BankRecord:
    """Keep a record of another node, as the exchange does when it arrives."""
    now = clock.now()
    entity = entity or person(birthDate="1971-05-02")
    before = records.get(tx, entity.id, every_number(tx))
    made = BankRecord(
        entity=entity,
        marking=marking(owner, verified_on=now.date(), **marked),
        alert=ask,
        state=RecordState.ACTIVE,
        version=1 if before is None else before.version + 1,
        recorded_at=now,
        recorded_by=f"node:{owner}",
    )
    if before is None:
        records.insert_record(tx, made)
    else:
        made = records.replace_record(tx, made, expected=before.version)
    reviews.arrived(tx, [made], now)
    return kept(tx, made.id)


def kept(tx: Transaction, record_id: str) -> BankRecord:
    """Return a record as it stands."""
    found = records.get(tx, record_id, every_number(tx))
    assert found is not None
    return found
