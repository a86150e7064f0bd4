"""What a node is to other nodes: its keys, what each room does with what they send, the pullers.

Here the rooms meet that must not know each other. Each has its lines:

- in `handlers_of`: what it does with entries of a kind (`exchange.receiving.Handler`);
- in `calls_of`: what it answers to calls (`exchange.calls.CallHandler`).
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from didban import clock
from didban.casework import peer_channel
from didban.casework.messages import arriving, receipts
from didban.casework.messages.steps import Mail
from didban.casework.notices import arriving as notices
from didban.casework.notices import handing_in, secretariat
from didban.casework.notices.steps import Board
from didban.casework.peer_channel import PeerChannel
from didban.casework.ports import Desk
from didban.exchange import faults, peers, quotas, use_reports, witness
from didban.exchange.asker import Asker
from didban.exchange.blind import holding
from didban.exchange.blind.evaluating import Evaluating
from didban.exchange.hit_no_hit import HitNoHit
from didban.exchange.members import Membership
from didban.exchange.ports import Exchange
from didban.exchange.pulling import Pullers
from didban.exchange.records import files
from didban.exchange.reviewing import Verdicts
from didban.exchange.serving import Server
from didban.guard.secrets import SecretName
from didban.model.exchange.kinds import Call, Kind
from didban.node.ourselves import sharing_of
from didban.screening.answering import Finding
from didban.store import node as node_row
from didban.store.exchange import feeds, links
from didban.store.exchange.bell import Bell

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from didban.exchange.calls import CallHandlers
    from didban.exchange.receiving import Handler, Handlers
    from didban.exchange.records.rooms import Sharing
    from didban.model.exchange.feeds import Arrived
    from didban.node.parts import Parts
    from didban.screening.live import LiveIndex
    from didban.store.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """What the rooms that speak with other nodes are given."""

    parts: Parts
    exchange: Exchange
    index: LiveIndex


def join(parts: Parts, index: LiveIndex) -> Joined:
    """Return the exchange of one process. Opens and starts nothing."""
    exchange = Exchange(database=parts.database, identity_of=parts.ourselves.identity)
    return Joined(parts=parts, exchange=exchange, index=index)


def handlers_of(joined: Joined) -> Handlers:
    """Return what is done with entries of other nodes, by kind."""
    me = joined.exchange.me
    mail = mail_of(joined)
    key = joined.parts.secrets.get(SecretName.REFUSAL)
    sharing = replace(sharing_of(joined.parts.settings, joined.parts.ourselves), key=key)
    handlers: Handlers = {
        **sharing.handlers,
        **peer_channel.handlers(desk_of(joined)),
        **verdicts_of(joined).handlers,
        Kind.BLIND_KEY: holding.take_key,
        Kind.BLIND_TAGS: holding.take_tags,
        Kind.MEMBERS: _membership(joined, sharing),
        Kind.MESSAGE: partial(arriving.take_in, mail=mail),
        Kind.MESSAGE_EVENT: partial(receipts.take_in, mail=mail),
        Kind.NOTICE: notices.take_in,
        Kind.NOTICE_EVENT: notices.take_receipts,
        Kind.NOTICE_CASE: partial(secretariat.take_in, board=board_of(joined)),
        Kind.NOTICE_VERDICT: handing_in.take_verdicts,
        Kind.REFUSAL: lambda tx, arrived, now: faults.told(me(tx), tx, arrived, now),
        Kind.USE: use_reports.take_in,
    }
    return quotas.bounded(handlers, joined.parts.settings.questions)


def _membership(joined: Joined, sharing: Sharing) -> Handler:
    """Return what is done where a feed begins or ends for us, as who we are by then."""

    def told(tx: Transaction, arrived: Sequence[Arrived], now: datetime) -> None:
        change = Membership(joined.exchange.me(tx), sharing.keeper.removed)
        change(tx, arrived, now)

    return told


def desk_of(joined: Joined) -> Desk:
    """Return what desks go by that work on hits and the questions about them."""
    return Desk(
        key=joined.parts.secrets.get(SecretName.NON_MATCH),
        terms=joined.parts.settings.casework,
        channel=PeerChannel(sender=joined.exchange),
    )


def verdicts_of(joined: Joined) -> Verdicts:
    """Return what other nodes hear of reviews, and what is done with what they say."""
    tells = joined.parts.settings.sharing.tells_reviews
    return Verdicts(sender=joined.exchange, tells_owners=tells)


def mail_of(joined: Joined) -> Mail:
    """Return what messages to other authorities go by."""
    return Mail(me=joined.exchange.me, terms=joined.parts.settings.messages)


def board_of(joined: Joined) -> Board:
    """Return what notices and diffusions go by."""
    settings = joined.parts.settings
    return Board(
        me=joined.exchange.me,
        key=joined.parts.secrets.get(SecretName.REFUSAL),
        terms=settings.notices,
        highest_classification=settings.sharing.highest_classification,
    )


def calls_of(joined: Joined) -> CallHandlers:
    """Return what other nodes are answered, by call. `Call.PULL` is `exchange.serving`'s."""
    parts = joined.parts
    evaluating = Evaluating(
        database=parts.database,
        terms=parts.settings.questions,
        secret=partial(parts.secrets.get, SecretName.EXCHANGE),
    )
    handlers: CallHandlers = {
        **sharing_of(parts.settings, parts.ourselves).calls,
        Call.ASK: hit_no_hit_of(joined).answer,
        Call.BLIND: evaluating.answer,
        Call.DESCRIPTOR: peers.tell,
        Call.FILE: partial(files.answer, terms=parts.settings.exchange),
        Call.WITNESS: partial(witness.answer, secrets=parts.secrets),
    }
    return quotas.bounded_calls(handlers, parts.database, parts.settings.questions)


def hit_no_hit_of(joined: Joined) -> HitNoHit:
    """Return what answers whether there is a record, by the index of this process."""
    parts = joined.parts
    finder = Finding(joined.index)
    return HitNoHit(database=parts.database, finder=finder, terms=parts.settings.questions)


def server_of(joined: Joined) -> Server:
    """Return what answers other nodes in this process."""
    return Server(
        exchange=joined.exchange, handlers=calls_of(joined), terms=joined.parts.settings.exchange
    )


def bell_of(parts: Parts) -> Bell:
    """Return what hears new entries and calls of other nodes. Not begun yet."""
    return Bell(parts.database, feeds.BELL, links.BELL)


@contextmanager
def pulling(joined: Joined, bell: Bell) -> Iterator[None]:
    """Fetch from every pinned node until the block ends. In one process of the node alone."""
    renew = partial(_renew, joined)
    terms = joined.parts.settings.exchange
    with (
        Pullers(joined.exchange, handlers_of(joined), terms, bell, renew),
        Asker(joined.parts.database, joined.exchange.ask),
    ):
        yield


def _renew(joined: Joined, node: str) -> None:
    """Ask a node what it says of itself now: an entry of it bears a key that is not known here."""
    database = joined.parts.database
    with database.begin() as tx:
        row = node_row.get(tx)
    if row is not None:
        peers.fetch(database, row.host, node, clock.now(), ask=joined.exchange.ask)
