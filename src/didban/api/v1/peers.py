"""Other nodes: who they are, whether we speak with them, and what there is against them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import Path
from pydantic import Field

from didban import clock
from didban.api.v1.frame import Node, Router, Tx, Who, needs
from didban.api.v1.pages import Given, Page, Paging, Told
from didban.errors import InvalidFile, NotFound, PeerFault
from didban.exchange import charter, descriptors, expiry, ours, peers, words
from didban.exchange.expiry import Ending
from didban.guard import access
from didban.model.actors import AuthorityKind
from didban.model.exchange.charters import NetworkCharter
from didban.model.exchange.descriptors import NodeRole
from didban.model.exchange.feeds import Evidence
from didban.model.exchange.peers import Peer, PeerState
from didban.model.permissions import Permission

router = Router("peers")

Code = Annotated[str, Path(max_length=40, examples=["xbo"])]
_Base64 = Annotated[str, Field(max_length=400_000)]


class SignedGiven(Given):
    """One version of a descriptor, as its root key signed it (base64)."""

    payload: _Base64
    signatures: Annotated[dict[str, _Base64], Field(max_length=10)]


class IntroductionGiven(Given):
    """The file by which a node introduces itself: every version, oldest first."""

    descriptors: Annotated[list[SignedGiven], Field(min_length=1, max_length=500)]


class WordsGiven(Given):
    """The words of the node's root key, as a person of that node said them."""

    words: Annotated[str, Field(min_length=1, max_length=500)]


class SpeakerTold(Told):
    """An authority for which a node speaks, or would if somebody agreed."""

    code: str
    name: str
    kind: AuthorityKind
    country: str | None
    is_agreed: bool


class PeerTold(Told):
    """Another node. `words` once they were compared: until then they are heard, not read."""

    node: str
    state: PeerState
    role: NodeRole
    version: int
    expires_at: datetime
    endpoints: list[str]
    contact: str
    authorities: list[SpeakerTold]
    words: str | None

    @classmethod
    def of(cls, peer: Peer) -> PeerTold:
        """Return the shape of a node."""
        said = peer.descriptor
        is_compared = peer.state is not PeerState.PROPOSED
        return cls(
            node=peer.node,
            state=peer.state,
            role=said.role,
            version=said.version,
            expires_at=said.expires_at,
            endpoints=list(said.endpoints),
            contact=said.contact,
            authorities=[
                SpeakerTold(
                    code=one.code,
                    name=one.name,
                    kind=one.kind,
                    country=one.country,
                    is_agreed=one.code in peer.desks,
                )
                for one in said.authorities
            ],
            words=" ".join(words.of(peer.node, said.root)) if is_compared else None,
        )


class IdentityTold(Told):
    """Who this node is to others, and the words that it reads to them."""

    node: str
    version: int
    expires_at: datetime
    endpoints: list[str]
    authorities: list[str]
    words: str


class EvidenceTold(Told):
    """What a node did that it must not do, with what it signed."""

    id: str
    feed: str | None
    fault: str
    what: str
    signed: list[dict[str, Any]]
    found_at: datetime
    closed_at: datetime | None

    @classmethod
    def of(cls, found: Evidence) -> EvidenceTold:
        """Return the shape of a piece of evidence."""
        return cls(
            id=found.id,
            feed=found.feed,
            fault=found.fault,
            what=found.what,
            signed=[dict(one) for one in found.envelopes],
            found_at=found.found_at,
            closed_at=found.closed_at,
        )


class ExpiryTold(Told):
    """What ends, of whose, and when. Less than no days: it has ended."""

    node: str
    what: Ending
    ends_at: datetime
    days_left: int
    is_ours: bool


class GroupTold(Told):
    """Authorities that share records among themselves."""

    code: str
    authorities: list[str]


class CharterTold(Told):
    """The charter of the network to which this node belongs."""

    network: str
    version: int
    agreement: str
    threshold: int
    members: list[str]
    kinds: list[AuthorityKind]
    groups: list[GroupTold]
    panel: list[str]
    secretariat: str | None

    @classmethod
    def of(cls, found: NetworkCharter) -> CharterTold:
        """Return the shape of a charter."""
        return cls(
            network=found.network,
            version=found.version,
            agreement=found.agreement,
            threshold=found.threshold,
            members=[one.node for one in found.members],
            kinds=list(found.kinds),
            groups=[
                GroupTold(code=one.code, authorities=list(one.authorities)) for one in found.groups
            ],
            panel=list(found.panel),
            secretariat=found.secretariat or None,
        )


@router.get("/peers")
@needs(Permission.EXCHANGE_PEER_READ)
def list_peers(tx: Tx, who: Who) -> list[PeerTold]:
    """List the nodes that are or were known, by code."""
    return [PeerTold.of(peer) for peer in peers.listed(tx, who)]


