"""What we say of ourselves: versions of our descriptor, and the keys that they name.

    draft ── the next version, its new keys kept sealed ──> signed by the root key ── publish

The root key may be on another machine: the draft goes there as a file, and comes back signed. No
version counts before it is published here, and other nodes fetch it from then on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from didban.errors import Conflict, InvalidInput, NotFound
from didban.exchange import descriptors
from didban.exchange.identity import USE
from didban.guard import access, audit, checkpoints
from didban.guard.authorities import require_host
from didban.guard.cosigning import cosigner_of
from didban.guard.crypto.at_rest import Box
from didban.guard.crypto.dsse import SigningKey
from didban.guard.crypto.hpke import PrivateKey, Suite
from didban.guard.secrets import SecretName
from didban.ids import new_id
from didban.model.deeds import Deed
from didban.model.exchange.descriptors import Descriptor, NodeRole, OnlineKey, SealingKey
from didban.model.permissions import Permission
from didban.store import authorities, node
from didban.store.exchange import own_keys, peers
from didban.store.exchange.own_keys import KeyUse, OwnKey

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from didban.guard.secrets import Secrets
    from didban.model.actors import Actor, Authority
    from didban.model.exchange.signed import Signed
    from didban.store.database import Transaction

STANDS: Final = timedelta(days=365)
"""How long a version stands unless it is said otherwise."""

_OVERLAP: Final = timedelta(hours=1)  # what was begun with the old key is finished with it
_ED25519: Final = "ed25519"


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What is different in the next version. None leaves a member as it was.

    - `authorities`: codes of those for whom the node speaks beside its host.
    - `new_keys`: the present keys end, and others begin.
    - `compromised_since`: what the present signing keys signed from then on is nobody's word.
    - `new_log`: the audit log begins anew, because witnesses saw more of it than there is.
    """

    endpoints: tuple[str, ...] | None = None
    authorities: tuple[str, ...] | None = None
    contact: str | None = None
    certificate: str | None = None
    role: NodeRole | None = None
    root: bytes | None = None
    stands: timedelta = STANDS
    new_keys: bool = False
    compromised_since: datetime | None = None
    new_log: bool = False


def draft(
    tx: Transaction, actor: Actor, secrets: Secrets, changes: Changes, now: datetime
) -> Descriptor:
    """Return the next version of what we say of ourselves, to be signed by the root key.

    New keys are kept from now on, and used once a version that names them is published. The times
    of keys that go on are prolonged.

    Raises NotPermitted; Conflict before `didban init`; InvalidInput for what cannot be said, and
    for a first version without a root key; NotFound for an authority that is not of this bank.
    """
    access.require(actor, Permission.EXCHANGE_IDENTITY_MANAGE)
    require_host(tx, actor)
    if not timedelta() < changes.stands <= descriptors.LONGEST:
        raise InvalidInput("a descriptor stands for 1 to 396 days")
    if changes.compromised_since is not None and changes.compromised_since > now:
        raise InvalidInput("compromised since: a moment that has passed; it is never taken back")
    before = published(tx)
    made = _first(tx, secrets, changes, now) if before is None else _next(before, changes, now)
    if before is None or changes.new_keys or changes.compromised_since is not None:
        secrets.ensure(SecretName.EXCHANGE)
        made = _with_new_keys(tx, Box(secrets, USE), made, now)
    if changes.authorities is not None:
        made = replace(made, authorities=_speaking(tx, made.node, changes.authorities))
    told = {
        name: value
        for name in ("endpoints", "contact", "certificate", "role", "root")
        if (value := getattr(changes, name)) is not None
    }
    return replace(made, **told, log=_log(tx, secrets, is_new=changes.new_log))


def publish(tx: Transaction, actor: Actor, signed: Signed, now: datetime) -> Descriptor:
    """Let a version that the root key signed be what we say of ourselves from now on.

    Raises NotPermitted; PeerFault where it does not follow the version before; Conflict where it
    is another node's, or names a key that is not here.
    """
    access.require(actor, Permission.EXCHANGE_IDENTITY_MANAGE)
    require_host(tx, actor)
    here = node.get(tx)
    new = descriptors.chain(peers.signed(tx, actor.authority), [signed], now)
    if here is None or not new or new[-1][0].node != here.host:
        raise Conflict("this is no new version of what this node says of itself")
    made, _ = new[-1]
    known = {key.id for key in own_keys.all_of(tx)}
    named = {key.id for key in made.online_keys} | {key.id for key in made.sealing_keys}
    if not named <= known:
        raise Conflict("the descriptor names keys that are not in this node")
    if made.is_training != here.is_training:
        raise Conflict("the descriptor is of another kind of network (PR-51)")
    peers.add_descriptor(tx, made, signed, now)
    facts: audit.Facts = {"version": made.version, "until": made.expires_at.date().isoformat()}
    audit.enter(tx, actor, Deed.IDENTITY_RENEWED, subject=made.node, facts=facts)
    return made


