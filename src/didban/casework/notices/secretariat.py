"""The secretariat's side: notices of other authorities come as cases, and verdicts go back.

It reviews and owns nothing: what a case says is erased here with its verdict. Who reviewed stays
here too; the drafter's node is told a number, so that it sees two persons where two are needed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from didban import clock
from didban.casework import notifications
from didban.casework.nodes import publish, require_pinned
from didban.casework.notices.handing_in import CASES
from didban.casework.notices.steps import require_words
from didban.errors import HandlingRefused, InvalidInput, Malformed, NotFound
from didban.guard import access, audit
from didban.guard.authorities import require_host
from didban.model.deeds import Deed
from didban.model.exchange.feeds import Item
from didban.model.exchange.kinds import Kind
from didban.model.exchange.notice_reviews import Case, Verdict
from didban.model.notices import NOTICE, Flag, NoticeEvent, NoticeState, RefusedGround, needs_two
from didban.model.notifications import Notification, Post
from didban.model.permissions import Permission
from didban.store import node as node_row
from didban.store import notice_cases
from didban.store.exchange import charters, feeds
from didban.store.notice_cases import KeptCase

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from didban.casework.notices.steps import Board
    from didban.model.actors import Actor
    from didban.model.exchange.feeds import Arrived
    from didban.store.database import Transaction

_E, _S = NoticeEvent, NoticeState


def take_in(tx: Transaction, arrived: Sequence[Arrived], now: datetime, *, board: Board) -> None:
    """Take in notices that are to be reviewed here (`Kind.NOTICE_CASE`); the clock starts.

    Raises Malformed; HandlingRefused where this node is no secretariat of the sender's network, or
    the sender does not speak for who drafted it (PR-07).
    """
    for each in arrived:
        if each.content is None:
            continue  # decided before it came
        case, header = Case.from_json(each.content), each.header
        if (header.record, header.rev) != (case.notice, case.rev):
            raise Malformed("the header is of another case than the body")
        _require_ours(tx, each.peer.node)
        if not each.peer.speaks_for(case.owner):
            raise HandlingRefused("the node does not speak for who drafted this notice (PR-07)")
        before = notice_cases.get(tx, case.notice)
        if before is not None and before.node != each.peer.node:
            raise HandlingRefused("a notice of another node stands here under this name")
        if before is None or before.rev < case.rev:
            _keep(tx, board, before, case, node=each.peer.node, at=now)


def listed(
    tx: Transaction, actor: Actor, *, states: Iterable[NoticeState], limit: int, after: int = 0
) -> list[KeptCase]:
    """Return notices that are or were reviewed here, oldest first."""
    access.require(actor, Permission.CASEWORK_NOTICE_REVIEW)
    require_host(tx, actor)
    found = notice_cases.listed(tx, actor.clearance, states=states, limit=limit, after=after)
    audit.enter(tx, actor, Deed.NOTICE_LISTED, facts={"count": len(found), "cases": True})
    return found


def read(tx: Transaction, actor: Actor, notice_id: str) -> KeptCase:
    """Return a notice as it came for review. Raises NotFound."""
    access.require(actor, Permission.CASEWORK_NOTICE_REVIEW)
    kept = _locked(tx, actor, notice_id)
    audit.enter(tx, actor, Deed.NOTICE_VIEWED, subject=kept.notice)
    return kept


def send_back(
    tx: Transaction, actor: Actor, board: Board, notice_id: str, *, words: str
) -> KeptCase:
    """Return a notice to its drafter with questions; the clock stops. Raises NotFound, Conflict."""
    require_words(words)
    return _decide(tx, actor, board, notice_id, _Word(event=_E.RETURN, words=words))


def refuse(
    tx: Transaction,
    actor: Actor,
    board: Board,
    notice_id: str,
    *,
    ground: RefusedGround,
    words: str,
) -> KeptCase:
    """Refuse a notice on a ground; it may be appealed once, to another reviewer."""
    require_words(words)
    word = _Word(event=_E.REFUSE, words=words, ground=ground)
    return _decide(tx, actor, board, notice_id, word)


def approve(
    tx: Transaction,
    actor: Actor,
    board: Board,
    notice_id: str,
    *,
    flags: frozenset[Flag] = frozenset(),
    words: str = "",
) -> KeptCase:
    """Approve a notice; where it is flagged, the first reviewer endorses, and the second approves."""
    if Flag.REPEAT in flags:
        raise InvalidInput("flags: that it is a repeat, the drafter's node finds itself")
    word = _Word(event=_E.APPROVE, words=words, flags=flags)
    return _decide(tx, actor, board, notice_id, word)


def tell_late(tx: Transaction, now: datetime) -> bool:
    """Tell the supervisor of one review that is late, once; return whether there was any."""
    late, here = notice_cases.next_late(tx, now), node_row.get(tx)
    if late is None or here is None:
        return False
    kind = Notification.NOTICE_OVERDUE
    notifications.tell(
        tx, here.host, Post.SUPERVISOR, kind, late.notice, at=now, due_at=late.due_at
    )
    return True


def forget_one(tx: Transaction, now: datetime) -> bool:
    """Erase what one node said that left while its notice waited; return whether there was any."""
    left = notice_cases.next_left(tx)
    if left is None:
        return False
    ended = replace(left, state=_S.CANCELLED, case=None, due_at=None, changed_at=now)
    notice_cases.save(tx, ended)
    feeds.erase_bodies(tx, [left.notice], CASES)
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class _Word:
    """What a reviewer says."""

    event: NoticeEvent
    words: str = ""
    ground: RefusedGround | None = None
    flags: frozenset[Flag] = frozenset()


def _decide(tx: Transaction, actor: Actor, board: Board, notice_id: str, word: _Word) -> KeptCase:
    """Note what a reviewer decided, and tell the drafter's node."""
    access.require(actor, Permission.CASEWORK_NOTICE_REVIEW)
    kept = _locked(tx, actor, notice_id)
    access.require_other_person(actor, kept.refused_by or "", "the review of a notice")
    flags, event = kept.flags | word.flags, word.event
    if event is _E.APPROVE and needs_two(flags):
        access.require_other_person(actor, kept.endorsed_by or "", "the second review")
        event = _E.APPROVE if kept.endorsed_by else _E.ENDORSE
    decided = replace(
        kept,
        state=NOTICE.transition(kept.state, event).target,
        reviewers=tuple(dict.fromkeys((*kept.reviewers, actor.user))),
        flags=flags,
        endorsed_by=actor.user if event is _E.ENDORSE else kept.endorsed_by,
        refused_by=actor.user if event is _E.REFUSE else kept.refused_by,
        changed_at=clock.now(),
    )
    if event is not _E.ENDORSE:
        decided = replace(decided, case=None, due_at=None)
        feeds.erase_bodies(tx, [kept.notice], CASES)
    notice_cases.save(tx, decided)
    _tell(tx, actor, board, decided, replace(word, event=event))
    told = {"event": event.value, "from": kept.state.value, "to": decided.state.value}
    audit.enter(tx, actor, Deed.NOTICE_MOVED, subject=kept.notice, facts=told)
    return decided


