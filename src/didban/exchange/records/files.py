"""Files that are too large to go along with their record: fetched from its owner, part by part.

    put without the content -> awaited -> `fetch_due` asks for part after part -> SHA-256 -> attached

All that is awaited is fetched as it comes, and not when somebody opens it: else its owner would see
that the record was met (PR-53). Parts that came stay through cuts and restarts.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import structlog

from didban.errors import DidbanError, InvalidInput, Malformed, NotFound
from didban.model.encoding import b64
from didban.model.exchange.envelopes import Fields
from didban.model.exchange.kinds import Call
from didban.model.exchange.sharing import is_shareable
from didban.store import attachments, records
from didban.store.exchange import awaited, evidence, feeds, sharing
from didban.store.visibility import every_number

if TYPE_CHECKING:
    from datetime import datetime

    from didban.exchange.calls import Ask
    from didban.model.attachments import Attachment
    from didban.model.exchange.peers import Peer
    from didban.settings import Exchange as Terms
    from didban.store.database import Database, Transaction
    from didban.store.exchange.awaited import Awaited

_AT_ONCE: Final = 20  # files in one round
_AGAIN: Final = timedelta(minutes=5)
_WRONG: Final = timedelta(days=1)  # before what did not verify is fetched anew

_log = structlog.get_logger("didban.files")


def answer(tx: Transaction, caller: Peer, body: Any, now: datetime, *, terms: Terms) -> Any:  # noqa: ARG001 - a call
    """Answer `Call.FILE`: a part of a file of a record of ours, to a node that reads the record.

    Raises Malformed; NotFound, the same for a file that there is not and for a record that is not
    for the caller; InvalidInput behind the end.
    """
    fields = Fields(body)
    record_id, file_id = fields.text("record"), fields.text("file")
    start = fields.number("from")
    fields.require_all_read()
    found = _for(tx, caller, record_id, file_id)
    if found is None:
        raise NotFound("there is no such file for this node")
    if start >= found.size:
        raise InvalidInput("from: behind the end of the file")
    part = attachments.part_of(tx, found, start, terms.file_part_bytes)
    return {"size": found.size, "content": b64(part)}


def fetch_due(database: Database, now: datetime, *, ask: Ask, terms: Terms) -> int:
    """Fetch files that are awaited; return how many are here now. A duty.

    A node that does not answer, or does not have it, is asked again later.
    """
    done = 0
    with database.begin() as tx:
        waiting = awaited.due(tx, now, most_bytes=terms.max_file_bytes, limit=_AT_ONCE)
    for one in waiting:
        try:
            done += _fetch(database, one, now, ask)
        except DidbanError as error:
            _log.warning("file.not_fetched", node=one.node, fault=error.code)
            with database.begin() as tx:
                awaited.postpone(tx, one.file.id, now + _AGAIN)
    return done


def _for(tx: Transaction, caller: Peer, record_id: str, file_id: str) -> Attachment | None:
    """Return a file of a record that leaves in a feed which the caller reads, or None."""
    said = sharing.said(tx, record_id)
    kept = sharing.classes(tx, [said.class_id])[said.class_id] if said and said.class_id else None
    if kept is None or kept.feed is None or caller.node not in feeds.readers(tx, kept.feed):
        return None
    record = records.get(tx, record_id, every_number(tx))
    if record is None or not is_shareable(record):
        return None
    there = attachments.of_record(tx, record_id, frozenset({record.visibility_number}))
    return next((one for one in there if one.id == file_id), None)


def _fetch(database: Database, one: Awaited, now: datetime, ask: Ask) -> bool:
    """Fetch what is missing of a file, and attach it; return whether it is here now."""
    held, file = one.held, one.file
    while held < file.size:
        body = {"record": file.record, "file": file.id, "from": held}
        told = Fields(ask(one.node, Call.FILE, body))
        size, part = told.number("size"), told.bytes("content")
        told.require_all_read()
        if size != file.size or not 0 < len(part) <= size - held:
            raise Malformed("the part is none of the file that was said")
        with database.begin() as tx:
            if not awaited.keep_part(tx, file.id, held, part):
                return False  # withdrawn meanwhile, or fetched by another process
        held += len(part)
    with database.begin() as tx:
        return _attached(tx, one.file.id, now)


def _attached(tx: Transaction, file_id: str, now: datetime) -> bool:
    """Attach a file of which everything is here, if it is what its record says."""
    one = awaited.get(tx, file_id, to_change=True)
    if one is None:
        return False
    content = awaited.content_of(tx, file_id)
    if hashlib.sha256(content).hexdigest() != one.file.sha256:
        what = "a file is not what its record says of it"
        fault = Malformed.code
        evidence.keep(tx, node=one.node, feed=None, fault=fault, what=what, signed=[], now=now)
        awaited.begin_again(tx, file_id, now + _WRONG)
        return False
    awaited.done(tx, file_id)
    attachments.add(tx, replace(one.file, is_here=True), content)
    return True
