"""Run Didban's own commands as a user does, and read what they cost from the system."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

PURPOSE = ("--purpose", "quality_test", "--reference", "benchmark")
_DONE = frozenset({0, 4, 10})
"""Exit codes of what went well: nothing found, finished with rejects, possible match."""
_START_LIMIT = 30.0
"""Seconds that a service may take to answer for the first time."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one finished command cost.

    - `seconds` by the clock, `cpu` of it and its workers on all cores: on a shared machine the
      second is the steadier figure.
    - `peak` memory of its largest process in megabytes.
    """

    seconds: float
    cpu: float
    peak: float


def run(arguments: Sequence[str]) -> Cost:
    """Run `didban` with these arguments to its end; any exit code of a failure raises."""
    started = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "didban", *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        words = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in _DONE:
        raise RuntimeError(
            f"didban {arguments[0]} ended with {process.returncode}:\n{words[-2000:]}"
        )
    return Cost(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


@contextmanager
def serving(snapshot: Path) -> Iterator[Service]:
    """Start `didban serve` on a free port, and stop it at the end of the block."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "didban", "serve", "--snapshot", str(snapshot)]
    with subprocess.Popen(
        [*command, "--port", str(port), *PURPOSE],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            service = Service(port, process.pid)
            service.wait()
            yield service
        finally:
            process.terminate()


@dataclass(frozen=True, slots=True)
class Service:
    """A running service on loopback."""

    port: int
    pid: int

    def wait(self) -> None:
        """Wait until it answers; raises `TimeoutError` when it does not."""
        limit = time.perf_counter() + _START_LIMIT
        while time.perf_counter() < limit:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=1)
                connection.request("GET", "/healthz")
                connection.getresponse().read()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise TimeoutError("didban serve does not answer")

    def match(self, queries: dict[str, Any]) -> dict[str, Any]:
        """Put queries to `/match/default` and return the answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        body = json.dumps({"queries": queries}).encode()
        connection.request("POST", "/match/default", body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        data: dict[str, Any] = json.loads(answer.read())
        if answer.status != http.client.OK:
            raise RuntimeError(f"didban serve answered {answer.status}: {data}")
        return data

    def resident(self) -> float:
        """Return the memory of the process in megabytes, mapped files that it touched included."""
        return resident(self.pid)


def resident(pid: int) -> float:
    """Return the resident memory of a process in megabytes (Linux)."""
    return _memory(pid, "VmRSS:")


def own_memory(pid: int) -> float:
    """Return what of it belongs to no file, and is shared with no other process."""
    return _memory(pid, "RssAnon:")


def _memory(pid: int, field: str) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith(field))
    return int(line.split()[1]) / 1024


def processor(pids: Iterable[int]) -> float:
    """Return what processes and all their children have used of the processor so far (Linux).

    In seconds over all cores; children that have ended are counted by their parents.
    """
    used, children = dict[int, int](), defaultdict[int, list[int]](list)
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it has ended meanwhile
            told = (folder / "stat").read_text().rpartition(")")[2].split()
            used[int(folder.name)] = sum(map(int, told[11:15]))
            children[int(told[1])].append(int(folder.name))
    left, total = list(pids), 0
    while left:
        pid = left.pop()
        total += used.get(pid, 0)
        left += children[pid]
    return total / os.sysconf("SC_CLK_TCK")
