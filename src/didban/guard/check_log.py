"""The check log: one entry for each run that used a snapshot, in a file beside it that only grows.

    snapshot/                       the data
    snapshot.checks.jsonl           the entries, one sealed line each (`didban.guard.entries`)
    snapshot.checks.jsonl.head      number and seal of the last entry; also the lock of writers
    snapshot.checks.jsonl.torn      unfinished lines that were set aside, if there ever were any
    snapshot.checks.jsonl.run-*     one for each long run that is under way

It lies beside the snapshot and not in it, because a snapshot is replaced whole and the trace of its
use must outlive it.

- *Several processes* write in turn, by a lock (flock) on the head file.
- *Killed at any moment*: an entry counts when its line is whole and on the disk, and nothing is
  answered before that. A last line without its end is set aside and the chain goes on; the next
  entry says so. A long run leaves a note of itself when it begins; whoever writes next enters it as
  `interrupted` if its process is gone.
- *Tampering* shows in `verify`: a broken seal, a gap, or an end that the head file knows and the
  log has lost. The head is on the disk before the first entry, so that no crash of ours leaves
  entries without one: a head that is gone was taken away. A log that shows it takes no more entries, so no more checks are answered, until an
  administrator has looked (`docs/reference/check-log.md`).
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import re
import secrets
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from didban import clock
from didban.errors import IntegrityFailure, Unavailable
from didban.guard import entries
from didban.guard.entries import FIRST_SEAL, Entry, Line, Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from didban.guard.reasons import Reason

SUFFIX = ".checks.jsonl"
_MODE = 0o600  # owner only: who checked what for, and when, is itself sensitive
_TAIL_BYTES = 65_536  # far more than the longest line that can be written
_HEAD = re.compile(rb"(\d{12}) ([0-9a-f]{64})\n")
_MAX_TEXT = 300  # characters of a command or a snapshot's date


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What `verify` found. `faults` say what, and at which line; empty means the log is whole.

    `under_way` counts long runs without an entry yet: they go on, or were killed since the last one.
    """

    count: int
    seal: str
    faults: tuple[str, ...]
    torn_bytes: int
    under_way: int


