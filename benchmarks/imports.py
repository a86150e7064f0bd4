"""What a cold `didban check` loads, and how long each part of it takes.

python -m benchmarks.imports
"""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

from benchmarks.figures import Table
from benchmarks.snapshots import a_small_snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

HEAVY = ("babel", "followthemoney", "nomenklatura", "numpy", "pydantic", "rigour", "starlette")
"""Packages that a check has no use for: each would cost more than the check."""

_LINE = re.compile(r"import time:\s+(?P<own>\d+) \|\s+(?P<all>\d+) \|(?P<indent>\s+)(?P<name>\S+)")
_SHOWN = 10


def check_command(snapshot: Path) -> list[str]:
    """Return the command line of an ordinary check by name and birth date."""
    return [
        *(sys.executable, "-m", "didban", "check", "--snapshot", str(snapshot)),
        *("--name", "Nikolai Orlow", "--birth-date", "1970-02-01", "--nationality", "uto"),
        *("--purpose", "quality_test", "--reference", "benchmark"),
    ]


def profile(command: Sequence[str]) -> dict[str, int]:
    """Return the modules that a Python command loads with their own microseconds."""
    timed = [command[0], "-X", "importtime", *command[1:]]
    run = subprocess.run(timed, capture_output=True, text=True, check=False)
    if run.returncode not in {0, 10}:
        raise RuntimeError(f"the check ended with {run.returncode}:\n{run.stderr[-2000:]}")
    return {found["name"]: int(found["own"]) for found in _LINE.finditer(run.stderr)}


def by_package(modules: Mapping[str, int]) -> dict[str, int]:
    """Return microseconds by top-level package, slowest first."""
    sums: dict[str, int] = {}
    for name, own in modules.items():
        package = name.split(".")[0]
        sums[package] = sums.get(package, 0) + own
    return dict(sorted(sums.items(), key=lambda item: -item[1]))


def measure() -> Iterator[Table]:
    """Profile one check on a snapshot of a few invented persons."""
    with a_small_snapshot() as snapshot:
        modules = profile(check_command(snapshot))
    packages = by_package(modules)
    heavy = [name for name in HEAVY if name in packages]
    total = sum(modules.values())
    rows = [(name, f"{us / 1e3:.1f} ms") for name, us in list(packages.items())[:_SHOWN]]
    rows.append(("**all**", f"**{total / 1e3:.0f} ms**"))
    yield Table(
        name="imports",
        command="python -m benchmarks imports",
        columns=("package", "time of its own modules"),
        rows=tuple(rows),
        note=f"{len(modules)} modules under `-X importtime`, which itself costs about half as much "
        f"again. Heavy packages loaded: {', '.join(heavy) or 'none'} (of {', '.join(HEAVY)}).",
    )


if __name__ == "__main__":
    for _table in measure():
        print(_table.text())
