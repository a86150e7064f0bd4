"""What strikes the nodes meanwhile, by chance that can be repeated."""

from __future__ import annotations

import contextlib
import random
import signal
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tools.chaos.links import Link
    from tools.chaos.nodes import LocalNode

_BETWEEN: Final = (0.5, 3.0)  # seconds
_LASTS: Final = (0.1, 4.0)  # seconds


@dataclass(slots=True)
class Blows:
    """Strikes one node after the other, and mends it. `counts`: what was done how often."""

    nodes: Mapping[str, LocalNode]
    links: Mapping[str, Link]
    seed: int
    counts: Counter[str] = field(default_factory=Counter)

    def strike_for(self, seconds: float, least: int) -> None:
        """Strike at random for so long, and so often; afterwards all nodes run, all links carry."""
        chance = random.Random(self.seed)  # noqa: S311 - repeatable
        blows = (self._kill, self._kill_database, self._cut, self._freeze)
        ends_at = time.monotonic() + seconds
        while time.monotonic() < ends_at or self.counts.total() < least:
            code = chance.choice(sorted(self.nodes))
            blow = chance.choice(blows)
            blow(code, chance.uniform(*_LASTS))
            self.counts[blow.__name__.strip("_")] += 1
            time.sleep(chance.uniform(*_BETWEEN))

    def _kill(self, code: str, lasts: float) -> None:
        """Kill the process of a node, and start it again."""
        self.nodes[code].kill()
        time.sleep(lasts)
        self.nodes[code].up()

    def _kill_database(self, code: str, _lasts: float) -> None:
        """Kill its database; the node itself starts it again."""
        self.nodes[code].kill_database()

    def _cut(self, code: str, lasts: float) -> None:
        """Cut the link to it, and heal it."""
        self.links[code].cut()
        time.sleep(lasts)
        self.links[code].heal()

    def _freeze(self, code: str, lasts: float) -> None:
        """Stop its process where it stands, and let it go on: it does not know that time passed."""
        process = self.nodes[code].process
        if process is not None:
            process.send_signal(signal.SIGSTOP)
            time.sleep(lasts)
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGCONT)