class CheckLog:
    """The log of one snapshot. Opening it touches nothing; the files come with the first entry."""

    def __init__(self, path: Path, *, now: Callable[[], datetime] = clock.now) -> None:
        self.path = path
        self._head = Path(f"{path}.head")
        self._now = now

    @classmethod
    def beside(cls, snapshot: Path, elsewhere: Path | None = None) -> CheckLog:
        """Return the log of this snapshot, or the one that the settings put `elsewhere`.

        Links are followed, so that one snapshot has one log by whichever path it is reached.
        """
        real = Path(os.path.realpath(snapshot))
        return cls(elsewhere or real.with_name(real.name + SUFFIX))

    def append(  # noqa: PLR0913 - one parameter for each thing that an entry says
        self,
        reason: Reason,
        *,
        command: str,
        snapshot: str = "",
        asked: int = 0,
        matched: int = 0,
        outcome: Outcome = Outcome.DONE,
        is_synced: bool = True,
    ) -> Entry:
        """Write one entry and return it once it is on the disk.

        With `is_synced` false it is written, but not yet safe from a loss of power: call `sync`
        before answering. One `sync` serves all entries before it.

        Raises `IntegrityFailure` when the end of the log does not hold, `Unavailable` when it
        cannot be written: the caller must not answer then.
        """
        draft = self._draft(reason, command, snapshot)
        draft = replace(draft, asked=asked, matched=matched, outcome=outcome)
        with self._locked() as head:
            self._enter_lost_runs(head)
            return self._write(draft, head, is_synced=is_synced)

    def sync(self) -> None:
        """Put every entry on the disk that was written before this call."""
        with self._locked() as head:
            log = os.open(self.path, os.O_RDWR | os.O_CLOEXEC)
            try:
                os.fsync(log)
                _write_head(head, *self._last(log, _read_head(head)))
            finally:
                os.close(log)

    def begin(self, reason: Reason, *, command: str, snapshot: str = "") -> Run:
        """Leave a note of a long run that begins, and return it; `Run.end` makes the entry.

        Raises `IntegrityFailure` and `Unavailable` like `append`, before anything is answered.
        """
        draft = self._draft(reason, command, snapshot)
        draft = replace(draft, run=secrets.token_hex(8), outcome=Outcome.INTERRUPTED)
        with self._locked() as head:
            self._check_end(head)
            self._enter_lost_runs(head)
            return Run(self, draft, Path(f"{self.path}.run-{draft.run}"))

    def lines(self) -> Iterator[Line | None]:
        """Yield every whole line in order; None stands for one that is not an entry."""
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            for raw in file:
                if raw.endswith(b"\n"):
                    yield entries.read(raw[:-1])

    def verify(self) -> Verification:
        """Check every seal from the first line to the head. Changes nothing.

        Does not notice that the whole log was rewritten together with its head: compare the seal
        with one that was kept elsewhere.
        """
        if not self.path.exists() and not self._head.exists():
            return Verification(count=0, seal=FIRST_SEAL, faults=(), torn_bytes=0, under_way=0)
        with self._locked() as head:
            count, seal, faults = self._check_chain(_read_head(head))
            return Verification(
                count=count,
                seal=seal,
                faults=tuple(faults),
                torn_bytes=self._torn_bytes(),
                under_way=sum(1 for _ in self._run_notes()),
            )

    # ------------------------------------------------------------------------------- inner

    def _draft(self, reason: Reason, command: str, snapshot: str) -> Entry:
        return Entry(
            entry=0,
            at=self._now().strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            who=reason.who,
            purpose=reason.purpose,
            reference=reason.reference,
            command=command[:_MAX_TEXT],
            snapshot=snapshot[:_MAX_TEXT],
            asked=0,
            matched=0,
            outcome=Outcome.DONE,
        )

    @contextlib.contextmanager
    def _locked(self) -> Iterator[int]:
        """Hold the writers' lock; yields the open head file."""
        try:
            head = os.open(self._head, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, _MODE)
        except OSError as error:
            raise Unavailable(self._unwritable(error)) from error
        try:
            fcntl.flock(head, fcntl.LOCK_EX)
            yield head
        except OSError as error:
            raise Unavailable(self._unwritable(error)) from error
        finally:
            os.close(head)  # also gives the lock back

    def _unwritable(self, error: OSError) -> str:
        return (
            f"the check log {self.path} cannot be written, so nothing is answered: {error}"
            " (the setting check_log puts it elsewhere)"
        )

    def _write(self, draft: Entry, head: int, *, is_synced: bool = True) -> Entry:
        """Append one entry. The lock is held; the head is written after the disk has the line.

        So the head is never ahead of the log, whatever a loss of power takes.
        """
        is_new = not self.path.exists()
        log = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, _MODE)
        try:
            torn = self._set_torn_line_aside(log)
            known = _read_head(head)
            number, seal = self._last(log, known)
            if known is None:
                self._begin_head(head)
            entry = replace(draft, entry=number + 1, torn=torn or None)
            line, seal = entries.write(entry, seal)
            _write_all(log, line)
            if is_synced:
                os.fsync(log)
        finally:
            os.close(log)
        if is_new:
            _sync_folder(self.path.parent)
        if is_synced:
            _write_head(head, entry.entry, seal)
        return entry

    def _begin_head(self, head: int) -> None:
        """Put a head that knows no entry on the disk, before the first entry is written."""
        _write_head(head, 0, FIRST_SEAL)
        os.fsync(head)
        _sync_folder(self.path.parent)

    def _check_end(self, head: int) -> None:
        """Refuse an end that was tampered with, if there is a log yet."""
        if self.path.exists():
            log = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC)
            try:
                self._last(log, _read_head(head))
            finally:
                os.close(log)

    def _last(self, log: int, head: tuple[int, str] | None) -> tuple[int, str]:
        """Return number and seal of the last whole entry; refuse an end that was tampered with."""
        tail = _tail(log)
        whole = tail[: tail.rfind(b"\n") + 1]
        if not whole:
            number, seal = 0, FIRST_SEAL
        elif head is None:
            raise IntegrityFailure(
                f"the head file {self._head} is missing or damaged, so that nobody knows whether"
                " the check log has lost its end; call the administrator"
            )
        else:
            line = entries.read(whole.rstrip(b"\n").rpartition(b"\n")[2])
            if line is None:
                raise IntegrityFailure(f"the last line of the check log {self.path} is damaged")
            number, seal = line.entry.entry, line.seal
        if head is not None and (head[0] > number or (head[0] == number and head[1] != seal)):
            raise IntegrityFailure(
                f"the check log {self.path} has lost or changed its end: entry {head[0]} was"
                f" written, entry {number} is the last; call the administrator"
            )
        return number, seal

    def _set_torn_line_aside(self, log: int) -> int:
        """Move an unfinished last line to the `.torn` file; return its length in bytes."""
        tail = _tail(log)
        torn = tail[tail.rfind(b"\n") + 1 :]
        if not torn:
            return 0
        with Path(f"{self.path}.torn").open("ab") as aside:
            aside.write(torn + b"\n")
            aside.flush()
            os.fsync(aside.fileno())
        os.ftruncate(log, os.fstat(log).st_size - len(torn))
        return len(torn)

    def _torn_bytes(self) -> int:
        if not self.path.exists():
            return 0
        log = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            tail = _tail(log)
        finally:
            os.close(log)
        return len(tail) - tail.rfind(b"\n") - 1

    def _run_notes(self) -> Iterator[Path]:
        return self.path.parent.glob(f"{_escaped(self.path.name)}.run-*")

    def _enter_lost_runs(self, head: int) -> None:
        """Enter the runs whose process is gone without an entry, as interrupted.

        Those of another user, whose notes we may not read, wait for that user's next check.
        """
        for note in sorted(self._run_notes()):
            with contextlib.suppress(PermissionError), note.open("rb") as file:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    continue  # still under way
                try:
                    values = json.loads(file.read())
                    draft = Entry(**{**values, "outcome": Outcome(values["outcome"])})
                except (ValueError, TypeError, KeyError):
                    note.rename(f"{note}.unreadable")
                    continue
                if not self._has_run(draft.run):
                    self._write(draft, head)
                note.unlink()

    def _has_run(self, run: str | None) -> bool:
        return any(line is not None and line.entry.run == run for line in self.lines())

    def _check_chain(self, head: tuple[int, str] | None) -> tuple[int, str, list[str]]:
        """Return the number of lines, the last seal, and what is wrong, in one pass.

        Lines after the one that the head file knows were written just before a kill.
        """
        faults: list[str] = []
        number, seal = 0, FIRST_SEAL
        for number, line in enumerate(self.lines(), start=1):
            if line is None:
                faults.append(f"line {number} is not an entry")
                seal = ""
                continue
            if line.seal != entries.seal_of(seal, line.body):
                faults.append(f"line {number} does not fit its seal and the line before")
            if line.entry.entry != number:
                faults.append(f"line {number} says that it is entry {line.entry.entry}")
            seal = line.seal
            if head is not None and head[0] == number and head[1] != seal:
                faults.append(f"entry {number} is not the one that the head file knows")
        if head is None and number:
            faults.append("the head file is missing or damaged")
        elif head is not None and head[0] > number:
            faults.append(f"entries {number + 1} to {head[0]} are missing from the end")
        return number, seal, faults


