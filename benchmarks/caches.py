"""What Didban remembers between queries, and how to make it forget: for honest cold figures."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def forget() -> None:
    """Empty every cache of the matching core, so that the next query meets only new names."""
    for clear in _module_caches():
        clear()


def _module_caches() -> Iterator[Callable[[], None]]:
    """Yield `cache_clear` of every cached function of the core."""
    for name, module in list(sys.modules.items()):
        if name.startswith(("didban.match", "didban.model")):
            for value in vars(module).values():
                clear = getattr(value, "cache_clear", None)
                if clear is not None:
                    yield clear
