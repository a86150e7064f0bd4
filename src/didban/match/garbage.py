"""When garbage is looked for."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def no_collection(*, for_good: bool = False) -> Iterator[None]:
    """Let no garbage be looked for meanwhile: where much is made that stays, and no garbage.

    `for_good`: nor later among what is there by then. For a process that ends with its work: of this,
    what only the collector would find is never given back.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if for_good:
            gc.freeze()
        if was_enabled:
            gc.enable()
