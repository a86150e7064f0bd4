"""A record as one person may see it, with what must be looked up for that: one way for every desk.

`guard.fields` decides; here stands what it asks the bank. `guard.reconstruct` asks the same of then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from didban import clock
from didban.guard import access, conditions, consents, fields
from didban.model.attachments import IDENTIFYING
from didban.model.bank import standing
from didban.store import attachments
from didban.store.visibility import open_to

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from didban.guard.fields import Bar, Field
    from didban.model.actors import Actor
    from didban.model.bank import BankRecord
    from didban.store.database import Transaction


def shown_to(tx: Transaction, actor: Actor, record: BankRecord) -> Mapping[str, Any]:
    """Return all of a record that the actor may see: the second, reasoned step (PR-02, PR-08)."""
    [(_, shown)] = all_shown_to(tx, actor, [record])
    return shown


def all_shown_to(
    tx: Transaction, actor: Actor, chosen: Collection[BankRecord]
) -> list[tuple[BankRecord, Mapping[str, Any]]]:
    """Return each record with what `shown_to` returns of it: what is asked for a list is asked once."""
    if not chosen:
        return []
    photos = attachments.of_records(tx, {record.id for record in chosen}, open_to(tx, actor))
    consented = consents.consented(tx, actor, chosen)
    return [
        (
            record,
            fields.shown(
                record,
                standing(record, clock.today()),
                actor,
                photos=[each.id for each in photos.get(record.id, ()) if each.role in IDENTIFYING],
                has_acknowledged=conditions.has_acknowledged(tx, actor, record),
                has_consent=record.id in consented,
            ),
        )
        for record in chosen
    ]


def hidden_from(tx: Transaction, actor: Actor, record: BankRecord) -> dict[Field, Bar]:
    """Return the parts of a record that `shown_to` does not show, each with the rule that hides it."""
    return fields.bars_of(
        record.marking,
        actor,
        has_acknowledged=conditions.has_acknowledged(tx, actor, record),
        has_consent=consents.has_consent(tx, actor, record),
    )


def is_shown_whole(actor: Actor, record: BankRecord) -> bool:
    """Return whether an actor of its owner is shown all that a record says.

    Who corrects a record has read all of it: what the purpose of a session hides would be lost.
    """
    asks = standing(record, clock.today())
    whole = fields.shown(record, asks, access.system_actor(record.owner, "whole"))
    return set(whole) <= set(fields.shown(record, asks, actor))
