"""Three nodes under load; their processes, databases and links die at random; then all must be equal.

    python -m tools.chaos --seed 7 --minutes 3

Ends with 1, and says what differs, if a copy is not equal to its owner's record, if anything that
was acknowledged is lost or was refused, or if an honest node was accused. The seed repeats the order of blows.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tools.chaos import compare, nodes
from tools.chaos.blows import Blows
from tools.chaos.load import Load

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tools.chaos.links import Link
    from tools.chaos.nodes import LocalNode

_PATIENCE: Final = 900.0  # seconds until all must be equal again
_LEAST: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How it ended. `differences` are empty where all is as it must be.

    - `healed_in`: seconds from the end of the blows until all copies were equal.
    """

    blows: Mapping[str, int]
    reported: int
    withdrawn: int
    healed_in: float
    differences: tuple[str, ...]


def run(
    network: Mapping[str, LocalNode], links: Mapping[str, Link], *, seed: int, seconds: float
) -> Outcome:
    """Let nodes that run work under blows for so long, and compare their banks afterwards.

    However slow the machine is, there are a few blows, and a few reports are taken back.
    """
    with ExitStack() as stack:
        databases = {code: stack.enter_context(node.database()) for code, node in network.items()}
        loads = {
            code: Load(node=node, database=databases[code], seed=seed)
            for code, node in network.items()
        }
        with ExitStack() as working:
            for load in loads.values():
                working.enter_context(load)
            blows = Blows(nodes=network, links=links, seed=seed)
            blows.strike_for(seconds, least=_LEAST)
            nodes.wait_until(lambda: all(len(load.withdrawn) >= _LEAST for load in loads.values()))
        ended_at = time.monotonic()
        found = compare.differences(databases, loads)
        while found and time.monotonic() - ended_at < _PATIENCE:
            time.sleep(0.2)
            found = compare.differences(databases, loads)
        return Outcome(
            blows=dict(blows.counts),
            reported=sum(len(load.live) + len(load.withdrawn) for load in loads.values()),
            withdrawn=sum(len(load.withdrawn) for load in loads.values()),
            healed_in=time.monotonic() - ended_at,
            differences=(*found, *(one for load in loads.values() for one in load.failed)),
        )


def main() -> int:
    """Make three nodes in a folder of their own, run, and tell how it ended."""
    parser = argparse.ArgumentParser(prog="python -m tools.chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="repeats the order of blows")
    parser.add_argument("--minutes", type=float, default=2.0, help="how long they are struck")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="didban-chaos-"))
    folder.chmod(0o755)
    try:
        network = nodes.make(folder, nodes.ports_for("xar", "xbo", "xca"))
        with nodes.linked(network) as links:
            for node in network.values():
                node.up()
            told = run(network, links, seed=options.seed, seconds=options.minutes * 60)
    finally:
        nodes.remove(folder)
    blows = ", ".join(f"{count} {name}" for name, count in sorted(told.blows.items()))
    print(f"seed {options.seed}: {blows}")
    print(f"{told.reported} documents reported, {told.withdrawn} of them taken back")
    for difference in told.differences:
        print(difference)
    if told.differences:
        return 1
    print(f"every copy is equal to its owner's record, {told.healed_in:.1f} s after the last blow")
    return 0


if __name__ == "__main__":
    sys.exit(main())
