"""The named operating modes: how deep to look, and from which score on to call it a match."""

from __future__ import annotations

from enum import StrEnum


class Mode(StrEnum):
    """How to trade missed persons against false alarms.

    - `border`: few alarms, for a queue of travellers.
    - `balanced`: the default.
    - `thorough`: for an investigation, where somebody looks through the results.
    """

    BORDER = "border"
    BALANCED = "balanced"
    THOROUGH = "thorough"

    @property
    def threshold(self) -> float:
        """The score (0..1) from which on a candidate is a match."""
        return {"border": 0.85, "balanced": 0.7, "thorough": 0.4}[self]

    @property
    def depth(self) -> int:
        """The number of candidates that are scored for each name and layer of the index."""
        return {"border": 20, "balanced": 40, "thorough": 150}[self]

    @property
    def floor(self) -> int:
        """The least retrieval score (0..1020) of a candidate's name."""
        return {"border": 765, "balanced": 715, "thorough": 612}[self]
