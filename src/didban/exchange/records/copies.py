"""Copies of other nodes' records: what their owners say is kept, searched and let go of.

`put(id, rev)` carries the full state; `withdraw(id, below)` ends everything of a lower revision. A
copy lives if and only if its revision is not below the highest `below` ever seen: whatever the order
in which feeds arrive, and whatever arrives twice.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from didban import ids
from didban.errors import HandlingRefused, Malformed
from didban.exchange import feeds as publishing
from didban.exchange.records import onward
from didban.exchange.records.border import Border, Incoming, require_same_word
from didban.guard import access, audit, corrections
from didban.intake import reviews
from didban.model.attachments import Attachment
from didban.model.bank import RecordState
from didban.model.deeds import Deed
from didban.model.disputes import Ground
from didban.model.exchange.envelopes import Fields
from didban.model.exchange.feeds import FeedState, Item
from didban.model.exchange.kinds import Kind
from didban.model.exchange.peers import PeerState
from didban.model.exchange.sharing import CopyState, GoneReason
from didban.model.retention import ErasureReason, RetentionPolicy
from didban.store import attachments, erasure, records
from didban.store import corrections as told
from didban.store.exchange import awaited, beside, copies, feeds, handing, peers, sharing
from didban.store.exchange.copies import Copy
from didban.store.visibility import every_number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from didban.exchange.identity import Identity
    from didban.exchange.records.readers import IdentityOf
    from didban.model.bank import BankRecord
    from didban.model.exchange.feeds import Arrived
    from didban.model.exchange.peers import Peer
    from didban.store.database import Database, Transaction

DUTY: Final = "exchange.records"
_BATCH: Final = 200  # copies erased in one transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeper:
    """Keeps copies.

    - `policy`: the longest that anything is kept here (PR-30).
    - `key`: the secret `refusal`, by which who was withdrawn is recognised (PR-57).
    """

    identity_of: IdentityOf
    policy: RetentionPolicy
    key: bytes | None = field(default=None, repr=False)

    def put(self, tx: Transaction, arrived: Sequence[Arrived], now: datetime) -> None:
        """Keep what other nodes say of their records; handler of `Kind.PUT`."""
        border = Border(tx, now, self.policy)
        newest: dict[str, Incoming] = {}
        for each in arrived:
            one = border.admit(each)
            if one and (one.record.id not in newest or newest[one.record.id].rev <= one.rev):
                newest[one.record.id] = one
        if not newest:
            return
        known, owners = copies.of(tx, newest), copies.owners_of(tx, newest)
        early = copies.withdrawn_early(tx, newest, arrived[0].peer.node)
        wanted = [
            one
            for one in newest.values()
            if self._is_news(tx, one, known, owners, now) and one.rev >= early.get(one.record.id, 0)
        ]
        fresh = [one for one in wanted if one.record.id not in owners]
        changed = [one for one in wanted if one.record.id in owners]
        beside_it = {file.id for each in wanted for file in each.files}
        beside_it |= {one.id for each in wanted for one in each.record.counter_evidence}
        if beside_it and beside.strangers(tx, newest, beside_it):
            raise HandlingRefused("a file or piece of evidence is another record's")
        self._add(tx, fresh, now)
        for one in changed:
            _change(tx, one, now)
        copies.keep(tx, [_copy_of(one, known.get(one.record.id), early) for one in wanted], now)
        reviews.arrived(tx, [one.record for one in wanted], now)
        _tell(tx, Deed.RECORD_CORRECTED, changed, known)
        sharing.erase_older(tx, [(one.record.id, one.rev) for one in wanted])
        self._enter(tx, arrived[0], len(wanted), 0)

    @staticmethod
    def _is_news(
        tx: Transaction,
        one: Incoming,
        known: dict[str, Copy],
        owners: dict[str, str],
        now: datetime,
    ) -> bool:
        """Return whether an entry says more than is known; raises HandlingRefused for another's."""
        record_id, copy = one.record.id, known.get(one.record.id)
        owner = owners.get(record_id)
        if (owner and owner != one.record.owner) or (copy and copy.node != one.arrived.peer.node):
            raise HandlingRefused("a record of this identifier is somebody else's (PR-07)")
        if owner and copy is None:
            raise HandlingRefused("a record of this identifier was entered here (PR-07)")
        if one.valid_until <= now or one.record.marking.retention_until <= now.date():
            return False
        if copy is None:
            return True
        if one.rev < copy.below or (one.rev <= copy.rev and copy.state is CopyState.LIVE):
            return False
        return copy.state is not CopyState.DROPPED or not erasure.was_barred(tx, record_id)

    def _add(self, tx: Transaction, fresh: Sequence[Incoming], now: datetime) -> None:
        made = [_kept(one, now) for one in fresh]
        records.insert_records(tx, made)
        copies.note_versions(tx, [(one.record.id, 1, one.rev, one.record.version) for one in fresh])
        for one, record in zip(fresh, made, strict=True):
            if record.suspensions or record.is_disputed or record.counter_evidence:
                beside.attach(tx, record, one.arrived.peer.node, now)
            if one.files:
                _attach_files(tx, one, now)

    def withdraw(self, tx: Transaction, arrived: Sequence[Arrived], now: datetime) -> None:
        """Let go of what owners withdraw, and say that it is done; handler of `Kind.WITHDRAW`."""
        me, done = self.identity_of(tx), list[dict[str, Any]]()
        for each in arrived:
            if not _is_for_us(each, me.node):
                continue
            if each.header.record is None or each.header.rev is None:
                raise Malformed("a withdrawal names a record and a revision")
            handed = len(handing.derived_of(tx, each.header.record))
            erased = self._let_go(tx, each, each.header.record, each.header.rev, now)
            place = each.header.place
            if place is not None:
                told = {"seq": place.seq, "erased": erased, "onward": handed if erased else 0}
                done.append(told)
        if done:
            place = arrived[0].header.place
            feed = place.feed if place else ""
            receipt(tx, me, arrived[0].peer.node, feed, done, now)
            self._enter(tx, arrived[0], 0, len(done))

    def _let_go(
        self, tx: Transaction, arrived: Arrived, record_id: str, below: int, now: datetime
    ) -> int:
        """Let go of a copy below a revision; return how many there were."""
        known = copies.of(tx, [record_id]).get(record_id)
        if (bound := ids.owner_of(record_id)) and not arrived.peer.speaks_for(bound):
            raise HandlingRefused("a record is withdrawn by its owner's node alone (PR-07)")
        if known is None:
            if record_id in copies.owners_of(tx, [record_id]):
                raise HandlingRefused("a record of this identifier was entered here (PR-07)")
            copies.note_withdrawn_early(tx, record_id, arrived.peer.node, below)
            return 0
        if known.node != arrived.peer.node:
            raise HandlingRefused("a record is withdrawn by its owner's node alone (PR-07)")
        if known.rev >= below:
            copies.keep(tx, [replace(known, below=max(known.below, below))], now)
            return 0
        gone = records.get(tx, record_id, every_number(tx)) if self.key else None
        if gone is not None and self.key:
            reviews.ended(tx, [gone], ground=Ground.OWNER_WITHDREW, key=self.key, now=now)
        return end_copy(tx, replace(known, below=below), ErasureReason.OWNER_WITHDREW, now)

    def removed(self, tx: Transaction, peer: Peer, feed: str, now: datetime) -> None:  # noqa: ARG002 - as `members` calls it
        """Let go of all that came by a feed that is not for us any more (`members.Membership`).

        Nothing of it is found from now on; `run_due` erases it and sends the receipt.
        """
        copies.hide_feed(tx, feed, peer.node, feeds.require(tx, feed).head_seq)
        actor = access.system_actor(peer.node, DUTY)
        audit.enter(tx, actor, Deed.RECORDS_LET_GO, subject=feed)

    def run_due(self, database: Database, now: datetime) -> int:
        """Erase what is left of feeds that are not for us any more; return how many copies."""
        done = 0
        while True:
            with database.begin() as tx:
                one = copies.let_go_next(tx)
                if one is None:
                    return done
                held = copies.by_feed(tx, one.feed, _BATCH)
                erased = sum(end_copy(tx, each, ErasureReason.OWNER_WITHDREW, now) for each in held)
                copies.let_go_on(tx, one, erased)
                if len(held) < _BATCH:
                    copies.let_go_done(tx, one)
                    told = {"seq": one.seq, "erased": one.erased + erased, "onward": 0}
                    receipt(tx, self.identity_of(tx), one.node, one.feed, [told], now)
                done += erased

    @staticmethod
    def _enter(tx: Transaction, arrived: Arrived, kept: int, gone: int) -> None:
        if kept or gone:
            place = arrived.header.place
            facts: audit.Facts = {
                "feed": place.feed if place else "",
                "count": kept,
                "withdrawn": gone,
            }
            actor = access.system_actor(arrived.peer.node, DUTY)
            audit.enter(tx, actor, Deed.RECORDS_RECEIVED, facts=facts)


