"""Who we are to other nodes: our code, and the private keys of our daily work."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from didban import clock
from didban.errors import Conflict
from didban.guard.crypto.at_rest import Box
from didban.guard.crypto.dsse import SigningKey
from didban.guard.crypto.hpke import PrivateKey, Suite
from didban.store import node as node_row
from didban.store.exchange import own_keys, peers
from didban.store.exchange.own_keys import KeyUse

if TYPE_CHECKING:
    from collections.abc import Container, Mapping
    from datetime import datetime

    from didban.guard.secrets import Secrets
    from didban.model.exchange.descriptors import Descriptor
    from didban.store.database import Transaction

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
    box = Box(secrets, USE)
    opened = {key.id: box.open(key.id, key.sealed) for key in kept}
    signing = _signing(versions[-1], opened.keys(), clock.now())
    sealing = {
        key.id: PrivateKey(key.id, Suite(key.suite), opened[key.id])
        for key in kept
        if key.use is KeyUse.SEALING
    }
    key = SigningKey.of(signing, opened[signing])
    return Identity(node=node.host, signing=key, sealing=sealing)


def _signing(descriptor: Descriptor, ours: Container[str], now: datetime) -> str:
    """Return the identifier of the key that signs now."""
    usable = [
        key for key in descriptor.online_keys if key.id in ours and key.compromised_since is None
    ]
    begun = [key for key in usable if key.valid_from <= now]
    if not begun:
        raise Conflict("no key of this node may sign: run 'didban identity rotate'")
    return max(begun, key=lambda key: (now < key.valid_until, key.valid_from)).id
