"""Records into the bank, one at a time: reported, corrected, confirmed and withdrawn by their owner.

Whoever acts here, the same three hold: the actor may do it, the record's life allows it
(`model.document_life`), and the deed is entered in the audit in the same transaction.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from didban import clock
from didban.errors import Conflict, NotFound
from didban.guard import access, audit
from didban.intake import changes, recognition
from didban.intake.document_numbers import range_size
from didban.intake.drafts import Draft, in_our_form
from didban.intake.validation import require_valid
from didban.model.alerts import DocumentStatus
from didban.model.bank import FOUND, BankRecord, RecordState, SuspensionCause
from didban.model.deeds import Deed
from didban.model.disputes import SUSPECT_AGAIN, Ground
from didban.model.document_life import RECORD_LIFE, LifeEvent, needs_second_person
from didban.model.permissions import Permission
from didban.store import records, suspensions
from didban.store.visibility import open_to

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from didban.model.actors import Actor
    from didban.model.alerts import Alert
    from didban.model.disputes import EarlierRefusal
    from didban.model.marking import Marking
    from didban.model.records import Record
    from didban.model.sensitive import SensitiveFact
    from didban.store.database import Transaction

NOTHING_THERE: Final = "there is no record of this identifier"
"""Said of what is not there and of what is not open to who asks, alike (PR-09)."""


def report(  # noqa: PLR0913 - the parts of a record
    tx: Transaction,
    actor: Actor,
    entity: Record,
    marking: Marking,
    alert: Alert | None = None,
    *,
    sensitive: tuple[SensitiveFact, ...] = (),
    valid_from: date | None = None,
    valid_to: date | None = None,
    key: bytes | None = None,
) -> BankRecord:
    """Enter what the actor's authority says about a thing, and return it as it is kept.

    - Stolen blanks, and more than a hundred documents, are `reported` and not found before a second
      person validated them.
    - `key`: the secret `refusal`. With it, a person whose record was refused or withdrawn before,
      by whichever owner, is recognised: the new record is suspended until a second person looked at
      it (PR-57).

    Raises InvalidFields, NotPermitted, Conflict when the identifier is taken.
    """
    now = clock.now()
    draft = fit(
        tx,
        actor,
        Draft(
            entity=entity,
            marking=marking,
            alert=alert,
            sensitive=sensitive,
            valid_from=valid_from,
            valid_to=valid_to,
        ),
        now,
    )
    is_doubtful = any(
        each.ground in SUSPECT_AGAIN for each in earlier_refusals(tx, draft.entity, key)
    )
    new = BankRecord(
        entity=draft.entity,
        marking=draft.marking,
        alert=draft.alert,
        state=RecordState.SUSPENDED if is_doubtful else first_state([draft]),
        version=1,
        recorded_at=now,
        recorded_by=actor.user,
        valid_from=valid_from,
        valid_to=valid_to,
        sensitive=sensitive,
    )
    records.insert_record(tx, new)
    audit.enter(
        tx,
        actor,
        Deed.RECORD_REPORTED,
        subject=new.id,
        facts={"version": 1, "state": new.state, "schema": new.entity.schema},
    )
    if is_doubtful:
        cause = SuspensionCause.REFUSED_BEFORE
        suspensions.note(tx, new, cause, actor, reason="the same was refused or withdrawn before")
        audit.enter(tx, actor, Deed.RECORD_SUSPENDED, subject=new.id, facts={"cause": cause.value})
    return found(tx, actor, new.id)


def fit(tx: Transaction, actor: Actor, draft: Draft, now: datetime) -> Draft:
    """Return a draft as the bank would enter it for the actor, and enter nothing.

    Raises InvalidFields, NotPermitted.
    """
    access.require(actor, Permission.BANK_RECORD_WRITE)
    if draft.marking.verified_on is None:
        draft = replace(draft, marking=replace(draft.marking, verified_on=now.date()))
    draft = in_our_form(draft)
    require_valid(draft, now.date())
    changes.require_place(tx, actor, [draft])
    return draft


def earlier_refusals(
    tx: Transaction, entity: Record, key: bytes | None
) -> tuple[EarlierRefusal, ...]:
    """Return when and why a person's record was refused or withdrawn before (PR-57)."""
    return recognition.earlier(tx, entity, key) if key else ()


