"""Reading the audit log, which is itself entered in it (PR-40).

Who watches over one authority reads the entries of its users alone; the host's officers read all. The
entries of others would tell an owner where its persons were met (PR-53).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from didban.errors import Conflict, InvalidInput, NotFound
from didban.guard import access, audit, audit_verification, merkle, sealing
from didban.guard.reach import reach_of
from didban.model.audit import plain
from didban.model.deeds import Deed
from didban.model.permissions import Permission
from didban.model.users import folded_login
from didban.store import audit as entries
from didban.store import audit_tree, users

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from typing import Any

    from didban.guard.audit import Facts
    from didban.guard.audit_verification import Verification
    from didban.guard.checkpoints import Verifier
    from didban.model.actors import Actor
    from didban.model.audit import AuditEntry
    from didban.store.audit import Selection
    from didban.store.audit_tree import KeptCheckpoint
    from didban.store.database import Transaction

MAX_ENTRIES: Final = 1_000  # entries that are given at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """An entry, and what ties it to a signed checkpoint. Whoever has the checkpoint can check it."""

    entry: AuditEntry
    leaf: int
    hashes: tuple[bytes, ...]
    checkpoint: str

    def to_json(self) -> dict[str, Any]:
        """Return the proof as plain data; hashes in hexadecimal."""
        return {
            "entry": plain(self.entry),
            "leaf": self.leaf,
            "hashes": [found.hex() for found in self.hashes],
            "checkpoint": self.checkpoint,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far the log is signed, and when somebody last went through the whole of it.

    - `signed_size`: entries under the last signed checkpoint, made at `signed_at`.
    - `verified`: the entry of the last verification that the reader may see.
    """

    signed_size: int
    signed_at: datetime | None
    verified: AuditEntry | None


def standing(tx: Transaction, actor: Actor) -> Standing:
    """Return how the log stands. Raises NotPermitted."""
    access.require(actor, Permission.AUDIT_LOG_READ)
    last = audit_tree.last_checkpoint(tx)
    seen = entries.Selection(authority=reach_of(tx, actor), deeds=(Deed.AUDIT_VERIFIED,))
    found = entries.select_entries(tx, seen, 1)
    return Standing(
        signed_size=last.size if last else 0,
        signed_at=last.at if last else None,
        verified=found[0] if found else None,
    )


def logins_of(tx: Transaction, actor: Actor, ids: Iterable[str]) -> dict[str, str]:
    """Return the login names of users in the actor's reach. Raises NotPermitted.

    The log itself has no names: they are looked up for who reads it.
    """
    access.require(actor, Permission.AUDIT_LOG_READ)
    return users.logins(tx, ids, reach_of(tx, actor))


def user_of(tx: Transaction, actor: Actor, text: str) -> str:
    """Return the identifier of the user of a login name in the actor's reach; else the text itself.

    Raises NotPermitted.
    """
    access.require(actor, Permission.AUDIT_LOG_READ)
    user, reach = users.by_login(tx, folded_login(text)), reach_of(tx, actor)
    return user.id if user is not None and reach in {None, user.authority} else text


def select(
    tx: Transaction, actor: Actor, chosen: Selection, *, limit: int = 100
) -> list[AuditEntry]:
    """Return entries in the actor's reach, the newest first; that they were read is an entry too.

    Raises InvalidInput for a limit that is not between 1 and `MAX_ENTRIES`, NotPermitted.
    """
    access.require(actor, Permission.AUDIT_LOG_READ)
    if not 1 <= limit <= MAX_ENTRIES:
        raise InvalidInput(f"limit: from 1 to {MAX_ENTRIES} entries are given at once")
    audit.require_identifiers(chosen.actor, chosen.subject)
    reach = reach_of(tx, actor)
    own = chosen if reach is None else replace(chosen, authority=reach)
    found = entries.select_entries(tx, own, limit)
    facts: Facts = {"count": len(found), "of_actor": chosen.actor or ""}
    audit.enter(tx, actor, Deed.AUDIT_READ, subject=chosen.subject or "", facts=facts)
    return found


def verify(
    tx: Transaction, actor: Actor, verifiers: Sequence[Verifier], *, noted: Sequence[str] = ()
) -> Verification:
    """Go through the whole log (`audit_verification.verify`), and enter that it was done."""
    access.require(actor, Permission.AUDIT_LOG_READ)
    found = audit_verification.verify(tx, verifiers, noted=noted)
    facts: Facts = {"size": found.size, "faults": len(found.faults), "root": found.root.hex()}
    audit.enter(tx, actor, Deed.AUDIT_VERIFIED, facts=facts)
    return found


