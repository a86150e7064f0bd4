"""The drafter's side: a draft, what keeps it from leaving, its submission, an appeal."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from didban import clock
from didban.casework.notices.handing_in import hand_in
from didban.casework.notices.steps import Board, Step, advance, blocks_of, locked, record_of
from didban.errors import Conflict, InvalidInput
from didban.guard import access, audit
from didban.ids import new_id
from didban.intake import bank
from didban.model.bank import FOUND
from didban.model.deeds import Deed
from didban.model.disputes import SUSPECT_AGAIN
from didban.model.marking import EVERYONE
from didban.model.notices import (
    NOTICE,
    Block,
    Dossier,
    Flag,
    NoticeEvent,
    NoticeForm,
    NoticeState,
    completeness,
)
from didban.model.permissions import Permission
from didban.store import authorities, notices
from didban.store.notices import Notice, NoticeEntry, NoticeReader
from didban.store.visibility import open_to

if TYPE_CHECKING:
    from collections.abc import Iterable

    from didban.model.actors import Actor
    from didban.model.alerts import Alert, NoticeType
    from didban.store.database import Transaction

MAX_RECIPIENTS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeDraft:
    """A notice as its drafter writes it.

    - `record`: of the own authority; `alert`: what is asked about it, without a colour.
    - `recipients`: codes of authorities, of a diffusion; a notice has none: it goes to all.
    """

    form: NoticeForm
    colour: NoticeType
    record: str
    alert: Alert
    dossier: Dossier = field(default_factory=Dossier)
    recipients: tuple[str, ...] = ()
    flags: frozenset[Flag] = frozenset()
    is_urgent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeView:
    """A notice with what stands against it, who was told, and what may happen next.

    - `blocked`: items to mend; `completeness`: in percent.
    """

    notice: Notice
    blocked: tuple[Block, ...]
    completeness: int
    readers: tuple[NoticeReader, ...]
    history: tuple[NoticeEntry, ...]
    possible: tuple[NoticeEvent, ...]


def draft(tx: Transaction, actor: Actor, board: Board, new: NoticeDraft) -> Notice:
    """Begin a notice about a record of the actor's authority; return it, as a draft.

    A person who was refused or withdrawn before is recognised, and the notice flagged (PR-57).
    Raises NotFound, NotPermitted for a record of another owner, InvalidInput.
    """
    access.require(actor, Permission.CASEWORK_NOTICE_DRAFT)
    at = clock.now()
    made = Notice(
        id=new_id("ntc"),
        authority=actor.authority,
        form=new.form,
        colour=new.colour,
        record=new.record,
        state=NoticeState.DRAFT,
        alert=None,
        dossier=None,
        audience=(),
        drafted_by=actor.user,
        changed_at=at,
    )
    made = _filled(tx, actor, board, made, new)
    notices.add(tx, made)
    notices.append(
        tx, made.id, NoticeEntry(at=at, actor=actor.user, event="draft", state=made.state)
    )
    facts = {"form": made.form.value, "colour": made.colour.value}
    audit.enter(tx, actor, Deed.NOTICE_DRAFTED, subject=made.id, facts=facts)
    return made


def change(tx: Transaction, actor: Actor, board: Board, notice_id: str, new: NoticeDraft) -> Notice:
    """Put another text in the place of a draft. Raises NotFound, Conflict and as `draft`.

    Whoever changes it has drafted it too, and does not review it.
    """
    access.require(actor, Permission.CASEWORK_NOTICE_DRAFT)
    kept = locked(tx, actor, notice_id)
    if (new.record, new.form) != (kept.record, kept.form):
        raise InvalidInput("record, form: another one is another notice")
    filled = _filled(tx, actor, board, kept, new)
    step = Step(tx=tx, actor=actor, notice=filled, event=NoticeEvent.CHANGE, at=clock.now())
    return advance(step, drafted_by=actor.user)


def submit(tx: Transaction, actor: Actor, board: Board, notice_id: str) -> Notice:
    """Give a complete draft to its review, whose clock starts.

    Raises NotFound, Conflict; NotPermitted, with everything that keeps it from leaving (PR-14); and
    as `hand_in`.
    """
    access.require(actor, Permission.CASEWORK_NOTICE_DRAFT)
    at = clock.now()
    step = Step(tx=tx, actor=actor, notice=locked(tx, actor, notice_id), event=_E.SUBMIT, at=at)
    return hand_in(step, board, submitted_by=actor.user)


def appeal(tx: Transaction, actor: Actor, board: Board, notice_id: str, *, words: str) -> Notice:
    """Ask once that another reviewer looks at what was refused, and say why."""
    access.require(actor, Permission.CASEWORK_NOTICE_DRAFT)
    at, kept = clock.now(), locked(tx, actor, notice_id)
    step = Step(tx=tx, actor=actor, notice=kept, event=_E.APPEAL, at=at, words=words)
    return hand_in(step, board, is_appealed=True)


def view(tx: Transaction, actor: Actor, notice_id: str) -> NoticeView:
    """Return a notice with its self check: everything that keeps it from leaving. Raises NotFound."""
    access.require(actor, Permission.CASEWORK_NOTICE_READ)
    kept = locked(tx, actor, notice_id)
    audit.enter(tx, actor, Deed.NOTICE_VIEWED, subject=kept.id)
    blocked: tuple[Block, ...] = ()
    share = 0
    if kept.alert is not None and kept.dossier is not None:
        blocked = tuple(map(Block, blocks_of(tx, kept)))
        about = record_of(tx, kept)
        share = completeness(kept.colour, kept.dossier, kept.alert, about, clock.today())
    return NoticeView(
        notice=kept,
        blocked=blocked,
        completeness=share,
        readers=tuple(notices.readers(tx, kept.id)),
        history=notices.history(tx, kept.id),
        possible=tuple(event for event in NoticeEvent if event in NOTICE.events(kept.state)),
    )


def listed(
    tx: Transaction, actor: Actor, *, states: Iterable[NoticeState], limit: int, after: int = 0
) -> list[Notice]:
    """Return notices of the actor's authority in these states, oldest first."""
    access.require(actor, Permission.CASEWORK_NOTICE_READ)
    seen = open_to(tx, actor)
    found = notices.listed(tx, actor.authority, seen, states=states, limit=limit, after=after)
    audit.enter(tx, actor, Deed.NOTICE_LISTED, facts={"count": len(found)})
    return found


