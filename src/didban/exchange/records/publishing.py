"""What changed in our records leaves in the transaction of the deed (`Database.before_commit`).

    deed -> store.records.announce -> ... -> Publisher, before the commit:
        which nodes may read it now   put in the feed of its class; the full state, a new revision
        who could, and may not now    withdraw, in the feed in which they have it
        found no more, or erased      withdraw, to all its readers

No path of the code can forget it, and nothing leaves of a deed that was undone.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from didban import clock
from didban.exchange import feeds as publishing
from didban.exchange.records import doubts, onward, readers
from didban.guard import access, audit
from didban.model.bank import RecordState
from didban.model.deeds import Deed
from didban.model.exchange import records as wire
from didban.model.exchange.feeds import FeedState, Item
from didban.model.exchange.kinds import Kind
from didban.model.exchange.sharing import (
    GoneReason,
    is_shareable,
    lease_of,
    next_rev,
    readers_of,
)
from didban.store import attachments
from didban.store.exchange import feeds, sharing
from didban.store.exchange.sharing import KeptClass, Said

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from didban.exchange.identity import Identity
    from didban.exchange.records.readers import IdentityOf
    from didban.model.bank import BankRecord
    from didban.model.exchange.sharing import Reader, Terms
    from didban.store.database import Transaction

DUTY: Final = "exchange.records"
MAX_FILE_BYTES: Final = 1_000_000  # of one file that goes along with its record
MAX_FILES_BYTES: Final = 4_000_000  # of all of them
_UNSAID: Final = b""
"""The digest of what is still to be said: the feed does not go on. Also of what was withdrawn."""
_REASONS: Final = {
    RecordState.WITHDRAWN: GoneReason.WITHDRAWN,
    RecordState.RECOVERED: GoneReason.RECOVERED,
    RecordState.EXPIRED: GoneReason.EXPIRED,
    RecordState.REJECTED: GoneReason.REJECTED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """An entry about one record, and who is to let go of it. `readers` of a put is empty."""

    item: Item
    reason: GoneReason | None = None
    readers: frozenset[str] = frozenset()


@dataclass(slots=True, kw_only=True)
class _Round:
    """What one transaction says, before it is said: by feed, and what is kept of it."""

    me: Identity
    now: datetime
    nodes: Sequence[Reader]
    classes: dict[int, KeptClass]
    stopped: frozenset[str]
    pictured: frozenset[str]
    leaving: dict[str, list[Leaving]] = field(default_factory=lambda: defaultdict(list))
    said: list[Said] = field(default_factory=list)


class Publisher:
    """Publishes what a transaction changed in our records. Registered for `Topic.RECORDS`."""

    def __init__(self, identity_of: IdentityOf, terms: Terms) -> None:
        self.identity_of = identity_of
        self.terms = terms

    def __call__(self, tx: Transaction) -> None:
        """Publish what this transaction announced."""
        self.publish(tx, sharing.touched(tx), clock.now())

    def publish(self, tx: Transaction, numbers: Sequence[int], now: datetime) -> int:
        """Say what is so now of these records, as far as that is new; return how many were said."""
        before = sharing.said_of(tx, numbers)
        is_ours = bool(before) or not sharing.are_copies(tx, numbers)
        found = readers.nodes(tx) if is_ours else []
        if not is_ours:
            doubts.tell(tx, self.identity_of, numbers, now)
        if not found and not before:
            return 0  # nobody is there yet: `settling` says it to whoever comes first
        me = self.identity_of(tx)
        owners = readers.own_authorities(tx, me.node)
        there = sharing.present_of(tx, numbers, owners)
        wanted = _classes_of(tx, there, found, now)
        named = {one.class_id for one in before.values() if one.class_id is not None}
        classes = sharing.classes(tx, named | set(wanted.values()), to_change=True)
        work = _Round(
            me=me,
            now=now,
            nodes=found,
            classes=classes,
            stopped=_stopped(tx, classes.values()),
            pictured=attachments.which_have(tx, [one.id for one in there.values()]),
        )
        kept = {each: self._with_feed(tx, work, each) for each in sorted(set(wanted.values()))}
        for number in numbers:
            if number in wanted:
                which = kept[wanted[number]]
                self._put(tx, work, number, there[number], which, before.get(number))
            elif (said := before.get(number)) is not None and said.class_id is not None:
                self._withdraw(tx, work, said, _why_gone(there.get(number)))
        self._send(tx, work)
        onward.tell(tx, me, numbers, owners, now)
        return len(work.said)

    def readers_of(self, which: KeptClass, nodes: Sequence[Reader]) -> frozenset[str]:
        """Return the nodes that may read a class now."""
        highest = self.terms.highest_classification
        return readers_of(which.seen_by, which.about, nodes, highest=highest)

    def _with_feed(self, tx: Transaction, work: _Round, class_id: int) -> KeptClass:
        """Return a class, with a feed if anybody reads it."""
        kept = work.classes[class_id]
        who = self.readers_of(kept, work.nodes)
        if kept.feed is None and who:
            audience = f"records:{class_id}"
            feed = publishing.for_audience(tx, work.me, audience, sorted(who), work.now)
            sharing.set_feed(tx, class_id, feed)
            kept = KeptClass(id=kept.id, about=kept.about, seen_by=kept.seen_by, feed=feed)
            work.classes[class_id] = kept
        return kept

    def _put(
        self,
        tx: Transaction,
        work: _Round,
        number: int,
        record: BankRecord,
        kept: KeptClass,
        before: Said | None,
    ) -> None:
        files = files_of(tx, record) if record.id in work.pictured else ()
        content = wire.to_json(record, files)
        digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).digest()
        if kept.feed in work.stopped:
            digest = _UNSAID
        if before and (before.class_id, before.digest) == (kept.id, digest):
            return
        rev = next_rev(before.rev if before else 0, work.now)
        until = lease_of(kept.about.sort, self.terms, work.now)
        if kept.feed is not None and digest != _UNSAID:
            item = Item(
                kind=Kind.PUT,
                content=content,
                record=record.id,
                rev=rev,
                valid_until=until,
                handling=record.marking.handling,
            )
            work.leaving[kept.feed].append(Leaving(item=item))
        if before and before.class_id not in {None, kept.id}:
            self._leave_class(tx, work, before, rev, kept)
        work.said.append(
            Said(
                record=record.id,
                number=number,
                class_id=kept.id,
                rev=rev,
                digest=digest,
                valid_until=until,
            )
        )

    @staticmethod
    def _leave_class(
        tx: Transaction, work: _Round, before: Said, rev: int, kept: KeptClass
    ) -> None:
        """Withdraw a record from those who had it in its class before, and have it no more."""
        old = work.classes[before.class_id or 0].feed
        if old is None or old in work.stopped:
            return  # what is not live in it any more, its next inventory says
        staying = set(feeds.readers(tx, kept.feed)) if kept.feed else set()
        losing = frozenset(feeds.readers(tx, old)) - staying
        if losing:
            work.leaving[old].append(
                withdrawal_of(before.record, rev, GoneReason.NOT_SHARED, losing, is_for_some=True)
            )

    @staticmethod
    def _withdraw(tx: Transaction, work: _Round, said: Said, reason: GoneReason) -> None:
        rev = next_rev(said.rev, work.now)
        feed = work.classes[said.class_id or 0].feed
        is_said = feed is None or feed not in work.stopped
        if feed is not None and is_said:
            who = frozenset(feeds.readers(tx, feed))
            work.leaving[feed].append(withdrawal_of(said.record, rev, reason, who))
        work.said.append(
            Said(
                record=said.record,
                number=said.number,
                class_id=None if is_said else said.class_id,
                rev=rev,
                digest=_UNSAID,
                valid_until=said.valid_until,
            )
        )

    @staticmethod
    def _send(tx: Transaction, work: _Round) -> None:
        """Publish by feed, in one order for everybody, and keep what was said."""
        sharing.erase_older(tx, [(one.record, one.rev) for one in work.said])
        for feed_id in sorted(work.leaving):
            send(tx, work.me, feed_id, work.leaving[feed_id], work.now)
        sharing.say(tx, work.said, work.now)


def _classes_of(
    tx: Transaction, there: Mapping[int, BankRecord], nodes: Sequence[Reader], now: datetime
) -> dict[int, int]:
    """Return the class of each of these records that may leave at all, by number."""
    found = {
        number: readers.class_of(tx, kept, nodes, now.date())
        for number, kept in there.items()
        if is_shareable(kept)
    }
    ids = {each: sharing.number_of_class(tx, each) for each in set(found.values())}
    return {number: ids[each] for number, each in found.items()}


def _stopped(tx: Transaction, classes: Iterable[KeptClass]) -> frozenset[str]:
    """Return the feeds that do not go on: what they are to say waits, and no deed fails for it."""
    named = {one.feed for one in classes if one.feed is not None}
    return frozenset(feed for feed in named if feeds.require(tx, feed).state is not FeedState.OPEN)


def send(
    tx: Transaction, me: Identity, feed_id: str, leaving: Sequence[Leaving], now: datetime
) -> None:
    """Publish entries about records, note who is to let go of what, and enter it in the audit."""
    feed = publishing.publish(tx, me, feed_id, [one.item for one in leaving], now)
    first = feed.head_seq - len(leaving) + 1
    for seq, one in enumerate(leaving, first):
        if one.reason is not None:
            sharing.ask_back(
                tx,
                feed_id,
                seq,
                sorted(one.readers),
                record_id=one.item.record,
                reason=one.reason,
                now=now,
            )
    gone = sum(one.reason is not None for one in leaving)
    facts: audit.Facts = {"feed": feed_id, "count": len(leaving) - gone, "withdrawn": gone}
    subject = leaving[0].item.record or "" if len(leaving) == 1 else ""
    audit.enter(
        tx, access.system_actor(me.node, DUTY), Deed.RECORDS_SHARED, subject=subject, facts=facts
    )


def withdrawal_of(
    record_id: str | None,
    rev: int,
    reason: GoneReason,
    who: frozenset[str],
    *,
    is_for_some: bool = False,
) -> Leaving:
    """Return the entry by which these readers are to let go of what is below a revision.

    - `is_for_some`: for those readers alone; what is sealed for others is nothing to them.
    """
    item = Item(
        kind=Kind.WITHDRAW,
        content={"reason": reason.value},
        record=record_id,
        rev=rev,
        to=who if is_for_some else None,
    )
    return Leaving(item=item, reason=reason, readers=who)


def again(tx: Transaction, said: Said, record: BankRecord, node: str) -> Leaving:
    """Return the entry that says to one reader what was said of a record before."""
    item = Item(
        kind=Kind.PUT,
        content=wire.to_json(record, files_of(tx, record)),
        record=record.id,
        rev=said.rev,
        valid_until=said.valid_until,
        handling=record.marking.handling,
        to=frozenset([node]),
    )
    return Leaving(item=item)


def files_of(tx: Transaction, record: BankRecord) -> list[wire.SharedFile]:
    """Return the files that go along with a record: those that may be seen by whoever sees it."""
    found, total = [], 0
    for one in attachments.of_record(tx, record.id, frozenset({record.visibility_number})):
        total += one.size
        fits = one.size <= MAX_FILE_BYTES and total <= MAX_FILES_BYTES
        values: dict[str, Any] = {
            name: getattr(one, name)
            for name in wire.SharedFile.__dataclass_fields__
            if name != "content"
        }
        content = attachments.content_of(tx, one) if fits else None
        found.append(wire.SharedFile(**values, content=content))
    return found


def _why_gone(there: BankRecord | None) -> GoneReason:
    """Return why a record is withdrawn. What was got by ill-treatment is told as withdrawn."""
    if there is None:
        return GoneReason.ERASED
    return _REASONS.get(there.state, GoneReason.WITHDRAWN)
