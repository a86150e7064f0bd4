"""Other nodes: brought in by a file, believed once their fingerprint was compared, or not any more.

    propose ──> pin (the words were compared) ──> renew, by itself, version by version
                   │                                  └─ agree: whom it speaks for has changed
                   └──> suspend, remove

Nobody is trusted on first use: before a person of ours compared the fingerprint with a person of
theirs, by voice or on paper, or the charter of the network names its root key, a node gets nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import structlog

from didban.errors import BadSignature, Conflict, InvalidInput, NotFound, NotPermitted, PeerFault
from didban.exchange import descriptors, leaving, words
from didban.guard import access, audit
from didban.guard.authorities import require_fit, require_host
from didban.guard.crypto import root_keys
from didban.model.deeds import Deed
from didban.model.exchange.descriptors import Descriptor, NodeRole
from didban.model.exchange.envelopes import Header
from didban.model.exchange.feeds import FeedState
from didban.model.exchange.kinds import Call
from didban.model.exchange.peers import PeerState
from didban.model.permissions import Permission
from didban.store import authorities, node, users
from didban.store.exchange import charters, evidence, feeds, peers, withdrawals

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from didban.exchange.calls import Ask
    from didban.model.actors import Actor, Authority
    from didban.model.exchange.charters import NetworkCharter
    from didban.model.exchange.feeds import Evidence
    from didban.model.exchange.peers import Peer
    from didban.model.exchange.signed import Signed
    from didban.settings import Charter
    from didban.store.database import Database, Transaction

_log = structlog.get_logger("didban.peers")


def propose(
    tx: Transaction, actor: Actor, given: Sequence[Signed], charter: Charter, now: datetime
) -> Peer:
    """Take in what a node says of itself; it gets nothing before it is pinned.

    - `given`: every version of its descriptor, from the first on.

    Of a node that is known, only what goes on from what we hold. Raises NotPermitted, also for a
    military node where the charter admits none (PR-56); PeerFault for what does not verify;
    InvalidInput for a node of production in a training network and the other way round (PR-51);
    Conflict for our own node, and for an authority that is ours or another node's.
    """
    _require_manager(tx, actor)
    name = Descriptor.from_bytes(given[0].payload).node if given else ""
    here = node.get(tx)
    if here is not None and name == here.host:
        raise Conflict("this is what our own node says of itself")
    peers.lock(tx, name)
    known = peers.get(tx, name)
    held = peers.signed(tx, name)
    if known is not None and known.state is PeerState.PROPOSED:
        held = []  # nobody believed it yet: what is newer counts
    new = descriptors.chain(held, given, now)
    if not new:
        return found(tx, actor, name)
    newest, _ = new[-1]
    _require_ours(tx, newest, charter)
    if known is None:
        peers.add(tx, name, newest.root, now)
    elif not held:
        peers.forget_descriptors(tx, name)
    _keep(tx, new, now)
    audit.enter(tx, actor, Deed.PEER_PROPOSED, subject=name, facts={"version": newest.version})
    pin_member(tx, actor, name, charter, now)
    return found(tx, actor, name)


def pin(
    tx: Transaction, actor: Actor, name: str, heard: str, charter: Charter, now: datetime
) -> Peer:
    """Speak with a node from now on: its fingerprint was compared.

    - `heard`: the words as a person of that node said them.

    Also after it was suspended, quarantined or removed. Its authorities take part in this bank, to
    own what they send. Raises NotPermitted, NotFound; InvalidInput where the words are another
    key's; Expired for a descriptor that has run out; Conflict, see `propose`.
    """
    _require_manager(tx, actor)
    peer = _known(tx, name)
    if words.read(heard) != words.of(name, peer.descriptor.root):
        raise InvalidInput("these are not the words of its root key: do not pin, and ask who calls")
    return _pin(tx, actor, peer, charter, by=actor.user, now=now)


def pin_member(tx: Transaction, actor: Actor, name: str, charter: Charter, now: datetime) -> bool:
    """Pin a node that the charter in force names; return whether it is pinned.

    Its root key, or one that its present one followed, is the one that the charter names. Whoever
    was suspended or removed by a person stays so. Raises NotPermitted, InvalidInput, Conflict, see
    `propose`.
    """
    network, peer = charters.newest(tx), peers.get(tx, name)
    member = network.member(name) if network else None
    if network is None or member is None or peer is None:
        return False
    is_due = peer.state is PeerState.PROPOSED or (
        peer.state is PeerState.REMOVED and peers.pinned_by(tx, name) == by_charter(network)
    )
    roots = [one.root for one in peers.descriptors(tx, name)]
    if is_due and member.root in roots and peer.is_fresh(now):
        _pin(tx, actor, peer, charter, by=by_charter(network), now=now)
        return True
    return peer.state is PeerState.PINNED


def by_charter(network: NetworkCharter) -> str:
    """Return how it is noted that a charter pinned a node."""
    return f"charter:{network.network}"


def renew(tx: Transaction, actor: Actor, name: str, given: Sequence[Signed], now: datetime) -> bool:
    """Take in newer versions of what a pinned node says of itself; return whether there were any.

    For whom it speaks does not grow by itself: that needs `agree`. An authority that it does not
    name any more is spoken for by nobody. Raises PeerFault, having changed nothing.
    """
    peers.lock(tx, name)
    peer = _known(tx, name)
    new = descriptors.chain(peers.signed(tx, name), given, now)
    if not new:
        return False
    newest, _ = new[-1]
    _keep(tx, new, now)
    named = {one.code: one for one in newest.authorities}
    agreed = {one.code for one in peer.descriptor.authorities if named.get(one.code) == one}
    peers.let_speak(tx, name, peer.authorities & agreed, now, desks=peer.desks & agreed)
    _doubt(tx, newest, now)
    audit.enter(tx, actor, Deed.PEER_RENEWED, subject=name, facts=_facts(newest))
    return True


def agree(tx: Transaction, actor: Actor, name: str, charter: Charter, now: datetime) -> Peer:
    """Let a pinned node speak for all that its newest descriptor names.

    Raises NotPermitted, NotFound; Conflict, see `propose`.
    """
    _require_manager(tx, actor)
    peer = _known(tx, name)
    if peer.state is not PeerState.PINNED:
        raise Conflict("the node is not pinned")
    _require_ours(tx, peer.descriptor, charter)
    speak(tx, peer.descriptor, now)
    audit.enter(tx, actor, Deed.PEER_AGREED, subject=name, facts=_facts(peer.descriptor))
    return _known(tx, name)


def suspend(tx: Transaction, actor: Actor, name: str, now: datetime) -> Peer:
    """Stop speaking with a node until it is pinned again; what is here of it stays.

    Raises NotPermitted, NotFound; Conflict unless it is pinned.
    """
    return _leave(tx, actor, name, PeerState.QUARANTINED, Deed.PEER_SUSPENDED, now)


def remove(tx: Transaction, actor: Actor, name: str, now: datetime) -> Peer:
    """Stop speaking with a node for good.

    It is told to destroy what it has of ours (`copies_at`), and heard until it confirms that
    (`leaving`); what it published here is found no more, and erased. Raises NotPermitted, NotFound; Conflict where it was removed already.
    """
    removed = _leave(tx, actor, name, PeerState.REMOVED, Deed.PEER_REMOVED, now)
    leaving.end_theirs(tx, name)
    return removed


def copies_at(tx: Transaction, actor: Actor, name: str) -> int:
    """Return how many copies of our records a node has at most. Raises NotFound, NotPermitted."""
    access.require(actor, Permission.EXCHANGE_PEER_READ)
    return withdrawals.copies_at(tx, _known(tx, name).node)


def evidence_of(
    tx: Transaction,
    actor: Actor,
    name: str,
    *,
    limit: int = 100,
    after: tuple[datetime, str] | None = None,
) -> list[Evidence]:
    """Return what a node did that it must not do, the newest first. Raises NotFound.

    - `after`: when the last one of the page before was found, and its identifier.
    """
    access.require(actor, Permission.EXCHANGE_PEER_READ)
    _known(tx, name)
    return evidence.of_node(tx, name, limit, after)


def close_evidence(
    tx: Transaction, actor: Actor, name: str, evidence_id: str, now: datetime
) -> None:
    """Note that a person dealt with a piece of evidence. It stays. Raises NotFound."""
    _require_manager(tx, actor)
    if not evidence.close(tx, name, evidence_id, by=actor.user, now=now):
        raise NotFound("there is no such evidence that is open")
    audit.enter(tx, actor, Deed.EVIDENCE_CLOSED, subject=evidence_id, facts={"node": name})


def listed(tx: Transaction, actor: Actor) -> list[Peer]:
    """Return every node that is or was known, by code."""
    access.require(actor, Permission.EXCHANGE_PEER_READ)
    return peers.listed(tx)


def found(tx: Transaction, actor: Actor, name: str) -> Peer:
    """Return one node. Raises NotFound, NotPermitted."""
    access.require(actor, Permission.EXCHANGE_PEER_READ)
    return _known(tx, name)


def waiting(peer: Peer) -> tuple[Authority, ...]:
    """Return for whom a node would speak if somebody agreed."""
    return tuple(one for one in peer.descriptor.authorities if one.code not in peer.desks)


def run_due(database: Database, now: datetime, *, ask: Ask) -> int:
    """Ask each pinned node what it says of itself now; return how many said something new.

    A duty: a key that was declared compromised, an authority that it speaks for no more, a
    prolonged time. One that is not reached is asked the next time.
    """
    with database.begin() as tx:
        here, pinned = node.get(tx), peers.pinned(tx)
    return sum(fetch(database, here.host, peer.node, now, ask=ask) for peer in pinned if here)


def fetch(database: Database, host: str, name: str, now: datetime, *, ask: Ask) -> bool:
    """Ask one node what it says of itself now; return whether that was new, and verified."""
    try:
        given = descriptors.from_json(ask(name, Call.DESCRIPTOR, {}))
        with database.begin() as tx:
            return renew(tx, access.system_actor(host, "peers.renew"), name, given, now)
    except PeerFault as fault:
        _log.warning("peer.not_renewed", node=name, fault=fault.code)
        return False


def tell(tx: Transaction, caller: Peer, body: Any, now: datetime) -> Any:  # noqa: ARG001 - a call
    """Answer `Call.DESCRIPTOR`: every version of what we say of ourselves."""
    here = node.get(tx)
    return descriptors.to_file(peers.signed(tx, here.host) if here else [])


def speak(tx: Transaction, newest: Descriptor, now: datetime) -> None:
    """Let the authorities of a descriptor take part in this bank, spoken for by its node.

    A secretariat writes for its authorities, and speaks for nobody: it reviews and analyses, and
    owns nothing. What a descriptor says of groups counts only where the network's charter says so.
    """
    network = charters.newest(tx)
    for one in newest.authorities:
        groups = network.groups_of(one.code) if network else ()
        if not authorities.add(tx, replace(one, groups=groups), now=now):
            authorities.change(tx, one)
    owns_nothing = newest.role is NodeRole.SECRETARIAT or (
        network is not None and network.secretariat == newest.node
    )
    named = [one.code for one in newest.authorities]
    peers.let_speak(tx, newest.node, [] if owns_nothing else named, now, desks=named)


def _pin(
    tx: Transaction, actor: Actor, peer: Peer, charter: Charter, *, by: str, now: datetime
) -> Peer:
    descriptors.require_fresh(peer.descriptor, now)
    _require_ours(tx, peer.descriptor, charter)
    speak(tx, peer.descriptor, now)
    peers.set_state(tx, peer.node, PeerState.PINNED, by=by, now=now)
    audit.enter(tx, actor, Deed.PEER_PINNED, subject=peer.node, facts=_facts(peer.descriptor))
    return _known(tx, peer.node)


def _leave(
    tx: Transaction, actor: Actor, name: str, state: PeerState, deed: Deed, now: datetime
) -> Peer:
    _require_manager(tx, actor)
    peers.lock(tx, name)
    before = _known(tx, name)
    is_fitting = (
        before.state is PeerState.PINNED
        if state is PeerState.QUARANTINED
        else before.state is not state
    )
    if not is_fitting:
        raise Conflict(f"the node is {before.state}")
    peers.set_state(tx, name, state, by=actor.user, now=now)
    audit.enter(tx, actor, deed, subject=name, facts={"before": before.state})
    return _known(tx, name)


def _doubt(tx: Transaction, newest: Descriptor, now: datetime) -> None:
    """Stop feeds with entries that a key signed after it was compromised, as its node says (PR-41).

    They were taken in before anybody knew. They go on in a new epoch, which the root key signs.
    """
    for key in newest.online_keys:
        if key.compromised_since is None:
            continue
        for shown in feeds.signed_since(tx, newest.node, key.id, key.compromised_since):
            place = Header.from_bytes(shown.header).place
            feed = feeds.get(tx, place.feed, to_change=True) if place else None
            if feed is None or feed.state is not FeedState.OPEN:
                continue
            feeds.set_state(tx, feed.id, FeedState.STOPPED)
            what = "entries were taken in whose key was compromised when it signed them"
            evidence.keep(
                tx,
                node=newest.node,
                feed=feed.id,
                fault=BadSignature.code,
                what=what,
                signed=[shown],
                now=now,
            )


def _require_manager(tx: Transaction, actor: Actor) -> None:
    access.require(actor, Permission.EXCHANGE_PEER_MANAGE)
    require_host(tx, actor)


def _known(tx: Transaction, name: str) -> Peer:
    peer = peers.get(tx, name)
    if peer is None:
        raise NotFound("there is no node of this code: 'didban peer add' takes in its file")
    return peer


def _keep(tx: Transaction, new: Sequence[tuple[Descriptor, Signed]], now: datetime) -> None:
    for descriptor, signed in new:
        peers.add_descriptor(tx, descriptor, signed, now)
    newest, _ = new[-1]
    peers.renew_root(tx, newest.node, newest.root)


def _require_ours(tx: Transaction, newest: Descriptor, charter: Charter) -> None:
    """Return if a node is one that this one may speak with, and speaks for nobody of ours."""
    here = node.get(tx)
    if here is None or newest.node == here.host:
        raise Conflict("this is what our own node says of itself")
    if newest.is_training != here.is_training:
        raise InvalidInput("training and production networks do not speak with each other (PR-51)")
    network = charters.newest(tx)
    for one in newest.authorities:
        require_fit(one, charter)
        if network is not None and network.member(newest.node) and one.kind not in network.kinds:
            message = f"the charter of '{network.network}' does not admit the kind '{one.kind}'"
            raise NotPermitted(f"{message} (PR-56)", "kind")
        speaker = peers.speaker_of(tx, one.code)
        if speaker not in {None, newest.node}:
            raise Conflict(f"'{one.code}' is spoken for by the node '{speaker}'")
        is_ours = speaker is None and (one.code == here.host or users.are_of(tx, one.code))
        if is_ours:
            raise Conflict(f"'{one.code}' takes part in this bank itself, and has users here")
        if speaker is None and authorities.has_said_here(tx, one.code):
            raise Conflict(f"'{one.code}' owns records or lists here that no node sent")


def _facts(newest: Descriptor) -> audit.Facts:
    return {
        "version": newest.version,
        "authorities": len(newest.authorities),
        "root": root_keys.id_of(newest.root),
    }
