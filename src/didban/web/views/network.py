"""Other nodes: how it stands with each, and whether we speak with them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from didban import clock
from didban.errors import InvalidFile, PeerFault
from didban.exchange import charter, descriptors, expiry, network, ours, peers, words
from didban.model.exchange.envelopes import VERSION
from didban.model.exchange.peers import PeerState
from didban.model.permissions import Permission
from didban.web.desk import Go, Page, Room
from didban.web.i18n import N_
from didban.web.paging import ROWS, moment, paged_by_time
from didban.web.presenters import network as shaped
from didban.web.presenters import steps

if TYPE_CHECKING:
    from didban.web.desk import Desk
    from didban.web.presenters.steps import Step

room = Room("network")

_READ: Final = Permission.EXCHANGE_PEER_READ
_MANAGE: Final = Permission.EXCHANGE_PEER_MANAGE


@room.page("/network", _READ)
def listed(desk: Desk) -> Page:
    """Show how it stands with each node, who we are to them, and what ends soon."""
    said = ours.published(desk.tx)
    return Page(
        "pages/network/listed.html",
        found=network.status(desk.tx, desk.who, desk.services.secrets, clock.now()),
        ours=said,
        our_words=" ".join(words.of(said.node, said.root)) if said else "",
        charter=charter.in_force(desk.tx),
        ends=expiry.ahead(desk.tx),
        shaped=shaped,
    )


@room.page("/network/new", _MANAGE)
def new(desk: Desk) -> Page:
    """Ask for the file by which a node introduces itself."""
    return steps.page_of(desk, shaped.PROPOSE, back=desk.url("network.listed"))


@room.deed("/network", _MANAGE, again=new)
def propose(desk: Desk) -> Go:
    """Take in what another node says of itself; it gets nothing before it is pinned."""
    sent = desk.form.files.get("file")
    if sent is None:
        desk.form.blame("file", N_("Choose a file."))
    desk.form.require()
    assert sent is not None  # noqa: S101 - `require` has seen to it
    try:
        signed = descriptors.from_json(json.loads(sent.content))
        rules = desk.services.settings.charter
        peer = peers.propose(desk.tx, desk.who, signed, rules, clock.now())
    except (PeerFault, ValueError, RecursionError) as fault:
        raise InvalidFile(N_("This file is not what a node says of itself.")) from fault
    said = N_("The node is known. It gets nothing before its words are compared.")
    return Go("network.one", path={"code": peer.node}, said=said)


@room.page("/network/{code}", _READ)
def one(desk: Desk, code: str) -> Page:
    """Show one node: what it says of itself, how it stands with it, and evidence against it."""
    peer = peers.found(desk.tx, desk.who, code)
    status = network.status(desk.tx, desk.who, desk.services.secrets, clock.now())
    found = peers.evidence_of(desk.tx, desk.who, code, limit=ROWS + 1, after=moment(desk))
    evidence, following = paged_by_time(desk, [(each.found_at, each.id, each) for each in found])
    is_compared = peer.state is not PeerState.PROPOSED  # until then the words are heard, not read
    return Page(
        "pages/network/one.html",
        peer=peer,
        standing=next(each for each in status.nodes if each.node == peer.node),
        words=" ".join(words.of(peer.node, peer.descriptor.root)) if is_compared else "",
        copies=peers.copies_at(desk.tx, desk.who, code),
        ends=[each for each in expiry.ahead(desk.tx) if each.node == peer.node],
        waiting={each.code for each in peers.waiting(peer)},
        evidence=evidence,
        next=following,
        shaped=shaped,
        protocol=VERSION,
        State=PeerState,
    )


def _asked(desk: Desk, step: Step, code: str) -> Page:
    peer = peers.found(desk.tx, desk.who, code)
    back = desk.url("network.one", code=code)
    return steps.page_of(desk, step, back=back, subject=peer.descriptor.host.name, code=code)


def _back(code: str, said: str) -> Go:
    return Go("network.one", path={"code": code}, said=said)


@room.page("/network/{code}/pin", _MANAGE)
def pinning(desk: Desk, code: str) -> Page:
    """Ask for the words of a node, as somebody of that node reads them out."""
    return _asked(desk, shaped.PIN, code)


@room.deed("/network/{code}/pin", _MANAGE, again=pinning)
def pin(desk: Desk, code: str) -> Go:
    """Speak with a node from now on."""
    heard = desk.form.text("words", needed=True, most=500)
    desk.form.require()
    peers.pin(desk.tx, desk.who, code, heard, desk.services.settings.charter, clock.now())
    return _back(code, N_("The node is pinned: we speak with it from now on."))


@room.page("/network/{code}/agree", _MANAGE)
def agreeing(desk: Desk, code: str) -> Page:
    """Ask whether a node may speak for all that it names now."""
    return _asked(desk, shaped.AGREE, code)


@room.deed("/network/{code}/agree", _MANAGE, again=agreeing)
def agree(desk: Desk, code: str) -> Go:
    """Let a pinned node speak for the authorities that it names now."""
    peers.agree(desk.tx, desk.who, code, desk.services.settings.charter, clock.now())
    return _back(code, N_("The node speaks for all authorities that it names."))


@room.page("/network/{code}/suspend", _MANAGE)
def suspending(desk: Desk, code: str) -> Page:
    """Ask whether we stop speaking with a node for now."""
    return _asked(desk, shaped.SUSPEND, code)


@room.deed("/network/{code}/suspend", _MANAGE, again=suspending)
def suspend(desk: Desk, code: str) -> Go:
    """Stop speaking with a node until it is pinned again."""
    peers.suspend(desk.tx, desk.who, code, clock.now())
    return _back(code, N_("We do not speak with the node until it is pinned again."))


@room.page("/network/{code}/remove", _MANAGE)
def removing(desk: Desk, code: str) -> Page:
    """Ask whether we stop speaking with a node for good."""
    return _asked(desk, shaped.REMOVE, code)


@room.deed("/network/{code}/remove", _MANAGE, again=removing)
def remove(desk: Desk, code: str) -> Go:
    """Stop speaking with a node for good."""
    peers.remove(desk.tx, desk.who, code, clock.now())
    return _back(code, N_("The node is removed: what it owns here goes as its leases end."))


@room.deed("/network/{code}/evidence/{evidence}/close", _MANAGE)
def close_evidence(desk: Desk, code: str, evidence: str) -> Go:
    """Note that somebody dealt with a piece of evidence."""
    peers.close_evidence(desk.tx, desk.who, code, evidence, clock.now())
    return _back(code, N_("It is noted that the evidence was dealt with. It stays."))
