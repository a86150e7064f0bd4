"""A copy of the whole bank in a folder, and a bank made of one again.

    bank.dump        everything that the database holds, in PostgreSQL's own form
    manifest.json    what it is a copy of, and the SHA-256 of each other file

The row that says what the node is stays out of the dump: a database without it cannot be opened.
A restore writes it last, in the transaction that erases again what was erased since (PR-31).
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from psycopg.conninfo import make_conninfo
from sqlalchemy import delete, text

from didban.errors import IntegrityFailure, InvalidFile, Unavailable
from didban.store import schema
from didban.store.accounts import LOCALE
from didban.store.embedded import programs
from didban.store.node import NodeRow
from didban.store.schema import SchemaState
from didban.store.tables.operation import node
from didban.store.tables.records import change

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

    from didban.store.database import Database, Transaction

DUMP: Final = "bank.dump"
MANIFEST: Final = "manifest.json"
_FORMAT: Final = 1
_BLOCK: Final = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """What a backup is a copy of. `made_at`: before this moment everything is in it."""

    made_at: datetime
    node: NodeRow
    schema: SchemaState
    size: int  # bytes of the dump
    sha256: str

    def to_json(self) -> str:
        """Return the manifest. Inverse of `read`."""
        return json.dumps(
            {
                "format": _FORMAT,
                "made_at": self.made_at.isoformat(),
                "host": self.node.host,
                "is_training": self.node.is_training,
                "node_made_at": self.node.made_at.isoformat(),
                "schema": {"version": self.schema.version, "compat": self.schema.compat},
                "files": {DUMP: {"bytes": self.size, "sha256": self.sha256}},
            },
            indent=2,
        )


def write(
    database: Database, tools: Path, target: Path, about: tuple[NodeRow, SchemaState],
    now: datetime,
) -> Backup:  # fmt: skip
    """Write a backup into a new folder, which is there whole or not at all.

    The bank may be in use: what was committed when it began is in it.
    Raises InvalidFile where the folder exists, Unavailable where PostgreSQL does not do it.
    """
    if target.exists():
        raise InvalidFile(f"{target} exists already: a backup has a folder of its own")
    unfinished = target.with_name(f"{target.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700, parents=True)
    dump = unfinished / DUMP
    _run(
        database.url, tools / "pg_dump", "--format=custom", "--no-owner", "--no-acl",
        "--no-comments", f"--exclude-table-data={node.name}", f"--file={dump}",
    )  # fmt: skip
    size, sha256 = _digest(dump)
    made = Backup(made_at=now, node=about[0], schema=about[1], size=size, sha256=sha256)
    (unfinished / MANIFEST).write_text(made.to_json() + "\n", encoding="utf-8")
    for path in (dump, unfinished / MANIFEST, unfinished):
        _onto_disk(path)
    unfinished.rename(target)
    _onto_disk(target.parent)
    return made


def read(source: Path) -> Backup:
    """Return what a backup is a copy of, after every byte of it was looked at.

    Raises InvalidFile for what is no backup, IntegrityFailure for a file that was damaged.
    """
    try:
        data = json.loads((source / MANIFEST).read_text(encoding="utf-8"))
        file = data["files"][DUMP]
        found = Backup(
            made_at=datetime.fromisoformat(data["made_at"]),
            node=NodeRow(
                host=data["host"],
                is_training=data["is_training"],
                made_at=datetime.fromisoformat(data["node_made_at"]),
            ),
            schema=SchemaState(**data["schema"]),
            size=file["bytes"],
            sha256=file["sha256"],
        )
        is_known = data["format"] == _FORMAT
    except FileNotFoundError as error:
        raise InvalidFile(f"{source} is no backup: it has no {MANIFEST}") from error
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidFile(f"{source / MANIFEST} cannot be read") from error
    if not is_known:
        raise InvalidFile(f"{source} was made by a newer Didban")
    if _digest(source / DUMP) != (found.size, found.sha256):
        raise IntegrityFailure(f"{source / DUMP} is not as it was written: take another backup")
    return found


def load(database: Database, tools: Path, source: Path) -> None:
    """Put everything of a backup into a database in which there is no node.

    It cannot be opened yet, and can be loaded anew. Raises Unavailable.
    """
    _run(
        database.url, tools / "pg_restore", "--single-transaction", "--exit-on-error",
        "--no-owner", "--no-acl", "--clean", "--if-exists", str(source / DUMP),
    )  # fmt: skip
    with database.begin() as tx:
        schema.require_openable(schema.state(tx))
    schema.upgrade(database)


def settle(tx: Transaction) -> None:
    """Let go of what was told to followers: transactions are numbered anew in this server."""
    tx.execute(delete(change))


def programs_for(database: Database, found: str | None) -> Path:
    """Return the folder of PostgreSQL's programs for copies of an external bank.

    - `found`: the machine's own `pg_dump`, where there is one. It speaks TLS, which the wheel's does
      not; but it must not be older than the server.
    """
    with database.begin() as tx:
        server = int(tx.execute(text("show server_version_num")).scalar_one()) // 10_000
    if found is not None and _major(Path(found)) >= server:
        return Path(found).parent
    return programs()


def _major(program: Path) -> int:
    """Return of which version a program is; 0 for one that does not say."""
    done = subprocess.run(  # noqa: S603 - a program of the system
        [program, "--version"], capture_output=True, text=True, check=False
    )
    version = done.stdout.split()[-1:] or ["0"]
    major = version[0].partition(".")[0]
    return int(major) if major.isdecimal() else 0


def _run(url: URL, program: Path, *arguments: str) -> None:
    environment = {"LC_ALL": LOCALE, "PATH": os.environ.get("PATH", os.defpath)}
    if url.password is not None:
        environment["PGPASSWORD"] = str(url.password)  # other users see arguments, and not this
    known = {"host": url.host, "port": url.port, "user": url.username, "dbname": url.database}
    named: dict[str, Any] = {
        name: value for name, value in {**known, **url.query}.items() if value is not None
    }
    address = make_conninfo(**named)
    done = subprocess.run(  # noqa: S603 - a program of the wheel or the system, our own arguments
        [program, f"--dbname={address}", "--no-password", *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        # The first line says what; those below may quote rows.
        reason = (done.stderr.splitlines() or ["no reason given"])[0]
        raise Unavailable(f"{program.name} failed: {reason}")


def _digest(path: Path) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
                size += len(block)
    except FileNotFoundError as error:
        raise IntegrityFailure(f"{path} is missing") from error
    return size, digest.hexdigest()


def _onto_disk(path: Path) -> None:
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