class Run:
    """A long run under way. Its note holds the counts so far, should the process be killed."""

    def __init__(self, log: CheckLog, draft: Entry, note: Path) -> None:
        self._log = log
        self._draft = draft
        self._note = note
        self._file = os.open(note, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, _MODE)
        fcntl.flock(self._file, fcntl.LOCK_EX)
        self.update(asked=0, matched=0)
        os.fsync(self._file)

    def update(self, *, asked: int, matched: int) -> None:
        """Note how many were asked and matched up to now (a few microseconds)."""
        self._draft = replace(self._draft, asked=asked, matched=matched)
        text = json.dumps(self._draft.to_json(), ensure_ascii=False).encode()
        os.pwrite(self._file, text, 0)
        os.ftruncate(self._file, len(text))

    def end(self, outcome: Outcome) -> Entry:
        """Write the entry of this run and take its note away."""
        draft = replace(self._draft, outcome=outcome)
        with self._log._locked() as head:  # noqa: SLF001 - the two halves of one log
            entry = self._log._write(draft, head)  # noqa: SLF001
            self._note.unlink(missing_ok=True)
        os.close(self._file)
        return entry


def _read_head(head: int) -> tuple[int, str] | None:
    found = _HEAD.fullmatch(os.pread(head, 128, 0))
    return (int(found[1]), found[2].decode("ascii")) if found else None


def _write_head(head: int, number: int, seal: str) -> None:
    text = b"%012d %s\n" % (number, seal.encode("ascii"))
    os.pwrite(head, text, 0)
    os.ftruncate(head, len(text))  # whatever a loss of power left behind it


def _tail(log: int) -> bytes:
    size = os.fstat(log).st_size
    return os.pread(log, _TAIL_BYTES, max(0, size - _TAIL_BYTES))


def _write_all(file: int, data: bytes) -> None:
    while data:
        data = data[os.write(file, data) :]


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _escaped(name: str) -> str:
    """Return a file name as a glob pattern that means just itself."""
    return re.sub(r"([*?\[])", r"[\1]", name)
