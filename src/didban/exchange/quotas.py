"""How much one node may say and ask in a day: what is more is refused, and its senders are told.

    entries of a kind      put aside with `limit_reached`, and kept as evidence (`faults`)
    calls                  refused with `limit_reached`, and when to ask again
    all that is fetched    nothing more is fetched from the node that day; other nodes are

Each time the data-protection officer gets a signal (`guard.refusals`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from didban.errors import LimitReached, Malformed
from didban.exchange.faults import actor_of
from didban.guard import limits, refusals
from didban.model.exchange.kinds import Call, Kind
from didban.model.exchange.questions import Putting
from didban.model.signals import SignalKind
from didban.store.exchange import feeds, links

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from didban.exchange.calls import CallHandler, CallHandlers
    from didban.exchange.receiving import Handler, Handlers
    from didban.model.actors import Actor
    from didban.model.exchange.feeds import Arrived
    from didban.model.exchange.peers import Peer
    from didban.settings import Exchange, Questions
    from didban.store.database import Database, Transaction

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """So many entries of a kind from one node in a day. `counts`: which of them count."""

    of: str
    most: int
    counts: Callable[[Any], bool] = lambda _content: True


def bounded(handlers: Handlers, terms: Questions) -> Handlers:
    """Return handlers that take from one node so many entries in a day as the settings allow."""
    quotas = {
        Kind.QUESTION: Quota(of="escalations", most=terms.escalated_per_day, counts=_is_escalation),
        Kind.CORRECTION: Quota(of="corrections", most=terms.corrections_per_day),
        Kind.BLIND_KEY: Quota(of="blind_epochs", most=terms.blind_epochs_per_day),
    }
    counted = {
        kind: _counted(handlers[kind], quota) for kind, quota in quotas.items() if kind in handlers
    }
    return handlers | counted


def _counted(handler: Handler, quota: Quota) -> Handler:
    def within(tx: Transaction, arrived: Sequence[Arrived], now: datetime) -> None:
        amount = sum(one.content is not None and quota.counts(one.content) for one in arrived)
        if amount:
            actor = actor_of(arrived[0].peer)
            limits.count_peer(tx, actor, of=quota.of, amount=amount, most=quota.most)
        handler(tx, arrived, now)

    return within


def _is_escalation(content: Any) -> bool:
    return isinstance(content, dict) and content.get("step") == Putting.ESCALATED


def bounded_calls(handlers: CallHandlers, database: Database, terms: Questions) -> CallHandlers:
    """Return handlers that answer one node so many calls in a day as the settings allow.

    Those of `Call.ASK` and `Call.BLIND` count for themselves: by who asks.
    """
    handler = handlers[Call.BUCKETS]

    def within(tx: Transaction, caller: Peer, body: Any, now: datetime) -> Any:
        actor = actor_of(caller)
        count(database, tx, actor, of="buckets", amount=1, most=terms.buckets_per_day)
        named = body.get("missing") if isinstance(body, dict) else None
        amount = len(named) if isinstance(named, list) else 0
        count(database, tx, actor, of="said_again", amount=amount, most=terms.said_again_per_day)
        return handler(tx, caller, body, now)

    counted: dict[str, CallHandler] = {Call.BUCKETS: within}
    return handlers | counted


def count(
    database: Database, tx: Transaction, actor: Actor, *, of: str, amount: int, most: int
) -> None:
    """Count what a node asks. Raises LimitReached, which is entered and signalled for good."""
    try:
        limits.count_peer(tx, actor, of=of, amount=amount, most=most)
    except LimitReached as error:
        with database.begin() as own:
            refusals.enter(own, actor, error, asked=f"peer.{of}")
        raise


def require_room(tx: Transaction, node: str, terms: Exchange, now: datetime) -> None:
    """Return if more may be fetched from a node today (UTC). Raises LimitReached."""
    entries, size = links.taken(tx, node, now.date())
    if entries >= terms.entries_per_day or size >= terms.bytes_per_day:
        tomorrow = now.replace(hour=0, minute=0, second=0, microsecond=0) + _DAY
        message = f"more came from '{node}' today than is fetched from one node in a day"
        raise LimitReached(message, (tomorrow - now).total_seconds(), SignalKind.PEER_LIMIT)


def require_few_feeds(tx: Transaction, node: str, feed_id: str, terms: Exchange) -> None:
    """Return if a feed is known, or the node has not begun too many. Raises Malformed."""
    if feeds.get(tx, feed_id) is None and feeds.count_owned(tx, node) >= terms.feeds_per_node:
        raise Malformed("the node begins more feeds than are taken from one node")
