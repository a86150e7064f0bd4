"""The tables of docs/reference/hits.md, from the machine itself."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from didban.casework.steps import lasts
from didban.model.hits import CLOCKS, HIT, LESSER, REASONS, Clock, Outcome, Urgency
from didban.settings import Casework

if TYPE_CHECKING:
    from collections.abc import Iterable


def tables() -> str:
    """Return arrows, clocks, reasons and actions as tables."""
    arrows = [
        f"| `{a.source}` | `{a.event}` | `{a.target}` | {_words(a.guards)} |"
        for a in HIT.transitions
    ]
    clocks = [
        f"| `{clock}` | {_duration(clock)} | {_words(sorted(rule.runs_in))} | {_moves(clock)} |"
        for clock, rule in CLOCKS.items()
    ]
    reasons = [f"| `{event}` | {_words(codes)} |" for event, codes in REASONS.items()]
    lesser = [f"| `{action}` | {_words(sorted(less))} |" for action, less in LESSER.items()]
    return "\n".join(
        [
            *("## States and events", "", "| from | event | to | guards |", "|---|---|---|---|"),
            *(*arrows, "", "## Deadlines", ""),
            *("| deadline | after | runs in | when it passes |", "|---|---|---|---|", *clocks, ""),
            *("## Reason codes", "", "| event | codes |", "|---|---|", *reasons, ""),
            f"Outcomes: {_words(Outcome)}.",
            *("", "## Lesser actions", "", "| requested | may be done instead |", "|---|---|"),
            *lesser,
        ]
    )


def _words(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words) or "none"


def _duration(clock: Clock) -> str:
    if clock is Clock.NAMED_TIME:
        return f"the time named, at most {_span(lasts(Casework(), clock))}"
    if clock is Clock.REPLY:
        urgent = lasts(Casework(), clock, Urgency.URGENT)
        return f"U {_span(urgent)}, R {_span(lasts(Casework(), clock))}"
    if clock is Clock.RETENTION:
        dismissed = timedelta(days=Casework().dismissed_days)
        return f"dismissed {_span(dismissed)}, closed {_span(lasts(Casework(), clock))}"
    return _span(lasts(Casework(), clock))


def _span(span: timedelta) -> str:
    hours, seconds = divmod(int(span.total_seconds()), 3600)
    if seconds or hours <= 1:
        return f"{int(span.total_seconds()) // 60} min"
    return f"{hours} h" if hours <= 72 else f"{hours // 24} d"  # noqa: PLR2004 - as 4.2 counts


def _moves(clock: Clock) -> str:
    rule = CLOCKS[clock]
    if clock is Clock.RETENTION:
        return "its personal content is erased"
    moved = (
        f"the first that may: {_words(rule.moves)}" if rule.moves else "the duty officer is told"
    )
    return f"{moved}, again and again" if rule.repeats else moved
