"""What the figures were taken on: machine and versions."""

from __future__ import annotations

import os
import platform
import re
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.figures import Table
from benchmarks.material import ROOT
from didban import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator

_PEERS: Final = ("nomenklatura", "rapidfuzz", "tantivy", "pyicu-wheels", "anyascii")
_PINNED: Final = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>[\w.]+)", re.MULTILINE)


def measure() -> Iterator[Table]:
    """Tell the machine of this run."""
    pinned = dict(_PINNED.findall((ROOT / "requirements" / "peers.txt").read_text("utf-8")))
    rows = (
        ("processor", f"{os.cpu_count()} cores of {_processor()}"),
        ("memory", f"{_memory() / 2**30:.0f} GiB"),
        ("system", f"{platform.system()} {'.'.join(platform.release().split('.')[:2])}"),
        ("Python", platform.python_version()),
        ("SQLite", sqlite3.sqlite_version),
        ("Didban", __version__),
        ("peers", ", ".join(f"{name} {pinned[name]}" for name in _PEERS)),
    )
    yield Table(
        name="machine",
        command="python -m benchmarks machine",
        columns=("what", "which"),
        rows=rows,
        note="Each table tells the day on which it was measured.",
    )


def _processor() -> str:
    """Return the name of the processor, as the system tells it."""
    information = Path("/proc/cpuinfo")
    if information.exists():
        found = re.search(r"^model name\s*:\s*(.+)$", information.read_text("utf-8"), re.MULTILINE)
        if found:
            return found[1]
    return platform.processor() or platform.machine()


def _memory() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


if __name__ == "__main__":
    for _table in measure():
        print(_table.text())
