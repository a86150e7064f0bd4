"""Files of others' records that are still to be fetched, and what of them is here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from didban.model.attachments import Attachment, AttachmentRole
from didban.model.marking import Handling
from didban.store.tables.exchange_records import awaited_file, awaited_part
from didban.store.tables.records import visibility
from didban.store.visibility import number_of, visibility_of

if TYPE_CHECKING:
    from datetime import datetime

    from didban.store.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Awaited:
    """A file that is not here yet. `held`: how many of its bytes are."""

    file: Attachment
    node: str
    held: int


def add(tx: Transaction, new: Attachment, node: str, now: datetime) -> None:
    """Note that a file is to be fetched from a node. What of it is here already, stays here."""
    values = {
        "id": new.id,
        "record": new.record,
        "node": node,
        "sha256": bytes.fromhex(new.sha256),
        "size": new.size,
        "role": new.role,
        "media_type": new.media_type,
        "title": new.title,
        "handling": new.handling,
        "visibility": number_of(tx, new.visibility),
        "attached_at": new.attached_at,
        "held": 0,
        "next_at": now,
    }
    marked = {name: values[name] for name in ("title", "handling", "visibility")}
    is_same = (awaited_file.c.record == new.record) & (awaited_file.c.node == node)
    added = upsert(awaited_file).values(values)
    tx.execute(added.on_conflict_do_update(index_elements=["id"], set_=marked, where=is_same))


def get(tx: Transaction, file_id: str, *, to_change: bool = False) -> Awaited | None:
    """Return a file that is not here yet, or None."""
    query = _files().where(awaited_file.c.id == file_id)
    row = tx.execute(query.with_for_update(of=awaited_file) if to_change else query).one_or_none()
    return _awaited(row) if row else None


def of_record(tx: Transaction, record_id: str, open_to: frozenset[int]) -> list[Attachment]:
    """Return the files of a record that are not here yet and open to who asks, oldest first."""
    f = awaited_file.c
    query = _files().where(f.record == record_id, f.visibility.in_(open_to))
    rows = tx.execute(query.order_by(f.attached_at, f.id))
    return [_awaited(row).file for row in rows]


def due(tx: Transaction, now: datetime, *, most_bytes: int, limit: int) -> list[Awaited]:
    """Return files to be fetched now, those that wait longest first; none that is larger."""
    f = awaited_file.c
    query = _files().where(f.next_at <= now, f.size <= most_bytes)
    return [_awaited(row) for row in tx.execute(query.order_by(f.next_at).limit(limit))]


def keep_part(tx: Transaction, file_id: str, start: int, content: bytes) -> bool:
    """Keep a part of a file; return whether it was the next one of a file that is awaited."""
    kept = get(tx, file_id, to_change=True)
    if kept is None or kept.held != start:
        return False
    tx.execute(insert(awaited_part).values(file=file_id, start=start, content=content))
    held = {"held": start + len(content)}
    tx.execute(update(awaited_file).where(awaited_file.c.id == file_id).values(held))
    return True


def content_of(tx: Transaction, file_id: str) -> bytes:
    """Return what is here of a file."""
    query = select(awaited_part.c.content).where(awaited_part.c.file == file_id)
    return b"".join(bytes(part) for part in tx.scalars(query.order_by(awaited_part.c.start)))


def begin_again(tx: Transaction, file_id: str, at: datetime) -> None:
    """Forget what is here of a file, and fetch it anew from that moment on."""
    tx.execute(delete(awaited_part).where(awaited_part.c.file == file_id))
    is_it = awaited_file.c.id == file_id
    tx.execute(update(awaited_file).where(is_it).values(held=0, next_at=at))


def postpone(tx: Transaction, file_id: str, at: datetime) -> None:
    """Go on with a file from that moment on."""
    tx.execute(update(awaited_file).where(awaited_file.c.id == file_id).values(next_at=at))


def done(tx: Transaction, file_id: str) -> None:
    """Await a file no more: it is here, or nobody needs it."""
    tx.execute(delete(awaited_file).where(awaited_file.c.id == file_id))


def forget(tx: Transaction, record_id: str, but: frozenset[str] = frozenset()) -> None:
    """Await no file of a record any more, except these."""
    f = awaited_file.c
    tx.execute(delete(awaited_file).where(f.record == record_id, f.id.not_in(but)))


def _files() -> Select[Any]:
    seen_by = (
        visibility.c.owner,
        visibility.c.audience,
        visibility.c.excluded,
        visibility.c.confidentiality,
    )
    of_it = visibility.c.number == awaited_file.c.visibility
    return select(awaited_file, *seen_by).join(visibility, of_it)


def _awaited(row: Any) -> Awaited:
    file = Attachment(
        id=row.id,
        record=row.record,
        role=AttachmentRole(row.role),
        media_type=row.media_type,
        title=row.title,
        sha256=bytes(row.sha256).hex(),
        size=row.size,
        visibility=visibility_of(row),
        handling=Handling(row.handling),
        attached_at=row.attached_at,
        attached_by=f"node:{row.node}",
        is_here=False,
    )
    return Awaited(file=file, node=row.node, held=row.held)
