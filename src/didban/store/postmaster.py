"""Whether the server of a data folder lives, told from its lock file and the system's processes."""

from __future__ import annotations

import contextlib
import os
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from didban.store.accounts import Account

_PROCESSES: Final = Path("/proc")
_PID_LINE, _STATUS_LINE = 0, 7  # of postmaster.pid, counted from 0
_DEAD_STATES: Final = frozenset({"Z", "X"})


class ServerState(StrEnum):
    """What a server is doing."""

    READY = "ready"
    STARTING = "starting"
    STOPPING = "stopping"
    DOWN = "down"


def state_of(data: Path) -> ServerState:
    """Return what the server of a data folder is doing.

    A lock file alone proves nothing: its process may be gone, may be a zombie that nobody has
    reaped (the first process of a container often does not), or its number may be another's now.
    """
    lines = _lock_lines(data)
    if lines is None or not _is_alive(int(lines[_PID_LINE]), data):
        return ServerState.DOWN
    status = lines[_STATUS_LINE].strip() if len(lines) > _STATUS_LINE else ""
    return ServerState(status) if status in set(ServerState) else ServerState.STARTING


def clear_lock(data: Path, account: Account) -> bool:
    """Take away the lock of a dead server, if nothing of it is left; return whether it may start.

    PostgreSQL looks after its lock itself, except where the number in it belongs to a zombie or to
    another process of the same user: then it refuses to start for as long as that one is there.
    Processes of the old server may still write. As long as one is at work in the folder, False.
    """
    lines = _lock_lines(data)
    if lines is None:
        return True
    with contextlib.suppress(ChildProcessError):  # as first process of a container we are its heir
        os.waitpid(int(lines[_PID_LINE]), os.WNOHANG)
    script = (
        'for p in /proc/[0-9]*; do [ "$p/cwd" -ef "$1" ] && exit 1; done; rm -f "$1/postmaster.pid"'
    )
    return account.run(["/bin/sh", "-c", script, "sh", data]).returncode == 0


def _lock_lines(data: Path) -> list[str] | None:
    """Return the lines of the lock file; None where there is none, or one that says nothing yet."""
    try:
        lines = (data / "postmaster.pid").read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return None
    return lines if lines and lines[_PID_LINE].isdecimal() else None


def _is_alive(pid: int, data: Path) -> bool:
    process = _PROCESSES / str(pid)
    try:
        state = (process / "stat").read_bytes().rpartition(b")")[2].split()[0].decode()
        arguments = (process / "cmdline").read_bytes().split(b"\0")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in _DEAD_STATES and os.fsencode(data) in arguments
