"""Witnesses: other nodes cosign the checkpoints of our audit log, and we those of theirs.

The rules are those of C2SP's `tlog-witness`; what is HTTP's there stands in a call here:

    ask   {"old": 1200, "proof": ["<base64>", ...], "checkpoint": "<signed note>"}
    told  {"status": 200, "cosignatures": ["— xbo/didban/witness ..."]}
          {"status": 409, "size": 1204}       it saw another size, or another root of this size
          {"status": 422}                     the log does not go on from what it saw

A witness keeps what it cosigned before it answers, and never cosigns a smaller tree again, nor one
that does not begin with the tree before. So a log that was rewritten is refused by all who saw it,
and one that was restored from a backup too: then `didban identity renew --new-log` begins another
one, signed for by the root key, and the old one stays as it was seen (PR-36).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, Protocol

import structlog

from didban.errors import IntegrityFailure, InvalidInput, Malformed, PeerFault
from didban.guard import checkpoints, merkle, sealing
from didban.guard.cosigning import Witness, cosigner_of
from didban.model.encoding import b64
from didban.model.exchange.envelopes import Fields
from didban.model.exchange.kinds import Call
from didban.store import audit_tree
from didban.store import node as node_row
from didban.store.exchange import evidence, peers, witness
from didban.store.exchange.witness import Cosignature, Refusal, SeenLog

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from didban.exchange.calls import Ask
    from didban.guard.checkpoints import Checkpoint
    from didban.guard.secrets import Secrets
    from didban.model.exchange.peers import Peer
    from didban.store.audit_tree import KeptCheckpoint
    from didban.store.database import Database, Transaction

WANTED: Final = 2
"""How many witnesses a log should have."""

FRESH_FOR: Final = timedelta(days=1)
"""How old the cosignature of a log that does not grow may become before it is asked for again."""

_MOST_HASHES: Final = 63
_MAX_NOTE: Final = 20_000
_OK, _BAD, _NOT_SIGNED, _UNKNOWN, _CONFLICT, _NOT_CONSISTENT = 200, 400, 403, 404, 409, 422

_log = structlog.get_logger("didban.witness")


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A checkpoint that is to be cosigned, as it was sent."""

    old: int
    proof: tuple[bytes, ...]
    note: str

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {"old": self.old, "proof": [b64(one) for one in self.proof], "checkpoint": self.note}

    @classmethod
    def from_json(cls, data: object) -> Offer:
        """Read what `to_json` wrote. Raises Malformed."""
        fields = Fields(data)
        raw = fields.raw("proof")
        if not isinstance(raw, list) or len(raw) > _MOST_HASHES:
            raise Malformed(f"'proof' is no list of at most {_MOST_HASHES} hashes")
        found = cls(
            old=fields.number("old"),
            proof=tuple(Fields({"hash": one}).bytes("hash", merkle.HASH_BYTES) for one in raw),
            note=fields.text("checkpoint", _MAX_NOTE),
        )
        fields.require_all_read()
        return found


def answer(tx: Transaction, caller: Peer, body: Any, now: datetime, *, secrets: Secrets) -> Any:
    """Answer `Call.WITNESS`: cosign a checkpoint of the caller's log, or say why not.

    What is signed and does not go on from what we saw is kept as evidence. Raises Malformed.
    """
    offer = Offer.from_json(body)
    try:
        new = checkpoints.read(offer.note)
        verifier = checkpoints.Verifier.from_text(caller.descriptor.log)
    except (IntegrityFailure, InvalidInput) as wrong:
        raise Malformed("this is no checkpoint, or the log has no key") from wrong
    if new.origin != verifier.origin:
        return {"status": _UNKNOWN}
    if not verifier.is_signed(offer.note):
        return {"status": _NOT_SIGNED}
    if offer.old > new.size:
        return {"status": _BAD}
    return _cosigned(tx, caller, offer, new, now, secrets)


