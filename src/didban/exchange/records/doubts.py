"""Doubts about another node's record reach its owner, who answers them for every copy (PR-47, PR-48).

    here      a dispute or counter-evidence about a copy -> CORRECTION to its owner's node
    owner     the same is entered in its bank, and stands beside the record wherever it is shared

Where the register of assessments says anything against the owner, nothing about a person is told by
itself: it would say that, and where, the person was met (PR-53).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from didban.errors import HandlingRefused, Malformed
from didban.exchange import feeds as publishing
from didban.guard import access, assessments
from didban.intake import disputes as service
from didban.model.disputes import DisputedBy
from didban.model.exchange.envelopes import Fields
from didban.model.exchange.feeds import Item
from didban.model.exchange.kinds import Kind
from didban.model.purposes import Purpose
from didban.model.retention import is_object
from didban.store import authorities
from didban.store.exchange import handing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from typing import Final

    from didban.exchange.identity import Identity
    from didban.exchange.records.readers import IdentityOf
    from didban.model.exchange.feeds import Arrived
    from didban.store.database import Transaction

_MAX_TEXT: Final = 10_000  # characters


def tell(tx: Transaction, identity_of: IdentityOf, numbers: Sequence[int], now: datetime) -> None:
    """Tell owners at other nodes what was said here against these copies; part of the deed."""
    for row in handing.untold_doubts(tx, numbers):
        said = {"by": row.disputed_by, "authority": row.raised_by, "text": row.ground}
        _tell(tx, identity_of(tx), row, {"about": "dispute", **said}, now)
    for row in handing.untold_evidence(tx, numbers):
        said = {"authority": row.given_by, "text": row.text}
        _tell(tx, identity_of(tx), row, {"about": "evidence", **said}, now)


def _tell(tx: Transaction, me: Identity, row: Any, content: dict[str, str], now: datetime) -> None:
    if not is_object(row.schema) and assessments.bars(tx, row.owner) is not None:
        return
    item = Item(kind=Kind.CORRECTION, content=content, record=row.record)
    publishing.publish(tx, me, publishing.talk(tx, me, row.node, now), [item], now)
    handing.note_told(tx, row.id, row.record, row.node, now)


def entered(tx: Transaction, arrived: Sequence[Arrived], now: datetime) -> None:  # noqa: ARG001 - as for every room
    """Enter what another node says against a record of ours; the handler of `Kind.CORRECTION`."""
    for each in arrived:
        fields = Fields(each.content)
        about, authority = fields.text("about"), fields.text("authority")
        text, record_id = fields.text("text", _MAX_TEXT), each.header.record
        by = fields.member("by", DisputedBy) if fields.has("by") else None
        fields.require_all_read()
        known = authorities.get(tx, authority)
        if known is None or not each.peer.speaks_for(authority) or record_id is None:
            raise HandlingRefused("a node speaks for its own authorities alone (PR-07)")
        actor = access.peer_actor(each.peer.node, known, Purpose.CRIMINAL_INVESTIGATION, "doubt")
        if about == "dispute" and by is not None:
            service.dispute(tx, actor, record_id, by=by, ground=text)
        elif about == "evidence":
            service.give_counter_evidence(tx, actor, record_id, text=text)
        else:
            raise Malformed("'about' is none of the words that belong there")
