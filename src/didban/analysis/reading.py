"""A record as a desk reads it: the second, reasoned step, and what hangs together with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from didban import clock
from didban.guard import access, conditions, consents, fields
from didban.intake import bank
from didban.model.attachments import IDENTIFYING
from didban.model.bank import standing
from didban.model.permissions import Permission
from didban.model.statements import statements_of
from didban.store import attachments
from didban.store.visibility import open_to

if TYPE_CHECKING:
    from collections.abc import Mapping

    from didban.model.actors import Actor
    from didban.model.bank import BankRecord
    from didban.model.statements import Statement
    from didban.store.database import Transaction


def shown_to(tx: Transaction, actor: Actor, record: BankRecord) -> Mapping[str, Any]:
    """Return all of a record that the actor may see."""
    photos = attachments.of_record(tx, record.id, open_to(tx, actor))
    return fields.shown(
        record,
        standing(record, clock.today()),
        actor,
        photos=[each.id for each in photos if each.role in IDENTIFYING],
        has_acknowledged=conditions.has_acknowledged(tx, actor, record),
        has_consent=consents.has_consent(tx, actor, record),
    )


def statements(tx: Transaction, actor: Actor, record_id: str) -> tuple[BankRecord, list[Statement]]:
    """Return a record and all that the actor may see of it, one value in each row.

    Raises NotFound.
    """
    access.require(actor, Permission.BANK_RECORD_READ_FULL)
    record = bank.read(tx, actor, record_id)
    return record, list(statements_of(shown_to(tx, actor, record)))
