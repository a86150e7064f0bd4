"""One step in the life of a notice: the machine allows it, the guards hold, history remembers.

Everything that moves a notice goes through `advance`. Whoever calls it has locked the notice.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from didban import clock
from didban.casework import notifications
from didban.errors import Conflict, InvalidInput, NotFound, NotPermitted
from didban.guard import access, audit
from didban.guard.access import require_other_person
from didban.intake import bank
from didban.model.deeds import Deed
from didban.model.marking import Confidentiality
from didban.model.notices import (
    NOTICE,
    NoticeEvent,
    NoticeGuard,
    NoticeState,
    RefusedGround,
    blocks,
    needs_two,
)
from didban.model.notifications import Post
from didban.settings import Notices
from didban.store import node, notices, records
from didban.store.exchange import charters
from didban.store.notices import Notice, NoticeEntry
from didban.store.visibility import every_number, open_to

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from didban.casework.nodes import IdentityOf
    from didban.model.actors import Actor
    from didban.model.bank import BankRecord
    from didban.model.notifications import Notification
    from didban.store.database import Transaction

MAX_WORDS: Final = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """What notices go by.

    - `me`: None for a process that speaks with no other node; `key`: the secret `refusal`, by which
      a person who was refused before is recognised.
    - `highest_classification`: what is classified higher does not leave.
    """

    me: IdentityOf | None = field(default=None, repr=False)
    key: bytes | None = field(default=None, repr=False)
    terms: Notices = field(default_factory=Notices)
    highest_classification: int = Confidentiality.FOR_OFFICIAL_USE


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Who moves which notice by what, and what is said with it.

    - `told_by`: the secretariat whose verdict it is; `actor` then is one of its numbered reviewers.
    """

    tx: Transaction
    actor: Actor
    notice: Notice
    event: NoticeEvent
    at: datetime
    words: str = ""
    ground: RefusedGround | None = None
    told_by: str | None = None


def advance(
    step: Step, *, facts: Mapping[str, str | int | bool] | None = None, **changes: Any
) -> Notice:
    """Move a notice and return it as it stands now.

    Raises Conflict where the machine knows no such arrow, and whatever a guard raises; then nothing
    has happened.
    """
    arrow = NOTICE.transition(step.notice.state, step.event)
    for guard in arrow.guards:
        GUARDS[NoticeGuard(guard)](step)
    moved = replace(step.notice, state=arrow.target, changed_at=step.at, **changes)
    if moved.state is not NoticeState.COMPLIANCE_REVIEW:
        moved = replace(moved, review_due_at=None)  # a return stops the clock
    notices.save(step.tx, moved)
    said = {"ground": step.ground.value} if step.ground else {}
    entry = NoticeEntry(
        at=step.at,
        actor=step.actor.user,
        event=step.event,
        state=moved.state,
        facts={**said, **(facts or {})},
        words=step.words.strip(),
    )
    notices.append(step.tx, moved.id, entry)
    told = {"event": step.event.value, "from": arrow.source.value, "to": arrow.target.value}
    audit.enter(step.tx, step.actor, Deed.NOTICE_MOVED, subject=moved.id, facts=told)
    return moved


def locked(tx: Transaction, actor: Actor, notice_id: str) -> Notice:
    """Return a notice of the actor's authority, held until the transaction ends. Raises NotFound."""
    found = notices.of(tx, notice_id, actor.authority, open_to(tx, actor), to_change=True)
    if found is None:
        raise NotFound("there is no such notice")
    return found


def secretariat(tx: Transaction) -> str | None:
    """Return the node that reviews our notices, or None: the charter names none, or it is ours."""
    network, here = charters.newest(tx), node.get(tx)
    named = network.secretariat if network else ""
    return named if here is not None and named not in {"", here.host} else None


def seat_of(tx: Transaction, notice: Notice) -> str | None:
    """Return the secretariat that is to review a notice; None where a person here is.

    One that the charter does not name any more gives it back.
    """
    if notice.state is not NoticeState.COMPLIANCE_REVIEW or notice.review_node is None:
        return None
    return notice.review_node if notice.review_node == secretariat(tx) else None


