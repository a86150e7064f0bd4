"""The named operating modes: how deep to look, and from which score on to call it a match."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

MEASURED: Final = "modes.json"
"""What `python -m benchmarks modes` measured last; it stands beside this module."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What a mode was measured to find, and whom it alarms about.

    - `recall`: script (`Arabic`, `Cyrillic`, `Latin`) -> share (0..1) of listed persons asked for by
      name alone who are told: in ten, and called a match.
    - `alarms`: crowd -> share (0..1) of people on no list who have any match.
    - `measured_on`: the day, ISO text; `material`: what was asked, in words.
    """

    recall: Mapping[str, float]
    alarms: Mapping[str, float]
    measured_on: str
    material: str


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
        """The score (0..1) from which on a candidate is a match.

        `border` is set so that, by name alone, fewer than one namesake in a hundred alarms against
        each of the public lists and against all together; `balanced` is "worth a look".
        """
        return {"border": 0.9, "balanced": 0.7, "thorough": 0.4}[self]

    @property
    def depth(self) -> int:
        """The number of candidates that are scored for each name and layer of the index."""
        return {"border": 20, "balanced": 40, "thorough": 150}[self]

    @property
    def floor(self) -> int:
        """The least retrieval score (0..1020) of a candidate's name."""
        return {"border": 765, "balanced": 715, "thorough": 612}[self]

    @property
    def measured(self) -> Measured:
        """What this mode was measured to find, and whom it alarms about."""
        return _measured()[self]


@cache
def _measured() -> dict[str, Measured]:
    text = (files("didban.match") / MEASURED).read_text(encoding="utf-8")
    kept = json.loads(text)
    return {
        mode: Measured(measured_on=kept["measured_on"], material=kept["material"], **own)
        for mode, own in kept["modes"].items()
    }
