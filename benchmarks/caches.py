"""What Didban remembers between queries, and how to make it forget: for honest cold figures."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from didban.match.search import Search

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from didban.match.snapshot import Snapshot


def forget(snapshot: Snapshot) -> None:
    """Make an open snapshot meet the next query's names and records for the first time.

    Its files stay mapped and in the system's page cache, as in a service that has run for a while.
    """
    for clear in _caches(snapshot):
        clear()
    snapshot._search = Search(snapshot._layers)  # noqa: SLF001 - nobody else needs forgetting


def _caches(snapshot: Snapshot) -> Iterator[Callable[[], None]]:
    """Yield `cache_clear` of every bounded cache of the core and of the snapshot's layers.

    Unbounded ones hold tables that are read once in the life of a process, not what was asked.
    """
    layers = snapshot._layers  # noqa: SLF001 - as above
    modules = [module for name, module in sys.modules.items() if name.startswith("didban.match")]
    for holder in (*modules, *layers):
        for value in vars(holder).values():
            parameters = getattr(value, "cache_parameters", None)
            if parameters is not None and parameters()["maxsize"] is not None:
                yield value.cache_clear
