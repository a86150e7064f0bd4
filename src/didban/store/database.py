"""The database: one pool of connections, and transactions that end one way or the other."""

from __future__ import annotations

import zlib
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from psycopg.errors import UniqueViolation
from sqlalchemy import Connection, create_engine, event, func, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DataError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from didban.errors import ConfigError, Conflict, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Transaction = Connection
"""What the functions of this room are given: everything done with it happens, or nothing."""

NoRoom = DataError
"""What a value raises that no column has room for: a number too large, a day that is none."""

_LOCK_TIMEOUT_MS: Final = 4_000
_IDLE_TIMEOUT_MS: Final = 60_000
_CONNECT_SECONDS: Final = 10
_WAIT_SECONDS: Final = 10  # for a connection that is free
_EXCLUSIVE: Final = 0x6469_6462  # "didb": first half of the keys of our advisory locks
_TOUCHED: Final = "didban.touched"


class Topic(StrEnum):
    """What a transaction may touch that others finish in it, before it is committed."""

    READERS = "readers"  # who may know of records: groups, peers, assessments
    RECORDS = "records"


def touch(tx: Transaction, topic: Topic) -> None:
    """Note that a transaction touched a topic: who registered for it (`before_commit`) goes last."""
    tx.info.setdefault(_TOUCHED, set()).add(topic)


class Database:
    """A PostgreSQL database, embedded or external. Safe for several threads."""

    def __init__(self, url: str, *, pool_size: int = 8, statement_seconds: float = 60.0) -> None:
        """Take a `postgresql://` address; nothing is opened before the first transaction.

        - `statement_seconds`: what takes longer is given up; 0 waits for ever.

        Raises ConfigError on what is no address of a PostgreSQL; never repeats it, for it may hold
        a password.
        """
        options = (
            f"-c client_encoding=UTF8 -c timezone=UTC -c lock_timeout={_LOCK_TIMEOUT_MS}"
            f" -c idle_in_transaction_session_timeout={_IDLE_TIMEOUT_MS}"
            f" -c statement_timeout={round(statement_seconds * 1000)}"
        )
        try:
            self.url = make_url(url)
        except ArgumentError:
            raise ConfigError(
                "expected postgresql://user:password@host/database", "database_url"
            ) from None
        if self.url.get_backend_name() != "postgresql":
            raise ConfigError("only postgresql:// addresses are known", "database_url")
        self._engine = create_engine(
            self.url.set(drivername="postgresql+psycopg"),
            pool_size=pool_size,
            # Some deeds must outlive an error, and are done on a second connection meanwhile: as
            # many again, for a moment, so that requests never wait for each other.
            max_overflow=pool_size,
            pool_timeout=_WAIT_SECONDS,
            pool_pre_ping=True,  # the server may have been restarted since
            hide_parameters=True,  # errors would repeat them: personal data
            connect_args={
                "options": options,
                "application_name": "didban",
                "connect_timeout": _CONNECT_SECONDS,
            },
        )
        self._finishers: dict[Topic, list[Callable[[Transaction], None]]] = {}
        event.listen(self._engine, "begin", _forget_touched)
        event.listen(self._engine, "commit", self._finish)

    def before_commit(self, topic: Topic, finish: Callable[[Transaction], None]) -> None:
        """Have every transaction that touched a topic finished by this, within it.

        Whatever begins and commits the transaction: nobody can forget it. An error undoes the deed.
        Several finish in the order in which they were registered.
        """
        self._finishers.setdefault(topic, []).append(finish)

    def _finish(self, tx: Transaction) -> None:
        touched = tx.info.pop(_TOUCHED, frozenset())
        for topic in sorted(touched):
            for finish in self._finishers.get(topic, ()):
                finish(tx)

    def __repr__(self) -> str:
        """Say which, without the password."""
        return f"Database({self.url.render_as_string(hide_password=True)!r})"

    @contextmanager
    def begin(self) -> Iterator[Transaction]:
        """Give one transaction: committed at the end of the block, rolled back by an error.

        Raises Unavailable where the server is away, a lock or a connection was not to be had in
        time, or two transactions waited for each other: trying again may help. Raises Conflict
        where another one entered the same while this one found that it was free.
        """
        with _told_apart(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """Give a connection whose transactions the caller ends. It is not used again afterwards.

        For what lives longer than a transaction: session locks, timeouts of its own.
        """
        with _told_apart(), self._engine.connect() as connection:
            try:
                yield connection
            finally:
                connection.invalidate()

    @contextmanager
    def exclusively(self, name: str) -> Iterator[bool]:
        """Give whether this process alone may do what has that name until the block ends.

        Another process, or another block of this one, is given False meanwhile. A process that dies
        lets go.
        """
        lock = func.pg_try_advisory_lock(_EXCLUSIVE, func.int4(_signed(name)))
        with self.connect() as connection:
            is_ours = bool(connection.scalar(select(lock)))
            connection.commit()  # the lock stays; an idle transaction would be ended
            yield is_ours

    def close(self) -> None:
        """Give back every connection."""
        self._engine.dispose()


def _forget_touched(tx: Transaction) -> None:
    """Begin with nothing touched: what was rolled back left its notes on the connection."""
    tx.info.pop(_TOUCHED, None)


def _signed(name: str) -> int:
    """Return a number of 32 bits that stands for a name, as PostgreSQL's `int4`."""
    return zlib.crc32(name.encode()) - 2**31


@contextmanager
def _told_apart() -> Iterator[None]:
    try:
        yield
    except NoConnectionFree as error:
        raise Unavailable("all connections to the database are in use: try again") from error
    except IntegrityError as error:
        if isinstance(error.orig, UniqueViolation):
            raise Conflict("somebody else entered the same at this moment: read again") from error
        raise
    except OperationalError as error:
        if not error.connection_invalidated and error.statement is None:
            raise Unavailable(
                "the database cannot be reached: is it running, and are its address, name and user"
                " right?"
            ) from error
        raise Unavailable("the database did not answer in time, or is away: try again") from error
