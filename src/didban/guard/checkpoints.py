"""Checkpoints: what the audit log was at a moment, signed, short enough to be kept elsewhere.

A checkpoint is a signed note of the kind that transparency logs exchange (C2SP `tlog-checkpoint`,
`signed-note`), so that other people's programs read it too:

    xar/didban/audit                                  origin
    1204                                              entries in the tree
    Ty8...=                                           its root
    time 2031-05-04T10:00:00Z

    — xar/didban/audit k3Jd...                        Ed25519 over the lines above
"""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from didban import clock
from didban.errors import Conflict, IntegrityFailure, InvalidInput
from didban.guard import audit, merkle, sealing
from didban.guard.secrets import SecretName
from didban.model.deeds import Deed
from didban.model.encoding import b64, from_b64
from didban.store import audit_tree
from didban.store import node as node_row
from didban.store.audit_tree import KeptCheckpoint
from didban.store.exchange import peers

if TYPE_CHECKING:
    from didban.guard.secrets import Secrets
    from didban.model.actors import Actor
    from didban.store.database import Database, Transaction

_ED25519: Final = b"\x01"  # the kind of key, in key identifiers of signed notes
_SEED_BYTES: Final = 32
_TIME: Final = "%Y-%m-%dT%H:%M:%SZ"
_BODY: Final = re.compile(r"([^\n]+)\n(0|[1-9][0-9]{0,18})\n([^\n]+)\ntime ([^\n]+)\n")
_SIGNATURE: Final = re.compile(r"— ([^ \n]+) ([A-Za-z0-9+/=]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """The first `size` entries of the log of `origin` had this root at this moment (UTC, seconds)."""

    origin: str
    size: int
    root: bytes
    at: datetime

    def body(self) -> str:
        """Return the lines that are signed."""
        root = b64(self.root)
        return f"{self.origin}\n{self.size}\n{root}\ntime {self.at.strftime(_TIME)}\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verifier:
    """Whoever may check the signatures of a log: its origin and public key."""

    origin: str
    public: bytes

    @classmethod
    def from_text(cls, text: str) -> Verifier:
        """Return the verifier that `text` wrote. Raises InvalidInput when it is none."""
        try:
            origin, identifier, key = text.strip().split("+", 2)
            kind_and_key = from_b64(key)
        except ValueError as wrong:
            raise InvalidInput("a verifier key has the form ORIGIN+IDENTIFIER+KEY") from wrong
        found = cls(origin=origin, public=kind_and_key[1:])
        if kind_and_key[:1] != _ED25519 or found.identifier.hex() != identifier:
            raise InvalidInput("the verifier key is not whole: its identifier does not fit")
        return found

    @property
    def identifier(self) -> bytes:
        """The four bytes by which signatures name the key."""
        named = self.origin.encode() + b"\n" + _ED25519 + self.public
        return hashlib.sha256(named).digest()[:4]

    def text(self) -> str:
        """Return the key as it is given to others, in one line."""
        key = b64(_ED25519 + self.public)
        return f"{self.origin}+{self.identifier.hex()}+{key}"

    def is_signed(self, note: str) -> bool:
        """Return whether the note carries this key's signature over its own first part."""
        body, _, signatures = note.rpartition("\n\n")
        for name, value in _SIGNATURE.findall(signatures):
            with suppress(InvalidSignature, ValueError):
                made = from_b64(value)
                if name == self.origin and made[:4] == self.identifier:
                    key = Ed25519PublicKey.from_public_bytes(self.public)
                    key.verify(made[4:], f"{body}\n".encode())
                    return True
        return False


class Signer:
    """The node's key for its audit log: 32 secret bytes."""

    def __init__(self, origin: str, secret: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(secret)
        self.verifier = Verifier(origin=origin, public=self._key.public_key().public_bytes_raw())

    def renamed(self, origin: str) -> Signer:
        """Return the signer of the same key for a log of another name."""
        return Signer(origin, self._key.private_bytes_raw())

    @property
    def origin(self) -> str:
        """The name of the log."""
        return self.verifier.origin

    def sign(self, checkpoint: Checkpoint) -> str:
        """Return the signed note."""
        return self.sign_text(checkpoint.body())

    def sign_text(self, body: str) -> str:
        """Return lines of text as a signed note. The last line ends; none of them is empty."""
        made = self.verifier.identifier + self._key.sign(body.encode())
        return f"{body}\n— {self.origin} {b64(made)}\n"


def signer_of(tx: Transaction, secrets: Secrets) -> Signer:
    """Return the signer of this node, named after its host authority.

    A log that was begun anew, because the one before was restored from a backup, bears the name that
    the node's newest descriptor gives it.

    Raises Conflict before `didban init`, ConfigError without the secret.
    """
    return signers_of(tx, secrets)[-1]


def signers_of(tx: Transaction, secrets: Secrets) -> list[Signer]:
    """Return the signers of this node's log under each of its names, the present one last."""
    node = node_row.get(tx)
    if node is None:
        raise Conflict("this bank has no host authority yet: run 'didban init'")
    secret = secrets.get(SecretName.AUDIT)[:_SEED_BYTES]
    said = [one.log.partition("+")[0] for one in peers.descriptors(tx, node.host)]
    names = dict.fromkeys([f"{node.host}/didban/audit", *said])
    return [Signer(name, secret) for name in names]


def read(note: str) -> Checkpoint:
    """Return what a note says. Does not check its signature. Raises IntegrityFailure."""
    body, separator, _ = note.rpartition("\n\n")
    found = _BODY.fullmatch(body + "\n") if separator else None
    if found is None:
        raise IntegrityFailure("this is not a checkpoint of an audit log")
    try:
        root = from_b64(found[3])
        at = datetime.strptime(found[4], _TIME).replace(tzinfo=UTC)
    except ValueError as wrong:
        raise IntegrityFailure("the checkpoint's root or time cannot be read") from wrong
    return Checkpoint(origin=found[1], size=int(found[2]), root=root, at=at)


def make(database: Database, signer: Signer, actor: Actor | None = None) -> str:
    """Seal what was committed, and return the signed checkpoint of it, kept as well.

    With an `actor`, that they asked for it is an entry, which the checkpoint after it holds.
    """
    sealing.seal_all(database)
    with database.begin() as tx:
        made = sign_present(tx, signer)
        if actor is not None:
            audit.enter(tx, actor, Deed.AUDIT_CHECKPOINT_TAKEN, facts={"size": made.size})
    return made.text


def run_due(database: Database, now: datetime, *, secrets: Secrets) -> int:  # noqa: ARG001 - a duty
    """Sign what was sealed since the last checkpoint; return 1 if there was anything, else 0."""
    sealing.seal_all(database)
    with database.begin() as tx:
        before = audit_tree.last_checkpoint(tx)
        return int(sign_present(tx, signer_of(tx, secrets)) != before)


def sign_present(tx: Transaction, signer: Signer) -> KeptCheckpoint:
    """Return the checkpoint of what is sealed; one size is signed once.

    Raises IntegrityFailure where the log no longer holds what its last checkpoint signed: a second
    past is not signed, the log is to be verified.
    """
    audit_tree.lock_sealing(tx, wait=True)
    edge, last = sealing.frontier(tx), audit_tree.last_checkpoint(tx)
    if last is not None and not _goes_on(tx, edge.size, last):
        raise IntegrityFailure("the audit log does not go on from its last checkpoint: verify it")
    if last is not None and last.size == edge.size:
        return last
    at = clock.now().replace(microsecond=0)
    new = Checkpoint(origin=signer.origin, size=edge.size, root=edge.root(), at=at)
    made = KeptCheckpoint(size=new.size, at=at, text=signer.sign(new))
    audit_tree.keep_checkpoint(tx, made)
    return made


def _goes_on(tx: Transaction, size: int, last: KeptCheckpoint) -> bool:
    """Return whether the tree of this size begins with the tree of the last checkpoint."""
    if size < last.size:
        return False
    kept = merkle.root(last.size, lambda nodes: sealing.read_nodes(tx, nodes))
    return kept == read(last.text).root