def published(tx: Transaction) -> Descriptor | None:
    """Return what we say of ourselves now, or None before the first version."""
    here = node.get(tx)
    versions = peers.descriptors(tx, here.host) if here else []
    return versions[-1] if versions else None


def introduction(tx: Transaction) -> list[Signed]:
    """Return every version, as other nodes take them in. Raises NotFound before the first one."""
    here = node.get(tx)
    versions = peers.signed(tx, here.host) if here else []
    if not versions:
        raise NotFound("this node has no identity yet: run 'didban identity make'")
    return versions


def _first(tx: Transaction, secrets: Secrets, changes: Changes, now: datetime) -> Descriptor:
    here = node.get(tx)
    if here is None:
        raise Conflict("this bank has no host authority yet: run 'didban init'")
    if changes.root is None:
        raise InvalidInput("the first version names a root key")
    return Descriptor(
        node=here.host,
        version=1,
        role=NodeRole.MEMBER,
        root=changes.root,
        made_at=now,
        expires_at=now + changes.stands,
        authorities=_speaking(tx, here.host, ()),
        endpoints=(),
        online_keys=(),
        sealing_keys=(),
        log="",
        witness=cosigner_of(here.host, secrets).witness.text(),
        is_training=here.is_training,
    )


def _next(before: Descriptor, changes: Changes, now: datetime) -> Descriptor:
    until = now + changes.stands
    return replace(
        before,
        version=before.version + 1,
        made_at=now,
        expires_at=until,
        online_keys=tuple(_renewed(key, before, changes, now) for key in before.online_keys),
        sealing_keys=tuple(replace(key, valid_until=until) for key in before.sealing_keys),
    )


def _renewed(key: OnlineKey, before: Descriptor, changes: Changes, now: datetime) -> OnlineKey:
    """Return a signing key as the next version has it.

    The present one is prolonged, also where its time was over: what it signed meanwhile waits for
    that. Where it is to end, it ends a little later, for what is under way.
    """
    since = changes.compromised_since
    if since is not None:
        known = key.compromised_since
        return replace(key, compromised_since=since if known is None else min(since, known))
    if key.compromised_since is not None or key != max(before.online_keys, key=_begin):
        return key
    return replace(key, valid_until=now + (_OVERLAP if changes.new_keys else changes.stands))


def _begin(key: OnlineKey) -> datetime:
    return key.valid_from


def _with_new_keys(tx: Transaction, box: Box, made: Descriptor, now: datetime) -> Descriptor:
    """Return a version with new keys beside those that end. Old bodies are opened with old keys."""
    signing, sealing = SigningKey.generate(new_id("key")), PrivateKey.generate(new_id("key"))
    until = made.expires_at
    for key, use, suite in (
        (signing, KeyUse.SIGNING, _ED25519),
        (sealing, KeyUse.SEALING, sealing.suite),
    ):
        kept = OwnKey(
            id=key.id,
            use=use,
            suite=suite,
            sealed=box.seal(key.id, key.raw),
            made_at=now,
            valid_until=until,
        )
        own_keys.add(tx, kept)
    online = OnlineKey(id=signing.id, public=signing.public, valid_from=now, valid_until=until)
    seal = SealingKey(
        id=sealing.id, suite=Suite.HYBRID, public=sealing.public.raw, valid_until=until
    )
    return replace(made, online_keys=(online, *made.online_keys), sealing_keys=(seal,))


def _log(tx: Transaction, secrets: Secrets, *, is_new: bool) -> str:
    """Return the key of our audit log; begun anew, it bears a name that it never had."""
    names = checkpoints.signers_of(tx, secrets)
    if not is_new:
        return names[-1].verifier.text()
    return names[-1].renamed(f"{names[0].origin}/{len(names) + 1}").verifier.text()


def _speaking(tx: Transaction, host: str, others: Sequence[str]) -> tuple[Authority, ...]:
    """Return the host, and those of this bank for whom it speaks too. Raises NotFound."""
    found = []
    for code in dict.fromkeys((host, *others)):
        authority = authorities.get(tx, code)
        if authority is None or peers.speaker_of(tx, code) is not None:
            raise NotFound(f"there is no authority of ours with the code '{code}'")
        found.append(authority)
    return tuple(found)
