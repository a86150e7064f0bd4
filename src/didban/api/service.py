"""What the HTTP interface answers from: one snapshot, kept current, and the reason of its checks."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import anyio
import anyio.to_thread

from didban import clock
from didban.errors import DidbanError, SnapshotExpired
from didban.guard.entries import Outcome
from didban.match.index.manifest import MANIFEST
from didban.match.query import query_from_record
from didban.match.snapshot import Snapshot
from didban.model.schemata import schemata
from didban.screening.freshness import Freshness, assess
from didban.screening.screener import limits_of, mode_of
from didban.screening.texts.keeping import TextFiles

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from didban.api.parameters import Parameters
    from didban.guard.check_log import CheckLog
    from didban.guard.reasons import Reason
    from didban.match.search import Match
    from didban.model.records import Record
    from didban.screening.texts.keeping import Kept
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
        self.reason = reason
        self._log = log
        self._limits = limits_of(settings)
        self._version = self._stamp()
        self._snapshot = Snapshot.open(snapshot)
        self._is_held = False
        self._texts = TextFiles(snapshot)
        # Turns of those who wait for the disk: how many have come, and up to which one it is done.
        self._syncing = anyio.Lock()
        self._wanted = self._safe = 0
        self._has_entered = False

    @property
    def snapshot(self) -> Snapshot:
        """The snapshot as it is published now; opened again when its manifest was replaced.

        Within `one_moment` it stays what it was.
        """
        version = self._version if self._is_held else self._stamp()
        if version != self._version:
            self._snapshot = Snapshot.open(self._path)
            self._version = version
        return self._snapshot

    @contextmanager
    def one_moment(self) -> Iterator[None]:
        """Answer from one snapshot, whatever is published meanwhile: one request, one state of lists.

        For one request at a time.
        """
        _ = self.snapshot  # the newest
        self._is_held = True
        try:
            yield
        finally:
            self._is_held = False

    @property
    def texts(self) -> Kept:
        """The text of the snapshot, for who looks things up. Raises Unavailable while there is none."""
        return self._texts.of(self.snapshot)

    @property
    def matched_schemata(self) -> frozenset[str]:
        """The schemata of what is matched in the snapshot, and what each of them is a case of."""
        known = schemata()
        present = (known[name] for name in self.texts.texts.schemata if name in known)
        return frozenset(name for each in present if each.is_matchable for name in each.ancestors)

    def refresh(self) -> None:
        """Look now for what the next request would find: a newer snapshot, and its text."""
        self._texts.make_all(self.snapshot)

    def close(self) -> None:
        """End what is made beside this process."""
        self._texts.close()

    def record(self, record_id: str) -> Record | None:
        """Return a record by its identifier, else by a referent, or None."""
        return self.snapshot.record(record_id)

    def checks(self) -> Mapping[str, bool]:
        """Return whether checks can be answered: not from data that is gone, or past its limit."""
        try:
            return {"snapshot": not self.freshness.is_expired}
        except DidbanError:
            return {"snapshot": False}

    def readings(self) -> Mapping[str, float]:
        """Return how old the data is, in seconds, and how much of it there is."""
        return {
            "snapshot_age_seconds": self.freshness.age.total_seconds(),
            "snapshot_records": float(len(self.snapshot)),
        }

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
            mode=parameters.mode or self.mode,
            datasets=parameters.datasets,
        )

    def enter(self, *, asked: int, matched: int, outcome: Outcome = Outcome.DONE) -> None:
        """Enter one request in the check log; nothing may be answered if this fails.

        Nothing may be answered before `synced` either.
        """
        self._log.append(
            self.reason,
            command="serve",
            snapshot=self._snapshot.built_at.isoformat(),
            asked=asked,
            matched=matched,
            outcome=outcome,
            is_synced=False,
        )
        self._has_entered = True

    async def synced(self) -> None:
        """Return when the disk has every entry made before this call.

        Requests that come together wait for one write of the disk, not for one each.
        """
        if not self._has_entered:
            return
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
