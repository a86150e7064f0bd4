"""A record as the bank keeps it: the entity, its marking, its alert, and where it stands.

What an owner asked for once is not always what is asked for now. `standing` is the one place that
decides it, for the first line and for every other reader alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from didban.model.alerts import ACTING_STATUSES, MISUSED_IDENTITY, Action, DocumentStatus
from didban.model.marking import Handling
from didban.model.reviews import ReviewState
from didban.model.schemata import is_a

if TYPE_CHECKING:
    from datetime import date, datetime

    from didban.model.alerts import Alert
    from didban.model.disputes import CounterEvidence
    from didban.model.marking import Marking
    from didban.model.records import Record
    from didban.model.sensitive import SensitiveFact

PERSON_VERIFIED_FOR_DAYS: Final = 365
"""An alert that nobody confirmed for twelve months asks only to contact its owner (PR-21)."""

DOCUMENT_VERIFIED_FOR_DAYS: Final = 5 * 365
"""What a document is changes less: its owner confirms it every five years (PR-22)."""

_STATUSES: Final = frozenset(DocumentStatus)


class RecordState(StrEnum):
    """Where a record stands. `model.document_life` says what may follow what."""

    REPORTED = "reported"  # waits for a second person; not found yet
    ACTIVE = "active"
    UNDER_REVIEW = "under_review"  # disputed: still matches, and the answer says so
    SUSPENDED = "suspended"  # kept and found, but no action is asked (PR-15, PR-22, PR-57)
    RECOVERED = "recovered"  # the document is back with who issued it; not found any more
    WITHDRAWN = "withdrawn"  # not found any more; its versions are kept for the tombstone period
    EXPIRED = "expired"
    REJECTED = "rejected"
    ERASED = "erased"  # nothing but a tombstone is left


FOUND = frozenset({RecordState.ACTIVE, RecordState.UNDER_REVIEW, RecordState.SUSPENDED})
"""States in which a record is found by searches and checks."""


class SuspensionCause(StrEnum):
    """Why no action is asked for the time being. A record may be suspended for several causes."""

    STATUS_CHANGED = (
        "status_changed"  # charges dropped, acquitted: until the owner's review (PR-15)
    )
    UNCONFIRMED = "unconfirmed"  # the owner did not confirm it again in time (PR-22)
    PURPOSE_ACHIEVED = "purpose_achieved"  # fifteen days passed without an answer (PR-33)
    OVERSIGHT = "oversight"  # the independent role doubts it (PR-57)
    COMPLAINT = "complaint"  # about its notice, which is suspended meanwhile (4.3)
    REFUSED_BEFORE = "refused_before"  # the same was refused or withdrawn earlier (PR-57)


class Note(StrEnum):
    """What an officer must know before the action is read (PR-29), in the order of showing."""

    MISUSED_IDENTITY = "misused_identity"  # the bearer may be the victim
    DISPUTED = "disputed"
    COUNTER_EVIDENCE = "counter_evidence"  # PR-48
    SUSPENDED = "suspended"
    AWAITS_REVIEW = "awaits_review"  # another node's alert that nobody here accepted yet (PR-52)
    FLAGGED = "flagged"  # refused here: it stays information (PR-52; glossary: `flag`)
    REVOKED = "revoked"  # a state's word about its own paper: not stolen, not lost
    INVALID = "invalid"
    NAME_ONLY = "name_only"  # too little to act on (PR-19)
    ENDED = "ended"  # the alert's or the fact's own time is over
    UNVERIFIED = "unverified"  # PR-21: contact the owner
    CONDITIONS = "conditions"  # H3: the owner's words are to be acknowledged before use (PR-08)
    INFORMATION_ONLY = "information_only"  # no action is asked


_FORBID_ACTION: Final = frozenset(
    {
        Note.SUSPENDED,
        Note.AWAITS_REVIEW,
        Note.FLAGGED,
        Note.REVOKED,
        Note.INVALID,
        Note.NAME_ONLY,
        Note.ENDED,
    }
)

_OF_THE_PAPER: Final = frozenset({Action.SEIZE, Action.IDENTIFY, Action.INFORM})


@dataclass(frozen=True, slots=True, kw_only=True)
class BankRecord:
    """One version of what one owner says about one thing.

    - `entity`: the content; its `id` is the record's.
    - `sensitive`: facts of the kinds that PR-12 names, each with why it is needed; never matched.
    - `valid_from`, `valid_to`: when it was so in the world; `recorded_at`: when the bank knew it.
    - `reason`: why this version was made, in the words of who made it.
    - `visibility_number`: the store's number for `marking.visibility`.

    What others attached to it travels with it and is read together with it:

    - `suspensions`: causes for which no action is asked; `is_disputed`: a dispute is open;
    - `counter_evidence`: what speaks against it (PR-48);
    - `is_pictured`: photos or prints are attached (PR-19);
    - `review`: where the receiver's review stands; None of what did not come from another node.
    """

    entity: Record
    marking: Marking
    alert: Alert | None
    state: RecordState
    version: int
    recorded_at: datetime
    recorded_by: str
    dataset: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    reason: str = ""
    sensitive: tuple[SensitiveFact, ...] = ()
    suspensions: frozenset[SuspensionCause] = frozenset()
    is_disputed: bool = False
    counter_evidence: tuple[CounterEvidence, ...] = ()
    is_pictured: bool = False
    review: ReviewState | None = None
    visibility_number: int = 0

    @property
    def id(self) -> str:
        """The record's identifier."""
        return self.entity.id

    @property
    def owner(self) -> str:
        """The authority that alone may change it."""
        return self.marking.owner

    @property
    def is_document(self) -> bool:
        """Whether it is about a document, and not about who holds it."""
        return is_a(self.entity.schema, "Identification")

    @property
    def document_status(self) -> DocumentStatus | None:
        """What became of the document or other object that the record is about."""
        if self.alert and self.alert.document_status:
            return self.alert.document_status
        if not self.is_document:
            return None
        found = next((d.status for d in self.entity.documents if d.status), None)
        return DocumentStatus(found) if found in _STATUSES else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a record asks today.

    - `action`: what is really asked, after everything that stands against it; None for nothing.
      `Action.INFORM` is also the answer for an unverified record: contact the owner first.
    - `asks_first_line`: whether the first line is asked for anything at all.
    - `notes`: what is shown before the action, in that order (PR-29).
    """

    action: Action | None
    asks_first_line: bool
    notes: tuple[Note, ...]


def standing(record: BankRecord, today: date) -> Standing:
    """Return what a record asks on that day.

    - Stolen, lost and stolen blank documents act: they are to be seized unless the owner asks for
      something else. Revoked and invalid ones never act nor look like stolen ones.
    - What another node asks beyond its papers waits until somebody here accepted it (PR-52).
    - Nothing is asked on a name alone (PR-19), of a suspended record (PR-15, PR-22, PR-57), or after
      the day until which the owner asked.
    - What was not verified in time asks to contact the owner (PR-21).

    Does not decide whether the record may be shown: that is its visibility and the field matrix.
    """
    notes = _facts_about(record, today)
    action = _asked_by_owner(record)
    if not notes.isdisjoint(_FORBID_ACTION) or record.state not in FOUND:
        action = None
    elif action is not None and Note.UNVERIFIED in notes:
        action = Action.INFORM
    if action is None:
        notes |= {Note.INFORMATION_ONLY}
    shown = tuple(note for note in Note if note in notes)
    return Standing(action=action, asks_first_line=action is not None, notes=shown)


def verified_until(record: BankRecord) -> int:
    """Return for how many days a confirmation of this record holds (PR-21, PR-22)."""
    return DOCUMENT_VERIFIED_FOR_DAYS if record.is_document else PERSON_VERIFIED_FOR_DAYS


def needs_review(record: BankRecord) -> bool:
    """Return whether a record of another node asks for something that somebody here must accept.

    Stolen, lost and stolen blank documents act at once, as far as the paper is to be taken; what is
    asked about who holds it waits like any other alert (PR-52).
    """
    action = _asked_by_owner(record)
    is_paper = record.is_document and record.document_status in ACTING_STATUSES
    return action is not None and not (is_paper and action in _OF_THE_PAPER)


def _asked_by_owner(record: BankRecord) -> Action | None:
    if record.marking.is_tainted:
        return None
    if record.alert is not None:
        return record.alert.action_requested
    return Action.SEIZE if record.document_status in ACTING_STATUSES else None


def _facts_about(record: BankRecord, today: date) -> set[Note]:
    """Return the notes that hold, whether or not an action is asked."""
    alert, status = record.alert, record.document_status
    last_confirmed = record.marking.verified_on or record.recorded_at.date()
    ends = (record.valid_to, alert.valid_until if alert else None)
    review = record.review if needs_review(record) else None
    holds = {
        Note.MISUSED_IDENTITY: alert is not None and MISUSED_IDENTITY in alert.warnings,
        Note.DISPUTED: record.is_disputed or record.state is RecordState.UNDER_REVIEW,
        Note.COUNTER_EVIDENCE: bool(record.counter_evidence),
        Note.SUSPENDED: bool(record.suspensions) or record.state is RecordState.SUSPENDED,
        Note.AWAITS_REVIEW: review not in {None, ReviewState.ACCEPTED, ReviewState.REFUSED},
        Note.FLAGGED: review is ReviewState.REFUSED,
        Note.REVOKED: status is DocumentStatus.REVOKED,
        Note.INVALID: status is DocumentStatus.INVALID,
        Note.NAME_ONLY: not has_minimum_identity(record),
        Note.ENDED: any(end < today for end in ends if end),
        Note.UNVERIFIED: (today - last_confirmed).days > verified_until(record),
        Note.CONDITIONS: record.marking.handling is Handling.H3,
    }
    return {note for note, is_so in holds.items() if is_so}


def has_minimum_identity(record: BankRecord) -> bool:
    """Return whether a record says enough to act on the person who is found by it (PR-19).

    A person needs a name, and a birth date, a document number, or photos or prints beside it. Other
    things are told apart by what names them.
    """
    if not is_a(record.entity.schema, "Person"):
        return True
    says = record.entity.values
    beside = record.is_pictured or record.entity.documents or says(*_TELL_APART)
    return bool(says(*_NAMES)) and bool(beside)


_NAMES: Final = ("name", "alias", "previousName", "lastName", "firstName")
_TELL_APART: Final = ("birthDate", "passportNumber", "idNumber", "socialSecurityNumber")
