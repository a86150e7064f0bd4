"""What the routes of a node are given: built once by `node.py`, and by tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from didban.guard.secrets import Secrets
    from didban.screening.live import LiveIndex
    from didban.settings import Settings
    from didban.store.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The parts that requests are answered from.

    - `index`: the screening index that follows the bank, or None where this process has none.
    - `hosts`: names in the `Host` header that are answered beside the loopback's own.
    - `origins`: web origins whose pages may ask.
    - `turns`: how many requests may hold a connection of the database at once.
    """

    database: Database
    settings: Settings
    secrets: Secrets
    index: LiveIndex | None = None
    hosts: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    turns: int = 8
