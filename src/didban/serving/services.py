"""What the routes of a node are given: built once by `node.py`, and by tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from didban.errors import Conflict

if TYPE_CHECKING:
    from didban.exchange.ports import Exchange
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
    - `exchange`: what speaks with other nodes (see `exchange.ports`).
    """

    database: Database
    settings: Settings
    secrets: Secrets
    index: LiveIndex | None = None
    hosts: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    turns: int = 8
    exchange: Exchange | None = None

    @property
    def other_nodes(self) -> Exchange:
        """What speaks with other nodes. Raises Conflict where this process has nothing for that."""
        if self.exchange is None:
            raise Conflict("this process does not speak with other nodes")
        return self.exchange