def _tell(tx: Transaction, actor: Actor, board: Board, decided: KeptCase, word: _Word) -> None:
    verdict = Verdict(
        notice=decided.notice,
        rev=decided.rev,
        event=word.event,
        reviewer=decided.reviewers.index(actor.user) + 1,
        ground=word.ground,
        flags=decided.flags,
        words=word.words.strip(),
    )
    item = Item(
        kind=Kind.NOTICE_VERDICT,
        content=verdict.to_json(),
        record=decided.notice,
        rev=decided.rev,
    )
    require_pinned(tx, decided.node)
    publish(tx, board.me, decided.node, item, decided.changed_at)


def _keep(
    tx: Transaction,
    board: Board,
    before: KeptCase | None,
    case: Case,
    *,
    node: str,
    at: datetime,
) -> None:
    terms = board.terms
    hours = terms.urgent_review_hours if case.is_urgent else terms.review_hours
    kept = KeptCase(
        notice=case.notice,
        node=node,
        owner=case.owner,
        rev=case.rev,
        state=_S.COMPLIANCE_REVIEW,
        case=case,
        confidentiality=case.confidentiality,
        is_urgent=case.is_urgent,
        flags=case.flags,
        received_at=at,
        due_at=at + timedelta(hours=hours),
        changed_at=at,
        reviewers=before.reviewers if before else (),
        refused_by=before.refused_by if before else None,
    )
    notice_cases.save(tx, kept)
    here = node_row.get(tx)
    if here is not None:
        kind, post = Notification.NOTICE_WAITS, Post.SUPERVISOR
        notifications.tell(tx, here.host, post, kind, case.notice, at=at, due_at=kept.due_at)
    facts: audit.Facts = {"state": kept.state.value, "colour": case.colour.value, "rev": case.rev}
    actor = access.system_actor(case.owner, "notices")
    audit.enter(tx, actor, Deed.NOTICE_RECEIVED, subject=case.notice, facts=facts)


def _require_ours(tx: Transaction, sender: str) -> None:
    """Return if the charter has this node review what a sender drafted. Raises HandlingRefused."""
    network, here = charters.newest(tx), node_row.get(tx)
    is_secretariat = network is not None and here is not None and network.secretariat == here.host
    if network is None or not is_secretariat or network.member(sender) is None:
        raise HandlingRefused("this node reviews no notices of that one")


def _locked(tx: Transaction, actor: Actor, notice_id: str) -> KeptCase:
    require_host(tx, actor)
    found = notice_cases.get(tx, notice_id)
    if found is None or found.confidentiality > actor.clearance:
        raise NotFound("there is no such notice")
    return found