def receipt(
    tx: Transaction,
    me: Identity,
    node: str,
    feed: str,
    done: Sequence[dict[str, Any]],
    now: datetime,
) -> None:
    """Tell a node what was let go of: always and at once, whether anybody met it or not (PR-53).

    A node that we removed is owed none.
    """
    if peers.state_of(tx, node) is PeerState.REMOVED:
        return
    content = {"feed": feed, "done": list(done)}
    reverse = publishing.talk(tx, me, node, now)
    if feeds.require(tx, reverse, to_change=True).state is FeedState.OPEN:
        publishing.publish(tx, me, reverse, [Item(kind=Kind.RECEIPT, content=content)], now)


def end_copy(tx: Transaction, ended: Copy, reason: ErasureReason, now: datetime) -> int:
    """Erase a copy with all that was kept because of it; return how many there were, none or one.

    What was handed on of it is withdrawn. Who had received it here is told (PR-47), and open hits on it know that it is gone.
    """
    copies.keep(tx, [replace(ended, state=CopyState.GONE)], now)
    owner = copies.owners_of(tx, [ended.record]).get(ended.record)
    if owner is None:
        return 0
    if told.disclosed(tx, [ended.record], corrections.DISCLOSURES):
        actor = access.system_actor(owner, DUTY)
        facts = {"reason": reason.value}
        audit.enter(tx, actor, Deed.RECORD_ERASED, subject=ended.record, facts=facts)
    onward.take_back(tx, ended.record, now)
    erasure.erase(tx, ended.record, reason, now)
    sharing.erase_older(tx, [(ended.record, max(ended.below, ended.rev + 1))])
    return 1