@router.post("/peers", status_code=201)
@needs(Permission.EXCHANGE_PEER_MANAGE)
def propose_peer(tx: Tx, who: Who, node: Node, given: IntroductionGiven) -> PeerTold:
    """Take in what another node says of itself. It gets nothing before it is pinned."""
    try:
        signed = descriptors.from_json(given.model_dump())
        peer = peers.propose(tx, who, signed, node.settings.charter, clock.now())
    except PeerFault as fault:
        raise InvalidFile(f"the file is not what a node says of itself: {fault}") from fault
    return PeerTold.of(peer)


@router.get("/peers/{code}")
@needs(Permission.EXCHANGE_PEER_READ)
def get_peer(tx: Tx, who: Who, code: Code) -> PeerTold:
    """Return one node."""
    return PeerTold.of(peers.found(tx, who, code))


@router.post("/peers/{code}/pin")
@needs(Permission.EXCHANGE_PEER_MANAGE)
def pin_peer(tx: Tx, who: Who, node: Node, code: Code, given: WordsGiven) -> PeerTold:
    """Speak with a node from now on: its words were compared, by voice or on paper."""
    return PeerTold.of(peers.pin(tx, who, code, given.words, node.settings.charter, clock.now()))


@router.post("/peers/{code}/agree")
@needs(Permission.EXCHANGE_PEER_MANAGE)
def agree_to_peer(tx: Tx, who: Who, node: Node, code: Code) -> PeerTold:
    """Let a pinned node speak for the authorities that it names now."""
    return PeerTold.of(peers.agree(tx, who, code, node.settings.charter, clock.now()))


@router.post("/peers/{code}/suspend")
@needs(Permission.EXCHANGE_PEER_MANAGE)
def suspend_peer(tx: Tx, who: Who, code: Code) -> PeerTold:
    """Stop speaking with a node until it is pinned again."""
    return PeerTold.of(peers.suspend(tx, who, code, clock.now()))


@router.post("/peers/{code}/remove")
@needs(Permission.EXCHANGE_PEER_MANAGE)
def remove_peer(tx: Tx, who: Who, code: Code) -> PeerTold:
    """Stop speaking with a node for good. What it owns here goes as its leases end."""
    return PeerTold.of(peers.remove(tx, who, code, clock.now()))


@router.get("/peers/{code}/evidence")
@needs(Permission.EXCHANGE_PEER_READ)
def list_peer_evidence(tx: Tx, who: Who, paging: Paging, code: Code) -> Page[EvidenceTold]:
    """List what a node did that it must not do, the newest first."""
    place = (datetime.fromisoformat(paging.after[0]), paging.after[1]) if paging.after else None
    rows = peers.evidence_of(tx, who, code, limit=paging.fetch, after=place)
    return paging.page(
        rows, keys=lambda row: (row.found_at.isoformat(), row.id), told=EvidenceTold.of
    )


@router.post("/peers/{code}/evidence/{evidence}/close", status_code=204)
@needs(Permission.EXCHANGE_PEER_MANAGE)
def close_peer_evidence(
    tx: Tx, who: Who, code: Code, evidence: Annotated[str, Path(max_length=40)]
) -> None:
    """Note that a person dealt with a piece of evidence. It stays."""
    peers.close_evidence(tx, who, code, evidence, clock.now())


@router.get("/identity")
@needs(Permission.EXCHANGE_PEER_READ)
def get_identity(tx: Tx, who: Who) -> IdentityTold:
    """Return who this node is to others, and the words to be read to their officers."""
    access.require(who, Permission.EXCHANGE_PEER_READ)
    said = ours.published(tx)
    if said is None:
        raise NotFound("this node has no identity yet")
    return IdentityTold(
        node=said.node,
        version=said.version,
        expires_at=said.expires_at,
        endpoints=list(said.endpoints),
        authorities=[one.code for one in said.authorities],
        words=" ".join(words.of(said.node, said.root)),
    )


@router.get("/expiries")
@needs(Permission.EXCHANGE_PEER_READ)
def list_expiries(tx: Tx, who: Who) -> list[ExpiryTold]:
    """List what ends, ours and of the nodes that are pinned; what ends first, first."""
    access.require(who, Permission.EXCHANGE_PEER_READ)
    now = clock.now()
    return [
        ExpiryTold(
            node=one.node,
            what=one.what,
            ends_at=one.ends_at,
            days_left=one.days_left(now),
            is_ours=one.is_ours,
        )
        for one in expiry.ahead(tx)
    ]


@router.get("/charter")
@needs(Permission.EXCHANGE_PEER_READ)
def get_charter(tx: Tx, who: Who) -> CharterTold:
    """Return the charter of the network to which this node belongs."""
    access.require(who, Permission.EXCHANGE_PEER_READ)
    found = charter.in_force(tx)
    if found is None:
        raise NotFound("this node belongs to no network with a charter")
    return CharterTold.of(found)
