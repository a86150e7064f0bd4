"""What other nodes hear of the receiver's review, and what we follow of a panel's (PR-52, PR-57).

    decided here ── we are the panel of a charter ──> REVIEW to the members that hold the record
                 └─ this node tells owners ─────────> REVIEW to the owner; by default it hears nothing
    REVIEW from the panel ──> moves what still waits here; people of this side stand above it
    suspended by oversight ──> OVERSIGHT to the owner and the panel; the answers of both come back

A verdict names the record and the digest of what was judged, never why, nor that anybody was met.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Protocol

from didban.errors import HandlingRefused, Malformed
from didban.exchange.records import readers
from didban.guard import access, audit, oversight
from didban.intake import reviews
from didban.model.deeds import Deed
from didban.model.encoding import b64
from didban.model.exchange.envelopes import Fields
from didban.model.exchange.feeds import Item
from didban.model.exchange.kinds import Kind
from didban.model.exchange.sharing import is_shareable
from didban.model.reviews import ReviewGround, ReviewState
from didban.store import node, records
from didban.store import oversight as kept_questions
from didban.store.exchange import charters, peers
from didban.store.oversight import Advice, Question
from didban.store.visibility import every_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from didban.exchange.receiving import Handlers
    from didban.model.bank import BankRecord
    from didban.model.exchange.feeds import Arrived
    from didban.model.exchange.peers import Peer
    from didban.model.reviews import Review
    from didban.store.database import Transaction

_DIGEST_BYTES: Final = 32
_DUTY: Final = "exchange.reviews"


class Sender(Protocol):
    """What publishes in the bilateral feed of a node (`exchange.ports.Exchange`)."""

    def send(self, tx: Transaction, node: str, items: Sequence[Item], now: datetime) -> None:
        """Publish to one node, with the transaction or not at all."""


def panel(tx: Transaction) -> frozenset[str]:
    """Return the nodes that review alerts for all, as the charter of our network says."""
    found = charters.newest(tx)
    return frozenset(found.panel) if found else frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """Reviews and oversight between nodes. `tells_owners`: whether owners hear what was decided."""

    sender: Sender
    tells_owners: bool = False

    @property
    def handlers(self) -> Handlers:
        """What is done with reviews and doubts of other nodes, by kind."""
        return {Kind.REVIEW: self.take_reviews, Kind.OVERSIGHT: self.take_doubts}

    # -------------------------------------------------------------- reviews

    def told(self, tx: Transaction, review: Review, now: datetime) -> None:
        """Tell what was decided here to those who are to hear of it (`intake.reviews.Told`)."""
        here = node.get(tx)
        if review.state not in {ReviewState.ACCEPTED, ReviewState.REFUSED} or here is None:
            return
        owner = peers.speaker_of(tx, review.owner)
        to = {owner} if self.tells_owners and owner else set()
        if here.host in panel(tx):
            to |= _holders(tx, review.record) - {owner}
        item = Item(kind=Kind.REVIEW, content=_verdict(review), record=review.record)
        self._send(tx, to, item, now)

    def take_reviews(self, tx: Transaction, arrived: Sequence[Arrived], now: datetime) -> None:
        """Follow a panel, and note what a receiver says of an alert of ours. Raises PeerFault."""
        for each in arrived:
            if each.content is not None:
                self._take_review(tx, each.peer, Fields(each.content), now)

    def _take_review(self, tx: Transaction, peer: Peer, fields: Fields, now: datetime) -> None:
        record_id, read = fields.text("record"), fields.bytes("digest", _DIGEST_BYTES)
        state = fields.member("state", ReviewState)
        ground = fields.member("ground", ReviewGround) if fields.has("ground") else None
        fields.require_all_read()
        if state not in {ReviewState.ACCEPTED, ReviewState.REFUSED}:
            raise Malformed("a review that is told was decided")
        if (state is ReviewState.REFUSED) != (ground is not None):
            raise Malformed("a refusal has a ground, and nothing else has")
        if _own(tx, peer, record_id):
            actor = access.system_actor(peer.node, _DUTY)
            facts: audit.Facts = {"node": peer.node, "state": state}
            audit.enter(tx, actor, Deed.REVIEW_TOLD, subject=record_id, facts=facts)
        elif peer.node in panel(tx):
            reviews.by_panel(tx, peer.node, record_id, read=read, ground=ground, now=now)
        else:
            raise HandlingRefused("reviews are told by the panel of a charter, or to the owner")

    # -------------------------------------------------------------- oversight

    def doubted(self, tx: Transaction, question: Question, now: datetime) -> None:
        """Ask the owner's node, and the panel, about a record that was suspended here (PR-57)."""
        owner = peers.speaker_of(tx, question.owner)
        if owner is not None:
            content = {"step": "ask", "id": question.id, "record": question.record}
            said = Item(
                kind=Kind.OVERSIGHT,
                content={**content, "words": question.words},
                record=question.id,
            )
            here = node.get(tx)
            ours = {here.host} if here else set()
            self._send(tx, ({owner} | panel(tx)) - ours, said, now)

    def answered(self, tx: Transaction, question: Question, now: datetime) -> None:
        """Bring our answer to the node that asked about a record of ours."""
        name, _, code = question.asked_by.partition(":")
        if name == "node" and question.answer:
            content = {"step": "answer", "id": question.id, "words": question.answer}
            self._send(
                tx, {code}, Item(kind=Kind.OVERSIGHT, content=content, record=question.id), now
            )

    def take_doubts(self, tx: Transaction, arrived: Sequence[Arrived], now: datetime) -> None:
        """Keep what others doubt of our records, and what owners answer. Raises PeerFault."""
        for each in arrived:
            if each.content is None:
                continue
            fields = Fields(each.content)
            step, question_id = fields.text("step"), fields.identifier("id")
            if step == "ask":
                record_id, words = fields.text("record"), _words(fields)
                self._take_doubt(tx, each.peer, (question_id, record_id, words), now)
            elif step == "answer":
                _take_answer(tx, each.peer, question_id, _words(fields), now)
            else:
                raise Malformed("'step' is neither a question nor its answer")

    def _take_doubt(
        self, tx: Transaction, peer: Peer, said: tuple[str, str, str], now: datetime
    ) -> None:
        question_id, record_id, words = said
        here, record = node.get(tx), _own(tx, peer, record_id)
        is_panel = here is not None and here.host in panel(tx)
        if here is None or not (record or is_panel):
            raise HandlingRefused("there is no record of ours to doubt")
        if kept_questions.lock(tx, question_id) is not None:
            raise HandlingRefused("a question of this identifier was asked before")
        new = Question(
            id=question_id,
            record=record_id,
            owner=record.owner if record else here.host,
            words=words,
            asked_at=now,
            asked_by=f"node:{peer.node}",
            due_at=now + oversight.ANSWER_TIME,
        )
        kept_questions.add(tx, new)
        actor = access.system_actor(peer.node, _DUTY)
        audit.enter(tx, actor, Deed.OVERSIGHT_ASKED, subject=record_id, facts={"question": new.id})

    def _send(self, tx: Transaction, to: Iterable[str], item: Item, now: datetime) -> None:
        pinned = {peer.node for peer in peers.pinned(tx)}
        for code in sorted(pinned & set(to)):
            self.sender.send(tx, code, [item], now)


