"""What is out: published with its record, added to, suspended, ended, and told to every reader.

The record bears the notice's alert and audience while the notice stands, and travels as every
record does. Beside it each node that may see it is told where the notice stands; whoever was told
once is told of the end too, and owes a receipt.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from didban import clock
from didban.casework.nodes import publish as publish_to
from didban.casework.notices.steps import Board, Step, advance, locked, notify, record_of
from didban.errors import Conflict, InvalidInput
from didban.exchange.records import readers
from didban.guard import access, audit
from didban.intake import bank
from didban.intake.drafts import Draft
from didban.intake.validation import require_valid
from didban.model.bank import FOUND, SuspensionCause
from didban.model.deeds import Deed
from didban.model.disputes import Ground
from didban.model.document_life import LifeEvent
from didban.model.exchange.feeds import Item
from didban.model.exchange.kinds import Kind
from didban.model.exchange.notices import NoticeSaid
from didban.model.notices import ENDED, NoticeEvent, NoticeState
from didban.model.notifications import Notification
from didban.model.permissions import Permission
from didban.store import notices, records, suspensions
from didban.store.visibility import every_number

if TYPE_CHECKING:
    from datetime import date, datetime

    from didban.model.actors import Actor
    from didban.model.bank import BankRecord
    from didban.model.marking import Marking
    from didban.store.database import Transaction
    from didban.store.notices import Notice

_E = NoticeEvent
_CAUSE = SuspensionCause.COMPLAINT


def publish(tx: Transaction, actor: Actor, board: Board, notice_id: str) -> Notice:
    """Publish what was approved: the record bears its alert, and all readers are told.

    Raises NotFound, Conflict, NotPermitted where something keeps it from leaving by now.
    """
    access.require(actor, Permission.CASEWORK_NOTICE_DRAFT)
    step = _step(tx, actor, notice_id, _E.PUBLISH)
    out = advance(step, version=1)
    kept = record_of(tx, out, to_change=True)
    seen_by = replace(kept.marking.visibility, audience=out.audience)
    _correct(step, kept, replace(kept.marking, visibility=seen_by), out, reason="published")
    return _told(tx, board, out, step.at)


def add(  # noqa: PLR0913 - what is added, and why
    tx: Transaction,
    actor: Actor,
    board: Board,
    notice_id: str,
    *,
    facts: str = "",
    warnings: tuple[str, ...] = (),
    legal_references: tuple[str, ...] = (),
    words: str,
) -> Notice:
    """Add to what is out: facts, warnings, references; never another action, status or audience."""
    access.require(actor, Permission.CASEWORK_NOTICE_DRAFT)
    step = _step(tx, actor, notice_id, _E.ADD, words=words)
    alert = step.notice.alert
    if alert is None or not (facts.strip() or warnings or legal_references):
        raise InvalidInput("say what is added: facts, warnings or legal_references")
    longer = replace(
        alert,
        facts="\n".join(filter(None, (alert.facts, facts.strip()))),
        warnings=tuple(dict.fromkeys((*alert.warnings, *warnings))),
        legal_references=tuple(dict.fromkeys((*alert.legal_references, *legal_references))),
    )
    out = advance(step, alert=longer, version=step.notice.version + 1)
    kept = record_of(tx, out, to_change=True)
    _correct(step, kept, kept.marking, out, reason="addendum")
    return _told(tx, board, out, step.at)


def extend(
    tx: Transaction, actor: Actor, board: Board, notice_id: str, *, until: date, words: str
) -> Notice:
    """Let a notice stand longer, after another person than the drafter assessed that it is needed."""
    access.require(actor, Permission.CASEWORK_NOTICE_REVIEW)
    step = _step(tx, actor, notice_id, _E.EXTEND, words=words)
    alert = step.notice.alert
    kept = record_of(tx, step.notice, to_change=True)
    latest = kept.marking.retention_until
    if alert is None or not clock.today() < until <= latest:
        raise InvalidInput(f"until: after today, and no later than the record is kept: {latest}")
    longer = replace(alert, valid_until=until)
    out = advance(step, alert=longer, ends_on=until, version=step.notice.version + 1)
    _correct(step, kept, kept.marking, out, reason="extended")
    return _told(tx, board, out, step.at)


def suspend(tx: Transaction, actor: Actor, board: Board, notice_id: str, *, words: str) -> Notice:
    """Suspend a notice while a complaint is pending: its record is found, and asks nothing."""
    access.require(actor, Permission.CASEWORK_NOTICE_REVIEW)
    step = _step(tx, actor, notice_id, _E.SUSPEND, words=words)
    out = advance(step)
    kept = record_of(tx, out, to_change=True)
    suspensions.suspend(tx, kept, _CAUSE, actor, at=step.at, reason="complaint")
    facts = {"cause": _CAUSE.value}
    audit.enter(tx, actor, Deed.RECORD_SUSPENDED, subject=kept.id, facts=facts)
    return _told(tx, board, out, step.at)


def lift(tx: Transaction, actor: Actor, board: Board, notice_id: str, *, words: str) -> Notice:
    """End a suspension: the complaint was not well founded, as another person than the drafter says."""
    access.require(actor, Permission.CASEWORK_NOTICE_REVIEW)
    step = _step(tx, actor, notice_id, _E.LIFT, words=words)
    out = advance(step)
    kept = record_of(tx, out, to_change=True)
    suspensions.lift(tx, kept, _CAUSE, actor, at=step.at, reason="complaint decided")
    audit.enter(tx, actor, Deed.RECORD_LIFTED, subject=kept.id, facts={"cause": _CAUSE.value})
    return _told(tx, board, out, step.at)


def achieve(tx: Transaction, actor: Actor, board: Board, notice_id: str, *, words: str) -> Notice:
    """Note that the purpose is achieved: the person was arrested, found, identified.

    It is cancelled within the hours that the settings name, by `deadlines` if nobody does before.
    """
    access.require(actor, Permission.CASEWORK_NOTICE_DRAFT)
    step = _step(tx, actor, notice_id, _E.ACHIEVE, words=words)
    due_at = step.at + timedelta(hours=board.terms.cancel_hours)
    return advance(step, cancel_due_at=due_at)


def cancel(tx: Transaction, actor: Actor, board: Board, notice_id: str, *, words: str) -> Notice:
    """Cancel a notice, or give a draft up; what is out is withdrawn from every reader."""
    access.require(actor, Permission.CASEWORK_NOTICE_DRAFT)
    return end(_step(tx, actor, notice_id, _E.CANCEL, words=words), board)


def end(step: Step, board: Board) -> Notice:
    """End a notice by `step`: withdraw its record where it was out, and tell every reader."""
    was = step.notice
    ended = advance(step, cancel_due_at=None)
    if was.version == 0:
        return ended
    kept = records.get(step.tx, was.record, every_number(step.tx), to_change=True)
    if kept is not None and kept.state in FOUND:
        is_achieved = was.state is NoticeState.FULFILLED or step.event is _E.EXPIRE
        ground = Ground.PURPOSE_ACHIEVED if is_achieved else Ground.STATUS_CHANGED
        reason = step.words.strip() or step.event.value
        bank.end(
            step.tx, step.actor, kept, LifeEvent.WITHDRAW,
            ground=ground, reason=reason, key=None if is_achieved else board.key,
        )  # fmt: skip
    notify(step.tx, ended, Notification.NOTICE_ENDED, step.at)
    return _told(step.tx, board, ended, step.at)


def _step(
    tx: Transaction, actor: Actor, notice_id: str, event: NoticeEvent, *, words: str = ""
) -> Step:
    kept = locked(tx, actor, notice_id)
    return Step(tx=tx, actor=actor, notice=kept, event=event, at=clock.now(), words=words)


def _correct(
    step: Step, kept: BankRecord, marking: Marking, out: Notice, *, reason: str
) -> BankRecord:
    """Let the record bear what the notice says. Nothing else gives a record a colour (PR-13)."""
    if kept.state not in FOUND:
        raise Conflict("the record is not found any more")
    if step.notice.version and (kept.suspensions or kept.alert != step.notice.alert):
        raise Conflict("the record is suspended or asks something else by now (PR-15): decide that")
    draft = Draft(
        entity=kept.entity,
        marking=marking,
        alert=out.alert,
        sensitive=kept.sensitive,
        valid_from=kept.valid_from,
        valid_to=kept.valid_to,
    )
    require_valid(draft, step.at.date())
    new = replace(
        kept,
        marking=marking,
        alert=out.alert,
        recorded_at=step.at,
        recorded_by=step.actor.user,
        reason=reason,
    )
    made = records.replace_record(step.tx, new, expected=kept.version)
    facts = {"version": made.version}
    audit.enter(step.tx, step.actor, Deed.RECORD_CORRECTED, subject=made.id, facts=facts)
    return made


def _told(tx: Transaction, board: Board, notice: Notice, at: datetime) -> Notice:
    """Tell every node that may see the notice, or was ever told of it, where it stands."""
    is_end = notice.state in ENDED
    before = {one.node for one in notices.readers(tx, notice.id)}
    found = before if is_end else before | _readers(tx, board, notice)
    said = NoticeSaid(
        id=notice.id,
        owner=notice.authority,
        form=notice.form,
        colour=notice.colour,
        record=notice.record,
        state=notice.state,
        version=notice.version,
        rev=len(notices.history(tx, notice.id)),
        ends_on=notice.ends_on,
    )
    for node in sorted(found):
        item = Item(kind=Kind.NOTICE, content=said.to_json(), record=notice.id, rev=said.rev)
        publish_to(tx, board.me, node, item, at)
        notices.told(tx, notice.id, node, at, is_end=is_end)
    return notice


def _readers(tx: Transaction, board: Board, notice: Notice) -> set[str]:
    """Return the nodes to which the record itself may go: no other hears that there is a notice."""
    kept, nodes = record_of(tx, notice), readers.nodes(tx)
    which = readers.class_of(tx, kept, nodes, clock.today())
    seen_by = kept.marking.visibility
    return set(readers.readers_of(seen_by, which, nodes, highest=board.highest_classification))