def _change(tx: Transaction, one: Incoming, now: datetime) -> None:
    """Put what the owner says now in the place of what it said before."""
    before = records.get(tx, one.record.id, every_number(tx), to_change=True)
    if before is None:
        raise RuntimeError("a copy without its record")
    require_same_word(before.marking, one.record.marking)
    said = _kept(one, now)
    if beside.suspended_here(tx, before.id):
        said = replace(said, state=RecordState.SUSPENDED)
    beside.attach(tx, said, one.arrived.peer.node, now)
    held = attachments.contents_by(tx, before.id, said.recorded_by)
    attachments.forget_of(tx, before.id, said.recorded_by)
    _attach_files(tx, one, now, held)
    made = records.replace_record(tx, said, expected=before.version)
    onward.follow(tx, made, now)
    copies.note_versions(tx, [(made.id, made.version, one.rev, one.record.version)])


def _kept(one: Incoming, now: datetime) -> BankRecord:
    """Return a record as it is kept here: entered by its owner's node, in a version of ours."""
    node = one.arrived.peer.node
    return replace(one.record, version=1, recorded_at=now, recorded_by=f"node:{node}", dataset=None)


def _attach_files(
    tx: Transaction, one: Incoming, now: datetime, held: Mapping[str, bytes] | None = None
) -> None:
    """Attach what came along or is `held`, by digest; await what was too large to come along."""
    node = one.arrived.peer.node
    awaited.forget(tx, one.record.id, frozenset(file.id for file in one.files))
    for file in one.files:
        new = Attachment(
            id=file.id,
            record=one.record.id,
            role=file.role,
            media_type=file.media_type,
            title=file.title,
            sha256=file.sha256,
            size=file.size,
            visibility=one.record.marking.visibility,
            handling=file.handling,
            attached_at=file.attached_at,
            attached_by=f"node:{node}",
        )
        content = file.content if file.content is not None else (held or {}).get(file.sha256)
        if content is None:
            awaited.add(tx, new, node, now)
        else:
            attachments.add(tx, new, content)


def _copy_of(one: Incoming, before: Copy | None, early: Mapping[str, int]) -> Copy:
    place = one.arrived.header.place
    if place is None:
        raise RuntimeError("entries have a place")
    return Copy(
        record=one.record.id,
        node=one.arrived.peer.node,
        feed=place.feed,
        seq=place.seq,
        hash=one.arrived.envelope.hash,
        rev=one.rev,
        below=before.below if before else early.get(one.record.id, 0),
        state=CopyState.LIVE,
        valid_until=one.valid_until,
    )


def _is_for_us(arrived: Arrived, node: str) -> bool:
    """Return whether a withdrawal is for us: sealed for us, or erased since, or without a body."""
    to = arrived.header.recipients
    if arrived.content is not None:
        Fields(arrived.content).member("reason", GoneReason)
    return not to or any(one.node == node for one in to)


def _tell(tx: Transaction, deed: Deed, changed: Sequence[Incoming], known: dict[str, Copy]) -> None:
    """Enter what becomes of records that somebody here received, so that they are told (PR-47)."""
    ids = [one.record.id for one in changed]
    owners = {one.record.id: one.record.owner for one in changed}
    for record_id in told.disclosed(tx, ids, corrections.DISCLOSURES) if ids else ():
        actor = access.system_actor(owners[record_id], DUTY)
        audit.enter(tx, actor, deed, subject=record_id, facts={"rev": known[record_id].rev})
