"""The receiver's review: alerts of other nodes, accepted or refused by people of this side (PR-52).

    a record arrives ── asks for more than a paper ──> waiting ── accept ──> it asks here too
                                                       │   └─ doubt: propose ── another agrees ─┘
                                                       └─ refuse ──> information only, remembered

What arrives is looked at by the node that received it, whoever of its authorities asks later, so a
review is its host's. A decision holds for what was read: who decides names the digest of it, and
what is changed later waits again by itself (`model.reviews.as_it_holds`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from didban import clock
from didban.errors import Conflict, InvalidInput, NotFound
from didban.guard import access, assessments, audit, conditions
from didban.guard.authorities import require_host
from didban.guard.disclosure import shown_to
from didban.ids import new_id
from didban.intake import recognition
from didban.intake.review_guards import GUARDS, Step
from didban.model.bank import needs_review, standing
from didban.model.deeds import Deed
from didban.model.disputes import Ground
from didban.model.notifications import Notification, Post
from didban.model.permissions import Permission
from didban.model.reviews import (
    ASKED_OF_REVIEWER,
    OPEN,
    REVIEW,
    Doubt,
    Review,
    ReviewEvent,
    ReviewState,
    ReviewStep,
    judged,
)
from didban.store import node, notifications, records, reviews
from didban.store.exchange import charters
from didban.store.reviews import PanelVerdict
from didban.store.visibility import every_number, open_to

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from didban.model.actors import Actor
    from didban.model.alerts import Action
    from didban.model.assessments import Assessment
    from didban.model.bank import BankRecord
    from didban.model.disputes import EarlierRefusal
    from didban.model.reviews import ReviewGround
    from didban.store.database import Transaction

AHEAD: Final = timedelta(days=14)
"""So long a panel's verdict waits for the record that it is about."""

MOST_AHEAD: Final = 10_000
"""So many verdicts of one panel wait; the oldest are forgotten first."""

Told = Callable[["Transaction", Review, "datetime"], None]
"""What else is to happen when a review was decided: a panel tells the members of its network."""

