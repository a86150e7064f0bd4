"""What rings when something was committed elsewhere: PostgreSQL's NOTIFY, heard by one thread.

A ring is a hint and nothing more. It may come without need, and one may be missed while the
database is away; so who waits for it looks again after a while, and whenever the bell is back.
"""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING, Final, Self

import psycopg
from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from didban.store.database import Database

_GLANCE: Final = 0.5  # seconds between two looks whether it is over
_AGAIN: Final = 0.5  # seconds until a lost connection is tried anew


class Bell:
    """Hears channels of a database. `told` is called with channel and payload, by the bell's thread.

    After a connection was lost, everybody is told ("", ""): something may have been missed.
    """

    def __init__(self, database: Database, *channels: str) -> None:
        url = database.url.set(drivername="postgresql")
        self._url = url.render_as_string(hide_password=False)
        self._channels = channels
        self._listeners: dict[object, Callable[[str, str], None]] = {}
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="bell", daemon=True)

    def begin(self) -> Self:
        """Begin to hear."""
        self._thread.start()
        return self

    def __enter__(self) -> Self:
        """Begin to hear, until the block ends."""
        return self.begin()

    def __exit__(self, *_: object) -> None:
        """Hear no more."""
        self.end()
        self._thread.join()

    @property
    def is_over(self) -> bool:
        """Whether nobody should wait any longer: the process is about to end."""
        return self._over.is_set()

    def end(self) -> None:
        """Send home whoever waits. May be called by a signal's handler."""
        self._over.set()
        for told in list(self._listeners.values()):
            told("", "")

    @contextlib.contextmanager
    def heard(self, told: Callable[[str, str], None]) -> Iterator[None]:
        """Have somebody told of every ring until the block ends."""
        key = object()
        with self._lock:
            self._listeners[key] = told
        try:
            yield
        finally:
            with self._lock:
                del self._listeners[key]

    def _run(self) -> None:
        while not self._over.is_set():
            with (
                contextlib.suppress(psycopg.Error),
                psycopg.connect(
                    self._url, autocommit=True, application_name="didban bell"
                ) as connection,
            ):
                for channel in self._channels:
                    connection.execute(sql.SQL("listen {}").format(sql.Identifier(channel)))
                self._ring("", "")
                self._hear(connection)
            self._over.wait(_AGAIN)

    def _hear(self, connection: psycopg.Connection) -> None:
        while not self._over.is_set():
            for notify in connection.notifies(timeout=_GLANCE):
                self._ring(notify.channel, notify.payload)

    def _ring(self, channel: str, payload: str) -> None:
        with self._lock:
            listeners = list(self._listeners.values())
        for told in listeners:
            told(channel, payload)
