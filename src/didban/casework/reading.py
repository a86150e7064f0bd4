"""A hit's record and evidence, as far as who looks may see them (PR-02, PR-08)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from didban import clock
from didban.guard import conditions, consents, fields
from didban.guard.fields import Field
from didban.model.bank import standing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from didban.model.actors import Actor
    from didban.model.bank import BankRecord
    from didban.model.casework import Evidence, Hit
    from didban.store.database import Transaction


def shown(tx: Transaction, actor: Actor, record: BankRecord) -> Mapping[str, Any]:
    """Return what of a record the actor may see."""
    return fields.shown(
        record,
        standing(record, clock.today()),
        actor,
        has_acknowledged=conditions.has_acknowledged(tx, actor, record),
        has_consent=consents.has_consent(tx, actor, record),
    )


def evidence(hit: Hit, record: Mapping[str, Any] | None) -> tuple[Evidence, ...]:
    """Return the evidence of a hit, without the record's values where its identity is not shown.

    - `record`: what `shown` returned; None where the record is gone or not open.
    """
    if record is not None and Field.IDENTITY in record:
        return hit.evidence
    return tuple(replace(piece, listed="", detail="") for piece in hit.evidence)
