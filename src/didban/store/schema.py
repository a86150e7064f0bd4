"""The age of the schema: brought up to this code, never opened by code that is too old for it.

Three versions live beside each other: of the package, of the messages between nodes, and this one.
A step that only adds keeps its `COMPAT`, so that the version before can be put back; one that takes
away raises it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, inspect, select, text
from sqlalchemy.exc import DBAPIError, OperationalError

from didban.errors import ConfigError, Unavailable
from didban.store.tables.operation import schema_version

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy import Connection

    from didban.store.database import Database, Transaction

SCHEMA_VERSION: Final = 3
"""The version that this code reads and writes: the number of the newest step."""

_SCRIPTS: Final = "didban.store:migrations"
_LOCK: Final = 0x6469_6462  # "didb": of the advisory lock
_LOCK_SECONDS: Final = 10  # a step that waits longer for a table holds everybody up behind it
_STATEMENT_SECONDS: Final = 900
_LEAST_SERVER: Final = 170_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaState:
    """Which schema a bank has. `version` 0: none at all."""

    version: int
    compat: int

    @property
    def is_current(self) -> bool:
        """Whether no step is left to do."""
        return self.version >= SCHEMA_VERSION


NONE: Final = SchemaState(version=0, compat=0)


def state(tx: Transaction) -> SchemaState:
    """Return which schema the bank has."""
    if not inspect(tx).has_table(schema_version.name):
        return NONE
    row = tx.execute(select(schema_version)).one_or_none()
    return SchemaState(version=row.version, compat=row.compat) if row else NONE


def size(tx: Transaction) -> int:
    """Return how many bytes the bank takes in its database."""
    return int(tx.execute(select(func.pg_database_size(func.current_database()))).scalar_one())


def require_openable(found: SchemaState) -> None:
    """Return if this code may open a bank with that schema. Raises ConfigError."""
    if found.compat > SCHEMA_VERSION:
        raise ConfigError(
            f"its schema is version {found.version} and can be opened from version {found.compat}"
            f" on; this Didban knows {SCHEMA_VERSION}: install the newer Didban",
            "database_url",
        )


def upgrade(database: Database, to: int = SCHEMA_VERSION) -> list[int]:
    """Bring the schema to a version, upwards or downwards; return the versions passed through.

    - Each step is one transaction: a process that is killed leaves whole steps.
    - One process at a time; another one waits, and then finds nothing left to do.
    - A step that cannot have a table within seconds gives up instead of blocking everybody.

    Raises ConfigError on a schema that is too new, Unavailable where a lock could not be had.
    """
    from alembic import command  # noqa: PLC0415 - slow to load, and no other command needs it

    with database.connect() as connection:
        _limit(connection)
        before = state(connection)
        require_openable(before)
        connection.commit()
        try:
            connection.execute(text("select pg_advisory_lock(:key)"), {"key": _LOCK})
            connection.commit()
            before = state(connection)
            connection.commit()
            if to > before.version:
                command.upgrade(config(connection), f"{to:04}")
            elif to < before.version and to < SCHEMA_VERSION:
                command.downgrade(config(connection), f"{to:04}" if to else "base")
            after = state(connection)
            connection.commit()
        except OperationalError as error:
            raise Unavailable(
                "the schema could not be changed, because others use the bank: stop them and try"
                " again"
            ) from error
        finally:
            connection.rollback()
            connection.execute(text("select pg_advisory_unlock_all()"))
            connection.commit()
    up = after.version >= before.version
    return (
        list(range(before.version + 1, after.version + 1))
        if up
        else list(range(before.version - 1, after.version - 1, -1))
    )


def config(connection: Connection) -> Config:
    """Return what Alembic needs to know; there is no file of its own."""
    from alembic.config import Config  # noqa: PLC0415 - as above

    made = Config(attributes={"connection": connection})
    made.set_main_option("script_location", _SCRIPTS)
    return made


def _limit(connection: Connection) -> None:
    connection.execute(text(f"set lock_timeout = '{_LOCK_SECONDS}s'"))
    connection.execute(text(f"set statement_timeout = '{_STATEMENT_SECONDS}s'"))


def require_fit(tx: Transaction) -> None:
    """Return if the server can keep a bank: its age, and that it knows more than Latin letters.

    A server whose locale is `C` finds no trigrams in Persian, Arabic and Cyrillic names and says
    nothing about it, so it is asked. Leaves nothing behind. Raises ConfigError.
    """
    number = int(tx.execute(text("select current_setting('server_version_num')")).scalar_one())
    if number < _LEAST_SERVER:
        raise ConfigError(
            f"PostgreSQL {number // 10_000} is too old: 17 or newer is needed", "database_url"
        )
    encoding = tx.execute(text("select current_setting('server_encoding')")).scalar_one()
    if encoding != "UTF8":
        raise ConfigError(f"the database is encoded in {encoding}: UTF8 is needed", "database_url")
    _require_trigrams(tx)
    knows = text("select lower('ИЙ') = 'ий' and similarity('محمد رضا', 'محمدرضا') > 0.3")
    if not tx.execute(knows).scalar_one():
        raise ConfigError(
            "its locale does not know Persian, Arabic and Cyrillic letters: make the database with"
            " locale_provider builtin, builtin_locale 'C.UTF-8', lc_collate and lc_ctype 'C.UTF-8'",
            "database_url",
        )


def _require_trigrams(tx: Transaction) -> None:
    try:
        tx.execute(text("create extension if not exists pg_trgm"))
    except DBAPIError as error:
        raise ConfigError(
            "the extension pg_trgm is missing: install PostgreSQL's contrib modules, and let the"
            " database's owner run 'create extension pg_trgm'",
            "database_url",
        ) from error
