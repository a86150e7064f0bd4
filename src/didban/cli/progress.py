"""Progress of long work: one moving line on a terminal, a line now and then in a file."""

from __future__ import annotations

import sys
from time import monotonic
from typing import TextIO

_TERMINAL_SECONDS = 0.2
_FILE_SECONDS = 15.0


class Progress:
    """Says how many are done, how fast, and how long it will still take.

    Call `step` as often as you like with the running count; it decides when to write.
    """

    def __init__(
        self, what: str, *, total: int | None = None, stream: TextIO | None = None
    ) -> None:
        self._what = what
        self._total = total
        self._stream = stream or sys.stderr
        self._is_terminal = self._stream.isatty()
        self._started = self._said = monotonic()
        self._first: int | None = None

    def step(self, done: int, note: str = "") -> None:
        """Note that `done` are done in all, counting those of an earlier run."""
        now = monotonic()
        if self._first is None:
            self._first = done
        if now - self._said < (_TERMINAL_SECONDS if self._is_terminal else _FILE_SECONDS):
            return
        self._said = now
        text = self._text(done, now - self._started, note)
        self._stream.write(f"\r\x1b[K{text}" if self._is_terminal else f"{text}\n")
        self._stream.flush()

    def clear(self) -> None:
        """Take the moving line away, so that what follows starts on a clean one."""
        if self._is_terminal:
            self._stream.write("\r\x1b[K")
            self._stream.flush()

    def _text(self, done: int, seconds: float, note: str) -> str:
        rate = (done - (self._first or 0)) / seconds if seconds else 0.0
        text = f"{self._what}: {done:,}"
        if self._total:
            text += f" of {self._total:,} ({min(done / self._total, 1.0):.0%})"
        text += f", {rate:,.0f} a second"
        if self._total and rate:
            text += f", {_clock(max(0.0, (self._total - done) / rate))} left"
        return f"{text}{', ' if note else ''}{note}"


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
