"""The database: one pool of connections, and transactions that end one way or the other."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, create_engine
from sqlalchemy.engine import make_url

if TYPE_CHECKING:
    from collections.abc import Iterator

Transaction = Connection
"""What the functions of this room are given: everything done with it happens, or nothing."""

_LOCK_TIMEOUT_MS: Final = 4_000
_IDLE_TIMEOUT_MS: Final = 60_000


class Database:
    """A PostgreSQL database, embedded or external. Safe for several threads."""

    def __init__(self, url: str, *, pool_size: int = 8) -> None:
        """Take a `postgresql://` address; nothing is opened before the first transaction."""
        options = (
            f"-c timezone=UTC -c lock_timeout={_LOCK_TIMEOUT_MS}"
            f" -c idle_in_transaction_session_timeout={_IDLE_TIMEOUT_MS}"
        )
        self.url = make_url(url)
        self._engine = create_engine(
            self.url,
            pool_size=pool_size,
            max_overflow=2,
            pool_pre_ping=True,
            connect_args={"options": options},
        )

    @contextmanager
    def begin(self) -> Iterator[Transaction]:
        """Give one transaction: committed at the end of the block, rolled back by an error."""
        with self._engine.begin() as connection:
            yield connection

    def close(self) -> None:
        """Give back every connection."""
        self._engine.dispose()
