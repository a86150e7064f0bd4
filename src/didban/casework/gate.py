"""What the bank itself knows that bars an open question to an owner (PR-53).

The desk answers the gate, but it cannot answer no to what lies open before it: a record about the
same encounter that says the person sought protection from this owner (PR-16), an independent doubt about
the record that is asked about (PR-57), or what is held of the owner itself (PR-55).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from didban.errors import NotPermitted
from didban.guard import assessments
from didban.model.bank import SuspensionCause
from didban.store import authorities, checks, records
from didban.store.visibility import open_to

if TYPE_CHECKING:
    from didban.model.actors import Actor
    from didban.model.casework import Gate, Hit
    from didban.store.database import Transaction


def require_honest(tx: Transaction, actor: Actor, hit: Hit, gate: Gate) -> None:
    """Return unless the gate is answered against what is open to the actor.

    - Where something speaks against an open question, the gate is not clear.
    - To an owner that no assurance makes safe, no question leaves at all (PR-55).

    Does not look at what is not open to the actor: a refusal would tell of it. Raises NotPermitted.
    """
    is_abroad = hit.owner != hit.authority
    barrier = assessments.bars(tx, hit.owner) if is_abroad else None
    if barrier is not None and barrier.is_final:
        raise NotPermitted("no question may leave for this owner (PR-55): release the hit", "harm")
    if gate.is_clear and (
        barrier is not None
        or _is_protected_from_owner(tx, actor, hit)
        or _is_doubted(tx, actor, hit)
    ):
        message = "what is open to you speaks against an open question: answer the gate so (PR-53)"
        raise NotPermitted(message, "gate")


def _is_protected_from_owner(tx: Transaction, actor: Actor, hit: Hit) -> bool:
    """Return whether a record found by the same check protects the person from the owner."""
    owner = authorities.get(tx, hit.owner)
    if owner is None:
        return False
    tokens = {f"node:{owner.code}", f"kind:{owner.kind}", *(f"group:{g}" for g in owner.groups)}
    seen = open_to(tx, actor)
    found = {match.record for match in checks.matches_of(tx, hit.check, seen)}
    return any(
        not tokens.isdisjoint(record.marking.protected_from)
        for record in records.many(tx, found, seen).values()
    )


def _is_doubted(tx: Transaction, actor: Actor, hit: Hit) -> bool:
    record = records.get(tx, hit.record, open_to(tx, actor))
    return record is not None and SuspensionCause.OVERSIGHT in record.suspensions
