"""The rooms of pages, one module each."""

from __future__ import annotations

from typing import Final

ROOMS: Final = (
    "chart",
    "checks",
    "contacts",
    "corrections",
    "decisions",
    "disputes",
    "entries",
    "files",
    "help",
    "hits",
    "home",
    "passengers",
    "peer_checks",
    "places",
    "questions",
    "records",
    "records_life",
    "reviews",
    "same",
    "search",
    "session",
    "statements",
    "timeline",
)
"""Modules of this package that hold a `room`, in alphabetical order."""
