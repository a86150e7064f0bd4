"""Signals to the data-protection officer: that something should be looked at, never its content.

raised --triage(relevant | noise | duplicate)--> triaged --close--> closed    (after 4.8)
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from didban.model.machines import Machine, Transition

if TYPE_CHECKING:
    from datetime import datetime


class SignalKind(StrEnum):
    """What happened."""

    BLIND_HITS = "blind_hits"  # too many hits in a peer's tags: traps, or somebody browses
    DELETION_OVERDUE = "deletion_overdue"  # a device has not confirmed what it must delete (PR-34)
    DEVICE_SUSPECT = "device_suspect"  # what a device brought back cannot be so
    DIVERGENCE = "divergence"  # one owner, nationality or script fares unlike all others (PR-49)
    FAILED_SIGN_INS = "failed_sign_ins"
    LIST_STALE = "list_stale"  # a list was not refreshed for too long
    PEER_LIMIT = "peer_limit"  # another node asked more than it may in a day
    PURPOSE_ACHIEVED = "purpose_achieved"  # a record was neither deleted nor justified (PR-33)
    RECOVERY = "recovery"  # somebody's access was given anew by two others
    RECOVERY_ALONE = "recovery_alone"  # by the operator, because there was no second person
    REPEATED_LOOKUP = "repeated_lookup"  # the same person again and again, without a hit (PR-05)
    REQUEST_OVERDUE = "request_overdue"  # the time for a person's request is over (PR-46)
    RESULT_LIMIT = "result_limit"  # PR-04
    SEARCH_LIMIT = "search_limit"  # PR-04
    SELF_LOOKUP = "self_lookup"  # PR-05


class SignalState(StrEnum):
    """Where a signal stands."""

    RAISED = "raised"
    TRIAGED = "triaged"
    CLOSED = "closed"


class SignalEvent(StrEnum):
    """What the data-protection officer does with it."""

    TRIAGE = "triage"
    CLOSE = "close"


class Verdict(StrEnum):
    """What triage finds."""

    RELEVANT = "relevant"
    NOISE = "noise"
    DUPLICATE = "duplicate"


SIGNAL: Final = Machine(
    name="signal",
    initial=SignalState.RAISED,
    final=frozenset({SignalState.CLOSED}),
    transitions=(
        Transition(source=SignalState.RAISED, event=SignalEvent.TRIAGE, target=SignalState.TRIAGED),
        Transition(source=SignalState.TRIAGED, event=SignalEvent.CLOSE, target=SignalState.CLOSED),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One signal.

    - `user`, `authority`: who did it; empty where that is not known.
    - `count`: how often it happened while nobody had looked.
    """

    id: str
    kind: SignalKind
    state: SignalState
    user: str
    authority: str
    count: int
    raised_at: datetime
    last_at: datetime
    verdict: Verdict | None = None
    handled_by: str | None = None
