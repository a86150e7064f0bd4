"""Which descriptors count: what a node says of itself, version by version, signed by its root key.

The rules are those by which TUF renews its root metadata:

- the first version is signed by the root key that it names;
- version n+1 is exactly one more, and signed by the root key of version n; where it names another
  root key, by that one too;
- versions on the way may have run out; the newest one must not have;
- nothing is taken back: a key keeps its meaning, a statement that it is compromised stands.
"""

from __future__ import annotations

import ipaddress
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from didban.errors import BadSignature, Expired, Forked, Malformed
from didban.guard.crypto import dsse, root_keys
from didban.guard.crypto.hpke import Suite
from didban.model.exchange.descriptors import Descriptor
from didban.model.exchange.envelopes import Fields
from didban.model.exchange.signed import Signed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from didban.guard.crypto.dsse import SigningKey

LONGEST: Final = timedelta(days=396)
"""How long a descriptor may stand: thirteen months."""

MAX_FILE_BYTES: Final = 20_000_000
_MOST_VERSIONS: Final = 500
_SKEW: Final = timedelta(minutes=5)


def sign(descriptor: Descriptor, *roots: SigningKey) -> Signed:
    """Return a descriptor under the signatures of these root keys."""
    payload = descriptor.to_bytes()
    made = {root_keys.id_of(root.public): root.sign(dsse.DESCRIPTOR, payload) for root in roots}
    return Signed(payload=payload, signatures=made)


def read(signed: Signed) -> Descriptor:
    """Return what a descriptor says, if the root key that it names signed it, and it can stand.

    Raises BadSignature, Malformed. Does not decide whether this root key is the node's.
    """
    found = Descriptor.from_bytes(signed.payload)
    if found.to_bytes() != signed.payload:
        raise Malformed("the descriptor is not written as the protocol lays down")
    _require_sound(found)
    require_signed(signed, found.root)
    return found


def require_signed(signed: Signed, root: bytes, kind: str = dsse.DESCRIPTOR) -> None:
    """Return if one of the signatures is that of a root key. Raises BadSignature."""
    for signature in signed.signatures.values():
        try:
            dsse.verify(root, kind, signed.payload, signature)
        except BadSignature:
            continue
        return
    raise BadSignature("the root key did not sign it")


def require_next(before: Descriptor, signed: Signed) -> Descriptor:
    """Return the version after another one.

    Raises BadSignature, Malformed; Forked where it does not go on from the one before.
    """
    found = read(signed)
    require_signed(signed, before.root)
    if found.node != before.node or found.version != before.version + 1:
        raise Forked("the descriptor is not the next version of the one before")
    if (found.is_training, found.role) != (before.is_training, before.role):
        raise Forked("a node does not become another kind of node")
    if found.made_at < before.made_at:
        raise Forked("the descriptor is older than the version before")
    _require_same_keys(before, found)
    return found


def chain(
    held: Sequence[Signed], given: Iterable[Signed], now: datetime
) -> list[tuple[Descriptor, Signed]]:
    """Return the versions that are new behind those that we hold; the first ones, where none are.

    Raises PeerFault: Forked where what is given differs from what we hold, Expired where the newest
    version has run out, Malformed where versions are missing.
    """
    versions = {Descriptor.from_bytes(one.payload).version: one for one in held}
    last = read(held[-1]) if held else None
    new: list[tuple[Descriptor, Signed]] = []
    for signed in given:
        version = Descriptor.from_bytes(signed.payload).version
        if version in versions:
            if versions[version].payload != signed.payload:
                raise Forked("there are two descriptors of one version", versions[version], signed)
            continue
        last = read(signed) if last is None else require_next(last, signed)
        if last.version != len(versions) + 1:
            raise Malformed(
                "versions of the descriptor are missing: the file begins with the first"
            )
        versions[version] = signed
        new.append((last, signed))
    if new:
        require_fresh(new[-1][0], now)
    return new


def require_fresh(descriptor: Descriptor, now: datetime) -> None:
    """Return if the newest version stands now. Raises Expired, Malformed."""
    if now >= descriptor.expires_at:
        raise Expired("the descriptor has run out: its node renews it")
    if descriptor.made_at > now + _SKEW:
        raise Malformed("the descriptor was made at a time that is still to come")


def to_file(versions: Iterable[Signed]) -> dict[str, object]:
    """Return the file by which a node introduces itself: all of its versions, oldest first."""
    return {"descriptors": [one.to_json() for one in versions]}


def from_file(raw: bytes) -> list[Signed]:
    """Read what `to_file` wrote. Raises Malformed."""
    return from_json(Fields.parsed(raw, MAX_FILE_BYTES))


def from_json(data: object) -> list[Signed]:
    """Read the versions of a descriptor. Raises Malformed."""
    fields = Fields(data)
    found = fields.raw("descriptors")
    fields.require_all_read()
    if not isinstance(found, list) or not 0 < len(found) <= _MOST_VERSIONS:
        raise Malformed(f"'descriptors' is no list of 1 to {_MOST_VERSIONS}")
    return [Signed.from_json(each) for each in found]


def _require_sound(found: Descriptor) -> None:
    if not timedelta() < found.expires_at - found.made_at <= LONGEST:
        raise Malformed("a descriptor stands for thirteen months at most")
    if not found.online_keys or not found.sealing_keys or not found.version:
        raise Malformed("a descriptor has a version, a signing key and a sealing key")
    for keys in (found.online_keys, found.sealing_keys, found.authorities):
        names = [getattr(one, "id", None) or getattr(one, "code", "") for one in keys]
        if len(set(names)) != len(names):
            raise Malformed("a key or an authority stands twice")
    if not {key.suite for key in found.sealing_keys} <= set(Suite):
        raise Malformed("a sealing key is of a suite that this node does not know")
    for url in found.endpoints:
        _require_endpoint(url)


def _require_endpoint(url: str) -> None:
    """Return if an address is one of TLS, or of this very machine. Raises Malformed."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError as wrong:
        raise Malformed("an endpoint is no address") from wrong
    if parts.scheme == "https" and host and not parts.username:
        return
    if parts.scheme != "http" or not is_loopback(host):
        raise Malformed("an endpoint is an https address; http is for the loopback alone")


def is_loopback(host: str) -> bool:
    """Return whether a host is this very machine."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _require_same_keys(before: Descriptor, found: Descriptor) -> None:
    earlier = {key.id: key for key in before.online_keys}
    for key in found.online_keys:
        old = earlier.get(key.id)
        if old is None:
            continue
        if (old.public, old.valid_from) != (key.public, key.valid_from):
            raise Forked("a signing key became another one")
        if old.compromised_since is not None and (
            key.compromised_since is None or key.compromised_since > old.compromised_since
        ):
            raise Forked("a statement that a key is compromised was taken back")
    _require_same_seals(before, {key.id: key.public for key in found.sealing_keys})


def _require_same_seals(before: Descriptor, found: Mapping[str, bytes]) -> None:
    if any(found.get(key.id, key.public) != key.public for key in before.sealing_keys):
        raise Forked("a sealing key became another one")
