"""The charter of a network: k of the n members' root keys say who belongs to it.

    make ──> sign (k members, each with its root key, wherever that is) ──> accept, at each member

- The first version that a node accepts is signed by its own root key too: whoever signed has read
  it and compared the others. So nobody is trusted on first use here either.
- Version n+1 is exactly one more, and signed by as many members of version n as that demands, and by
  as many of its own as it demands itself. As that is more than half, there are never two of them.
- Who is named is pinned by it; who is not named any more, and was not pinned by words, is removed.
- Groups are what the charter says, whatever a node says of itself.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from didban.errors import BadSignature, Conflict, Forked, InvalidInput
from didban.exchange import descriptors, ours, peers
from didban.guard import access, audit
from didban.guard.authorities import require_host
from didban.guard.crypto import dsse, root_keys
from didban.model.deeds import Deed
from didban.model.exchange.charters import NetworkCharter
from didban.model.exchange.descriptors import Descriptor
from didban.model.exchange.peers import PeerState
from didban.model.exchange.signed import Signed
from didban.model.permissions import Permission
from didban.store import authorities
from didban.store.exchange import charters
from didban.store.exchange import peers as nodes

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from didban.guard.crypto.dsse import SigningKey
    from didban.model.actors import Actor
    from didban.model.exchange.charters import Member
    from didban.settings import Charter
    from didban.store.database import Transaction


def sign(signed: Signed, *roots: SigningKey) -> Signed:
    """Return a charter with the signatures of further root keys."""
    made = {root_keys.id_of(root.public): root.sign(dsse.CHARTER, signed.payload) for root in roots}
    return replace(signed, signatures={**signed.signatures, **made})


def unsigned(charter: NetworkCharter) -> Signed:
    """Return a charter that nobody has signed yet."""
    return Signed(payload=charter.to_bytes(), signatures={})


def accept(
    tx: Transaction, actor: Actor, signed: Signed, terms: Charter, now: datetime
) -> NetworkCharter:
    """Let a version of the charter be in force here; its members are pinned.

    Raises NotPermitted; Malformed; BadSignature where too few members signed; Forked for a version
    that is not the next one; Conflict where this node is no member, or a member was pinned with
    another root key; InvalidInput for a charter of another kind of network (PR-51).
    """
    access.require(actor, Permission.EXCHANGE_PEER_MANAGE)
    require_host(tx, actor)
    new, before = NetworkCharter.from_bytes(signed.payload), charters.newest(tx)
    if new.to_bytes() != signed.payload:
        raise InvalidInput("the charter is not written as the protocol lays down")
    _require_next(tx, signed, new, before)
    mine = ours.published(tx)
    if mine is None or new.is_training != mine.is_training:
        raise InvalidInput(
            "a training node takes no charter of production, nor the other way (PR-51)"
        )
    charters.add(tx, new, signed, by=actor.user, now=now)
    for member in new.members:
        if member.node != mine.node:
            _require_same_root(tx, member)
            peers.pin_member(tx, actor, member.node, terms, now)
    _let_go(tx, actor, new, before, now)
    _regroup(tx, new, before)
    facts: audit.Facts = {"version": new.version, "members": len(new.members)}
    audit.enter(tx, actor, Deed.CHARTER_ACCEPTED, subject=new.network, facts=facts)
    return new


def in_force(tx: Transaction) -> NetworkCharter | None:
    """Return the charter in force, or None where this node belongs to no network with one."""
    return charters.newest(tx)


def missing(tx: Transaction, charter: NetworkCharter) -> list[str]:
    """Return the members that are not pinned yet: their descriptors are not here, or do not fit."""
    mine = ours.published(tx)
    others = [one.node for one in charter.members if mine is None or one.node != mine.node]
    return [node for node in others if not _is_pinned(tx, node)]


def _is_pinned(tx: Transaction, node: str) -> bool:
    peer = nodes.get(tx, node)
    return peer is not None and peer.state is PeerState.PINNED


def _require_next(
    tx: Transaction, signed: Signed, new: NetworkCharter, before: NetworkCharter | None
) -> None:
    """Return if enough members signed a version that goes on from the one in force."""
    mine = ours.published(tx)
    me = new.member(mine.node) if mine else None
    _require_signatures(tx, signed, new)
    if before is None:
        if mine is None or me is None or me.root != mine.root:
            raise Conflict("this node is no member by its present root key")
        descriptors.require_signed(signed, mine.root, dsse.CHARTER)
        return
    if (new.network, new.version) != (before.network, before.version + 1):
        raise Forked("the charter is not the next version of the one in force")
    _require_signatures(tx, signed, before)
    if me is None:
        raise Conflict("this node is no member any more: remove the other nodes")


def _require_signatures(tx: Transaction, signed: Signed, by: NetworkCharter) -> None:
    """Return if as many members signed as a version demands. Raises BadSignature."""
    count = sum(_has_signed(signed, _roots(tx, member)) for member in by.members)
    if count < by.threshold:
        raise BadSignature(f"members made {count} of the {by.threshold} signatures that are needed")


def _has_signed(signed: Signed, roots: Iterable[bytes]) -> bool:
    for root in roots:
        try:
            descriptors.require_signed(signed, root, dsse.CHARTER)
        except BadSignature:
            continue
        return True
    return False


def _roots(tx: Transaction, member: Member) -> list[bytes]:
    """Return the root key of a member, and those that followed it as far as we know."""
    said = [Descriptor.from_bytes(one.payload).root for one in nodes.signed(tx, member.node)]
    later = said[said.index(member.root) :] if member.root in said else []
    return list(dict.fromkeys([member.root, *later]))


def _require_same_root(tx: Transaction, member: Member) -> None:
    said = [one.root for one in nodes.descriptors(tx, member.node)]
    if _is_pinned(tx, member.node) and member.root not in said:
        raise Conflict(f"the charter names another root key for '{member.node}' than is pinned")


def _let_go(
    tx: Transaction,
    actor: Actor,
    new: NetworkCharter,
    before: NetworkCharter | None,
    now: datetime,
) -> None:
    """Stop speaking with nodes that left the network, unless a person pinned them by their words."""
    for member in before.members if before else ():
        peer = nodes.get(tx, member.node)
        is_left = new.member(member.node) is None and peer is not None
        if is_left and nodes.pinned_by(tx, member.node) == peers.by_charter(new):
            peers.remove(tx, actor, member.node, now)


def _regroup(tx: Transaction, new: NetworkCharter, before: NetworkCharter | None) -> None:
    """Let groups have the members that the charter names, and no others. Other groups stay."""
    named = {group.code for one in (before, new) if one for group in one.groups}
    for known in authorities.listed(tx, after="", limit=100_000):
        after = tuple(sorted({*(set(known.groups) - named), *new.groups_of(known.code)}))
        if after != known.groups:
            authorities.change_groups(tx, known.code, after)
