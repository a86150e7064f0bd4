"""Nodes as an administrator reads them: what each state is, and what a step with a node changes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from didban.model.exchange.peers import PeerState
from didban.web.i18n import N_
from didban.web.presenters.steps import Ask, Step

if TYPE_CHECKING:
    from datetime import datetime

    from didban.model.exchange.standing import Standing

_SOON_DAYS: Final = 30
_SKEW: Final = timedelta(seconds=30)

TONES: Final = {
    PeerState.PROPOSED: "open",
    PeerState.PINNED: "good",
    PeerState.QUARANTINED: "stop",
    PeerState.REMOVED: "quiet",
}
"""How the state of a node is coloured."""


def is_skewed(one: Standing) -> bool:
    """Return whether the clock of a node differs from ours by more than a link's delay explains."""
    return abs(one.skew_seconds or 0.0) > _SKEW.total_seconds()


def skew_of(one: Standing) -> timedelta:
    """Return by how much the clock of a node differs from ours, whole seconds."""
    return timedelta(seconds=abs(round(one.skew_seconds or 0.0)))


def days_left(until: datetime, now: datetime) -> int:
    """Return how many whole days are left; less than none where it is over."""
    return (until - now).days


def tone_of(days_left: int) -> str:
    """Return how an end is coloured, by the days that are left."""
    return "stop" if days_left < 0 else "warn" if days_left <= _SOON_DAYS else "quiet"


PROPOSE: Final = Step(
    deed="network.propose",
    heading=N_("Bring in a node"),
    consequences=(
        N_("The node is listed with what it says of itself."),
        N_("It gets nothing, and nothing is taken from it, before its words are compared."),
    ),
    button=N_("Bring the node in"),
    asks=(
        Ask(
            field="file",
            label=N_("The file by which the node introduces itself"),
            how="file",
            hint=N_("Their administrator makes it with: didban identity show --out FILE"),
        ),
    ),
)

PIN: Final = Step(
    deed="network.pin",
    heading=N_("Pin the node"),
    consequences=(
        N_("Call somebody of that node whom you know, by a number that you had before."),
        N_("They read their words out to you; write down what you hear."),
        N_("If the words match its key, we speak with the node from now on and take its records."),
    ),
    button=N_("These are the words: pin the node"),
    asks=(Ask(field="words", label=N_("The words that you heard"), how="area"),),
)

AGREE: Final = Step(
    deed="network.agree",
    heading=N_("Let the node speak for what it names"),
    consequences=(
        N_("From now on the node speaks for every authority that it names, also the new ones."),
        N_("Ask first the authorities that are new whether they want that."),
    ),
    button=N_("Let it speak for them"),
)

SUSPEND: Final = Step(
    deed="network.suspend",
    heading=N_("Suspend the node"),
    consequences=(
        N_("Nothing goes to the node and nothing is taken from it."),
        N_("What it owns here stays. To go on, its words are compared again."),
    ),
    button=N_("Suspend the node"),
    is_grave=True,
)

REMOVE: Final = Step(
    deed="network.remove",
    heading=N_("Remove the node for good"),
    consequences=(
        N_("Nothing goes to the node and nothing is taken from it any more."),
        N_("What it owns here goes as its leases end. What we sent there lapses in the same way."),
    ),
    button=N_("Remove the node"),
    is_grave=True,
)
