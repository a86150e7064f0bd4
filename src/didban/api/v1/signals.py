"""Signals to the data-protection officer."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Path

from didban.api.v1.frame import Router, Tx, Who, needs
from didban.api.v1.pages import Given, Page, Paging, Told
from didban.guard import signals
from didban.model.permissions import Permission
from didban.model.signals import Signal, SignalKind, SignalState, Verdict

router = Router("signals")

Identifier = Annotated[str, Path(max_length=40, examples=["sgn_4kq2"])]


class TriageGiven(Given):
    """What a signal turned out to be."""

    verdict: Verdict


class SignalTold(Told):
    """One signal: what happened how often, in whose doing; never what was looked for."""

    id: str
    kind: SignalKind
    state: SignalState
    user: str
    authority: str
    count: int
    raised_at: datetime
    last_at: datetime
    verdict: Verdict | None
    handled_by: str | None

    @classmethod
    def of(cls, signal: Signal) -> SignalTold:
        """Return the shape of a signal."""
        return cls(
            id=signal.id,
            kind=signal.kind,
            state=signal.state,
            user=signal.user,
            authority=signal.authority,
            count=signal.count,
            raised_at=signal.raised_at,
            last_at=signal.last_at,
            verdict=signal.verdict,
            handled_by=signal.handled_by,
        )


@router.get("/signals")
@needs(Permission.ACCESS_SIGNAL_TRIAGE)
def list_signals(
    tx: Tx, who: Who, paging: Paging, state: SignalState | None = None
) -> Page[SignalTold]:
    """List signals, the newest first."""
    after = (datetime.fromisoformat(paging.after[0]), paging.after[1]) if paging.after else None
    rows = signals.listed(tx, who, state=state, after=after, limit=paging.fetch)
    return paging.page(
        rows, keys=lambda row: (row.raised_at.isoformat(), row.id), told=SignalTold.of
    )


@router.post("/signals/{signal}/triage")
@needs(Permission.ACCESS_SIGNAL_TRIAGE)
def triage_signal(tx: Tx, who: Who, signal: Identifier, given: TriageGiven) -> SignalTold:
    """Say what a signal turned out to be."""
    return SignalTold.of(signals.triage(tx, who, signal, given.verdict))


@router.post("/signals/{signal}/closing")
@needs(Permission.ACCESS_SIGNAL_TRIAGE)
def close_signal(tx: Tx, who: Who, signal: Identifier) -> SignalTold:
    """Close a signal that was triaged."""
    return SignalTold.of(signals.close(tx, who, signal))
