"""The equal-criteria report: one rule set over all issuers, and a signal where one fares apart (PR-49).

Every owner reads it, so that it must not tell one of them that somebody was met (PR-53): hits count
only long after their month, and numbers are told in steps.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from didban import clock
from didban.guard import access, audit, signals
from didban.model.deeds import Deed
from didban.model.equality import LEAST_CASES, Divergence, Tally, divergences
from didban.model.permissions import Permission
from didban.model.signals import SignalKind
from didban.store import equality, node

if TYPE_CHECKING:
    from didban.model.actors import Actor
    from didban.settings import Rights
    from didban.store.database import Database, Transaction

_DUTY: Final = "equal-criteria"


@dataclass(frozen=True, slots=True, kw_only=True)
class EqualityReport:
    """Rates of every group that is large enough to be told, and those that diverge."""

    tallies: tuple[Tally, ...]
    divergences: tuple[Divergence, ...]


def report(tx: Transaction, actor: Actor, terms: Rights) -> EqualityReport:
    """Return the report. All owners read the same one."""
    access.require(actor, Permission.OVERSIGHT_EQUALITY_READ)
    found = _report(tx, terms, clock.now())
    facts: audit.Facts = {"divergences": len(found.divergences)}
    audit.enter(tx, actor, Deed.EQUALITY_REPORTED, facts=facts)
    return found


def run_due(database: Database, now: datetime, terms: Rights) -> int:
    """Signal every divergence to the host's data-protection officer; return how many there are.

    A signal that nobody has looked at yet is counted up, not repeated.
    """
    with database.begin() as tx:
        here = node.get(tx)
        if here is None:
            return 0
        actor = access.system_actor(here.host, _DUTY)
        found = _report(tx, terms, now)
        for one in found.divergences:
            about = f"{one.tally.measure}:{one.tally.dimension}:{_code(one.tally.group)}"
            signals.raise_about(tx, SignalKind.DIVERGENCE, actor, about=about)
        audit.enter(
            tx, actor, Deed.EQUALITY_REPORTED, facts={"divergences": len(found.divergences)}
        )
        return len(found.divergences)


def _report(tx: Transaction, terms: Rights, now: datetime) -> EqualityReport:
    youngest = now - timedelta(days=terms.use_delay_days)
    month = datetime.combine(youngest.date().replace(day=1), time(), UTC)
    every = equality.tallies(tx, hits_until=month)
    step = terms.use_least
    return EqualityReport(
        tallies=tuple(_coarse(tally, step) for tally in every if tally.total >= LEAST_CASES),
        divergences=tuple(
            Divergence(tally=_coarse(one.tally, step), others_rate=round(one.others_rate, 2))
            for one in divergences(every, terms.divergence)
        ),
    )


def _code(group: str) -> str:
    """Return a group's name, or a digest where a record says a nationality in its own words."""
    is_code = audit.is_code(group, {"group": group})
    return group if is_code else hashlib.sha256(group.encode()).hexdigest()[:12]


def _coarse(tally: Tally, step: int) -> Tally:
    return replace(tally, cases=tally.cases // step * step, total=tally.total // step * step)
