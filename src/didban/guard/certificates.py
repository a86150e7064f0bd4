"""Certificates of deletion: that a record is gone, by whose decision, with proof (PR-31, PR-36).

Nothing is kept for them. A certificate is the entry of the audit log that the deletion left, with what
ties it to a signed checkpoint, and the mark in the list of erasures that every restore obeys. So
it can be had at any time, and whoever has the node's public key can check it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from didban.errors import NotFound
from didban.guard import access, audit
from didban.guard.audit_reading import Proof, proof_of
from didban.model.deeds import Deed
from didban.model.permissions import Permission
from didban.store import audit as entries
from didban.store import audit_tree, erasure
from didban.store.audit import Selection

if TYPE_CHECKING:
    from didban.model.actors import Actor
    from didban.model.audit import AuditEntry
    from didban.store.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """That a record was erased.

    - `mark`: the keyed hash of its identifier, as the list of erasures has it.
    - `proof`: None until the entry is under a signed checkpoint, some minutes after the deletion.
    """

    entry: AuditEntry
    mark: bytes
    proof: Proof | None

    def to_json(self) -> dict[str, Any]:
        """Return the certificate as plain data, to be checked without this software."""
        return {
            "record": self.entry.subject,
            "mark": self.mark.hex(),
            "proof": self.proof.to_json() if self.proof else None,
        }


def erased(tx: Transaction, actor: Actor, *, before: int | None, limit: int) -> list[AuditEntry]:
    """Return the entries of deletions of the actor's authority, the newest first.

    - `before`: entries of lower numbers alone, to page backwards. Raises NotPermitted.
    """
    access.require(actor, Permission.RETENTION_RECORD_REVIEW)
    found = entries.select_entries(tx, _of(actor, before=before), limit)
    audit.enter(tx, actor, Deed.RETENTION_VIEWED, facts={"count": len(found)})
    return found


def certificate(tx: Transaction, actor: Actor, record_id: str) -> Certificate:
    """Return the certificate of a record's deletion. Raises NotFound, NotPermitted."""
    access.require(actor, Permission.RETENTION_RECORD_REVIEW)
    audit.require_identifiers(record_id)
    found = entries.select_entries(tx, _of(actor, subject=record_id), 1)
    if not found:
        raise NotFound("no record of this identifier was erased")
    audit.enter(tx, actor, Deed.AUDIT_PROVED, facts={"entry": found[0].number})
    mark = erasure.hash_of(tx, record_id)
    proof = proof_of(tx, found[0], audit_tree.last_checkpoint(tx))
    return Certificate(entry=found[0], mark=mark, proof=proof)


def _of(actor: Actor, *, subject: str | None = None, before: int | None = None) -> Selection:
    deeds = (Deed.RECORD_ERASED,)
    return Selection(authority=actor.authority, subject=subject, deeds=deeds, before=before)
