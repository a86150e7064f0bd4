"""Who reads a feed: said in the feed, by its owner alone.

    a new reader       begins at the entry that names it: what is live is published for it again
    a removed reader   gets one last entry that does not name it, and nothing behind it
    one that returns   begins there again, or gets the headers of what it missed if it was away

A node that is not named any more destroys what it has from this feed, and its receipts say so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from didban.errors import Malformed
from didban.exchange import feeds as publishing
from didban.model.exchange.envelopes import MAX_RECIPIENTS
from didban.model.exchange.feeds import FeedState
from didban.model.exchange.kinds import Kind
from didban.store.exchange import feeds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from didban.exchange.identity import Identity
    from didban.model.exchange.feeds import Arrived
    from didban.model.exchange.peers import Peer
    from didban.store.database import Transaction

_MAX_CODE: Final = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Who reads a feed that did not, and who did and does not."""

    added: frozenset[str]
    removed: frozenset[str]


def change(
    tx: Transaction, me: Identity, feed_id: str, readers: Iterable[str], now: datetime
) -> Change:
    """Let these nodes read a feed of ours from here on, and no others; return who is new and gone.

    A removed reader is refused at once, and is owed one entry: the one that does not name it. What
    is live is to be published for the new ones by the caller. Raises Conflict for a feed that is
    stopped.
    """
    feed = feeds.require(tx, feed_id, to_change=True)
    wanted, present = frozenset(readers), frozenset(feeds.readers(tx, feed_id))
    made = Change(added=wanted - present, removed=present - wanted)
    if not made.added and not made.removed:
        return made
    for node in sorted(made.added):
        before = feeds.reader(tx, feed_id, node)
        is_behind = before is not None and before.cursor < (before.until or 0)
        since = before.since if before is not None and is_behind else feed.head_seq
        feeds.add_reader(tx, feed_id, node, since)
    last = publishing.publish(tx, me, feed_id, [publishing.members(wanted)], now)
    for node in sorted(made.removed):
        feeds.end_reader(tx, feed_id, node, last.head_seq)
    return made


def named_in(content: Any) -> frozenset[str]:
    """Return who reads a feed, as an entry about its members says. Raises Malformed."""
    codes = content.get("readers") if isinstance(content, dict) and len(content) == 1 else None
    if not isinstance(codes, list) or len(codes) > MAX_RECIPIENTS:
        raise Malformed("'readers' is no list of at most 500 nodes")
    if not all(isinstance(code, str) and 0 < len(code) <= _MAX_CODE for code in codes):
        raise Malformed("a reader is named by the code of its node")
    return frozenset(codes)


@dataclass(frozen=True, slots=True)
class Membership:
    """The handler of `Kind.MEMBERS`: what we do when a feed is not for us any more.

    - `on_removed`: destroys what came by the feed of this node, and owes it the receipts.
    """

    me: Identity
    on_removed: Callable[[Transaction, Peer, str, datetime], None]

    def __call__(self, tx: Transaction, arrived: Sequence[Arrived], now: datetime) -> None:
        """End the feeds whose entries do not name us, and open those that do again."""
        for each in arrived:
            place = each.header.place
            if place is None or each.content is None:
                continue  # told to others, while we were no reader
            is_named = self.me.node in named_in(each.content)
            feeds.set_state(tx, place.feed, FeedState.OPEN if is_named else FeedState.ENDED)
            if not is_named:
                self.on_removed(tx, each.peer, place.feed, now)


def may_begin(me: Identity, arrived: Arrived) -> bool:
    """Return whether we are told with this entry that we read the feed from here on."""
    is_it = arrived.header.kind == Kind.MEMBERS and arrived.content is not None
    return is_it and me.node in named_in(arrived.content)
