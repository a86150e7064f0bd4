"""Photos and files in the database: contents kept once by their SHA-256, attached to records.

A content is there as long as something refers to it; the last reference takes it along.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, delete, exists, func, insert, select
from sqlalchemy.dialects.postgresql import insert as pg_insert

from didban.model.attachments import Attachment, AttachmentRole
from didban.model.marking import Handling
from didban.store.arrays import is_one_of
from didban.store.records import announce_by_id
from didban.store.tables.attached import attachment, blob
from didban.store.tables.records import visibility
from didban.store.visibility import number_of, visibility_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from didban.store.database import Transaction


def add(tx: Transaction, new: Attachment, content: bytes) -> Attachment:
    """Attach a file, and return it with its digest. The same content is stored once."""
    digest = hashlib.sha256(content).digest()
    kept = pg_insert(blob).values(sha256=digest, content=content, size=len(content))
    # The update locks the row, so that nobody takes it away before this transaction ends.
    tx.execute(
        kept.on_conflict_do_update(index_elements=["sha256"], set_={"size": kept.excluded.size})
    )
    values = {
        "id": new.id,
        "record": new.record,
        "sha256": digest,
        "visibility": number_of(tx, new.visibility),
        "role": new.role,
        "media_type": new.media_type,
        "title": new.title,
        "handling": new.handling,
        "attached_at": new.attached_at,
        "attached_by": new.attached_by,
    }
    tx.execute(insert(attachment).values(values))
    announce_by_id(tx, new.record)
    return replace(new, sha256=digest.hex())


def count(tx: Transaction, record_id: str) -> int:
    """Return how many attachments a record has."""
    query = select(func.count()).where(attachment.c.record == record_id)
    return int(tx.scalar(query) or 0)


def which_have(tx: Transaction, record_ids: Iterable[str]) -> frozenset[str]:
    """Return those of these records that have any attachment."""
    query = select(attachment.c.record).where(is_one_of(attachment.c.record, list(record_ids)))
    return frozenset(tx.scalars(query.distinct()))


def get(tx: Transaction, attachment_id: str, record_id: str) -> Attachment | None:
    """Return an attachment of a record, whoever asks, or None."""
    query = _attachments().where(attachment.c.id == attachment_id, attachment.c.record == record_id)
    row = tx.execute(query).one_or_none()
    return _attachment_of(row) if row else None


def of_record(tx: Transaction, record_id: str, open_to: frozenset[int]) -> list[Attachment]:
    """Return the attachments of a record that are open to who asks, oldest first.

    Whether the record is, the caller has found out before.
    """
    query = _attachments().where(
        attachment.c.record == record_id, attachment.c.visibility.in_(open_to)
    )
    rows = tx.execute(query.order_by(attachment.c.attached_at, attachment.c.id))
    return [_attachment_of(row) for row in rows]


def of_records(
    tx: Transaction, record_ids: Iterable[str], open_to: frozenset[int]
) -> dict[str, list[Attachment]]:
    """Return the attachments of records as `of_record` does; who has none is left out."""
    query = _attachments().where(
        is_one_of(attachment.c.record, set(record_ids)), attachment.c.visibility.in_(open_to)
    )
    found: dict[str, list[Attachment]] = {}
    for row in tx.execute(query.order_by(attachment.c.attached_at, attachment.c.id)):
        found.setdefault(row.record, []).append(_attachment_of(row))
    return found


def content_of(tx: Transaction, found: Attachment) -> bytes:
    """Return the bytes of an attachment."""
    digest = bytes.fromhex(found.sha256)
    return bytes(tx.execute(select(blob.c.content).where(blob.c.sha256 == digest)).scalar_one())


def part_of(tx: Transaction, found: Attachment, start: int, most: int) -> bytes:
    """Return so many bytes of an attachment, from a place on, counted from 0."""
    digest = bytes.fromhex(found.sha256)
    part = func.substring(blob.c.content, start + 1, most)
    return bytes(tx.execute(select(part).where(blob.c.sha256 == digest)).scalar_one())


def contents_by(tx: Transaction, record_id: str, user: str) -> dict[str, bytes]:
    """Return the contents of what somebody attached to a record, by their digest."""
    query = (
        select(blob)
        .join(attachment, attachment.c.sha256 == blob.c.sha256)
        .where(attachment.c.record == record_id, attachment.c.attached_by == user)
    )
    return {bytes(row.sha256).hex(): bytes(row.content) for row in tx.execute(query)}


def remove(tx: Transaction, attachment_id: str) -> None:
    """Take an attachment away, and its content where nothing else refers to it."""
    query = delete(attachment).where(attachment.c.id == attachment_id)
    gone = tx.execute(query.returning(attachment.c.sha256, attachment.c.record)).all()
    _drop_unused(tx, [row.sha256 for row in gone])
    for row in gone:
        announce_by_id(tx, row.record)


def forget_of(tx: Transaction, record_id: str, user: str) -> None:
    """Take away what somebody attached to a record."""
    is_its = (attachment.c.record == record_id) & (attachment.c.attached_by == user)
    _drop_unused(tx, tx.scalars(delete(attachment).where(is_its).returning(attachment.c.sha256)))


def forget(tx: Transaction, record_id: str) -> None:
    """Take away everything that is attached to a record that is erased."""
    query = delete(attachment).where(attachment.c.record == record_id)
    _drop_unused(tx, tx.scalars(query.returning(attachment.c.sha256)))


def _drop_unused(tx: Transaction, digests: Iterable[bytes]) -> None:
    unused = ~exists().where(attachment.c.sha256 == blob.c.sha256)
    tx.execute(delete(blob).where(blob.c.sha256.in_(set(digests)), unused))


def _attachments() -> Select[Any]:
    seen_by = (
        visibility.c.owner,
        visibility.c.audience,
        visibility.c.excluded,
        visibility.c.confidentiality,
    )
    return (
        select(attachment, blob.c.size, *seen_by)
        .join(blob, blob.c.sha256 == attachment.c.sha256)
        .join(visibility, visibility.c.number == attachment.c.visibility)
    )


def _attachment_of(row: Any) -> Attachment:
    return Attachment(
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
        attached_by=row.attached_by,
    )
