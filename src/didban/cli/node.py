"""What the commands of a node share: its parts, and what they say when something is missing."""

from __future__ import annotations

import os
import pwd
import shlex
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from didban import settings
from didban.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from didban.model.actors import Actor
    from didban.node.parts import Parts
    from didban.settings import Settings
    from didban.store.database import Transaction

DataFolder = Annotated[
    Path | None,
    typer.Option(
        "--data", metavar="FOLDER", help="Where the node keeps its things. Or `node.data_folder`."
    ),
]


def parts_of(data: Path | None, **changed: object) -> Parts:
    """Return the parts of the node that the settings and the options name; None changes nothing.

    Raises Unavailable where Didban was installed without its node.
    """
    given = {"data_folder": data, **changed}
    given = {name: value for name, value in given.items() if value is not None}
    for name, value in given.items():  # also for the processes that this one starts
        os.environ[f"{settings.PREFIX}NODE_{name.upper()}"] = str(value)
    in_force = settings.load()
    try:
        from didban.node.parts import PRIVATE, build
    except ModuleNotFoundError as error:
        raise Unavailable(
            f"{error.name} is missing: install Didban with its node, didban[node]"
        ) from error
    os.umask(PRIVATE)
    return build(in_force)


def up_again(data: Path | None) -> str:
    """Return the command that starts the node of this folder."""
    return "didban up" if data is None else f"didban up --data {shlex.quote(str(data))}"


def who_runs_this() -> str:
    """Return the operating system's name of who sits at this machine, for the audit."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


@contextmanager
def operating(data: Path | None) -> Iterator[tuple[Transaction, Actor, Settings]]:
    """Give one transaction on the node of this machine, its operator, and the settings in force.

    What its operator does is entered in the audit like what an administrator does.
    """
    with operating_parts(data) as (tx, who, parts):
        yield tx, who, parts.settings


@contextmanager
def operating_parts(data: Path | None) -> Iterator[tuple[Transaction, Actor, Parts]]:
    """Give the same with all parts of the node, for what needs its secrets."""
    with closing(parts_of(data)) as built:
        from didban.guard import refusals, users
        from didban.node import parts as building

        parts, row = building.opened(built)
        who = users.operator(who_runs_this(), row.host)
        with refusals.acting(parts.database, who, asked="command line") as tx:
            yield tx, who, parts
