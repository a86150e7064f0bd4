"""The life of a stolen document's record (state-machines 4.1): report, validate, sight, recover.

A range of stolen blanks is one record. It is looked up number by number, and shown as it was
reported: no answer ever lists what lies between its ends.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from didban import clock, ids
from didban.errors import Conflict, InvalidFields, InvalidInput
from didban.guard import access, audit
from didban.intake import bank, changes
from didban.intake.drafts import Draft, in_our_form
from didban.intake.validation import faults_of
from didban.model.alerts import ACTING_STATUSES, DocumentStatus
from didban.model.bank import FOUND, BankRecord
from didban.model.deeds import Deed
from didban.model.disputes import Ground
from didban.model.document_life import RECORD_LIFE, LifeEvent
from didban.model.permissions import Permission
from didban.model.records import Record
from didban.model.retention import RetentionPolicy
from didban.store import records, sightings
from didban.store.visibility import open_to

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from didban.model.actors import Actor
    from didban.model.documents import Document
    from didban.model.marking import Marking
    from didban.store.database import Transaction
    from didban.store.sightings import Sighting

MAX_PAPERS: Final = 1_000  # of one report


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """A report about documents: which ones, and since when it is so.

    - `documents`: each with its number (or range), issuer, type and status.
    - `reported_on`: the day of the report of theft or loss, where it is known.
    """

    documents: tuple[Document, ...]
    marking: Marking
    reported_on: date | None = None


def report(tx: Transaction, actor: Actor, papers: Papers) -> list[BankRecord]:
    """Enter one record for each document or range; all of them, or none with every fault.

    They are found at once, unless a second person must look first: stolen blanks, and more than a
    hundred documents in one report.

    Raises InvalidFields, InvalidInput, NotPermitted.
    """
    access.require(actor, Permission.BANK_RECORD_WRITE)
    if not 0 < len(papers.documents) <= MAX_PAPERS:
        raise InvalidInput(f"a report is about 1 to {MAX_PAPERS:,} documents or ranges")
    now = clock.now()
    drafts = [_draft(paper, papers, now.date()) for paper in papers.documents]
    faults = [
        (place.replace("/entity/documents/0", f"/documents/{position}"), fault)
        for position, draft in enumerate(drafts)
        for place, fault in faults_of(draft, now.date(), RetentionPolicy())
    ]
    if faults:
        raise InvalidFields(
            "the documents cannot be kept as they are", tuple(dict.fromkeys(faults))
        )
    state = bank.first_state(drafts)
    changes.require_place(tx, actor, drafts)
    reported = [
        BankRecord(
            entity=draft.entity,
            marking=draft.marking,
            alert=None,
            state=state,
            version=1,
            recorded_at=now,
            recorded_by=actor.user,
            valid_from=papers.reported_on,
        )
        for draft in drafts
    ]
    made = records.insert_records(tx, reported)
    audit.enter(
        tx,
        actor,
        Deed.RECORD_REPORTED,
        subject=made[0].id,
        facts={"count": len(made), "state": state},
    )
    return made


def validate(tx: Transaction, actor: Actor, record_ids: Sequence[str]) -> list[BankRecord]:
    """Make reported records active, as the second person of their owner (PR-28).

    Raises NotFound, NotPermitted, Conflict; nothing is validated then.
    """
    access.require(actor, Permission.BANK_RECORD_VALIDATE)
    made = []
    for record_id in record_ids:
        kept = bank.owned(tx, actor, record_id)
        target = RECORD_LIFE.transition(kept.state, LifeEvent.VALIDATE).target
        access.require_other_person(actor, kept.recorded_by, "the validation of a report")
        done = records.set_state(
            tx, kept, target, at=clock.now(), by=actor.user, reason="validated"
        )
        audit.enter(
            tx, actor, Deed.RECORD_VALIDATED, subject=record_id, facts={"version": done.version}
        )
        made.append(done)
    return made


def reject(
    tx: Transaction, actor: Actor, record_id: str, *, reason: str, key: bytes | None = None
) -> BankRecord:
    """Refuse a report that waits. Raises NotFound, NotPermitted, Conflict."""
    access.require(actor, Permission.BANK_RECORD_VALIDATE)
    kept = bank.owned(tx, actor, record_id)
    return bank.end(tx, actor, kept, LifeEvent.REJECT, ground=Ground.ERROR, reason=reason, key=key)


def recover(
    tx: Transaction, actor: Actor, record_id: str, *, expected: int, on: date | None = None
) -> BankRecord:
    """Enter that a document was found and returned to who issued it: it is found no more.

    - `on`: since when; what was so before that day stays so (4.1, bitemporal).

    The owner then withdraws the record, or declares the document `invalid`. Raises NotFound,
    NotPermitted, Conflict.
    """
    access.require(actor, Permission.BANK_RECORD_WRITE)
    kept = bank.owned(tx, actor, record_id, expected=expected)
    if kept.document_status is None:
        raise Conflict("only documents and objects that were lost or stolen are returned")
    target = RECORD_LIFE.transition(kept.state, LifeEvent.FOUND_AND_RETURNED).target
    since = replace(kept, valid_from=on or clock.today(), valid_to=None)
    made = records.set_state(
        tx, since, target, at=clock.now(), by=actor.user, reason="found and returned"
    )
    facts = {"version": made.version}
    audit.enter(tx, actor, Deed.RECORD_RECOVERED, subject=record_id, facts=facts)
    return made


def invalidate(tx: Transaction, actor: Actor, record_id: str, *, expected: int) -> BankRecord:
    """Declare a recovered document invalid: it is found again, and never acts.

    Raises NotFound, NotPermitted, Conflict.
    """
    access.require(actor, Permission.BANK_RECORD_WRITE)
    kept = bank.owned(tx, actor, record_id, expected=expected)
    target = RECORD_LIFE.transition(kept.state, LifeEvent.INVALIDATE).target
    papers = tuple(replace(paper, status=DocumentStatus.INVALID) for paper in kept.entity.documents)
    invalid = replace(
        kept, entity=replace(kept.entity, documents=papers), alert=None, valid_from=clock.today()
    )
    made = records.set_state(
        tx, invalid, target, at=clock.now(), by=actor.user, reason="declared invalid"
    )
    facts = {"version": made.version}
    audit.enter(tx, actor, Deed.RECORD_INVALIDATED, subject=record_id, facts=facts)
    return made


def sighted(
    tx: Transaction, actor: Actor, record_id: str, *, hit: str, place: str, at: datetime
) -> bool:
    """Note that a stolen or lost document of the bank turned up; return whether it is one.

    - `hit`: the hit in which it did, which counts once; `place`, `at`: where and when.

    Nothing is noted of anything else: where a person was met is not the owner's to learn, and a
    revoked document counts as its holder (PR-53). The caller has let the owner be told.
    """
    kept = records.get(tx, record_id, open_to(tx, actor))
    if kept is None or kept.document_status not in ACTING_STATUSES or not kept.is_document:
        return False
    if kept.state not in FOUND:
        return False
    RECORD_LIFE.transition(kept.state, LifeEvent.HIT)
    sightings.add(tx, record_id, authority=actor.authority, place=place, hit=hit, at=at)
    audit.enter(tx, actor, Deed.RECORD_SIGHTED, subject=record_id, facts={"hit": hit})
    return True


def sightings_of(tx: Transaction, actor: Actor, record_id: str) -> list[Sighting]:
    """Return where a document of one's own turned up, oldest first (PR-38).

    Raises NotFound, NotPermitted.
    """
    access.require(actor, Permission.BANK_RECORD_READ_FULL)
    bank.owned(tx, actor, record_id)
    seen = sightings.of_record(tx, record_id)
    facts = {"sightings": len(seen)}
    audit.enter(tx, actor, Deed.RECORD_VIEWED, subject=record_id, facts=facts)
    return seen


def _draft(paper: Document, papers: Papers, today: date) -> Draft:
    schema = "Passport" if (paper.type or "").upper().startswith("P") else "Identification"
    reported = {"reportedAt": (papers.reported_on.isoformat(),)} if papers.reported_on else {}
    marking = papers.marking
    if marking.verified_on is None:
        marking = replace(marking, verified_on=today)
    entity = Record(
        id=ids.new_record_id(marking.owner), schema=schema, properties=reported, documents=(paper,)
    )
    return in_our_form(Draft(entity=entity, marking=marking, valid_from=papers.reported_on))