def prove(tx: Transaction, actor: Actor, number: int) -> Proof:
    """Return the proof that an entry is in the tree of the last checkpoint.

    Raises NotFound when there is no such entry; Conflict when it is younger than the last
    checkpoint: take one first.
    """
    access.require(actor, Permission.AUDIT_LOG_READ)
    entry = entries.get(tx, number)
    if entry is None or reach_of(tx, actor) not in {None, entry.authority}:
        raise NotFound("there is no such entry")
    last = audit_tree.last_checkpoint(tx)
    proof = proof_of(tx, entry, last)
    if last is None or proof is None:
        raise Conflict("the entry is younger than the last checkpoint: take a checkpoint first")
    audit.enter(tx, actor, Deed.AUDIT_PROVED, facts={"entry": number, "size": last.size})
    return proof


def proof_of(tx: Transaction, entry: AuditEntry, last: KeptCheckpoint | None) -> Proof | None:
    """Return what ties an entry to a checkpoint, or None where it is younger. Asks no permission."""
    return proofs_of(tx, [entry], last).get(entry.number) if last else None


def proofs_of(
    tx: Transaction, chosen: Sequence[AuditEntry], last: KeptCheckpoint
) -> dict[int, Proof]:
    """Return the proofs of entries by their numbers; who is younger than the checkpoint has none.

    Two statements, however many entries. Asks no permission.
    """
    size, places = last.size, audit_tree.places_of(tx, [entry.number for entry in chosen])
    old = [
        (entry, places[entry.number]) for entry in chosen if places.get(entry.number, size) < size
    ]
    wanted = {node for _, place in old for node in merkle.inclusion_nodes(place, size)}
    read = sealing.read_nodes(tx, list(wanted))
    return {
        entry.number: Proof(
            entry=entry,
            leaf=place,
            hashes=tuple(merkle.inclusion_proof(place, size, lambda _nodes: read)),
            checkpoint=last.text,
        )
        for entry, place in old
    }


def prove_all(
    tx: Transaction, actor: Actor, chosen: Selection
) -> tuple[list[Proof], list[AuditEntry]]:
    """Return the proofs of the newest entries chosen, at most `MAX_ENTRIES`, and those without one.

    Without one are entries that are younger than the last checkpoint. Raises what `select` raises,
    and Conflict before the first checkpoint.
    """
    found = select(tx, actor, chosen, limit=MAX_ENTRIES)
    last = audit_tree.last_checkpoint(tx)
    if last is None:
        raise Conflict("there is no checkpoint yet")
    proofs = proofs_of(tx, found, last)
    facts = {"entries": len(proofs), "size": last.size}
    audit.enter(tx, actor, Deed.AUDIT_PROVED, subject=chosen.subject or "", facts=facts)
    return list(proofs.values()), [entry for entry in found if entry.number not in proofs]


def last_checkpoint(tx: Transaction, actor: Actor) -> KeptCheckpoint:
    """Return the last checkpoint. Raises Conflict before the first one, NotPermitted."""
    access.require(actor, Permission.AUDIT_LOG_READ)
    last = audit_tree.last_checkpoint(tx)
    if last is None:
        raise Conflict("there is no checkpoint yet")
    audit.enter(tx, actor, Deed.AUDIT_CHECKPOINT_TAKEN, facts={"size": last.size})
    return last


def growth(tx: Transaction, actor: Actor, old: int) -> tuple[list[bytes], str]:
    """Return the proof that a checkpoint of `old` entries is the beginning of the last one, and that.

    Raises InvalidInput when the last checkpoint is not as large; Conflict before the first one.
    """
    access.require(actor, Permission.AUDIT_LOG_READ)
    last = audit_tree.last_checkpoint(tx)
    if last is None:
        raise Conflict("there is no checkpoint yet")
    if not 0 <= old <= last.size:
        raise InvalidInput(f"the last checkpoint has {last.size} entries: ask from 0 to that")
    hashes = merkle.consistency_proof(old, last.size, lambda nodes: sealing.read_nodes(tx, nodes))
    audit.enter(tx, actor, Deed.AUDIT_PROVED, facts={"from": old, "size": last.size})
    return hashes, last.text
