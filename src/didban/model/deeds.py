"""The deeds that the audit knows: `thing.verb`, in the past tense of what was done."""

from __future__ import annotations

from enum import StrEnum


class Deed(StrEnum):
    """One kind of entry in the audit log. Alphabetical; each is entered somewhere."""

    AUDIT_CHECKPOINT_TAKEN = "audit.checkpoint_taken"
    AUDIT_PROVED = "audit.proved"
    AUDIT_READ = "audit.read"
    AUDIT_VERIFIED = "audit.verified"
    AUTHORITY_GROUPED = "authority.grouped"
    AUTHORITY_REGISTERED = "authority.registered"
    CONDITIONS_ACKNOWLEDGED = "conditions.acknowledged"
    CONSENT_GIVEN = "consent.given"
    CONTACT_CHANGED = "contact.changed"
    FILE_JUDGED = "file.judged"
    FILE_JUDGEMENT_UNDONE = "file.judgement_undone"
    FILE_SUGGESTED = "file.suggested"
    FILE_VIEWED = "file.viewed"
    HIT_LISTED = "hit.listed"
    HIT_MOVED = "hit.moved"
    HIT_NOTED = "hit.noted"
    QUESTION_ANSWERED = "question.answered"
    QUESTION_LISTED = "question.listed"
    RECORD_CORRECTED = "record.corrected"
    RECORD_REPORTED = "record.reported"
    RECORD_VIEWED = "record.viewed"
    RECORD_WITHDRAWN = "record.withdrawn"
    RECOVERY_CONFIRMED = "recovery.confirmed"
    RECOVERY_REFUSED = "recovery.refused"
    RECOVERY_REQUESTED = "recovery.requested"
    REQUEST_REFUSED = "request.refused"
    SESSION_BEGAN = "session.began"
    SESSION_ENDED = "session.ended"
    SIGNAL_CLOSED = "signal.closed"
    SIGNAL_LISTED = "signal.listed"
    SIGNAL_RAISED = "signal.raised"
    SIGNAL_TRIAGED = "signal.triaged"
    SIGN_IN_FAILED = "sign_in.failed"
    TOKEN_ISSUED = "token.issued"  # noqa: S105 - a deed
    TOKEN_LISTED = "token.listed"  # noqa: S105 - a deed
    TOKEN_REVOKED = "token.revoked"  # noqa: S105 - a deed
    USER_ADDED = "user.added"
    USER_CHANGED = "user.changed"
    USER_DEACTIVATED = "user.deactivated"
    USER_ENROLLED = "user.enrolled"
    USER_LISTED = "user.listed"
