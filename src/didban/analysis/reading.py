"""A record value by value, as far as a desk may see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from didban.guard import access
from didban.guard.disclosure import shown_to
from didban.intake import bank
from didban.model.permissions import Permission
from didban.model.statements import statements_of

if TYPE_CHECKING:
    from didban.model.actors import Actor
    from didban.model.bank import BankRecord
    from didban.model.statements import Statement
    from didban.store.database import Transaction


def statements(tx: Transaction, actor: Actor, record_id: str) -> tuple[BankRecord, list[Statement]]:
    """Return a record and all that the actor may see of it, one value in each row.

    Raises NotFound.
    """
    access.require(actor, Permission.BANK_RECORD_READ_FULL)
    record = bank.read(tx, actor, record_id)
    return record, list(statements_of(shown_to(tx, actor, record)))
