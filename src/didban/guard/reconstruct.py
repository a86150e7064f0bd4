"""What did this officer see at that time? Played again from the log and the kept versions (PR-39).

The log holds no content, so that nothing has to be erased from it: what was seen is read from the
versions of the record as they were known then, and shown as the field matrix shows it to the roles
and the purpose that the entry names. What was erased since cannot be shown again; that it was seen,
and which version, remains.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from didban.errors import InvalidInput, NotFound
from didban.guard import access, audit, fields
from didban.guard.reach import reach_of
from didban.model.actors import Actor, Authority
from didban.model.bank import standing
from didban.model.deeds import Deed
from didban.model.marking import Handling
from didban.model.permissions import Permission, Role
from didban.model.purposes import Purpose
from didban.store import audit as entries
from didban.store import authorities, consents, records
from didban.store.audit import Selection
from didban.store.visibility import every_number

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from didban.model.audit import AuditEntry
    from didban.model.bank import BankRecord
    from didban.store.database import Transaction

SEEING: Final = (Deed.RECORD_VIEWED, Deed.MATCH_OPENED)
"""Deeds that showed one record."""

MAX_SIGHTS: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """One record that somebody saw.

    - `record`, `version`: which; `shown`: what of it, or None where it was erased since.
    """

    entry: AuditEntry
    record: str
    version: int
    shown: Mapping[str, Any] | None


def seen_by(
    tx: Transaction,
    actor: Actor,
    user: str,
    *,
    since: datetime,
    until: datetime,
    limit: int = MAX_SIGHTS,
) -> list[Sight]:
    """Return what a user saw from `since` to before `until`, the newest first.

    The groups of the user's authority are those of today. A user of another authority saw nothing,
    as far as who watches over one authority can tell: not even whether they were at work (PR-53).
    Raises InvalidInput, NotPermitted.
    """
    access.require(actor, Permission.AUDIT_LOG_READ)
    if not 1 <= limit <= MAX_SIGHTS:
        raise InvalidInput(f"limit: from 1 to {MAX_SIGHTS} are played again at once")
    audit.require_identifiers(user)
    chosen = Selection(
        actor=user, authority=reach_of(tx, actor), deeds=SEEING, since=since, until=until
    )
    found = entries.select_entries(tx, chosen, limit)
    facts = {"count": len(found)}
    audit.enter(tx, actor, Deed.RECONSTRUCTION_MADE, subject=user, facts=facts)
    everything = every_number(tx)
    kinds = {code: authorities.get(tx, code) for code in {entry.authority for entry in found}}
    return [
        _sight(tx, entry, kinds[entry.authority], everything) for entry in found if entry.subject
    ]


def _sight(
    tx: Transaction, entry: AuditEntry, authority: Authority | None, everything: frozenset[int]
) -> Sight:
    record_id = str(entry.facts.get("record", entry.subject))
    record = records.as_of(tx, record_id, everything, recorded_at=entry.at)
    shown = None
    if record is not None:
        who = _actor_of(entry, authority)
        shown = fields.shown(
            record,
            standing(record, entry.at.date()),
            who,
            has_acknowledged=_had_acknowledged(tx, entry, record),
            has_consent=_had_consent(tx, entry, record),
        )
    version = int(entry.facts.get("version", 0))
    return Sight(entry=entry, record=record_id, version=version, shown=shown)


def _actor_of(entry: AuditEntry, authority: Authority | None) -> Actor:
    """Return who acted, as the entry tells it."""
    if authority is None:
        raise NotFound("the authority of this entry is not in the bank")
    return Actor(
        user=entry.actor,
        authority=entry.authority,
        kind=authority.kind,
        roles=frozenset(Role(role) for role in entry.roles),
        purpose=Purpose(entry.purpose) if entry.purpose else None,
        reference=entry.reference,
        place=entry.place,
        groups=frozenset(authority.groups),
        device=entry.device,
    )


def _had_acknowledged(tx: Transaction, entry: AuditEntry, record: BankRecord) -> bool:
    """Return whether the conditions that the record had then were acknowledged by then."""
    if record.marking.handling is not Handling.H3:
        return True
    done = Selection(
        actor=entry.actor,
        subject=record.id,
        deeds=(Deed.CONDITIONS_ACKNOWLEDGED,),
        before=entry.number,
    )
    for read in entries.select_entries(tx, done, 1):
        then = records.as_of(tx, record.id, every_number(tx), recorded_at=read.at)
        conditions = then.marking.handling_conditions if then else None
        return conditions == record.marking.handling_conditions
    return False


def _had_consent(tx: Transaction, entry: AuditEntry, record: BankRecord) -> bool:
    """Return whether the owner had consented by then to the purpose of the entry."""
    if entry.purpose is None:
        return False
    in_force = consents.found(
        tx,
        record.id,
        authority=entry.authority,
        purpose=Purpose(entry.purpose),
        on=entry.at.date(),
    )
    if not in_force:
        return False
    chosen = Selection(subject=record.id, deeds=(Deed.CONSENT_GIVEN,), before=entry.number)
    given = {given.facts.get("consent") for given in entries.select_entries(tx, chosen)}
    return any(consent.id in given for consent in in_force)
