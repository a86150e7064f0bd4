"""Erasure: a record and everything that was kept because of it, and proof that it is gone (PR-31).

    record, versions, photos, hits, matches ... --erase--> tombstone {hash, reason, time}
    tombstones --write_list--> a file outside the database --reapply--> what a restore brought back

Every room that keeps something of a record says here how it is taken out. The screening index
follows the change; its files lose the content when their segment is written anew.
"""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import LargeBinary, cast, delete, func, select, update
from sqlalchemy.dialects import postgresql as pg

from didban.model.retention import BARRING, ErasureReason, Tombstone
from didban.store import (
    asked,
    assessments,
    attachments,
    checks,
    consents,
    devices,
    hits,
    idempotency,
    jobs,
    messages,
    non_match,
    notices,
    onward,
    oversight,
    person_files,
    retention_batches,
    reviews,
)
from didban.store.exchange import awaited, copies, handing, links, peer_checks, use
from didban.store.records import announce
from didban.store.tables.attached import counter_evidence, dispute, sighting, suspension
from didban.store.tables.records import record, record_version
from didban.store.tables.retention import (
    erasure_key,
    purpose_achieved,
    retention_assessment,
    retention_review,
    tombstone,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from sqlalchemy import Column, ColumnElement

    from didban.store.database import Database, Transaction

PURGE_INDEX: Final = "index.purge"
"""The job that takes out of the index's files what was erased: it follows the bank at once, but
its files lose the content only when they are written anew."""

LIST_NAME: Final = "erased.jsonl"
"""The file beside a node's data that lists what was erased; a restore obeys it."""

_ROWS: Final[tuple[Column[str], ...]] = (
    suspension.c.record,
    dispute.c.record,
    counter_evidence.c.record,
    sighting.c.record,
    retention_review.c.record,
    purpose_achieved.c.record,
    record_version.c.record,
)
"""Tables whose rows are about one record and go with it."""


def erase(tx: Transaction, record_id: str, reason: ErasureReason, now: datetime) -> bool:
    """Take a record out of the bank for good; return whether it was there.

    What remains is a tombstone without content. Does not decide whether it may be erased, and
    leaves no audit entry: both are the service's.
    """
    number = tx.scalar(select(record.c.number).where(record.c.id == record_id).with_for_update())
    if number is None:
        return False
    for forget in FORGET:
        forget(tx, record_id)
    for column in _ROWS:
        tx.execute(delete(column.table).where(column == record_id))
    tx.execute(delete(record).where(record.c.id == record_id))
    announce(tx, number)
    purge_index_at(tx, now)
    values = {"hash": hash_of(tx, record_id), "reason": reason, "erased_at": now}
    added = pg.insert(tombstone).values(values)
    again = {"reason": reason, "erased_at": now, "listed_at": None}
    tx.execute(added.on_conflict_do_update(index_elements=["hash"], set_=again))
    return True


def _forget_assessments(tx: Transaction, record_id: str) -> None:
    """Empty the assessments; that they were made is counted on (PR-32)."""
    of_it = retention_assessment.c.record == record_id
    tx.execute(update(retention_assessment).where(of_it).values(record=None, assessment=""))


FORGET: Final[tuple[Callable[[Transaction, str], object], ...]] = (
    _forget_assessments,
    asked.forget,
    assessments.forget,
    attachments.forget,
    awaited.forget,
    checks.forget,
    consents.forget,
    copies.forget,
    devices.forget,
    handing.forget,
    hits.forget,
    idempotency.forget,
    links.forget,
    messages.forget,
    non_match.forget,
    notices.forget,
    onward.forget,
    oversight.forget,
    peer_checks.forget,
    person_files.forget,
    retention_batches.forget,
    reviews.forget,
    use.forget,
)
"""What each room does to let go of a record. A room that keeps anything of records adds itself."""


def purge_index_at(tx: Transaction, now: datetime) -> None:
    """Have the index's files written anew when the hour is over, once for all that it erases."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    key = f"{PURGE_INDEX} {hour:%Y-%m-%dT%H}"
    jobs.add(tx, PURGE_INDEX, {}, now=now, due_at=hour + timedelta(hours=1), key=key)


def make_key(tx: Transaction) -> None:
    """Make the key of the hashes, if there is none. Done with the node: backups share it."""
    tx.execute(pg.insert(erasure_key).values(only=True).on_conflict_do_nothing())


def hash_of(tx: Transaction, record_id: str) -> bytes:
    """Return the keyed hash of an identifier."""
    make_key(tx)
    return bytes(tx.scalar(select(_hash(cast(record_id, pg.TEXT)))) or b"")


def _hash(identifier: ColumnElement[str]) -> ColumnElement[bytes]:
    """Return the expression of the keyed hash; `make_key` was called before."""
    key = select(erasure_key.c.key).scalar_subquery()
    text = func.convert_to(identifier, "UTF8")
    return func.sha256(key.op("||")(text), type_=LargeBinary)


def is_barred(tx: Transaction, identifier: ColumnElement[str]) -> ColumnElement[bool] | None:
    """Return the condition that what has an identifier was erased for good; None where nothing was.

    Being listed does not bring it back (`BARRING`).
    """
    barring = select(tombstone.c.hash).where(tombstone.c.reason.in_(sorted(BARRING)))
    if tx.scalar(barring.limit(1)) is None:
        return None
    return _hash(identifier).in_(barring)


def was_barred(tx: Transaction, record_id: str) -> bool:
    """Return whether a record was erased for good: its coming again does not bring it back."""
    stone = select(tombstone.c.hash).where(
        tombstone.c.hash == hash_of(tx, record_id), tombstone.c.reason.in_(sorted(BARRING))
    )
    return tx.scalar(stone) is not None


def reapply(tx: Transaction, erased: Iterable[Tombstone]) -> int:
    """Erase again what a restored backup brought back; return how many records that were."""
    make_key(tx)
    known = {one.hash: one for one in erased}
    found = select(record.c.id, _hash(record.c.id).label("hash")).subquery()
    rows = tx.execute(select(found).where(found.c.hash == func.any(_hashes(known)))).all()
    for row in rows:
        erase(tx, row.id, known[bytes(row.hash)].reason, known[bytes(row.hash)].erased_at)
    stones = [
        {
            "hash": one.hash,
            "reason": one.reason,
            "erased_at": one.erased_at,
            "listed_at": one.erased_at,
        }
        for one in known.values()
    ]
    if stones:
        tx.execute(pg.insert(tombstone).on_conflict_do_nothing(), stones)
    return len(rows)


def write_list(database: Database, path: Path, now: datetime) -> int:
    """Append what was erased since to the list that restores obey; return how many lines.

    A line is on the disk before it is noted as written, so that a crash repeats and never omits.
    """
    with database.begin() as tx:
        query = select(tombstone).where(tombstone.c.listed_at.is_(None))
        rows = tx.execute(query.with_for_update()).all()
        if not rows:
            return 0
        _append(path, [_line(row) for row in rows])
        written = tombstone.c.hash == func.any(_hashes([bytes(row.hash) for row in rows]))
        tx.execute(update(tombstone).where(written).values(listed_at=now))
        return len(rows)


def read_list(path: Path) -> Iterator[Tombstone]:
    """Yield what a list says was erased. A last line that was cut off is left out."""
    if not path.exists():
        return
    for line in path.read_text(encoding="ascii").splitlines(keepends=True):
        if line.endswith("\n"):
            data = json.loads(line)
            yield Tombstone(
                hash=bytes.fromhex(data["hash"]),
                reason=ErasureReason(data["reason"]),
                erased_at=datetime.fromisoformat(data["erased_at"]),
            )


def _line(row: Any) -> str:
    data = {
        "hash": bytes(row.hash).hex(),
        "reason": row.reason,
        "erased_at": row.erased_at.isoformat(),
    }
    return json.dumps(data) + "\n"


def _append(path: Path, lines: Iterable[str]) -> None:
    """Put lines at the end of a file and on the disk; a torn line before them was never counted."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "r+b") as file:
        file.truncate(file.read().rfind(b"\n") + 1)
        file.seek(0, os.SEEK_END)
        file.write("".join(lines).encode("ascii"))
        file.flush()
        os.fsync(file.fileno())


def _hashes(hashes: Iterable[bytes]) -> ColumnElement[Any]:
    return cast(list(hashes), pg.ARRAY(LargeBinary))
