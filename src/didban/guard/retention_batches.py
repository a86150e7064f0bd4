"""Many reviews answered together, after a sample of them was looked at one by one.

    draw --> the node draws a sample --look: right--> ... all seen --confirm--> each kept or deleted
                                     --look: wrong, or give_up--> every record waits as before

The reviewer chooses the records and says what is to become of them; the node draws which are looked
at, once for each batch, and the audit shows who draws again. The sample is as large as
`model.retention.sample_size` says. Records on persons and organisations are deleted so, but kept
longer only one by one: an extension needs an assessment of its own (PR-32).
"""

from __future__ import annotations

from secrets import SystemRandom
from typing import TYPE_CHECKING, Final

from didban import clock, ids
from didban.errors import Conflict, InvalidInput, NotFound
from didban.guard import access, audit, retention
from didban.model.deeds import Deed
from didban.model.permissions import Permission
from didban.model.retention import Batch, BatchDecision, is_object, sample_size
from didban.store import records, retention_batches
from didban.store.visibility import open_to

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from didban.guard.audit import Facts
    from didban.model.actors import Actor
    from didban.model.bank import BankRecord
    from didban.model.retention import RetentionPolicy
    from didban.store.database import Transaction

MOST: Final = 200
"""Records of one batch: what is one decision must be one kind of thing, and fits one head."""


def draw(  # noqa: PLR0913 - which records, what becomes of them, until when, why
    tx: Transaction,
    actor: Actor,
    chosen: Collection[str],
    *,
    decision: BatchDecision,
    until: date | None,
    assessment: str,
    policy: RetentionPolicy,
) -> Batch:
    """Return a batch of reviews with the sample that is to be looked at; nothing is decided yet.

    Raises what deciding each of them would raise (`retention.keep`, `drop`); Conflict where the
    reviewer has a batch open, or a record stands in one; InvalidInput for none or too many records,
    and for a person or organisation that is to be kept.
    """
    access.require(actor, Permission.RETENTION_RECORD_REVIEW)
    named = sorted(set(chosen))
    if not 1 <= len(named) <= MOST:
        raise InvalidInput(f"from 1 to {MOST} records are decided together")
    if retention_batches.drawn_by(tx, actor.user) is not None or retention_batches.taken(tx, named):
        raise Conflict("records are being decided together already: end that first")
    versions = {}
    for name in named:
        kept = retention.to_review(tx, actor, name, assessment)
        retention.require_open(tx, kept, delete=decision is BatchDecision.DELETE)
        if decision is BatchDecision.KEEP:
            _require_keepable(kept, until, policy)
        versions[name] = kept.version
    new = Batch(
        id=ids.new_id("rbt"),
        owner=actor.authority,
        decision=decision,
        until=until if decision is BatchDecision.KEEP else None,
        assessment=assessment.strip(),
        drawn_by=actor.user,
        drawn_at=clock.now(),
        records=versions,
        sample=(sample := tuple(sorted(SystemRandom().sample(named, sample_size(len(named)))))),
        left=sample,
    )
    retention_batches.add(tx, new)
    facts: Facts = {"decision": decision, "count": len(named), "sample": len(sample)}
    audit.enter(tx, actor, Deed.RETENTION_BATCH_DRAWN, subject=new.id, facts=facts)
    return new


def _require_keepable(kept: BankRecord, until: date | None, policy: RetentionPolicy) -> None:
    if not is_object(kept.entity.schema):
        raise InvalidInput("records on persons and organisations are kept one by one (PR-32)")
    if until is None:
        raise InvalidInput("until: the day until which the records are kept")
    retention.require_day(kept, until, policy)


def of(tx: Transaction, actor: Actor) -> Batch | None:
    """Return the batch that the actor has open, or None. Raises NotPermitted."""
    access.require(actor, Permission.RETENTION_RECORD_REVIEW)
    return retention_batches.drawn_by(tx, actor.user)


def look(tx: Transaction, actor: Actor, record_id: str, *, is_right: bool) -> Batch | None:
    """Say of a record of the sample whether the decision is right for it; return what is open then.

    One for which it is wrong ends the batch: what was thought of all of them is not so, and each
    waits for a review as before. Raises NotFound for what is not of the sample, NotPermitted.
    """
    batch = _own(tx, actor)
    if record_id not in batch.sample:
        raise NotFound("this record is not of the sample")
    facts: Facts = {"batch": batch.id, "is_right": is_right}
    audit.enter(tx, actor, Deed.RETENTION_SAMPLE_SEEN, subject=record_id, facts=facts)
    if is_right:
        retention_batches.note_seen(tx, record_id, clock.now())
    else:
        _end(tx, actor, batch, outcome="sample_wrong", decided=0)
    return retention_batches.drawn_by(tx, actor.user)


def confirm(tx: Transaction, actor: Actor, policy: RetentionPolicy) -> tuple[int, int]:
    """Decide every record of the actor's batch as was said; return how many, and how many stay.

    Each is decided, assessed and entered by itself. A record that changed since it was chosen, or
    that is not open to the actor any more, stays as it is. Raises NotFound, NotPermitted; Conflict
    while a record of the sample was not looked at.
    """
    batch = _own(tx, actor)
    if batch.left:
        raise Conflict("every record of the sample is looked at first")
    found = records.many(tx, batch.records, open_to(tx, actor))
    same = [name for name, one in found.items() if one.version == batch.records[name]]
    for name in sorted(same):
        if batch.until is None:
            retention.drop(tx, actor, name, assessment=batch.assessment)
        else:
            words = batch.assessment
            retention.keep(tx, actor, name, until=batch.until, assessment=words, policy=policy)
    _end(tx, actor, batch, outcome="confirmed", decided=len(same))
    return len(same), len(batch.records) - len(same)


def give_up(tx: Transaction, actor: Actor) -> None:
    """Let go of the actor's batch; each record waits for a review as before. Raises NotFound."""
    _end(tx, actor, _own(tx, actor), outcome="given_up", decided=0)


def _own(tx: Transaction, actor: Actor) -> Batch:
    batch = of(tx, actor)
    if batch is None:
        raise NotFound("no records are being decided together")
    return batch


def _end(tx: Transaction, actor: Actor, batch: Batch, *, outcome: str, decided: int) -> None:
    retention_batches.remove(tx, batch.id)
    facts: Facts = {"outcome": outcome, "count": decided}
    audit.enter(tx, actor, Deed.RETENTION_BATCH_ENDED, subject=batch.id, facts=facts)
