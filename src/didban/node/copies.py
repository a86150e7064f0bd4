"""Backups of a node, and a node made of one. Secrets are not part of them."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from didban import clock
from didban.errors import Conflict, InvalidInput, NotFound
from didban.guard import audit, users
from didban.guard.secrets import SecretName
from didban.model.deeds import Deed
from didban.node import parts as building
from didban.node.running import held
from didban.store import backup, erasure, schema
from didban.store import node as node_row
from didban.store.postmaster import ServerState

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from didban.node.parts import Parts
    from didban.store.backup import Backup


def back_up(parts: Parts, target: Path, *, operator: str) -> Backup:
    """Write a backup of the node, which may be running; return what it is a copy of.

    The list of what was erased is brought up to date first, so that no backup knows of an erasure
    that the list does not. Raises NotFound without a node, InvalidFile, Unavailable.
    """
    building.require_made(parts)
    with _database_up(parts):
        now = clock.now()
        erasure.write_list(parts.database, parts.places.erased, now)
        with parts.database.begin() as tx:
            row, state = node_row.get(tx), schema.state(tx)
            if row is None:
                raise NotFound("there is no node in this database: nothing to back up")
            audit.enter(tx, users.operator(operator, row.host), Deed.NODE_BACKED_UP)
        return backup.write(parts.database, _tools(parts), target, (row, state), now)


def restore(parts: Parts, source: Path, erased: Path, *, operator: str) -> tuple[Backup, int]:
    """Make a node of a backup; return what it is a copy of, and how many records were erased again.

    - `erased`: the list of what was erased, as it is now: of the node that was lost.

    It cannot be opened before the erasures were applied. Killed on the way, it is begun anew.
    Raises InvalidInput without the list or the secrets, Conflict where there is a node already,
    InvalidFile, IntegrityFailure, ConfigError, Unavailable.
    """
    about = backup.read(source)
    schema.require_openable(about.schema)
    _require_secrets(parts)
    if not erased.exists():
        raise InvalidInput(
            f"{erased} is missing, the list of what was erased since: without it the backup would"
            " bring erased records back (PR-31). Give it, or an empty file if nothing ever was"
        )
    stones = list(erasure.read_list(erased))
    building.make_folder(parts)
    with held(parts.places.lock), _database_up(parts):
        with parts.database.begin() as tx:
            if node_row.get(tx) is not None:
                raise Conflict("there is a node here already: restore into a new place")
        backup.load(parts.database, _tools(parts), source)
        shutil.rmtree(parts.places.index, ignore_errors=True)  # made again from the bank
        with parts.database.begin() as tx:
            backup.settle(tx)
            count = erasure.reapply(tx, stones)
            node_row.add(tx, about.node)
            actor = users.operator(operator, about.node.host)
            audit.enter(tx, actor, Deed.NODE_RESTORED, facts={"erased": count})
        _keep_list(erased, parts.places.erased)
    return about, count


def _tools(parts: Parts) -> Path:
    """Return the folder of PostgreSQL's programs for copies."""
    if parts.server is not None:
        return parts.server.programs
    return backup.programs_for(parts.database, shutil.which("pg_dump"))


@contextmanager
def _database_up(parts: Parts) -> Iterator[None]:
    """Have the database running; one that did not run before is stopped again."""
    was_down = parts.server is not None and parts.server.state is ServerState.DOWN
    building.start_database(parts)
    try:
        yield
    finally:
        if was_down:
            building.stop_database(parts)


def _require_secrets(parts: Parts) -> None:
    for name in SecretName:
        parts.secrets.get(name)


def _keep_list(given: Path, ours: Path) -> None:
    """Go on with the list that was given: the next restore needs it too."""
    if given.resolve() != ours.resolve():
        shutil.copyfile(given, ours)