_E = NoticeEvent


def _filled(
    tx: Transaction, actor: Actor, board: Board, notice: Notice, new: NoticeDraft
) -> Notice:
    kept = bank.owned(tx, actor, new.record)
    if kept.state not in FOUND:
        raise Conflict("the record is not found any more: a notice is about one that is")
    if new.alert.notice_type is not None:
        raise InvalidInput("alert: it gets its colour by being published")
    standing = notices.standing_of(tx, [new.record]).get(new.record)
    if standing is not None and standing.id != notice.id:
        raise Conflict("the record stands under a notice already: add to that, or cancel it")
    is_repeat = notices.was_refused(tx, new.record) or any(
        each.ground in SUSPECT_AGAIN for each in bank.earlier_refusals(tx, kept.entity, board.key)
    )
    return replace(
        notice,
        colour=new.colour,
        alert=replace(new.alert, notice_type=new.colour),
        dossier=new.dossier,
        audience=_audience(tx, actor, new),
        flags=new.flags | ({Flag.REPEAT} if is_repeat else frozenset()),
        is_urgent=new.is_urgent,
        ends_on=new.alert.valid_until,
    )


def _audience(tx: Transaction, actor: Actor, new: NoticeDraft) -> tuple[str, ...]:
    if new.form is NoticeForm.NOTICE:
        if new.recipients:
            raise InvalidInput("recipients: a notice goes to all; a diffusion names its own")
        return (EVERYONE,)
    if not 0 < len(new.recipients) <= MAX_RECIPIENTS:
        raise InvalidInput(f"recipients: 1 to {MAX_RECIPIENTS} authorities, by their codes")
    for code in new.recipients:
        if code == actor.authority or authorities.get(tx, code) is None:
            raise InvalidInput("recipients: other authorities of this network, by their codes")
    return tuple(sorted({f"node:{code}" for code in new.recipients}))
