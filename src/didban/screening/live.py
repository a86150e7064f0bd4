"""The screening index of the bank, opened for asking: it follows the bank by itself.

    with LiveIndex.open(database, folder) as index:     # a thread keeps it current
        index.match(query, open_to=visibility.open_to(tx, actor))

Every process of a node opens the same folder. Whichever comes first writes it
(`screening.following`); the others see each writing within `_PERIOD`.
"""

from __future__ import annotations

import sys
import threading
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Self

import structlog

from didban import clock
from didban.errors import Unavailable
from didban.match.modes import Mode
from didban.match.shelves import CONTENTS, Shelves, shelves_of
from didban.screening.following import PURGE_WANTED, Follower, last_round
from didban.screening.freshness import Freshness, Limits, assess
from didban.store import changes

if TYPE_CHECKING:
    from pathlib import Path

    from didban.match.query import Query
    from didban.match.search import Match
    from didban.store.database import Database

_log = structlog.get_logger()

_PERIOD: Final = 0.2
"""Seconds between two rounds: within two of them what is new is found in every process."""

_TURN: Final = 0.001
"""Seconds after which the interpreter lets another thread run: a check, which takes about so long,
is not to wait five times that for the thread that writes what is new."""

_PATIENCE: Final = 30.0  # seconds that `catch_up` waits for the process that writes

LIMITS: Final = Limits(warn_after=timedelta(seconds=5), unknown_after=timedelta(hours=1))
"""How far the index may be behind the bank until an answer says so, and until it is UNKNOWN."""


