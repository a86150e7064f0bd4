"""Who we are to other nodes: our code, and the private keys of our daily work."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from didban import clock
from didban.errors import Conflict, IntegrityFailure
from didban.guard.crypto.at_rest import Box
from didban.guard.crypto.dsse import SigningKey
from didban.guard.crypto.hpke import PrivateKey, Suite
from didban.store import node as node_row
from didban.store.exchange import own_keys, peers
from didban.store.exchange.own_keys import KeyUse

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence
    from datetime import datetime

    from didban.guard.secrets import Secrets
    from didban.model.exchange.descriptors import Descriptor
    from didban.store.database import Transaction
    from didban.store.exchange.own_keys import OwnKey

USE: Final = "didban own keys"
"""What our keys are sealed for at rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """This node as others know it.

    - `signing`: the key that signs now; `sealing`: by identifier, old ones too: they open old bodies.
    """

    node: str
    signing: SigningKey = field(repr=False)
    sealing: Mapping[str, PrivateKey] = field(repr=False)


def load(tx: Transaction, secrets: Secrets) -> Identity | None:
    """Return who we are, or None where this node has no identity yet (`didban identity make`).

    The key that signs is the newest of our descriptor whose time has come. One whose time is over
    goes on where there is no other: what it signs waits at the others until the descriptor was
    renewed, so that nothing is lost where a renewal was forgotten.

    Raises ConfigError without the secret, IntegrityFailure where it is another one, Conflict
    where every key is compromised or still to come.
    """
    node, kept = node_row.get(tx), own_keys.all_of(tx)
    if node is None or not kept:
        return None
    versions = peers.descriptors(tx, node.host)
    if not versions:
        return None
    box, sealed = Box(secrets, USE), {key.id: key for key in kept}
    signing = _signing(versions[-1], sealed, clock.now())
    key = SigningKey.of(signing, box.open(signing, sealed[signing].sealed))
    return Identity(node=node.host, signing=key, sealing=_sealing(versions[-1], kept, box))


def _sealing(descriptor: Descriptor, kept: Sequence[OwnKey], box: Box) -> dict[str, PrivateKey]:
    """Return the keys that open what is for us. Old ones of a secret that was lost are passed over.

    Raises IntegrityFailure for one that others use now.
    """
    present = {key.id for key in descriptor.sealing_keys}
    found = {}
    for key in kept:
        if key.use is KeyUse.SEALING:
            try:
                raw = box.open(key.id, key.sealed)
            except IntegrityFailure:
                if key.id in present:
                    raise
                continue
            found[key.id] = PrivateKey(key.id, Suite(key.suite), raw)
    return found


def _signing(descriptor: Descriptor, ours: Container[str], now: datetime) -> str:
    """Return the identifier of the key that signs now."""
    usable = [
        key for key in descriptor.online_keys if key.id in ours and key.compromised_since is None
    ]
    begun = [key for key in usable if key.valid_from <= now]
    if not begun:
        raise Conflict("no key of this node may sign: run 'didban identity rotate'")
    return max(begun, key=lambda key: (now < key.valid_until, key.valid_from)).id
