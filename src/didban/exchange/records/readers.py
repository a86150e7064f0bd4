"""Who reads our records: the nodes that we pinned, as our own bank knows their authorities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from didban.guard import assessments
from didban.model.exchange.sharing import Reader, ShareClass, is_withheld, readers_of, sort_of
from didban.store import assessments as kept_assessments
from didban.store import authorities
from didban.store.exchange import peers

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date
    from typing import TypeAlias

    from didban.exchange.identity import Identity
    from didban.model.bank import BankRecord
    from didban.model.exchange.peers import Peer
    from didban.store.database import Transaction

    IdentityOf: TypeAlias = Callable[[Transaction], Identity]
    """Reads who we are to other nodes: keys are rotated, so it is read when it is needed."""


def nodes(tx: Transaction) -> list[Reader]:
    """Return the nodes that we speak with, as readers."""
    return [_reader(tx, peer) for peer in peers.pinned(tx)]


def _reader(tx: Transaction, peer: Peer) -> Reader:
    """Return a node as a reader. Its groups are what our bank says, not what it says of itself."""
    known = [authorities.get(tx, code) for code in sorted(peer.authorities)]
    barriers = [found for one in known if one and (found := assessments.bars(tx, one.code))]
    return Reader(
        node=peer.node,
        authorities=tuple(one for one in known if one is not None),
        is_barred=bool(barriers),
        is_barred_for_good=any(barrier.is_final for barrier in barriers),
    )


def own_authorities(tx: Transaction, node: str) -> frozenset[str]:
    """Return the authorities for which our node speaks, as its newest descriptor says."""
    said = peers.descriptors(tx, node)
    return frozenset(one.code for one in said[-1].authorities) if said else frozenset()


def class_of(
    tx: Transaction, record: BankRecord, all_nodes: Sequence[Reader], today: date
) -> ShareClass:
    """Return the class in which a record leaves."""
    plain = ShareClass(
        visibility=record.visibility_number,
        sort=sort_of(record),
        protected_from=tuple(sorted(set(record.marking.protected_from))),
    )
    assured = [
        each.node
        for each in all_nodes
        if is_withheld(plain, each)
        and not each.is_barred_for_good
        and _is_assured(tx, record.id, each, today)
    ]
    return ShareClass(
        visibility=plain.visibility,
        sort=plain.sort,
        protected_from=plain.protected_from,
        assured=tuple(sorted(assured)),
    )


def _is_assured(tx: Transaction, record_id: str, reader: Reader, today: date) -> bool:
    """Return whether each subject that bars a reader is met by an assurance about this record."""
    for one in reader.authorities:
        barrier = assessments.bars(tx, one.code)
        partners = {one.code} | ({one.country} if one.country else set())
        promised = kept_assessments.accepted_for(tx, record_id, partners, today)
        if barrier and not barrier.harms <= {promise.harm for promise in promised}:
            return False
    return True


__all__ = ["class_of", "nodes", "own_authorities", "readers_of"]
