"""The rooms of pages, one module each."""

from __future__ import annotations

from typing import Final

ROOMS: Final = (
    "checks",
    "corrections",
    "decisions",
    "disputes",
    "entries",
    "files",
    "help",
    "hits",
    "home",
    "records",
    "records_life",
    "same",
    "search",
    "session",
    "statements",
)
"""Modules of this package that hold a `room`, in alphabetical order."""
