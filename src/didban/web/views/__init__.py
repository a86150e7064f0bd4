"""The rooms of pages, one module each."""

from __future__ import annotations

from typing import Final

ROOMS: Final = (
    "assessments",
    "chart",
    "checks",
    "consents",
    "contacts",
    "corrections",
    "decisions",
    "disputes",
    "doubts",
    "entries",
    "exports",
    "files",
    "help",
    "hits",
    "home",
    "letters",
    "lists",
    "messages",
    "network",
    "passengers",
    "peer_checks",
    "places",
    "quality",
    "questions",
    "received_corrections",
    "records",
    "records_life",
    "retention",
    "reviews",
    "same",
    "search",
    "session",
    "shared_records",
    "sources",
    "statements",
    "subject_cases",
    "subject_questions",
    "subject_requests",
    "suspensions",
    "timeline",
)
"""Modules of this package that hold a `room`, in alphabetical order."""
