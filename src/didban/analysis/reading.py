"""A record as a desk reads it: the second, reasoned step, and what hangs together with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from didban import clock
from didban.guard import access, conditions, consents, fields
from didban.intake import bank
from didban.model.bank import FOUND, standing
from didban.model.permissions import Permission
from didban.model.statements import statements_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from didban.model.actors import Actor
    from didban.model.bank import BankRecord
    from didban.model.statements import Statement
    from didban.store.database import Transaction


def is_there_for(record: BankRecord, actor: Actor) -> bool:
    """Return whether a record that is open to an actor is there: others' are, while they are found.

    What was obtained by ill-treatment is nobody's but its owner's (PR-55).
    """
    if record.owner == actor.authority:
        return True
    return record.state in FOUND and not record.marking.is_tainted


def shown_to(tx: Transaction, actor: Actor, record: BankRecord) -> Mapping[str, Any]:
    """Return all of a record that the actor may see."""
    return fields.shown(
        record,
        standing(record, clock.today()),
        actor,
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