def _verdict(review: Review) -> dict[str, Any]:
    said = {"record": review.record, "digest": b64(review.digest), "state": review.state}
    return {**said, "ground": review.ground} if review.ground else dict(said)


def _holders(tx: Transaction, record_id: str) -> set[str]:
    """Return the nodes that may know of a record, as far as its marking says."""
    record = records.get(tx, record_id, every_number(tx))
    if record is None:
        return set()
    marking = record.marking
    return {
        one.node
        for one in readers.nodes(tx)
        if one.may_know_of(marking.visibility, marking.protected_from)
    }


def _own(tx: Transaction, peer: Peer, record_id: str) -> BankRecord | None:
    """Return a record of our own that a node may know of, or None."""
    record = records.get(tx, record_id, every_number(tx))
    if record is None or not is_shareable(record) or peers.speaker_of(tx, record.owner):
        return None
    return record if peer.node in _holders(tx, record_id) else None


def _take_answer(tx: Transaction, peer: Peer, question_id: str, words: str, now: datetime) -> None:
    """Keep what the owner answers, and what a panel advises, for who asked and decides (PR-57)."""
    asked = kept_questions.lock(tx, question_id)
    is_owner = asked is not None and peers.speaker_of(tx, asked.owner) == peer.node
    is_ours = asked is not None and not asked.asked_by.startswith("node:")
    if asked is None or not (is_owner or (is_ours and peer.node in panel(tx))):
        raise HandlingRefused("nothing was asked of this node")
    is_open = asked.closed_at is None and (asked.answered_at is None or not is_owner)
    if is_open:
        if is_owner:
            said = replace(asked, answer=words, answered_at=now, answered_by=f"node:{peer.node}")
            kept_questions.save(tx, said)
        else:
            advice = Advice(node=peer.node, words=words, said_at=now)
            kept_questions.advise(tx, question_id, advice)
        actor = access.system_actor(peer.node, _DUTY)
        facts: audit.Facts = {"question": asked.id}
        audit.enter(tx, actor, Deed.OVERSIGHT_ANSWERED, subject=asked.record, facts=facts)


def _words(fields: Fields) -> str:
    words = fields.text("words", oversight.MAX_WORDS)
    fields.require_all_read()
    return words
