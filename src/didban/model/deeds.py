"""The deeds that the audit knows: `thing.verb`, in the past tense of what was done."""

from __future__ import annotations

from enum import StrEnum


class Deed(StrEnum):
    """One kind of entry in the audit log. Alphabetical; each is entered somewhere."""

    AUDIT_CHECKPOINT_TAKEN = "audit.checkpoint_taken"
    AUDIT_PROVED = "audit.proved"
    AUDIT_READ = "audit.read"
    AUDIT_VERIFIED = "audit.verified"
    AUTHORITY_REGISTERED = "authority.registered"
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
    REQUEST_REFUSED = "request.refused"
