"""Whom a deadline is told to, by which way, and of what: codes, never content."""

from __future__ import annotations

from enum import StrEnum


class Post(StrEnum):
    """Who is told, for an authority."""

    DUTY_OFFICER = "duty_officer"
    SUPERVISOR = "supervisor"
    BUREAU_HEAD = "bureau_head"


class Channel(StrEnum):
    """How a post is reached."""

    EMAIL = "email"
    WEBHOOK = "webhook"


class Notification(StrEnum):
    """What happened."""

    QUESTION_PUT = "question_put"
    QUESTION_REPEATED = "question_repeated"
    QUESTION_OVERDUE = "question_overdue"
    QUESTION_ANSWERED = "question_answered"
    ESCALATED = "escalated"
    HOLD_WARNING = "hold_warning"
    HOLD_LIMIT = "hold_limit"
    SUPPLEMENT_DUE = "supplement_due"
    FEEDBACK_DUE = "feedback_due"
    FEEDBACK_GIVEN = "feedback_given"
    OUTCOME_DUE = "outcome_due"
    MATCH_FOUND_LATER = "match_found_later"
    RECORD_CHANGED = "record_changed"
    RECORD_GONE = "record_gone"
    RETENTION_ENDS = "retention_ends"
    TRUST_ENDS = "trust_ends"  # a descriptor, key or certificate is about to run out
    WITNESS_REFUSES = "witness_refuses"  # another node saw more of the audit log than there is
    FEED_STOPPED = "feed_stopped"  # it forked, went back, or does not verify
    PEER_QUARANTINED = "peer_quarantined"  # too much evidence against another node
    RECEIPT_OVERDUE = "receipt_overdue"  # of a withdrawal, by another node
    REVIEW_WAITING = "review_waiting"
    MESSAGE_ARRIVED = "message_arrived"
    MESSAGE_REPLIED = "message_replied"
    MESSAGE_REOPENED = "message_reopened"
    MESSAGE_RECALLED = "message_recalled"
    MESSAGE_QUARANTINED = "message_quarantined"
    MESSAGE_UNDELIVERABLE = "message_undeliverable"
    MESSAGE_DUE_SOON = "message_due_soon"
    MESSAGE_OVERDUE = "message_overdue"
    MESSAGE_ESCALATED = "message_escalated"
    NOTICE_WAITS = "notice_waits"  # for its review
    NOTICE_REVIEWED = "notice_reviewed"
    NOTICE_OVERDUE = "notice_overdue"  # its review, or its end
    NOTICE_ENDED = "notice_ended"
