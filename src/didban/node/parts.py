"""What a node is made of, and where its things lie."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from didban.errors import ConfigError, NotFound
from didban.guard.secrets import Secrets
from didban.node.ourselves import Ourselves, finish_deeds
from didban.store import node as node_row
from didban.store import schema
from didban.store.database import Database
from didban.store.embedded import EmbeddedPostgres

if TYPE_CHECKING:
    from didban.settings import Settings
    from didban.store.node import NodeRow

PRIVATE: Final = 0o077
"""The umask of every process of a node: what it writes is for its own user alone."""

_SYSTEM_FOLDER: Final = Path("/var/lib/didban")
_UNSAFE: Final = frozenset({"fsync", "full_page_writes", "synchronous_commit"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where the things of one node lie, all below its data folder."""

    root: Path

    @property
    def postgres(self) -> Path:
        """The node's own PostgreSQL."""
        return self.root / "postgres"

    @property
    def secrets(self) -> Path:
        """Keys and other secrets, one file each."""
        return self.root / "secrets"

    @property
    def index(self) -> Path:
        """The screening index, which can be made again from the bank."""
        return self.root / "index"

    @property
    def erased(self) -> Path:
        """The list of what was erased, which every restore obeys."""
        from didban.store.erasure import LIST_NAME  # noqa: PLC0415 - it loads every room

        return self.root / LIST_NAME

    @property
    def rejects(self) -> Path:
        """Refused rows, one file for each list."""
        return self.root / "rejects"

    @property
    def lock(self) -> Path:
        """Held by the process that runs the node; says where it listens."""
        return self.root / "node.lock"

    @property
    def log(self) -> Path:
        """What a node that was started in the background says."""
        return self.root / "node.log"

    @property
    def metrics(self) -> Path:
        """Counters that several processes share."""
        return self.root / "metrics"

    def all(self) -> tuple[Path, ...]:
        """Return every place."""
        kept = (self.postgres, self.secrets, self.erased, self.index)
        return (*kept, self.lock, self.log, self.metrics)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The parts of a node in one process. `server` is None where the database is external."""

    settings: Settings
    places: Places
    server: EmbeddedPostgres | None
    database: Database
    secrets: Secrets
    ourselves: Ourselves

    def close(self) -> None:
        """Give back every connection. The database's server goes on."""
        self.database.close()


def data_folder(settings: Settings) -> Path:
    """Return where the node keeps its things."""
    if settings.node.data_folder is not None:
        return settings.node.data_folder.expanduser().absolute()
    if os.geteuid() == 0:
        return _SYSTEM_FOLDER
    home = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return home / "didban"


def build(settings: Settings) -> Parts:
    """Build the parts. Nothing is started, opened or made yet. Raises ConfigError."""
    places = Places(root=data_folder(settings))
    server = None
    if settings.database_url is None:
        server = EmbeddedPostgres(places.postgres, user=settings.node.system_user)
    database = Database(
        settings.database_url or (server.url if server else ""),
        pool_size=settings.node.connections,
        statement_seconds=settings.node.statement_seconds,
    )
    secrets = Secrets(places.secrets, command=settings.access.secret_command)
    ourselves = Ourselves(secrets)
    finish_deeds(database, settings, ourselves, secrets)
    return Parts(
        settings=settings,
        places=places,
        server=server,
        database=database,
        secrets=secrets,
        ourselves=ourselves,
    )


def make_folder(parts: Parts) -> None:
    """Make the data folder, open to nobody but us and whoever runs the database on our behalf.

    A folder with things in it that are not a node's is left as it is.
    """
    places = parts.places
    places.root.mkdir(mode=0o700, parents=True, exist_ok=True)
    known = {path.name for path in places.all()}
    if not {path.name for path in places.root.iterdir()} <= known:
        return
    if parts.server is not None and parts.server.account.is_lent:
        os.chown(places.root, -1, parts.server.account.gid)
        places.root.chmod(0o710)  # it may pass through, and see nothing of what else lies here
    else:
        places.root.chmod(0o700)


def require_made(parts: Parts) -> None:
    """Return if something was made in the data folder. Raises NotFound."""
    place = parts.places.root if parts.server is None else parts.server.data
    if not place.exists():
        raise NotFound(f"there is no node in {parts.places.root}: 'didban init' makes one")


def start_database(parts: Parts) -> None:
    """Start the node's own PostgreSQL, if it has one, and make sure that a bank can live there.

    Raises ConfigError, Unavailable.
    """
    if parts.server is not None:
        parts.server.start(*options_of(parts.settings))
    with parts.database.begin() as tx:
        schema.require_openable(schema.state(tx))
        schema.require_fit(tx)


def stop_database(parts: Parts) -> None:
    """Give back every connection, and stop the node's own PostgreSQL, if it has one."""
    parts.close()
    if parts.server is not None:
        parts.server.stop()


def options_of(settings: Settings) -> tuple[str, ...]:
    """Return the settings of the node's own PostgreSQL. Raises ConfigError for what weakens it."""
    for option in settings.node.postgres_options:
        name, equals, _ = option.partition("=")
        if not equals or name.strip() in _UNSAFE:
            raise ConfigError(
                f"expected name=value, and none of {', '.join(sorted(_UNSAFE))}: what was"
                " acknowledged must survive a crash",
                "node.postgres_options",
            )
    return settings.node.postgres_options


def opened(parts: Parts) -> tuple[Parts, NodeRow]:
    """Return the parts as the node in the database has them, and what it says of itself.

    Raises NotFound where no node was made yet, ConfigError where the settings are of another
    kind of node: a training node stays one (PR-51).
    """
    with parts.database.begin() as tx:
        row = node_row.get(tx)
    if row is None:
        raise NotFound("there is no node in this database: 'didban init' makes one")
    charter = parts.settings.charter
    if charter.is_training and not row.is_training:
        raise ConfigError("this node was made for production", "charter.is_training")
    settings = replace(parts.settings, charter=replace(charter, is_training=row.is_training))
    return replace(parts, settings=settings), row