class LiveIndex:
    """The index in one process. Safe for several threads."""

    def __init__(self, database: Database, folder: Path) -> None:
        """Use `LiveIndex.open`."""
        self._database = database
        self._folder = folder
        self._follower: Follower | None = None
        self._shelves: Shelves | None = None
        self._stamp: tuple[int, int] | None = None
        self._turn = threading.Lock()  # one round at a time
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    @classmethod
    def open(cls, database: Database, folder: Path, *, follow: bool = True) -> Self:
        """Open a folder, bring it up to what is committed now, and keep it so.

        Without `follow` it changes only with `catch_up`. While another process is long in making
        the folder, it is opened as far as that has come; `freshness` is expired until then. Raises
        Unavailable when the database does not answer.
        """
        index = cls(database, folder)
        try:
            index.catch_up()
        except Unavailable:
            if not follow or index._shelves is None:
                raise
        if follow:
            index._thread = threading.Thread(target=index._keep_up, name="index", daemon=True)
            index._thread.start()
        return index

    def match(
        self,
        query: Query,
        *,
        open_to: frozenset[int],
        limit: int = 5,
        threshold: float = 0.0,
        mode: Mode = Mode.BALANCED,
        datasets: frozenset[str] | None = None,
    ) -> list[Match]:
        """Return at most `limit` records like the query among those open to the asker.

        `open_to` are the asker's visibility numbers (`store.visibility.open_to`); to whom none is
        open, nothing is. The rest is as in `Snapshot.match`.
        """
        view = self.view(open_to, datasets)
        return view.match(query, limit=limit, threshold=threshold, mode=mode)

    def view(self, open_to: frozenset[int], datasets: frozenset[str] | None = None) -> View:
        """Return the index as it is now for one asker, perhaps of these datasets only."""
        return View(shelves=self.shelves, open_to=open_to, datasets=datasets)

    @property
    def shelves(self) -> Shelves:
        """The index as it is now."""
        follower = self._follower
        shelves = follower.shelves if follower else self._shelves
        if shelves is None:
            raise RuntimeError("the index is closed")
        return shelves

    @property
    def position(self) -> str:
        """How far the bank had been read when the index was last written."""
        return self.shelves.contents.position

    @property
    def is_writing(self) -> bool:
        """Whether this process is the one that writes the folder."""
        return self._follower is not None

    def lag(self) -> timedelta:
        """Return how old the state of the bank may be that answers; long, if that is not known."""
        begun = last_round(self._folder)
        if begun is None:
            return timedelta.max
        return timedelta(microseconds=(time.monotonic_ns() - begun) / 1_000)

    def freshness(self) -> Freshness:
        """Return how fresh answers are at this moment."""
        now, lag = clock.now(), min(self.lag(), timedelta(days=3650))
        return assess(now - lag, now, LIMITS)

    def __len__(self) -> int:
        """Return the number of records that can be found by somebody."""
        return len(self.shelves)

    def catch_up(self) -> None:
        """Return when everything that was committed before this call can be found here.

        Raises Unavailable when the process that writes does not get there in time.
        """
        called = time.monotonic_ns()
        until = time.monotonic() + _PATIENCE
        while not self._round(called):
            if time.monotonic() > until:
                raise Unavailable("the screening index is being made by another process: wait")
            time.sleep(_PERIOD / 10)

    def purge(self) -> None:
        """Ask that nothing be left in the files of what was taken out of the bank (PR-31).

        Whichever process writes begins with its next round, and goes on with what else there is to
        do meanwhile; it does so by itself too, within the hour.
        """
        self._folder.joinpath(PURGE_WANTED).touch()

    def trim(self, *, most: int = 10_000) -> int:
        """Forget changes of the bank that the index has for good; return how many."""
        self._round()
        with self._database.begin() as tx:
            return changes.trim(tx, self.position, most=most) if self.position else 0

    def close(self) -> None:
        """Stop following and let go of the files."""
        self._stopping.set()
        if self._thread:
            self._thread.join()
        with self._turn:
            if self._follower:
                self._follower.close()
            self._follower = self._shelves = None

    def __enter__(self) -> Self:
        """Return the index."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def _round(self, called: int = 0) -> bool:
        """Follow if that is on us, else open what another has written.

        Return whether everything committed before `called` is there now.
        """
        with self._turn:
            if self._stopping.is_set():
                return True
            if self._follower is None:
                self._follower = Follower.begin(self._database, self._folder)
            if self._follower:
                self._write(self._follower)
                return True
            begun = last_round(self._folder) or 0
            self._reopen()
            return begun >= called and self._shelves is not None

    def _write(self, follower: Follower) -> None:
        try:
            follower.follow()
        except BaseException:
            # What it had written stands; a new one begins from there, here or elsewhere.
            self._shelves, self._follower = follower.shelves, None
            follower.close()
            raise

    def _reopen(self) -> None:
        try:
            found = (self._folder / CONTENTS).stat()
            stamp = (found.st_ino, found.st_mtime_ns)
            if stamp != self._stamp:
                self._shelves = Shelves.open(self._folder, self._shelves)
                self._stamp = stamp
        except FileNotFoundError:  # its writer is just about to begin
            return

    def _keep_up(self) -> None:
        """Make a round each `_PERIOD`, whatever becomes of one: `lag` tells how it stands."""
        sys.setswitchinterval(min(sys.getswitchinterval(), _TURN))
        while not self._stopping.wait(_PERIOD):
            try:
                self._round()
            except Exception as error:  # noqa: BLE001 - it goes on: the database may come back
                _log.warning("index.round_failed", kind=type(error).__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """The index at one moment, for one asker."""

    shelves: Shelves
    open_to: frozenset[int]
    datasets: frozenset[str] | None = None

    def match(
        self,
        query: Query,
        *,
        limit: int = 5,
        threshold: float = 0.0,
        mode: Mode = Mode.BALANCED,
    ) -> list[Match]:
        """Return what `LiveIndex.match` does."""
        if not self.open_to:
            return []
        return self.shelves.match(
            query,
            shelves=shelves_of(self.open_to),
            limit=limit,
            threshold=threshold,
            mode=mode,
            datasets=self.datasets,
        )

    def known_datasets(self) -> frozenset[str]:
        """Return the publications and owners of which the asker may see records."""
        return self.shelves.datasets(shelves_of(self.open_to)) if self.open_to else frozenset()
