"""What a user keeps for themselves: files they opened of late, files they watch, filters of lists.

A shelf names records and says nothing of them. What stands on it is read anew each time, as far as
it is open to who asks then: what was erased, or closed to them, is not on it any more (PR-09).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from didban import clock
from didban.analysis.search import first_step
from didban.errors import Conflict, InvalidInput, NotFound
from didban.guard import access, audit
from didban.model.deeds import Deed
from didban.model.permissions import Permission
from didban.model.shelf import (
    MAX_NAME,
    MOST_RECENT,
    MOST_VIEWS,
    MOST_WATCHED,
    KeptView,
    OnShelf,
    Shelved,
)
from didban.store import hits, person_files, records, shelf
from didban.store.visibility import open_to

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from didban.model.actors import Actor
    from didban.model.bank import BankRecord
    from didban.store.database import Database, Transaction

_READ: Final = Permission.ANALYSIS_FILE_READ
_HOLD: Final = Permission.ACCESS_SESSION_HOLD
_BATCH: Final = 10_000
_MAX_QUERY: Final = 1_000  # characters


def opened(tx: Transaction, actor: Actor, record_id: str) -> Shelved:
    """Note that the actor opened a file by this record; what changed before counts as seen.

    Raises NotFound. Enters nothing: that the file was read is entered where it is.
    """
    _require_open(tx, actor, record_id)
    return shelf.opened(tx, actor.user, record_id, clock.now())


def watch(tx: Transaction, actor: Actor, record_id: str) -> None:
    """Watch a file: what changes in it is told to the actor. Raises NotFound, Conflict at the most."""
    _require_open(tx, actor, record_id)
    at = clock.now()
    if shelf.count_watched(tx, actor.user, at) >= MOST_WATCHED:
        raise Conflict("you watch as many files as one can: stop watching one first")
    kept = shelf.opened(tx, actor.user, record_id, at)
    if kept.watched_since is None:
        shelf.watch(tx, actor.user, record_id, at)
        audit.enter(tx, actor, Deed.FILE_WATCHED, subject=record_id)


def unwatch(tx: Transaction, actor: Actor, record_id: str) -> None:
    """Watch a file no more; the actor need not be able to open it any more. Raises NotFound."""
    access.require(actor, _READ)
    if not shelf.watch(tx, actor.user, record_id, None):
        raise NotFound("you do not watch this file")
    audit.enter(tx, actor, Deed.FILE_UNWATCHED, subject=record_id)


def recent(tx: Transaction, actor: Actor, *, limit: int = MOST_RECENT) -> list[OnShelf]:
    """Return the files that the actor opened of late, the last one first."""
    access.require(actor, _READ)
    kept = shelf.listed(tx, actor.user, clock.now(), is_watched=False, limit=limit)
    found = _found(tx, actor, kept)
    audit.enter(tx, actor, Deed.FILE_LISTED, facts={"count": len(found)})
    return [_on_shelf(actor, one, found[one.record]) for one in kept if one.record in found]


def watched(tx: Transaction, actor: Actor) -> list[OnShelf]:
    """Return the files that the actor watches, with what came since they opened each.

    Those with news come first. Of a record of the file that is not open to the actor nothing is
    told, nor is a hit to who does not work on hits.
    """
    access.require(actor, _READ)
    kept = shelf.listed(tx, actor.user, clock.now(), is_watched=True, limit=MOST_WATCHED)
    found = _found(tx, actor, kept)
    kept = [one for one in kept if one.record in found]
    news = _News(tx, actor, kept)
    told = [
        _on_shelf(actor, one, found[one.record], **news.of(one)) for one in kept
    ]  # fmt: skip
    audit.enter(tx, actor, Deed.FILE_LISTED, facts={"count": len(told)})
    oldest = min((one.kept.opened_at for one in told), default=clock.now())
    return sorted(told, key=lambda one: one.news_at or oldest, reverse=True)


class _News:
    """What came about the files on a shelf since each was opened, read for all of them at once."""

    def __init__(self, tx: Transaction, actor: Actor, kept: Iterable[Shelved]) -> None:
        names = [one.record for one in kept]
        seen = open_to(tx, actor)
        since = min((one.opened_at for one in kept), default=clock.now())
        self._members = person_files.files(tx, names, seen)
        every = frozenset().union(*self._members.values())
        self._changed = [
            (name, one.recorded_at) for name, one in records.many(tx, every, seen).items()
        ]
        self._judged = [
            (end, at)
            for pair in person_files.history(tx, every, seen)
            for at in (pair.made_at, pair.undone_at)
            if at is not None
            for end in pair.ends
        ]
        may = access.decide(actor, Permission.CASEWORK_HIT_WORK).is_allowed
        self._hits = (
            hits.opened_since(tx, actor.authority, seen, every, since) if may and names else []
        )

    def of(self, one: Shelved) -> dict[str, datetime | None]:
        """Return when what kind of news came last; None where none did."""
        members = self._members[one.record]

        def last(found: Iterable[tuple[str, datetime]]) -> datetime | None:
            came = (at for name, at in found if name in members and at > one.opened_at)
            return max(came, default=None)

        return {
            "changed_at": last(self._changed),
            "judged_at": last(self._judged),
            "hit_at": last(self._hits),
        }


def keep_view(tx: Transaction, actor: Actor, view: KeptView) -> None:
    """Keep a filter of a list under a name; what bore it is replaced.

    Raises InvalidInput for a name of no or too many letters, Conflict where there are too many.
    """
    access.require(actor, _HOLD)
    if not 0 < len(view.name) <= MAX_NAME:
        raise InvalidInput(f"name: 1 to {MAX_NAME} characters")
    if len(view.query) > _MAX_QUERY:
        raise InvalidInput("this filter is too long to be kept")
    kept = shelf.views(tx, actor.user, view.page)
    if len(kept) >= MOST_VIEWS and view.name not in {one.name for one in kept}:
        raise Conflict("you keep as many filters as one can: drop one first")
    shelf.keep_view(tx, actor.user, view)
    audit.enter(tx, actor, Deed.VIEW_KEPT)


def drop_view(tx: Transaction, actor: Actor, page: str, name: str) -> None:
    """Keep a filter no more. Raises NotFound."""
    access.require(actor, _HOLD)
    if not shelf.drop_view(tx, actor.user, page, name):
        raise NotFound("you keep no filter of this name")
    audit.enter(tx, actor, Deed.VIEW_DROPPED)


def views(tx: Transaction, actor: Actor, page: str) -> list[KeptView]:
    """Return the filters that the actor keeps of a list: codes alone, so nothing is entered."""
    access.require(actor, _HOLD)
    return shelf.views(tx, actor.user, page)


def run_due(database: Database, now: datetime) -> int:
    """Clear shelves of what nobody opened for its time; return how much that was."""
    with database.begin() as tx:
        return shelf.clear(tx, now, _BATCH)


def _require_open(tx: Transaction, actor: Actor, record_id: str) -> None:
    access.require(actor, _READ)
    if record_id not in person_files.present(tx, (record_id,), open_to(tx, actor)):
        raise NotFound("there is no such record")


def _found(tx: Transaction, actor: Actor, kept: Iterable[Shelved]) -> Mapping[str, BankRecord]:
    seen = open_to(tx, actor)
    there = person_files.present(tx, [one.record for one in kept], seen)
    return records.many(tx, there, seen)


def _on_shelf(
    actor: Actor, kept: Shelved, record: BankRecord, **news: datetime | None
) -> OnShelf:  # fmt: skip
    return OnShelf(
        kept=kept,
        owner=record.owner,
        confidentiality=record.marking.visibility.confidentiality,
        shown=first_step(record, actor),
        **news,
    )
