"""The rooms of pages, one module each."""

from __future__ import annotations

from typing import Final

ROOMS: Final = (
    "help",
    "home",
    "session",
)
"""Modules of this package that hold a `room`, in alphabetical order."""
