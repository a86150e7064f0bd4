"""A list taken in by a process of its own, so that checks are answered meanwhile as fast as ever."""

from __future__ import annotations

import multiprocessing
import os
from contextlib import closing
from typing import TYPE_CHECKING, Final

from didban.errors import DidbanError, Unavailable
from didban.intake.publications import take_in
from didban.intake.rejects import Rejects
from didban.model.publications import PublicationReport
from didban.store.database import Database

if TYPE_CHECKING:
    from datetime import datetime
    from multiprocessing.connection import Connection
    from pathlib import Path

    from didban.intake.publications import Terms
    from didban.intake.readers.base import Source
    from didban.model.actors import Actor

_NICENESS: Final = 10  # who waits at a counter comes first


def take_in_apart(
    database: Database,
    actor: Actor,
    source: Source,
    terms: Terms,
    refused: Path | None,
    now: datetime,
) -> PublicationReport:
    """Do what `take_in` does, in another process. It ends with this one, and can go on later.

    - `refused`: the file for refused rows. Raises what `take_in` raises, and Unavailable where the
      process ended before it was done.
    """
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe(duplex=False)
    url = database.url.render_as_string(hide_password=False)
    given = (theirs, url, actor, source, terms, refused, now)
    process = spawn.Process(target=_run, args=given, name="intake", daemon=True)
    with ours:
        process.start()
        theirs.close()
        try:
            outcome = ours.recv()
        except EOFError:
            outcome = Unavailable("the process that took the list in ended before it was done")
        process.join()
    if isinstance(outcome, PublicationReport):
        return outcome
    raise outcome


def _run(  # noqa: PLR0913, PLR0917 - as above, and where to answer
    pipe: Connection,
    url: str,
    actor: Actor,
    source: Source,
    terms: Terms,
    refused: Path | None,
    now: datetime,
) -> None:
    os.nice(_NICENESS)
    with pipe, closing(Database(url)) as database, Rejects(refused) as rejects:
        try:
            pipe.send(take_in(database, actor, source, terms, rejects=rejects, now=now))
        except DidbanError as error:
            pipe.send(error)
