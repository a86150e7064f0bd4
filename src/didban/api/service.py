"""What the HTTP interface answers from: one snapshot, kept current, and the reason of its checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio
import anyio.to_thread

from didban import clock
from didban.errors import SnapshotExpired
from didban.guard.entries import Outcome
from didban.match.manifest import MANIFEST
from didban.match.query import query_from_record
from didban.match.snapshot import Snapshot
from didban.screening.freshness import Freshness, assess
from didban.screening.screener import limits_of, mode_of

if TYPE_CHECKING:
    from pathlib import Path

    from didban.api.parameters import Parameters
    from didban.guard.check_log import CheckLog
    from didban.guard.reasons import Reason
    from didban.match.search import Match
    from didban.model.records import Record
    from didban.settings import Settings


class Service:
    """The snapshot being served. `didban lists update` is seen at the next request.

    - `hosts`: names in the `Host` header that are answered beside the loopback's own.
    - `origins`: web origins whose pages may ask.
    """

    def __init__(  # noqa: PLR0913 - built once, by name, from the options of `didban serve`
        self,
        *,
        snapshot: Path,
        settings: Settings,
        reason: Reason,
        log: CheckLog,
        mode: str = "balanced",
        hosts: tuple[str, ...] = (),
        origins: tuple[str, ...] = (),
    ) -> None:
        self.settings = settings
        self.mode = mode_of(mode)
        self.hosts = hosts
        self.origins = origins
        self._path = snapshot
        self._reason = reason
        self._log = log
        self._limits = limits_of(settings)
        self._version = self._stamp()
        self._snapshot = Snapshot.open(snapshot)
        # Turns of those who wait for the disk: how many have come, and up to which one it is done.
        self._syncing = anyio.Lock()
        self._wanted = self._safe = 0

    @property
    def snapshot(self) -> Snapshot:
        """The snapshot as it is published now; opened again when its manifest was replaced."""
        version = self._stamp()
        if version != self._version:
            self._snapshot = Snapshot.open(self._path)
            self._version = version
        return self._snapshot

    @property
    def freshness(self) -> Freshness:
        """How old the data is at this moment."""
        snapshot = self.snapshot
        return assess(snapshot.built_at, clock.now(), self._limits, snapshot.datasets)

    def require_fresh(self) -> None:
        """Raise `SnapshotExpired` (and enter that in the log) when nothing may be answered."""
        freshness = self.freshness
        if freshness.is_expired:
            self.enter(asked=0, matched=0, outcome=Outcome.UNKNOWN)
            raise SnapshotExpired(
                f"the data was built {freshness.built_at.isoformat()} and is past its hard limit:"
                " the answer is unknown"
            )

    def search(self, query: Record, parameters: Parameters, *, most: int) -> list[Match]:
        """Return the best results in the snapshot."""
        return self.snapshot.match(
            query_from_record(query),
            limit=most,
            threshold=parameters.cutoff,
            mode=self.mode,
            datasets=parameters.datasets,
        )

    def enter(self, *, asked: int, matched: int, outcome: Outcome = Outcome.DONE) -> None:
        """Enter one request in the check log; nothing may be answered if this fails.

        Nothing may be answered before `synced` either.
        """
        self._log.append(
            self._reason,
            command="serve",
            snapshot=self._snapshot.built_at.isoformat(),
            asked=asked,
            matched=matched,
            outcome=outcome,
            is_synced=False,
        )

    async def synced(self) -> None:
        """Return when the disk has every entry made before this call.

        Requests that come together wait for one write of the disk, not for one each.
        """
        self._wanted += 1
        turn = self._wanted
        async with self._syncing:
            if self._safe >= turn:
                return
            covered = self._wanted
            await anyio.to_thread.run_sync(self._log.sync)
            self._safe = covered

    def _stamp(self) -> tuple[int, int]:
        try:
            found = (self._path / MANIFEST).stat()
        except FileNotFoundError:
            return (0, 0)
        return (found.st_ino, found.st_mtime_ns)