_DUTY: Final = "reviews"
_DONE_WITH: Final = frozenset({Ground.PURPOSE_ACHIEVED, Ground.RECOVERED})
"""Grounds that cast no doubt on the same person's next record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewView:
    """A review with all that a reviewer goes by.

    - `shown`: what the reviewer may see of the record: warrants and facts, counter-evidence ...;
      `would_ask`: what it would ask here if it were accepted.
    - `doubts`: what the node itself finds against it; `earlier`: refusals and withdrawals of the
      same person, whoever submitted it; `held`: what the register holds of the owner.
    """

    review: Review
    shown: Mapping[str, Any]
    would_ask: Action | None
    doubts: tuple[Doubt, ...]
    earlier: tuple[EarlierRefusal, ...]
    held: tuple[Assessment, ...]
    steps: tuple[ReviewStep, ...]


def arrived(tx: Transaction, came: Sequence[BankRecord], now: datetime) -> int:
    """Open reviews of what another node sent, in the transaction that brought it; return how many.

    - `came`: records as they stand now. What asks for nothing, or for a paper alone, needs none.
    - What was decided of the same alert stands; a changed one waits again.
    """
    asking = [record for record in came if needs_review(record)]
    known = reviews.of_records(tx, [record.id for record in asking]) if asking else {}
    waiting: list[Review] = []
    for record in asking:
        digest = judged(record.entity, record.alert, record.marking)
        before = known.get(record.id)
        if before is None:
            waiting.append(_new(record, digest, now))
        elif before.digest != digest or before.state is ReviewState.WITHDRAWN:
            target = REVIEW.transition(before.state, ReviewEvent.CHANGE).target
            waiting.append(replace(_new(record, digest, now), id=before.id, state=target))
    if not waiting:
        return 0
    reviews.put(tx, waiting)
    reviews.append(tx, [(each.record, _opening(each)) for each in waiting])
    decided = _follow_ahead(tx, [each.record for each in waiting], now)
    if still := [each for each in waiting if each.record not in decided]:
        _tell(tx, still, now)
    return len(waiting)


def ended(
    tx: Transaction, gone: Sequence[BankRecord], *, ground: Ground, key: bytes, now: datetime
) -> None:
    """Close the reviews of what its owner took back, and remember it (PR-57).

    - `gone`: the records as they stood last; `ground`: why, as the owner says; `key`: the secret
      `refusal`, by which the same person is recognised when submitted again, by whomever.
    """
    for record in gone:
        recognition.remember(tx, replace(record, recorded_at=now), key, ground=ground)
    for review in reviews.of_records(tx, [record.id for record in gone]).values():
        if review.state is not ReviewState.WITHDRAWN:
            actor = access.system_actor(_host(tx), _DUTY)
            target = REVIEW.transition(review.state, ReviewEvent.WITHDRAW).target
            _save(tx, actor, replace(review, state=target), ReviewEvent.WITHDRAW, "", now)


def listed(
    tx: Transaction,
    actor: Actor,
    *,
    states: frozenset[ReviewState] = OPEN,
    limit: int = 50,
    after: tuple[datetime, str] | None = None,
) -> list[Review]:
    """Return reviews in these states, oldest first, of the records that are open to the actor."""
    _require_reviewer(tx, actor)
    found = reviews.listed(tx, open_to(tx, actor), states=states, limit=limit, after=after)
    audit.enter(tx, actor, Deed.REVIEW_LISTED, facts={"count": len(found)})
    return found


def about(tx: Transaction, actor: Actor, found: Sequence[Review]) -> dict[str, BankRecord]:
    """Return the records that listed reviews are about, by identifier. Raises NotPermitted."""
    _require_reviewer(tx, actor)
    return records.many(tx, [each.record for each in found], open_to(tx, actor))


def view(tx: Transaction, actor: Actor, review_id: str, key: bytes) -> ReviewView:
    """Return a review with what its sender attached and what is known of it. Raises NotFound."""
    _require_reviewer(tx, actor)
    review, record = _held(tx, actor, review_id)
    facts: audit.Facts = {"record": record.id, "version": record.version}
    audit.enter(tx, actor, Deed.REVIEW_VIEWED, subject=review.id, facts=facts)
    barrier = assessments.bars(tx, record.owner)
    accepted = replace(record, review=ReviewState.ACCEPTED)
    return ReviewView(
        review=review,
        shown=shown_to(tx, actor, record),
        would_ask=standing(accepted, clock.today()).action,
        doubts=_found(tx, review, record, key),
        earlier=recognition.earlier(tx, record.entity, key, beside=record.id),
        held=barrier.assessments if barrier else (),
        steps=tuple(reviews.steps(tx, record.id)),
    )


def accept(  # noqa: PLR0913 - which, as it was read, what was answered and why
    tx: Transaction,
    actor: Actor,
    review_id: str,
    *,
    read: bytes,
    doubts: Collection[Doubt],
    key: bytes,
    words: str = "",
    told: Told | None = None,
) -> Review:
    """Accept an alert under our own law, so that it asks here what its owner asks.

    - `read`: the digest of what was read (`Review.digest`).
    - `doubts`: what of `ASKED_OF_REVIEWER` the reviewer says is so. With a doubt, of the reviewer's
      or the node's own, the acceptance is proposed, with words, and another person agrees.

    Raises NotFound, NotPermitted, InvalidInput; Conflict for what changed since it was read or does
    not say on what it rests.
    """
    _require_reviewer(tx, actor)
    if not set(doubts) <= set(ASKED_OF_REVIEWER):
        raise InvalidInput(f"doubts: any of {', '.join(ASKED_OF_REVIEWER)}")
    review, record = _held(tx, actor, review_id, read=read)
    found = {*_found(tx, review, record, key), *doubts}
    if review.state is ReviewState.PROPOSED:
        event = ReviewEvent.AGREE
        found |= set(review.doubts)
    else:
        event = ReviewEvent.PROPOSE if found else ReviewEvent.ACCEPT
    against = tuple(doubt for doubt in Doubt if doubt in found)
    step = Step(
        tx=tx, actor=actor, review=review, record=record, event=event, doubts=against, words=words
    )
    return _move(step, told)


def refuse(  # noqa: PLR0913 - which, as it was read, on what ground and why
    tx: Transaction,
    actor: Actor,
    review_id: str,
    *,
    read: bytes,
    ground: ReviewGround,
    words: str,
    key: bytes,
    told: Told | None = None,
) -> Review:
    """Refuse an alert: it stays information here, and is recognised when submitted again (PR-57).

    Its owner is not told (PR-53), unless `told` does. Raises as `accept`.
    """
    _require_reviewer(tx, actor)
    review, record = _held(tx, actor, review_id, read=read)
    step = Step(
        tx=tx, actor=actor, review=review, record=record,
        event=ReviewEvent.REFUSE, doubts=review.doubts, words=words, ground=ground,
    )  # fmt: skip
    refused = _move(step, told)
    memory = replace(record, recorded_at=clock.now())
    recognition.remember(tx, memory, key, ground=Ground.FLAGGED)
    return refused


def by_panel(
    tx: Transaction,
    panel: str,
    record_id: str,
    *,
    read: bytes,
    ground: ReviewGround | None,
    now: datetime,
) -> bool:
    """Follow the review panel that the charter names; return whether anything was moved (PR-52).

    - `panel`: code of its node; `read`: the digest of what it judged; `ground`: why it refused, or
      None where it accepted.
    - Only what waits here, and says what the panel read, is moved: people of this side were not
      faster. What they decide later stands above the panel.
    - A verdict that comes before what it is about is kept for it, `AHEAD` at most.
    """
    review = reviews.of_records(tx, [record_id]).get(record_id)
    record = records.get(tx, record_id, every_number(tx))
    as_it_stands = judged(record.entity, record.alert, record.marking) if record else None
    if review is None or record is None or not review.digest == read == as_it_stands:
        ahead = PanelVerdict(record=record_id, node=panel, digest=read, ground=ground, came_at=now)
        reviews.keep_verdict(tx, ahead, since=now - AHEAD, most=MOST_AHEAD)
        return False
    if review.state is not ReviewState.WAITING:
        return False
    event = ReviewEvent.REFUSE if ground else ReviewEvent.ACCEPT
    target = REVIEW.transition(review.state, event).target
    made = replace(review, state=target, ground=ground, decided_by=f"node:{panel}", decided_at=now)
    actor = replace(access.system_actor(_host(tx), _DUTY), user=f"node:{panel}")
    _save(tx, actor, made, event, "", now)
    return True


def _follow_ahead(tx: Transaction, came: Sequence[str], now: datetime) -> set[str]:
    """Follow what panels decided before these records came; return the records that it moved."""
    found = reviews.take_verdicts(tx, came, since=now - AHEAD)
    charter = charters.newest(tx) if found else None
    return {
        one.record
        for one in found
        if charter is not None
        and one.node in charter.panel
        and by_panel(tx, one.node, one.record, read=one.digest, ground=one.ground, now=now)
    }


def _move(step: Step, told: Told | None) -> Review:
    """Move a review, once the machine and its guards allow it; nothing has happened if they do not."""
    arrow = REVIEW.transition(step.review.state, step.event)
    for guard in arrow.guards:
        GUARDS[guard](step)
    now, who = clock.now(), step.actor.user
    is_proposal = step.event is ReviewEvent.PROPOSE
    made = replace(
        step.review,
        state=arrow.target,
        doubts=step.doubts,
        ground=step.ground,
        proposed_by=who if is_proposal else step.review.proposed_by,
        decided_by=None if is_proposal else who,
        decided_at=None if is_proposal else now,
    )
    _save(step.tx, step.actor, made, step.event, step.words, now)
    if told is not None and not is_proposal:
        told(step.tx, made, now)
    return made


def _save(
    tx: Transaction, actor: Actor, made: Review, event: ReviewEvent, words: str, now: datetime
) -> None:
    reviews.save(tx, made)
    line = ReviewStep(
        at=now, actor=actor.user, event=event, state=made.state, digest=made.digest, words=words
    )
    reviews.append(tx, [(made.record, line)])
    facts: audit.Facts = {"record": made.record, "event": event, "to": made.state}
    audit.enter(tx, actor, Deed.REVIEW_MOVED, subject=made.id, facts=facts)


def _held(
    tx: Transaction, actor: Actor, review_id: str, *, read: bytes | None = None
) -> tuple[Review, BankRecord]:
    """Return a review, held, and its record. Raises NotFound, Conflict where other was read."""
    seen = open_to(tx, actor)
    review = reviews.lock(tx, review_id, seen)
    record = records.get(tx, review.record, seen) if review else None
    if review is None or record is None:
        raise NotFound("there is no such review")
    if read is not None and read != judged(record.entity, record.alert, record.marking):
        raise Conflict("the alert was changed since it was read: look at it again")
    if read is not None and not conditions.has_acknowledged(tx, actor, record):
        raise Conflict("acknowledge the owner's conditions first (PR-08)")
    return review, record


def _found(tx: Transaction, review: Review, record: BankRecord, key: bytes) -> tuple[Doubt, ...]:
    """Return what the node itself finds against an alert."""
    earlier = recognition.earlier(tx, record.entity, key, beside=record.id)
    holds = {
        Doubt.REFUSED_BEFORE: any(one.ground not in _DONE_WITH for one in earlier),
        Doubt.PARTNER_ASSESSED: assessments.bars(tx, record.owner) is not None,
        Doubt.SPOKEN_AGAINST: record.is_disputed or bool(record.counter_evidence),
        Doubt.REFUSED_HERE: review.state is ReviewState.REFUSED,
    }
    return tuple(doubt for doubt, is_so in holds.items() if is_so)


def _require_reviewer(tx: Transaction, actor: Actor) -> None:
    access.require(actor, Permission.BANK_ALERT_REVIEW)
    require_host(tx, actor)


def _new(record: BankRecord, digest: bytes, now: datetime) -> Review:
    return Review(
        id=new_id("rvw"),
        record=record.id,
        owner=record.owner,
        state=REVIEW.initial,
        digest=digest,
        opened_at=now,
    )


def _opening(review: Review) -> ReviewStep:
    return ReviewStep(
        at=review.opened_at,
        actor=f"duty:{_DUTY}",
        event=ReviewEvent.CHANGE,
        state=review.state,
        digest=review.digest,
    )


def _tell(tx: Transaction, waiting: Sequence[Review], now: datetime) -> None:
    """Tell the host's duty officer, once for all that one delivery brought."""
    host = _host(tx)
    actor = access.system_actor(host, _DUTY)
    audit.enter(tx, actor, Deed.REVIEW_OPENED, facts={"count": len(waiting)})
    for contact in notifications.contacts(tx, host):
        if contact.post is Post.DUTY_OFFICER:
            kind, first = Notification.REVIEW_WAITING, waiting[0].id
            notifications.put(tx, contact, kind, first, at=now, not_before=now, due_at=None)


def _host(tx: Transaction) -> str:
    here = node.get(tx)
    if here is None:
        raise RuntimeError("nothing arrives where no node was made")
    return here.host
