"""Lists that refresh themselves: registered once, looked at again and again, told of when stale."""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import structlog

from didban import clock
from didban.errors import Conflict, DidbanError, InvalidInput, NotFound, NotPermitted
from didban.guard import access, audit, signals
from didban.guard.reach import reach_of
from didban.intake import fetching
from didban.intake.apart import take_in_apart
from didban.intake.fetching import Limits
from didban.intake.publications import Terms, require_owner, take_in
from didban.intake.readers import READERS
from didban.intake.readers.base import Source
from didban.intake.readers.mapping import load_mapping
from didban.intake.rejects import Rejects
from didban.model.deeds import Deed
from didban.model.permissions import Permission
from didban.model.retention import RetentionPolicy
from didban.model.signals import SignalKind
from didban.store import publications, sources

if TYPE_CHECKING:
    from datetime import datetime

    from didban.intake.fetching import Fetched
    from didban.model.actors import Actor
    from didban.model.publications import PublicationReport
    from didban.model.sources import ListSource, SourceStatus
    from didban.store.database import Database, Transaction

DATASET: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
"""What a list's name looks like."""

LEAST_EVERY: Final = timedelta(minutes=1)
MAX_MAPPING: Final = 64 * 1024  # characters

_RESERVED: Final = frozenset({"default"})  # as a scope of the HTTP interface it means all lists
_DUTY: Final = "lists"
_FIRST_WAIT: Final = timedelta(minutes=1)  # after a failure; doubled with each
_ONE_FETCH: Final = timedelta(hours=2)  # for so long a list is ours alone

_log = structlog.get_logger("didban.lists")


@dataclass(frozen=True, slots=True, kw_only=True)
class Refreshing:
    """How lists are refreshed: where refused rows go, what a fetch may cost, how long things live.

    - `rejects`: a folder with one file for each list, of its last publication; None for none.
    - `is_apart`: a process of its own takes each list in, and steps back for those that answer.
    """

    rejects: Path | None = None
    is_apart: bool = False
    limits: Limits = field(default_factory=Limits)
    policy: RetentionPolicy = field(default_factory=RetentionPolicy)


def add(tx: Transaction, actor: Actor, new: ListSource, publisher: str = "") -> SourceStatus:
    """Register a list, to be read at once and then again and again; return how it stands.

    - `publisher`: the owner's name in words, where the owner is a publisher new to the bank.

    Raises NotPermitted, InvalidInput; Conflict where a list has that name.
    """
    access.require(actor, Permission.BANK_SOURCE_MANAGE)
    _require_valid(new)
    now = clock.now()
    if new.owner != actor.authority and reach_of(tx, actor) is not None:
        raise NotPermitted("lists of publishers are registered by the host", "not_host")
    require_owner(tx, actor, new.owner, publisher, now)
    if sources.get(tx, new.dataset) is not None:
        raise Conflict("there is a list of this name already")
    sources.add(tx, new, now=now)
    facts = {"kind": new.kind, "owner": new.owner}
    audit.enter(tx, actor, Deed.SOURCE_ADDED, subject=new.dataset, facts=facts)
    return _found(tx, actor, new.id)


def listed(tx: Transaction, actor: Actor) -> list[SourceStatus]:
    """Return the lists of the actor's authority, or all for the host's administrator."""
    access.require(actor, Permission.BANK_SOURCE_MANAGE)
    found = sources.listed(tx, reach_of(tx, actor))
    audit.enter(tx, actor, Deed.SOURCE_LISTED, facts={"count": len(found)})
    return found


def history(
    tx: Transaction, actor: Actor, source_id: str, *, limit: int
) -> list[PublicationReport]:
    """Return what the last publications of a list did, newest first. Raises NotFound."""
    status = _found(tx, actor, source_id)
    audit.enter(tx, actor, Deed.SOURCE_LISTED, subject=status.source.dataset)
    return publications.listed(tx, status.source.dataset, limit=limit)


def set_active(tx: Transaction, actor: Actor, source_id: str, *, is_active: bool) -> SourceStatus:
    """Leave a list alone from now on, or go on with it at once. Raises NotFound."""
    status = _found(tx, actor, source_id)
    sources.set_active(tx, status.source.id, is_active=is_active, now=clock.now())
    facts = {"is_active": is_active}
    audit.enter(tx, actor, Deed.SOURCE_CHANGED, subject=status.source.dataset, facts=facts)
    return _found(tx, actor, source_id)


def remove(tx: Transaction, actor: Actor, source_id: str) -> None:
    """Forget where a list comes from; its records stay until their time ends. Raises NotFound."""
    status = _found(tx, actor, source_id)
    sources.remove(tx, status.source.id)
    facts = {"is_removed": True}
    audit.enter(tx, actor, Deed.SOURCE_CHANGED, subject=status.source.dataset, facts=facts)


