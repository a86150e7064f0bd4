"""What we answer to a blind question: points in, evaluated points and a proof out (`Call.BLIND`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from didban.errors import HandlingRefused
from didban.exchange.blind import oprf
from didban.exchange.blind.offering import key_of
from didban.exchange.hit_no_hit import actor_of
from didban.exchange.quotas import count
from didban.guard import access, audit
from didban.match.blind_keys import BlindList
from didban.model.deeds import Deed
from didban.model.encoding import b64
from didban.model.exchange.envelopes import Fields
from didban.model.permissions import Permission
from didban.store.exchange import blind

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from didban.model.exchange.peers import Peer
    from didban.settings import Questions
    from didban.store.database import Database, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluating:
    """The handler of `Call.BLIND`. `secret`: gives that of the node, from which keys are derived."""

    database: Database
    terms: Questions
    secret: Callable[[], bytes]

    def answer(self, tx: Transaction, caller: Peer, body: Any, now: datetime) -> dict[str, Any]:
        """Evaluate a batch for a list that is offered to the caller, in an epoch that stands.

        Every element counts for the quota of a day, fillers too: we cannot tell them apart. Raises
        Malformed where one is no point, and then none is evaluated; HandlingRefused for a list or
        epoch that is not offered; NotPermitted; LimitReached.
        """
        fields = Fields(body)
        of, epoch = fields.member("list", BlindList), fields.number("epoch")
        elements = fields.bytes("elements")
        actor = actor_of(tx, caller, fields)
        fields.require_all_read()
        access.require(actor, Permission.EXCHANGE_QUESTION_ASK)
        which = next(
            (
                one
                for one in blind.lists(tx, caller.node)
                if one.list == of and one.epoch == epoch and one.published_at and now < one.ends_at
            ),
            None,
        )
        if which is None:
            raise HandlingRefused("this list is not offered in this epoch")
        evaluated = key_of(self.secret(), which).evaluate(elements)
        amount = len(elements) // oprf.ELEMENT_BYTES
        most = self.terms.blind_per_day
        count(self.database, tx, actor, of="blind", amount=amount, most=most)
        facts: audit.Facts = {"list": of, "epoch": epoch, "elements": amount}
        audit.enter(tx, actor, Deed.PEER_EVALUATED, subject=caller.node, facts=facts)
        return {"epoch": epoch, "evaluated": b64(evaluated)}
