"""A notice on its way to review: to a person here, or to the secretariat that the charter names.

    submit or appeal -> a case to the secretariat -> its reviewers decide -> the verdict moves it here

The verdict moves a notice by the same arrows and guards as a person here would; only what can no
longer stand by then is returned instead of approved.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from didban.casework.nodes import publish, reader, require_pinned
from didban.casework.notices.steps import (
    Board,
    Step,
    advance,
    blocks_of,
    notify,
    record_of,
    seat_of,
    secretariat,
)
from didban.errors import Conflict, HandlingRefused, NotPermitted
from didban.guard import access, assessments
from didban.model.exchange.feeds import Item
from didban.model.exchange.kinds import Kind
from didban.model.exchange.notice_reviews import Case, Verdict, reduced
from didban.model.exchange.sharing import next_rev
from didban.model.marking import EVERYONE
from didban.model.notices import NoticeEvent
from didban.model.notifications import Notification, Post
from didban.store import authorities, notices
from didban.store.exchange import feeds

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from didban.model.actors import Actor
    from didban.model.bank import BankRecord
    from didban.model.exchange.feeds import Arrived
    from didban.store.database import Transaction
    from didban.store.notices import Notice

_E = NoticeEvent
CASES = frozenset({Kind.NOTICE_CASE})
"""What is erased from feeds once it was reviewed."""


def hand_in(step: Step, board: Board, **changes: Any) -> Notice:
    """Give a notice to its review, whose clock starts; the secretariat's, where there is one.

    Raises whatever a guard raises; NotPermitted for what may not go to the secretariat, Conflict
    where this node does not speak with it now.
    """
    seat, before = secretariat(step.tx), step.notice
    terms = board.terms
    hours = terms.urgent_review_hours if before.is_urgent else terms.review_hours
    begun: dict[str, Any] = {"endorsed_by": None, **changes}
    begun["review_due_at"] = step.at + timedelta(hours=hours)
    if seat is None:
        given = advance(step, **begun, review_node=None)
        notify(step.tx, given, Notification.NOTICE_WAITS, step.at, post=Post.SUPERVISOR)
        return given
    require_pinned(step.tx, seat)
    rev = next_rev(before.review_rev, step.at)
    given = advance(step, **begun, review_node=seat, review_rev=rev)
    kept = record_of(step.tx, given)
    _require_may_go(step.tx, step.actor, kept, seat, board)
    item = Item(
        kind=Kind.NOTICE_CASE,
        content=_case(given, kept).to_json(),
        record=given.id,
        rev=rev,
        handling=kept.marking.handling,
    )
    publish(step.tx, board.me, seat, item, step.at)
    return given


def take_verdicts(tx: Transaction, arrived: Sequence[Arrived], now: datetime) -> None:
    """Follow what the secretariat decided about our notices (`Kind.NOTICE_VERDICT`).

    Raises Malformed; HandlingRefused for a verdict of another node, or of what was handed in before.
    """
    for each in arrived:
        if each.content is None:
            continue
        verdict = Verdict.from_json(each.content)
        notice = notices.get(tx, verdict.notice)
        is_awaited = notice is not None and seat_of(tx, notice) == each.peer.node
        if notice is None or not is_awaited or notice.review_rev != verdict.rev:
            raise HandlingRefused("no notice of ours waits for the review of this node")
        _follow(tx, each.peer.node, notice, verdict, now)


def _follow(tx: Transaction, node: str, notice: Notice, verdict: Verdict, now: datetime) -> None:
    duty = access.system_actor(notice.authority, "notices")
    step = Step(
        tx=tx,
        actor=replace(duty, user=f"node:{node}/{verdict.reviewer}"),
        notice=replace(notice, flags=notice.flags | verdict.flags),
        event=verdict.event,
        at=now,
        words=verdict.words,
        ground=verdict.ground,
        told_by=node,
    )
    if verdict.event is _E.ENDORSE:
        advance(step, endorsed_by=step.actor.user)
        return
    if verdict.event is _E.REFUSE:
        moved = advance(step, refused_by=step.actor.user)
    elif verdict.event is _E.RETURN or (late := _against(step)) == "":
        moved = advance(step)
    else:
        moved = advance(replace(step, event=_E.RETURN, words=f"approved; to mend since: {late}"))
    feeds.erase_bodies(tx, [notice.id], CASES)
    notify(tx, moved, Notification.NOTICE_REVIEWED, now)


def _against(step: Step) -> str:
    """Return what keeps an approved notice from leaving by now; empty where nothing does."""
    try:
        return ", ".join(blocks_of(step.tx, step.notice))
    except Conflict as gone:
        return str(gone)


def _require_may_go(
    tx: Transaction, actor: Actor, kept: BankRecord, seat: str, board: Board
) -> None:
    """Return if a record may be shown to the secretariat. Raises NotPermitted."""
    marking = kept.marking
    if marking.visibility.confidentiality > board.highest_classification:
        raise NotPermitted("what is classified so high leaves to nobody", "confidentiality")
    about = authorities.get(tx, seat)
    tokens = reader(about).tokens - {EVERYONE} if about else frozenset({f"node:{seat}"})
    if not tokens.isdisjoint((*marking.protected_from, *marking.visibility.excluded)):
        raise NotPermitted("nothing of this record goes to the secretariat (PR-09)", "protected")
    assessments.require_passage(tx, actor, kept, recipient=seat)


def _case(notice: Notice, kept: BankRecord) -> Case:
    if notice.alert is None or notice.dossier is None:
        raise Conflict("the content of this notice is erased")
    return Case(
        notice=notice.id,
        rev=notice.review_rev,
        owner=notice.authority,
        form=notice.form,
        colour=notice.colour,
        entity=reduced(kept.entity),
        legal_basis=kept.marking.legal_basis,
        purpose=kept.marking.purpose,
        alert=notice.alert,
        dossier=notice.dossier,
        audience=notice.audience,
        flags=notice.flags,
        is_urgent=notice.is_urgent,
        is_appeal=notice.is_appealed,
        confidentiality=kept.marking.visibility.confidentiality,
    )