def run_due(database: Database, now: datetime, how: Refreshing) -> int:
    """Look at every list that is due, take in what is new, tell who is stale; return how many.

    A list that cannot be had or read is tried again, ever later; the others go on.
    """
    done = 0
    while True:
        with database.begin() as tx:
            status = sources.claim(tx, now, now + _ONE_FETCH)
        if status is None:
            break
        _refresh(database, status, now, how)
        done += 1
    _tell_stale(database, now)
    return done


def _refresh(database: Database, status: SourceStatus, now: datetime, how: Refreshing) -> None:
    source = status.source
    try:
        with tempfile.TemporaryDirectory(prefix="didban-list-") as folder:
            fetched = fetching.find(status, Path(folder), now, how.limits)
            if fetched.path is not None:
                _take_in(database, source, fetched.path, Path(folder), now, how)
    except (DidbanError, OSError) as error:
        wait = min(_FIRST_WAIT * 2 ** min(status.failures, 16), source.every)
        words = str(error) if isinstance(error, DidbanError) else type(error).__name__
        _log.warning("list.failed", list=source.dataset, kind=type(error).__name__)
        with database.begin() as tx:
            sources.failed(tx, source.id, words, due_at=now + wait)
        return
    _note(database, source, fetched, now)


def _take_in(
    database: Database,
    source: ListSource,
    path: Path,
    folder: Path,
    now: datetime,
    how: Refreshing,
) -> PublicationReport:
    mapping = None
    if source.mapping is not None:
        mapping = folder / "mapping.toml"
        mapping.write_text(source.mapping, encoding="utf-8")
    file = Source(kind=source.kind, name=source.dataset, path=path, mapping=mapping)
    refused = None
    if how.rejects is not None:
        how.rejects.mkdir(mode=0o700, parents=True, exist_ok=True)
        refused = how.rejects / f"{source.dataset}.jsonl"
    actor = access.system_actor(source.owner, _DUTY)
    terms = Terms(marking=source.marking, policy=how.policy)
    if how.is_apart:
        report = take_in_apart(database, actor, file, terms, refused, now)
    else:
        with Rejects(refused) as rejects:
            report = take_in(database, actor, file, terms, rejects=rejects, now=now)
    if not report.is_repeated:
        counts = {name: getattr(report, name) for name in ("added", "changed", "withdrawn")}
        _log.info("list.taken_in", list=source.dataset, held_back=report.held_back, **counts)
    return report


def _note(database: Database, source: ListSource, fetched: Fetched, now: datetime) -> None:
    with database.begin() as tx:
        sources.succeeded(
            tx,
            source.id,
            fresh_at=fetched.fresh_at,
            due_at=now + source.every,
            etag=fetched.etag,
            last_modified=fetched.last_modified,
        )


def _tell_stale(database: Database, now: datetime) -> None:
    """Raise one signal for each list that became stale."""
    with database.begin() as tx:
        for status in sources.newly_stale(tx, now):
            actor = access.system_actor(status.source.owner, _DUTY)
            signals.raise_about(tx, SignalKind.LIST_STALE, actor)
            audit.enter(tx, actor, Deed.SOURCE_STALE, subject=status.source.dataset)
            _log.warning("list.stale", list=status.source.dataset)


def _found(tx: Transaction, actor: Actor, source_id: str) -> SourceStatus:
    access.require(actor, Permission.BANK_SOURCE_MANAGE)
    status = sources.get(tx, source_id)
    reach = reach_of(tx, actor)
    if status is None or reach not in {None, status.source.owner}:
        raise NotFound("there is no such list")
    return status


def _require_valid(new: ListSource) -> None:
    if new.kind not in READERS:
        raise InvalidInput(
            f"'{new.kind}' is not a kind of list; the kinds are: {', '.join(READERS)}"
        )
    if not DATASET.fullmatch(new.dataset) or new.dataset in _RESERVED:
        raise InvalidInput("a list's name has up to 64 letters, digits and - . _")
    if not LEAST_EVERY <= new.every <= new.stale_after:
        raise InvalidInput("a list is looked at every minute at most, and before it is stale")
    fetching.require_location(new.location, new.kind)
    if (new.kind == "csv") != (new.mapping is not None):
        raise InvalidInput("a list of the kind 'csv' needs a mapping, and no other has one")
    if new.mapping is not None:
        _require_mapping(new.mapping)


def _require_mapping(text: str) -> None:
    """Return if a mapping can be used. Raises InvalidInput."""
    if len(text) > MAX_MAPPING:
        raise InvalidInput(f"the mapping is longer than {MAX_MAPPING} characters")
    with tempfile.TemporaryDirectory(prefix="didban-mapping-") as folder:
        path = Path(folder) / "mapping.toml"
        path.write_text(text, encoding="utf-8")
        load_mapping(path)
