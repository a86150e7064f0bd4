"""Writing the screening index of the bank: one process of the node at a time follows the changes.

    bank ── change ──> Follower ── segments ──> folder ──> every process of the node opens them

- Who holds the lock on the folder writes; the kernel lets go of it when that process dies, and
  another takes over at its next round.
- The folder holds nothing that the bank does not: whatever is wrong with it, it is made again.
- Each round leaves its beginning in `round`, so that everybody can tell how far behind the index is.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from typing import TYPE_CHECKING, Final, Self

from didban import clock
from didban.errors import IntegrityFailure
from didban.ids import new_id
from didban.match.shelves import EVERYONE, Shelves, shelf_of
from didban.match.shelving import Held, Shelving
from didban.model.training import is_specimen_code
from didban.screening.merging import Merger
from didban.store import changes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import TextIO

    from didban.model.records import Record
    from didban.store.changes import Searchable
    from didban.store.database import Database

ROUND: Final = "round"
PURGE_WANTED: Final = "purge.wanted"
_LOCK: Final = "writer.lock"
_AT_ONCE: Final = 5_000
"""Records of one writing: so many take a fraction of a second, and then all can be found."""

_FAR_BEHIND: Final = 20_000
_AT_ONCE_FAR_BEHIND: Final = 25_000
"""Who is so far behind is late anyway, and catches up sooner with larger writings."""
_POSITION_KEPT_FOR: Final = 60.0  # seconds until the folder is told of a position without records
_PURGED_EACH: Final = 3_600.0
"""Seconds after which nothing is left in the files of what was taken out of the bank (PR-31)."""
_STATES: Final = ("nationality", "citizenship", "country", "birthCountry", "jurisdiction", "flag")


class Follower:
    """The writer of a folder. Not for several threads at once."""

    def __init__(self, database: Database, folder: Path, lock: TextIO) -> None:
        """Use `Follower.begin`."""
        self._database = database
        self._folder = folder
        self._lock = lock
        self._merger = Merger(folder)
        self._shelving = self._opened()
        self._position = self._shelving.shelves.contents.position
        self._kept_at = self._purged_at = time.monotonic()
        self._is_purging = True
        with database.begin() as tx:
            self._is_training = changes.is_training(tx)

    @classmethod
    def begin(cls, database: Database, folder: Path) -> Self | None:
        """Return the writer of a folder, or None while another process is that."""
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / _LOCK).open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return None
        try:
            return cls(database, folder, lock)
        except BaseException:
            lock.close()
            raise

    @property
    def shelves(self) -> Shelves:
        """The index as it was last written."""
        return self._shelving.shelves

    @property
    def position(self) -> str:
        """How far the bank was read, as `store.changes` says it; "" before the first round."""
        return self._position

    def follow(self) -> int:
        """Write everything that was committed before this call; return how many records it took."""
        begun = time.monotonic_ns()
        with self._database.begin() as tx:
            reached = changes.position(tx)
            numbers = changes.since(tx, self._position) if self._position else None
        taken = self._load(reached) if numbers is None else self._apply(numbers, reached)
        self._keep_position(reached)
        _note_round(self._folder, begun)
        self._merge()
        return taken

    def close(self) -> None:
        """Let another process write."""
        self._merger.close()
        self._lock.close()

    def _opened(self) -> Shelving:
        try:
            shelves = Shelves.open(self._folder)
        except (FileNotFoundError, IntegrityFailure):
            return self._begun()
        with self._database.begin() as tx:
            can_go_on = changes.can_follow(tx, shelves.contents.name, shelves.contents.position)
        return Shelving(self._folder, shelves) if can_go_on else self._begun()

    def _begun(self) -> Shelving:
        (self._folder / ROUND).unlink(missing_ok=True)  # nothing is known before it is made
        name = new_id("idx")
        with self._database.begin() as tx:
            changes.follow(tx, name)
        return Shelving.begin(self._folder, name=name, now=clock.now())

    def _load(self, reached: str) -> int:
        """Write the whole bank, in the order of its numbers."""
        last, taken = 0, 0
        while True:
            with self._database.begin() as tx:
                found = changes.after(tx, last, most=_AT_ONCE_FAR_BEHIND)
            if not found:
                self._shelving.keep_position(reached, now=clock.now())
                return taken
            self._write(found, [], "")
            self._merge()
            last, taken = found[-1].number, taken + len(found)

    def _apply(self, numbers: Sequence[int], reached: str) -> int:
        most = _AT_ONCE_FAR_BEHIND if len(numbers) > _FAR_BEHIND else _AT_ONCE
        for start in range(0, len(numbers), most):
            chunk = numbers[start : start + most]
            with self._database.begin() as tx:
                found = changes.present(tx, chunk)
            is_last = chunk[-1] == numbers[-1]
            there = {one.number for one in found}
            gone = [number for number in chunk if number not in there]
            self._write(found, gone, reached if is_last else self._position)
            self._merge()
        return len(numbers)

    def _write(self, found: Sequence[Searchable], gone: Sequence[int], position: str) -> None:
        held, out = [], [*gone]
        for one in found:
            if self._is_refused(one.record):
                out.append(one.number)
            else:
                held.append(held_of(one))
        self._shelving.write(held, out, position=position, now=clock.now())

    def _is_refused(self, record: Record) -> bool:
        """Return whether a production node must not match by this: it is a specimen (PR-51)."""
        return not self._is_training and is_specimen(record)

    def _keep_position(self, reached: str) -> None:
        """Tell the folder the position, but not each time that nothing else is to be written."""
        self._position = reached
        is_due = time.monotonic() - self._kept_at > _POSITION_KEPT_FOR
        if is_due and self.shelves.contents.position != reached:
            self._shelving.keep_position(reached, now=clock.now())
        if self.shelves.contents.position == reached:
            self._kept_at = time.monotonic()

    def _merge(self) -> None:
        """Let merges go on; from time to time those too that leave nothing of what was taken out."""
        wanted = self._folder / PURGE_WANTED
        if wanted.exists() or time.monotonic() - self._purged_at > _PURGED_EACH:
            wanted.unlink(missing_ok=True)
            self._purged_at = time.monotonic()
            self._is_purging = True
        if not self._merger.step(self._shelving, with_dead=self._is_purging):
            self._is_purging = False


def held_of(one: Searchable) -> Held:
    """Return a record of the bank as the index holds it, with its shelf."""
    shelf = EVERYONE if one.visibility is None else shelf_of(one.visibility)
    return Held(number=one.number, version=one.version, shelf=shelf, record=one.record)


def is_specimen(record: Record) -> bool:
    """Return whether a state that a record or one of its documents names is one of training."""
    issuers = (document.issuer for document in record.documents if document.issuer)
    return any(map(is_specimen_code, (*record.values(*_STATES), *issuers)))


def _note_round(folder: Path, begun: int) -> None:
    temporary = folder / f"{ROUND}.{os.getpid()}"
    temporary.write_text(str(begun))
    temporary.replace(folder / ROUND)


def last_round(folder: Path) -> int | None:
    """Return when the last round that is over began; None where that is not known.

    In nanoseconds of this machine's monotonic clock, which all its processes share.
    """
    with contextlib.suppress(OSError, ValueError):
        begun = int((folder / ROUND).read_text())
        return begun if begun <= time.monotonic_ns() else None
    return None
