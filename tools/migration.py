"""Writes a step of the schema: what stands between the newest step and the tables of today.

    python -m tools.migration "what it does"     a new step
    python -m tools.migration --again            the newest step anew, while nobody has it yet

The result is a draft: read it, and say by its `COMPAT` which code may still open what it leaves.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.script import ScriptDirectory

from didban.store import schema
from didban.store.database import Database
from didban.store.embedded import EmbeddedPostgres

VERSIONS = Path(schema.__file__).parent / "migrations" / "versions"


def write(message: str, *, again: bool) -> Path:
    """Write the step and return its file."""
    steps = sorted(VERSIONS.glob("[0-9]*.py"))
    if again:
        message = message or steps[-1].stem.partition("_")[2].replace("_", " ")
        steps.pop().unlink()
    folder = Path(tempfile.mkdtemp(prefix="didban-step-"))
    server = EmbeddedPostgres(folder)
    server.start("fsync=off")
    database = Database(server.url)
    try:
        with database.connect() as connection:
            config = schema.config(connection)
            # One step after the other; a file's name is its number and what it does.
            config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
            if steps:
                command.upgrade(config, "head")
                connection.commit()
            number = f"{len(steps) + 1:04}"
            command.revision(config, message, autogenerate=True, rev_id=number)
            path = Path(ScriptDirectory.from_config(config).get_revision(number).path)
    finally:
        database.close()
        server.stop()
        shutil.rmtree(folder)
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if "# ###" not in line), encoding="utf-8")
    for words in (["check", "--fix", "--quiet"], ["format", "--quiet"]):
        subprocess.run([sys.executable, "-m", "ruff", *words, path], check=False)  # noqa: S603
    return path


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("message", nargs="?", default="")
    parser.add_argument("--again", action="store_true")
    given = parser.parse_args()
    print(write(given.message, again=given.again))
