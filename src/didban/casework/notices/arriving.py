"""Notices of other authorities, and the receipts for the end of ours.

A notice that arrived asks nothing by itself: its record waits for the receiver's review (PR-52).
Its tombstone is confirmed once the record is gone here, and not before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from didban.casework.nodes import publish
from didban.errors import HandlingRefused
from didban.guard import access, audit
from didban.model.deeds import Deed
from didban.model.exchange.feeds import Item
from didban.model.exchange.kinds import Kind
from didban.model.exchange.notices import NoticeLetGo, NoticeSaid
from didban.model.permissions import Permission
from didban.store import notices
from didban.store.visibility import open_to

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from didban.casework.notices.steps import Board
    from didban.model.actors import Actor
    from didban.model.exchange.feeds import Arrived
    from didban.store.database import Transaction
    from didban.store.notices import Received


def take_in(tx: Transaction, arrived: Sequence[Arrived], now: datetime) -> None:
    """Take in where notices of other nodes stand (`Kind.NOTICE`).

    Raises Malformed; HandlingRefused for a notice of an authority that the node does not speak for
    (PR-07).
    """
    for each in arrived:
        if each.content is None:
            continue
        said = NoticeSaid.from_json(each.content)
        if not each.peer.speaks_for(said.owner):
            raise HandlingRefused("the node does not speak for the owner of this notice (PR-07)")
        if notices.take_in(tx, each.peer.node, said, now):
            actor = access.system_actor(said.owner, "notices")
            facts = {"state": said.state.value, "colour": said.colour.value, "rev": said.rev}
            audit.enter(tx, actor, Deed.NOTICE_RECEIVED, subject=said.id, facts=facts)


def take_receipts(tx: Transaction, arrived: Sequence[Arrived], now: datetime) -> None:
    """Note that a node let go of what an ended notice asked (`Kind.NOTICE_EVENT`). Raises Malformed.

    Counts only of whom it was told, once it was told of the end.
    """
    for each in arrived:
        if each.content is not None:
            receipt = NoticeLetGo.from_json(each.content)
            notices.let_go(tx, receipt.notice, each.peer.node, min(each.header.time, now))


def confirm_one(tx: Transaction, board: Board, now: datetime) -> bool:
    """Tell one owner that its ended notice is gone here, record and all; return whether any was."""
    gone = notices.next_gone(tx)
    if gone is None:
        return False
    receipt = NoticeLetGo(notice=gone.said.id, rev=gone.said.rev)
    item = Item(kind=Kind.NOTICE_EVENT, content=receipt.to_json(), record=gone.said.id)
    publish(tx, board.me, gone.node, item, now)
    notices.confirm(tx, gone.said.id, now)
    return True


def received(tx: Transaction, actor: Actor, *, after: str = "", limit: int) -> list[Received]:
    """Return notices of other authorities whose record is open to the actor, by identifier."""
    access.require(actor, Permission.CASEWORK_NOTICE_READ)
    found = notices.received(tx, open_to(tx, actor), after=after, limit=limit)
    audit.enter(tx, actor, Deed.NOTICE_LISTED, facts={"count": len(found), "received": True})
    return found
