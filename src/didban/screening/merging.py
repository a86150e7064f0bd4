"""Merging the segments of the screening index in a process beside the one that writes it.

A large merge takes seconds, in which what is new must still be found and checks be answered. It
reads files that never change and writes one that nobody knows of yet, so a process that dies in it
has done nothing.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import structlog

from didban import clock
from didban.match.index.manifest import SegmentEntry
from didban.match.shelving import SMALL, Merge, write_merge

if TYPE_CHECKING:
    from didban.match.shelving import Shelving

_NICENESS: Final = 10  # checks come first
_REST: Final = 60.0  # seconds after a merge that failed: its cause, a full disk say, lasts a while

_log = structlog.get_logger()


class Merger:
    """Makes the merges of one folder, one at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[str] | None = None
        self._merge: Merge | None = None
        self._rests_until = 0.0

    def step(self, shelving: Shelving, *, with_dead: bool = False) -> bool:
        """Take over a merge that is finished, and begin the next that is due. Does not wait.

        Return whether there is anything to merge; `with_dead` as in `Shelving.overdue`.
        """
        if self._process is not None and self._process.poll() is None:
            return True
        self.wait(shelving)
        if time.monotonic() < self._rests_until:
            return True
        merge = shelving.overdue(with_dead=with_dead)
        if merge is None:
            return False
        if sum(segment.records for segment in merge.segments) <= SMALL:
            self.run_here(shelving, merge)
        else:
            self._start(merge)
        return True

    def wait(self, shelving: Shelving) -> None:
        """Take over the merge that is under way, if any, when it is finished.

        One that failed is forgotten: the segments are there as before, and it is due again.
        """
        if self._process is None or self._merge is None:
            return
        answer, _ = self._process.communicate()
        if self._process.returncode == 0:
            entry = SegmentEntry.from_json(json.loads(answer))
            shelving.adopt(self._merge, entry, now=clock.now())
        else:
            shelving.give_up()
            self._rests_until = time.monotonic() + _REST
            _log.warning("index.merge_failed", status=self._process.returncode)
        self._process = self._merge = None

    def run_here(self, shelving: Shelving, merge: Merge) -> None:
        """Make a merge in this process."""
        shelving.adopt(merge, write_merge(self._folder, merge), now=clock.now())

    def close(self) -> None:
        """Give up what is under way."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = self._merge = None

    def _start(self, merge: Merge) -> None:
        self._merge = merge
        self._process = subprocess.Popen(  # noqa: S603 - our own module, our own words
            [sys.executable, "-m", __name__, str(self._folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        with contextlib.suppress(BrokenPipeError):  # it died; `wait` sees that
            if self._process.stdin:
                self._process.stdin.write(json.dumps(asdict(merge)) + "\n")
                self._process.stdin.flush()


def _merge_of(data: dict[str, Any]) -> Merge:
    segments = tuple(map(SegmentEntry.from_json, data["segments"]))
    return Merge(shelf=data["shelf"], segments=segments, file=data["file"])


def main() -> None:
    """Make the merge that standard input describes, in the folder that is the argument."""
    os.nice(_NICENESS)
    entry = write_merge(Path(sys.argv[1]), _merge_of(json.loads(sys.stdin.readline())))
    sys.stdout.write(json.dumps(asdict(entry)))


if __name__ == "__main__":
    main()
