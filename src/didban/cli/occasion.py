"""What every command that uses a snapshot settles first: settings, snapshot, reason, log, age."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from didban import clock, settings
from didban.cli.options import snapshot_path
from didban.errors import PurposeMissing
from didban.guard.check_log import CheckLog
from didban.guard.entries import Outcome
from didban.guard.reasons import Reason, current_user, reason_for
from didban.match.index.manifest import Manifest
from didban.screening.check import Depth
from didban.screening.freshness import Freshness, assess
from didban.screening.screener import limits_of, mode_of
from didban.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """One run of a command: with which data, why, and where that is entered."""

    settings: Settings
    snapshot: Path
    reason: Reason
    log: CheckLog

    def freshness(self) -> Freshness:
        """Return the age of the snapshot at this moment, and what it lacks."""
        found = Manifest.read(self.snapshot)
        return assess(found.built_at, clock.now(), limits_of(self.settings), found.datasets)


def occasion(
    command: str, snapshot: Path | None, purpose: str | None, reference: str | None
) -> Occasion:
    """Return the occasion of a run, from its options and the settings.

    A run without a purpose is entered in the log as refused, and ends with `PurposeMissing`
    (PR-01).
    """
    config = settings.load()
    path = snapshot_path(snapshot, config)
    log = CheckLog.beside(path, config.check_log)
    text = reference or config.reference
    try:
        reason = reason_for(
            purpose or config.purpose, text, require_reference=config.require_reference
        )
    except PurposeMissing:
        if path.is_dir():
            refused = Reason(who=current_user(), purpose=None, reference="")
            log.append(refused, command=command, outcome=Outcome.REFUSED)
        raise
    return Occasion(settings=config, snapshot=path, reason=reason, log=log)


def depth_of(
    config: Settings, mode: str | None, limit: int | None, threshold: float | None
) -> Depth:
    """Return how far to look, from the options of a command and the settings."""
    return Depth(
        mode=mode_of(mode or config.screening.mode),
        limit=limit or config.screening.limit,
        threshold=threshold,
    )
