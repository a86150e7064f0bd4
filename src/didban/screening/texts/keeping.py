"""The text files of a snapshot, kept up with it: one for each segment, made where it is missing.

They lie beside the snapshot, in `<snapshot>.texts`, under the digest of their segment. A snapshot
that is updated gets a small segment more, so that a small file is made. What takes long is made in a
process beside this one; until it is finished, searches go on in what was there before, without what
has been withdrawn since.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from didban.errors import Unavailable
from didban.match.snapshot import Snapshot
from didban.screening.texts.making import FORMAT, make
from didban.screening.texts.texts import Texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from didban.match.index.layers import Layer
    from didban.match.index.manifest import SegmentEntry

SMALL: Final = 3_000  # records whose text is made at once, while somebody waits (half a second)
_NICENESS: Final = 10  # checks come first
_REST: Final = 3.0  # seconds until another process is started


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The texts as they are, and whether they are those of the snapshot as it stands now."""

    texts: Texts
    is_current: bool


class TextFiles:
    """The texts of one snapshot's folder. Not for several threads at once."""

    def __init__(self, snapshot: Path) -> None:
        self.folder = snapshot.with_name(f"{snapshot.name}.texts")
        self._snapshot = snapshot
        self._of: Snapshot | None = None
        self._texts: Texts | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._rests_until = 0.0

    def of(self, snapshot: Snapshot) -> Kept:
        """Return the texts of a snapshot, or older ones while they are being made.

        Raises Unavailable when there are none yet.
        """
        if self._of is snapshot and self._texts is not None:
            return Kept(texts=self._texts, is_current=True)
        missing = self._missing(snapshot)
        if sum(entry.records for entry, _ in missing) <= SMALL:
            self.make_all(snapshot, is_waiting=True)
        elif not self._is_made_beside():
            self._make_beside()
        if not self._missing(snapshot):
            self._texts = Texts((self._file(e), layer) for e, layer in snapshot.stored())
            self._of = snapshot
            return Kept(texts=self._texts, is_current=True)
        if self._texts is None:
            raise Unavailable("the text of this snapshot is being made ready: try again in a while")
        return Kept(texts=self._texts, is_current=False)

    def make_all(self, snapshot: Snapshot, *, is_waiting: bool = False) -> None:
        """Make what is missing here and now, and remove what belongs to no segment any more.

        Where another process is doing it, wait for that, or do nothing.
        """
        with contextlib.suppress(BlockingIOError), self._alone(is_waiting=is_waiting):
            for entry, layer in self._missing(snapshot):
                make(layer, self._file(entry))
            named = {self._file(entry) for entry, _ in snapshot.stored()}
            for path in self.folder.iterdir():
                if path not in named and path.suffix == ".sqlite":
                    path.unlink(missing_ok=True)

    def close(self) -> None:
        """End what is being made; it is made again by whom it is missed."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def _missing(self, snapshot: Snapshot) -> list[tuple[SegmentEntry, Layer]]:
        return [(e, layer) for e, layer in snapshot.stored() if not self._file(e).exists()]

    def _file(self, entry: SegmentEntry) -> Path:
        return self.folder / f"{entry.sha256[:32]}-{FORMAT}.sqlite"

    @contextlib.contextmanager
    def _alone(self, *, is_waiting: bool) -> Iterator[None]:
        self.folder.mkdir(mode=0o700, exist_ok=True)
        handle = os.open(self.folder, os.O_RDONLY | os.O_CLOEXEC)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if is_waiting else fcntl.LOCK_NB))
            yield
        finally:
            os.close(handle)

    def _is_made_beside(self) -> bool:
        """Whether our process is at it, or has just left it to that of another worker."""
        if self._process is not None and self._process.poll() is None:
            return True
        return time.monotonic() < self._rests_until

    def _make_beside(self) -> None:
        self._rests_until = time.monotonic() + _REST
        self._process = subprocess.Popen(  # noqa: S603 - our own module, our own words
            [sys.executable, "-m", __name__, str(self._snapshot)], stdin=subprocess.DEVNULL
        )


def main() -> None:
    """Make the texts of the snapshot that is the argument."""
    os.nice(_NICENESS)
    path = Path(sys.argv[1])
    with Snapshot.open(path) as snapshot:
        TextFiles(path).make_all(snapshot)


if __name__ == "__main__":
    main()