def _cosigned(
    tx: Transaction, caller: Peer, offer: Offer, new: Checkpoint, now: datetime, secrets: Secrets
) -> Any:
    start = SeenLog(
        origin=new.origin,
        node=caller.node,
        size=0,
        root=merkle.EMPTY_ROOT,
        note="",
        seen_at=now,
    )
    seen = witness.lock_seen(tx, start)
    if offer.old != seen.size:
        return {"status": _CONFLICT, "size": seen.size}
    if new.size == seen.size and new.root != seen.root:
        _keep_evidence(tx, caller, seen, offer, now)
        return {"status": _CONFLICT, "size": seen.size}
    if not merkle.is_consistent(seen.size, seen.root, new.size, new.root, offer.proof):
        _keep_evidence(tx, caller, seen, offer, now)
        return {"status": _NOT_CONSISTENT}
    moved = replace(start, size=new.size, root=new.root, note=offer.note)
    witness.move_seen(tx, moved)
    here = node_row.get(tx)
    line = cosigner_of(here.host if here else "", secrets).sign(offer.note, now)
    return {"status": _OK, "cosignatures": [line]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a log signed and what we had seen of it: evidence."""

    seen: SeenLog
    offer: Offer

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {"seen": self.seen.note, "offered": self.offer.to_json()}


def _keep_evidence(
    tx: Transaction, caller: Peer, seen: SeenLog, offer: Offer, now: datetime
) -> None:
    evidence.keep(
        tx,
        node=caller.node,
        feed=None,
        fault=IntegrityFailure.code,
        what="its audit log does not go on from what it signed before",
        signed=[Seen(seen=seen, offer=offer)],
        now=now,
    )


class Told(Protocol):
    """What tells a person that a witness refuses our log."""

    def __call__(self, tx: Transaction, node: str, /) -> None:
        """Tell them."""


def run_due(
    database: Database, now: datetime, *, secrets: Secrets, ask: Ask, told: Told | None = None
) -> int:
    """Let each pinned node cosign our newest checkpoint; return how many did.

    - `told`: is told once of each witness that refuses from now on.

    A duty. One that cannot be reached is asked again the next time.
    """
    with database.begin() as tx:
        last = audit_tree.last_checkpoint(tx)
        origin = checkpoints.signer_of(tx, secrets).origin
        if last is None or checkpoints.read(last.text).origin != origin:
            return 0
        newest = witness.newest(tx, origin)
        due = [
            (peer.node, known.size if known else 0)
            for peer in peers.pinned(tx)
            if (known := newest.get(peer.node)) is None or _is_due(last, known, now)
        ]
    done = 0
    for node, size in due:
        refusal = _ask(database, ask, node, last, size)
        done += refusal is None
        if refusal is not None and refusal.fault:
            with database.begin() as tx:
                if witness.refuse(tx, replace(refusal, origin=origin, since=now)) and told:
                    told(tx, node)
            _log.error("witness.refused", node=node, fault=refusal.fault)
    return done


def _ask(database: Database, ask: Ask, node: str, last: KeptCheckpoint, old: int) -> Refusal | None:
    """Let one witness cosign, and keep its line; return None if it did.

    - `old`: what we remember that it saw. Where it saw another size, it is asked once more from
      there.

    A refusal without a fault: it was not reached, or its answer was none.
    """
    saw, fault = old, ""
    try:
        for _ in range(2):
            with database.begin() as tx:
                offer = Offer(old=saw, proof=_proof(tx, saw, last.size), note=last.text)
            status, size, lines = _read(ask(node, Call.WITNESS, offer.to_json()))
            if status == _OK and _keep(database, node, last, lines):
                return None
            is_other = status == _CONFLICT and size is not None and size not in {saw, last.size}
            saw, fault = size or 0, _fault(status, size, last)
            if not is_other or saw > last.size:
                break
    except PeerFault as not_reached:
        _log.warning("witness.not_reached", node=node, fault=not_reached.code)
        fault = ""
    return Refusal(origin="", node=node, fault=fault, size=saw, since=last.at)


def _is_due(last: KeptCheckpoint, known: Cosignature, now: datetime) -> bool:
    return last.size > known.size or now - known.seen_at > FRESH_FOR


def _proof(tx: Transaction, old: int, size: int) -> tuple[bytes, ...]:
    return tuple(merkle.consistency_proof(old, size, lambda nodes: sealing.read_nodes(tx, nodes)))


def _read(answer: object) -> tuple[int, int | None, list[str]]:
    """Return status, size and cosignatures of an answer. Raises Malformed."""
    fields = Fields(answer)
    status = fields.number("status")
    size = fields.number("size") if fields.has("size") else None
    lines = fields.raw("cosignatures") if fields.has("cosignatures") else []
    fields.require_all_read()
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        raise Malformed("'cosignatures' is no list of lines")
    return status, size, [line[:_MAX_NOTE] for line in lines[:_MOST_HASHES]]


def _keep(database: Database, node: str, last: KeptCheckpoint, lines: Sequence[str]) -> bool:
    """Keep the line that is this witness's own, by the key of its descriptor."""
    with database.begin() as tx:
        peer = peers.get(tx, node)
        if peer is None:
            return False
        try:
            key = Witness.from_text(peer.descriptor.witness)
        except InvalidInput:
            return False
        for line in lines:
            seen_at = key.seen_at(last.text + line)
            if seen_at is not None:
                origin = checkpoints.read(last.text).origin
                made = Cosignature(
                    origin=origin, node=node, size=last.size, line=line, seen_at=seen_at
                )
                witness.keep(tx, made)
                return True
    return False


def _fault(status: int, size: int | None, last: KeptCheckpoint) -> str:
    """Return why a witness refuses, as a word; none where it only did not do its part."""
    if status == _CONFLICT and size is not None and size > last.size:
        return "rolled_back"
    if status in {_CONFLICT, _NOT_CONSISTENT}:
        return "rewritten"
    return "unknown_log" if status in {_NOT_SIGNED, _UNKNOWN} else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far one witness has seen our log.

    - `fault`: why it refuses, if it does: `rolled_back` (it saw more than there is), `rewritten`,
      `unknown_log` (it does not have our newest descriptor yet).
    """

    node: str
    size: int
    behind: int
    seen_at: datetime | None
    fault: str | None


def standing(tx: Transaction, secrets: Secrets) -> list[Standing]:
    """Return how far each pinned node, and each that refuses, has seen our log."""
    origin, last = checkpoints.signer_of(tx, secrets).origin, audit_tree.last_checkpoint(tx)
    newest, refusals = witness.newest(tx, origin), witness.refusals(tx, origin)
    size = last.size if last else 0
    nodes = {peer.node for peer in peers.pinned(tx)} | refusals.keys()
    found = []
    for node in sorted(nodes):
        line = newest.get(node)
        seen = line.size if line else 0
        found.append(
            Standing(
                node=node,
                size=seen,
                behind=size - seen,
                seen_at=line.seen_at if line else None,
                fault=refusals[node].fault if node in refusals else None,
            )
        )
    return found


def cosigned(tx: Transaction, secrets: Secrets) -> str | None:
    """Return our newest checkpoint that anybody cosigned, with every line under it; None so far."""
    origin = checkpoints.signer_of(tx, secrets).origin
    size = max((one.size for one in witness.newest(tx, origin).values()), default=None)
    note = next((one.text for one in audit_tree.checkpoints(tx) if one.size == size), None)
    if size is None or note is None:
        return None
    return note + "".join(one.line for one in witness.under(tx, origin, size))