def record_of(tx: Transaction, notice: Notice, *, to_change: bool = False) -> BankRecord:
    """Return the record of a notice. Raises Conflict where it is gone."""
    kept = records.get(tx, notice.record, every_number(tx), to_change=to_change)
    if kept is None:
        raise Conflict("the record of this notice is gone")
    return kept


def blocks_of(tx: Transaction, notice: Notice) -> tuple[str, ...]:
    """Return what keeps a notice from leaving, as the bank stands now."""
    if notice.dossier is None or notice.alert is None:
        raise Conflict("the content of this notice is erased")
    kept = record_of(tx, notice)
    return blocks(notice.colour, notice.dossier, notice.alert, kept, clock.today())


def require_words(words: str) -> None:
    """Return if it was said why. Raises InvalidInput."""
    if not 0 < len(words.strip()) <= MAX_WORDS:
        raise InvalidInput(f"words: say why, in 1 to {MAX_WORDS} characters")


def notify(
    tx: Transaction,
    notice: Notice,
    kind: Notification,
    at: datetime,
    *,
    post: Post = Post.DUTY_OFFICER,
) -> None:
    """Tell a post of the notice's authority."""
    due_at = notice.review_due_at
    notifications.tell(tx, notice.authority, post, kind, notice.id, at=at, due_at=due_at)


def _owner(step: Step) -> None:
    kept = record_of(step.tx, step.notice)
    if step.actor.authority != step.notice.authority or not bank.is_there_for(kept, step.actor):
        raise NotFound("there is no such notice")
    access.require_owner(step.actor, kept)


def _unblocked(step: Step) -> None:
    found = blocks_of(step.tx, step.notice)
    if found:
        raise NotPermitted(f"to mend before it can leave: {', '.join(found)}", *found)


def _reviewer(step: Step) -> None:
    """Whoever drafted it, submitted it, endorsed it or refused it before is no other person (PR-13).

    Where a secretariat has it, that one reviews it and nobody else.
    """
    seat = seat_of(step.tx, step.notice)
    if step.told_by != seat:
        raise NotPermitted(f"it is reviewed by {seat or 'another person here'}", "secretariat")
    for earlier in (step.notice.drafted_by, step.notice.submitted_by, step.notice.refused_by):
        if earlier is not None:
            _require_another(step, earlier, "the review of a notice")


def _two_reviewers(step: Step) -> None:
    if not needs_two(step.notice.flags):
        return
    if step.notice.endorsed_by is None:
        raise NotPermitted("its flags need a second reviewer (PR-13)", "second_reviewer")
    _require_another(step, step.notice.endorsed_by, "the second review")


def _require_another(step: Step, earlier: str, what: str) -> None:
    """Return if who acts took no earlier step; the persons of a secretariat are numbers here."""
    if step.told_by is None:
        require_other_person(step.actor, earlier, what)
    elif step.actor.user == earlier:
        raise NotPermitted(f"{what} needs another person (PR-28)", "same_person")


def _needs_two(step: Step) -> None:
    if not needs_two(step.notice.flags) or step.notice.endorsed_by is not None:
        raise Conflict("no endorsement is awaited: it is approved, returned or refused")


def _appeal_left(step: Step) -> None:
    if step.notice.is_appealed:
        raise Conflict("a refusal is appealed once")


def _ground(step: Step) -> None:
    if step.ground is None:
        raise InvalidInput(f"ground: one of {', '.join(RefusedGround)}")


def _words(step: Step) -> None:
    require_words(step.words)


GUARDS: Final[Mapping[NoticeGuard, Callable[[Step], None]]] = {
    NoticeGuard.OWNER: _owner,
    NoticeGuard.UNBLOCKED: _unblocked,
    NoticeGuard.REVIEWER: _reviewer,
    NoticeGuard.TWO_REVIEWERS: _two_reviewers,
    NoticeGuard.NEEDS_TWO: _needs_two,
    NoticeGuard.APPEAL_LEFT: _appeal_left,
    NoticeGuard.GROUND: _ground,
    NoticeGuard.WORDS: _words,
}
"""Each guard decides by itself; none trusts that another was asked."""
