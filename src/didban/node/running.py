"""Whether a node runs, and where: told by the lock that its process holds as long as it lives."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import signal
import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

from didban.errors import Conflict, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_STEP: Final = 0.05  # seconds between two looks
_GLANCE: Final = 0.3  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A process that runs the node. `address` is empty until it answers."""

    process: int
    address: str = ""


def look(lock: Path) -> Running | None:
    """Return which process runs the node, or None. What a dead process left is not believed."""
    try:
        file = os.open(lock, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    with os.fdopen(file, encoding="utf-8") as opened:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return _read(opened.read())
    return None


def _read(text: str) -> Running:
    try:
        return Running(**json.loads(text))
    except ValueError:  # it is just being written
        return Running(process=0)


@contextmanager
def held(lock: Path) -> Iterator[Callable[[str], None]]:
    """Hold the lock of a node; what is given says at which address it answers.

    Raises Conflict where another process holds it.
    """
    file = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        if not wait_for(lambda: _is_locked(file), _GLANCE):  # who only looks lets go at once
            raise Conflict("this node is running already: 'didban status' says where")

        def tell(address: str) -> None:
            text = json.dumps(asdict(Running(process=os.getpid(), address=address)))
            os.ftruncate(file, 0)
            os.pwrite(file, text.encode(), 0)

        tell("")
        yield tell
    finally:
        os.close(file)


def _is_locked(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def stop(lock: Path, *, patience: float) -> bool:
    """Tell the process of a node to stop and wait until it has; return whether there was one.

    Raises Unavailable when it does not stop in time (seconds).
    """
    running = look(lock)
    if running is None:
        return False
    if running.process:
        with contextlib.suppress(ProcessLookupError):
            os.kill(running.process, signal.SIGTERM)
    if not wait_for(lambda: look(lock) is None, patience):
        raise Unavailable(f"process {running.process} does not stop")
    return True


def wait_for(is_so: Callable[[], bool], patience: float) -> bool:
    """Return whether something came about within so many seconds."""
    deadline = time.monotonic() + patience
    while not is_so():
        if time.monotonic() > deadline:
            return False
        time.sleep(_STEP)
    return True
