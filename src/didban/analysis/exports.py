"""Exports: what a search finds, for use elsewhere, under the strictest of its handling codes.

Nothing leaves silently incomplete: where one record may not go along, the export is refused and
says which; the asker narrows the search or attaches the owner's consent (PR-08). Of other authorities'
records only those go along whose details may be told (PR-03), for a purpose that they serve (PR-06).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from didban import clock, ids
from didban.analysis.search import admitted
from didban.errors import InvalidInput, NotPermitted
from didban.guard import access, audit, conditions, consents, limits
from didban.guard.disclosure import all_shown_to
from didban.model.deeds import Deed
from didban.model.marking import Handling
from didban.model.onward import Onward, needs_consent
from didban.model.permissions import Permission
from didban.store import onward
from didban.store import search as store

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from didban.analysis.search import Means
    from didban.model.actors import Actor
    from didban.model.bank import BankRecord
    from didban.model.onward import OnwardConsent
    from didban.model.searches import Search
    from didban.store.database import Transaction

MOST: Final = 1_000
"""Records of one export."""

_NAMED: Final = 20  # records that a refusal names


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be exported, for whom.

    - `recipient`: code of the court or third party, for the log.
    - `onward_consents`: consents of owners to hand on; `use_consents`: to use for this purpose.
    """

    search: Search
    use: Onward
    recipient: str = ""
    onward_consents: tuple[str, ...] = ()
    use_consents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """What leaves. `handling`: the strictest of what is in it; it holds for the whole (PR-08)."""

    id: str
    made_at: datetime
    handling: Handling
    conditions: Mapping[str, str]
    consents: Sequence[str]
    records: Sequence[Mapping[str, Any]]


def make(tx: Transaction, actor: Actor, means: Means, order: Order) -> Export:
    """Return what a search finds, as its finder may hand it on.

    Raises NotPermitted, which says what may not go along; InvalidInput where there are more than
    `MOST`; and as `search.find`.
    """
    access.require(actor, Permission.BANK_RECORD_EXPORT)
    if (order.use is Onward.OWN_USE) == bool(order.recipient):
        raise InvalidInput("recipient: named where an export leaves the desk, and only there")
    whole = store.sight_of(tx, actor)
    sight = replace(whole, open_to=whole.told)
    among = admitted(tx, actor, means, order.search, sight)
    rows = store.found(tx, order.search, sight, among=among, limit=MOST + 1)
    if len(rows) > MOST:
        raise InvalidInput(f"an export has at most {MOST} records: narrow the search")
    records = [record for _, record in rows]
    limits.count_results(tx, actor, means.access, records=len(records))
    used = _cleared(tx, actor, order, records)
    made = Export(
        id=ids.new_id("exp"),
        made_at=clock.now(),
        handling=max((record.marking.handling for record in records), default=Handling.H0),
        conditions={
            record.id: record.marking.handling_conditions
            for record in records
            if record.marking.handling is Handling.H3
        },
        consents=[consent.id for consent in used],
        records=[shown for _, shown in all_shown_to(tx, actor, records)],
    )
    _enter(tx, actor, order, made)
    return made


def _cleared(
    tx: Transaction, actor: Actor, order: Order, records: Sequence[BankRecord]
) -> list[OnwardConsent]:
    """Return the consents that an export stands on. Raises NotPermitted."""
    given = onward.in_force(tx, order.onward_consents, authority=actor.authority, on=clock.today())
    fitting = {
        consent.record: consent
        for consent in given
        if consent.use is order.use and consent.recipient in {"", order.recipient}
    }
    barred: dict[str, list[str]] = {}
    used = []
    for record in records:
        consents.require_use(tx, actor, record, named=order.use_consents)
        consent = fitting.get(record.id)
        if needs_consent(record, actor.authority, order.use):
            if consent is not None and consent.owner == record.owner:
                used.append(consent)
            else:
                barred.setdefault(f"handling:{record.marking.handling}", []).append(record.id)
        if record.marking.is_tainted and order.use is not Onward.OWN_USE:
            barred.setdefault("tainted", []).append(record.id)  # PR-55
        if not conditions.has_acknowledged(tx, actor, record):
            barred.setdefault("conditions", []).append(record.id)
    if barred:
        named = ", ".join(sorted({each for some in barred.values() for each in some})[:_NAMED])
        raise NotPermitted(f"these may not go along (PR-08): {named}", *sorted(barred))
    return used


def _enter(tx: Transaction, actor: Actor, order: Order, made: Export) -> None:
    """Enter the export, and for each record that it left, so that corrections reach it (PR-47)."""
    recipient = order.recipient or actor.authority
    facts: dict[str, str | int] = {"export": made.id, "use": order.use, "recipient": recipient}
    count = {**facts, "count": len(made.records), "handling": made.handling}
    audit.enter(tx, actor, Deed.EXPORT_MADE, subject=made.id, facts=count)
    for record in made.records:
        audit.enter(tx, actor, Deed.RECORD_EXPORTED, subject=record["id"], facts=facts)