def read(tx: Transaction, actor: Actor, record_id: str) -> BankRecord:
    """Return a record for showing. What is no longer found is shown to its owner alone.

    Which of its fields are shown is decided by `guard.fields`. Raises NotFound.
    """
    access.require(actor, Permission.BANK_RECORD_READ)
    kept = found(tx, actor, record_id)
    if not is_there_for(kept, actor):
        raise NotFound(NOTHING_THERE)
    audit.enter(
        tx,
        actor,
        Deed.RECORD_VIEWED,
        subject=record_id,
        facts={"version": kept.version, "state": kept.state},
    )
    return kept


def history(tx: Transaction, actor: Actor, record_id: str) -> list[BankRecord]:
    """Return every version that is there for the actor, oldest first. Raises NotFound.

    Its owner alone reads what was not found then: a report nobody had validated, or what was marked as
    obtained by ill-treatment (PR-55).
    """
    access.require(actor, Permission.BANK_RECORD_READ_FULL)
    kept = records.versions(tx, record_id, open_to(tx, actor))
    if not kept or not is_there_for(kept[-1], actor):
        raise NotFound(NOTHING_THERE)
    kept = [version for version in kept if is_there_for(version, actor)]
    audit.enter(
        tx, actor, Deed.RECORD_HISTORY_VIEWED, subject=record_id, facts={"count": len(kept)}
    )
    return kept


def as_of(
    tx: Transaction,
    actor: Actor,
    record_id: str,
    *,
    recorded_at: datetime | None = None,
    valid_on: date | None = None,
) -> BankRecord:
    """Return what the bank held of a record at that moment about that day. Raises NotFound."""
    access.require(actor, Permission.BANK_RECORD_READ_FULL)
    present = found(tx, actor, record_id)
    kept = records.as_of(
        tx, record_id, open_to(tx, actor), recorded_at=recorded_at, valid_on=valid_on
    )
    if kept is None or not (is_there_for(present, actor) and is_there_for(kept, actor)):
        raise NotFound(NOTHING_THERE)
    audit.enter(
        tx, actor, Deed.RECORD_HISTORY_VIEWED, subject=record_id, facts={"version": kept.version}
    )
    return kept


def correct(  # noqa: PLR0913 - who, what, over which version, why and with whose consent
    tx: Transaction,
    actor: Actor,
    record_id: str,
    draft: Draft,
    *,
    expected: int,
    reason: str,
    consent: str | None = None,
    corroborated_by: Sequence[str] = (),
) -> BankRecord:
    """Put the owner's new word in the place of the old, which is kept as a version.

    - `expected`: the version that was corrected; another one means that somebody was faster.
    - `consent`: identifier of the owner's consent, where the purpose changes (PR-06).
    - `corroborated_by`: records that make the information more certain, where it is called so;
      those from the same source do not count (PR-11).

    Raises InvalidFields, NotFound, NotPermitted, Conflict.
    """
    access.require(actor, Permission.BANK_RECORD_WRITE)
    kept = owned(tx, actor, record_id, expected=expected)
    state = RECORD_LIFE.transition(kept.state, LifeEvent.CORRECT).target
    made = changes.made_of(tx, actor, kept, draft, reason=reason, state=state)
    changes.require_grade(tx, actor, kept.marking, made.marking, corroborated_by)
    changes.require_purpose(tx, kept, made.marking, consent)
    made = records.replace_record(tx, made, expected=expected)
    audit.enter(
        tx, actor, Deed.RECORD_CORRECTED, subject=record_id, facts={"version": made.version}
    )
    return made


def confirm(tx: Transaction, actor: Actor, record_id: str, *, expected: int) -> BankRecord:
    """Confirm that a record still holds as it is (PR-22), which ends a suspension for silence.

    Raises NotFound, NotPermitted, Conflict.
    """
    access.require(actor, Permission.BANK_RECORD_WRITE)
    kept = owned(tx, actor, record_id, expected=expected)
    if kept.state not in FOUND:
        raise Conflict("only a record that is found can be confirmed")
    now = clock.now()
    confirmed = replace(kept, marking=replace(kept.marking, verified_on=now.date()))
    if SuspensionCause.UNCONFIRMED in kept.suspensions:
        cause = SuspensionCause.UNCONFIRMED
        made = suspensions.lift(tx, confirmed, cause, actor, at=now, reason="confirmed")
    else:
        made = records.set_state(
            tx, confirmed, kept.state, at=now, by=actor.user, reason="confirmed"
        )
    audit.enter(
        tx, actor, Deed.RECORD_CONFIRMED, subject=record_id, facts={"version": made.version}
    )
    return made


