"""An innocent namesake is not stopped at the next border either (PR-25).

Our desk told another node that who it met is not the person of our record. Our own border stays
silent about the pair from then on; and where the desk says so, so do the other nodes that hold the
record. What they are given is a hash under a key of its own: it says nothing of anybody to who does
not meet the same person, and not by whom, where or when somebody was met. It leaves later, at a
moment drawn by lot (PR-53).
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from didban.errors import HandlingRefused
from didban.exchange.records import readers
from didban.model.exchange.questions import ToldNonMatch
from didban.model.non_match import digest
from didban.store import node, non_match, records
from didban.store.exchange import peers
from didban.store.visibility import every_number

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from didban.casework.ports import Desk
    from didban.model.casework import AskedQuestion
    from didban.model.exchange.feeds import Arrived
    from didban.store.database import Transaction

_SALT_BYTES: Final = 32


def note(
    tx: Transaction, question: AskedQuestion, desk: Desk, at: datetime, *, is_shared: bool
) -> None:
    """Keep that who was met is not the person of our record, and let others know where that is so.

    Of a withheld encounter nobody else hears. Does nothing where a side is erased.
    """
    record, here = records.get(tx, question.record, every_number(tx)), node.get(tx)
    if record is None or here is None or question.identity is None:
        return
    salt = secrets.token_bytes(_SALT_BYTES)
    told = ToldNonMatch(
        record=record.id, salt=salt, digest=digest(salt, question.identity, record.entity)
    )
    non_match.keep_told(tx, told, here.host, at)
    if is_shared and question.authority is not None:
        marking = record.marking
        others = [
            one.node
            for one in readers.nodes(tx)
            if one.node != question.node  # which has a token of its own
            and one.may_know_of(marking.visibility, marking.protected_from)
        ]
        wait = secrets.randbelow(int(desk.terms.withheld_delay_hours * 3600) + 1)
        desk.channel.tell(tx, others, told, at + timedelta(seconds=wait))


def take(tx: Transaction, arrived: Sequence[Arrived], now: datetime) -> None:
    """Keep what owners found; the handler of `Kind.NON_MATCH`. Raises PeerFault."""
    for each in arrived:
        if each.content is None:
            continue
        told = ToldNonMatch.from_json(each.content)
        record = records.get(tx, told.record, every_number(tx))
        if record is None:
            continue  # its record is gone: there is nobody to be silent about
        if peers.speaker_of(tx, record.owner) != each.peer.node:
            raise HandlingRefused("who is not meant is said by a record's owner alone (PR-07)")
        non_match.keep_told(tx, told, each.peer.node, now)