def withdraw(  # noqa: PLR0913 - who, over which version, on what ground and why
    tx: Transaction,
    actor: Actor,
    record_id: str,
    *,
    expected: int,
    ground: Ground,
    reason: str,
    key: bytes | None = None,
) -> BankRecord:
    """Take a record back: it is not found any more, and its versions stay until they are erased.

    - `key`: the secret `refusal`, by which the same person is recognised when submitted again.

    Raises NotFound, NotPermitted, Conflict.
    """
    access.require(actor, Permission.BANK_RECORD_WRITE)
    kept = owned(tx, actor, record_id, expected=expected)
    return end(tx, actor, kept, LifeEvent.WITHDRAW, ground=ground, reason=reason, key=key)


def end(  # noqa: PLR0913 - who, what happened, on what ground and why
    tx: Transaction,
    actor: Actor,
    kept: BankRecord,
    event: LifeEvent,
    *,
    ground: Ground,
    reason: str,
    key: bytes | None,
) -> BankRecord:
    """Withdraw or reject a record that the caller may change, and remember that it was (PR-57)."""
    changes.require_reason(reason)
    now = clock.now()
    target = RECORD_LIFE.transition(kept.state, event).target
    ended = replace(kept, valid_from=None, valid_to=None)  # nothing is said of any day any more
    made = records.set_state(tx, ended, target, at=now, by=actor.user, reason=reason)
    if key is not None:
        recognition.remember(tx, made, key, ground=ground)
    deed = Deed.RECORD_WITHDRAWN if event is LifeEvent.WITHDRAW else Deed.RECORD_REJECTED
    audit.enter(tx, actor, deed, subject=made.id, facts={"version": made.version, "ground": ground})
    return made


def found(tx: Transaction, actor: Actor, record_id: str, *, to_change: bool = False) -> BankRecord:
    """Return a record that is open to the actor, whatever its state. Raises NotFound."""
    kept = records.get(tx, record_id, open_to(tx, actor), to_change=to_change)
    if kept is None:
        raise NotFound(NOTHING_THERE)
    return kept


def owned(
    tx: Transaction, actor: Actor, record_id: str, *, expected: int | None = None
) -> BankRecord:
    """Return a record that the actor's authority owns, in the version that was read (PR-07).

    Nobody else changes it before this transaction ends. Raises NotFound, NotPermitted, Conflict.
    """
    kept = found(tx, actor, record_id, to_change=True)
    if not is_there_for(kept, actor):
        raise NotFound(NOTHING_THERE)
    access.require_owner(actor, kept)
    if expected is not None and kept.version != expected:
        raise Conflict(f"the record has version {kept.version} by now; read it again")
    return kept


def is_there_for(kept: BankRecord, actor: Actor) -> bool:
    """Return whether a record that is open to an actor is there: others' are, while they are found.

    What was obtained by ill-treatment is nobody's but its owner's (PR-55).
    """
    if kept.owner == actor.authority:
        return True
    return kept.state in FOUND and not kept.marking.is_tainted


def readable(tx: Transaction, actor: Actor, record_ids: Iterable[str]) -> frozenset[str]:
    """Return those of some records that `read` would show the actor: no page links to the others.

    Raises NotPermitted.
    """
    access.require(actor, Permission.BANK_RECORD_READ)
    kept = records.many(tx, record_ids, open_to(tx, actor))
    return frozenset(key for key, one in kept.items() if is_there_for(one, actor))


def first_state(drafts: Sequence[Draft]) -> RecordState:
    """Return where a report of these begins: `reported` where a second person must look first."""
    papers = [paper for draft in drafts for paper in draft.entity.documents if paper.status]
    statuses = frozenset(DocumentStatus(paper.status) for paper in papers if paper.status)
    count = sum(range_size(paper.number, paper.number_to) for paper in papers)
    waits = needs_second_person(statuses, count)
    return RecordState.REPORTED if waits else RecordState.ACTIVE
