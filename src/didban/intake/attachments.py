"""Photos and files of a record: attached and removed by its owner, counter-evidence by anybody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from didban import clock, ids
from didban.errors import InvalidInput, NotFound, NotPermitted, Unavailable
from didban.guard import access, audit, conditions, consents
from didban.guard.fields import Field, fields_of
from didban.intake import bank
from didban.intake.file_types import MEDIA_TYPES, media_type_of
from didban.model.attachments import IDENTIFYING, Attachment, AttachmentRole
from didban.model.deeds import Deed
from didban.model.permissions import Permission
from didban.settings import Records
from didban.store import attachments
from didban.store.exchange import awaited
from didban.store.visibility import open_to

if TYPE_CHECKING:
    from didban.model.actors import Actor
    from didban.model.bank import BankRecord
    from didban.model.marking import Handling, Visibility
    from didban.store.database import Transaction

NOTHING_THERE = "there is no attachment of this identifier"


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file as it comes in.

    - `visibility`, `handling`: where it is marked more strictly than its record; None for the same.
    """

    content: bytes
    role: AttachmentRole
    title: str = ""
    visibility: Visibility | None = None
    handling: Handling | None = None


def attach(
    tx: Transaction, actor: Actor, record_id: str, file: File, limits: Records | None = None
) -> Attachment:
    """Attach a file to a record.

    - The owner attaches what it wants; others counter-evidence only, for whoever sees the record.
    - What it is, its first bytes say; it is marked at least as strictly as the record.

    Raises NotFound, NotPermitted, InvalidInput.
    """
    kept = _attachable(tx, actor, record_id, file)
    media_type = _media_type(tx, kept, file.content, limits or Records())
    marked = file.visibility or kept.marking.visibility
    handling = file.handling or kept.marking.handling
    if not marked.is_within(kept.marking.visibility) or handling < kept.marking.handling:
        raise InvalidInput("an attachment is marked at least as strictly as its record")
    new = Attachment(
        id=ids.new_id("att"),
        record=record_id,
        role=file.role,
        media_type=media_type,
        title=file.title,
        sha256="",
        size=len(file.content),
        visibility=marked,
        handling=handling,
        attached_at=clock.now(),
        attached_by=actor.user,
    )
    kept_file = attachments.add(tx, new, file.content)
    audit.enter(
        tx,
        actor,
        Deed.ATTACHMENT_ADDED,
        subject=new.id,
        facts={"record": record_id, "role": file.role, "size": new.size},
    )
    return kept_file


def listed(tx: Transaction, actor: Actor, record_id: str) -> list[Attachment]:
    """Return the attachments of a record that the actor may see, oldest first. Raises NotFound."""
    access.require(actor, Permission.BANK_RECORD_READ)
    kept = _readable(tx, actor, record_id)
    fields = _fields(tx, actor, kept)
    seen = open_to(tx, actor)
    there = attachments.of_record(tx, record_id, seen) + awaited.of_record(tx, record_id, seen)
    shown = [each for each in there if field_of(each.role) in fields]
    facts = {"attachments": len(shown)}
    audit.enter(tx, actor, Deed.RECORD_VIEWED, subject=kept.id, facts=facts)
    return shown


def read(
    tx: Transaction, actor: Actor, record_id: str, attachment_id: str
) -> tuple[Attachment, bytes]:
    """Return an attachment and its content.

    Raises NotFound; Unavailable where its owner's node has not sent it yet. Whoever opens it, nothing
    is asked of that node for it (PR-53).
    """
    access.require(actor, Permission.BANK_RECORD_READ)
    kept = _readable(tx, actor, record_id)
    found = attachments.get(tx, attachment_id, kept.id) or _awaited(tx, attachment_id, kept.id)
    if found is None or not found.visibility.is_open_to(actor):
        raise NotFound(NOTHING_THERE)
    if field_of(found.role) not in _fields(tx, actor, kept):
        raise NotFound(NOTHING_THERE)
    if not found.is_here:
        raise Unavailable("its owner's node has not sent this file yet: ask again in some minutes")
    facts = {"record": record_id}
    audit.enter(tx, actor, Deed.ATTACHMENT_VIEWED, subject=attachment_id, facts=facts)
    return found, attachments.content_of(tx, found)


def remove(tx: Transaction, actor: Actor, record_id: str, attachment_id: str) -> None:
    """Take an attachment away for good. Counter-evidence stays: it is not the owner's to remove.

    Raises NotFound, NotPermitted.
    """
    access.require(actor, Permission.BANK_RECORD_WRITE)
    kept = bank.owned(tx, actor, record_id)
    found = attachments.get(tx, attachment_id, kept.id)
    if found is None or not found.visibility.is_open_to(actor):
        raise NotFound(NOTHING_THERE)
    if found.role is AttachmentRole.COUNTER_EVIDENCE:
        raise NotPermitted("counter-evidence stays with the record (PR-48)", "counter_evidence")
    attachments.remove(tx, attachment_id)
    facts = {"record": record_id}
    audit.enter(tx, actor, Deed.ATTACHMENT_REMOVED, subject=attachment_id, facts=facts)


def field_of(role: AttachmentRole) -> Field:
    """Return the part of a record that an attachment of this role is shown with (PR-02)."""
    if role in IDENTIFYING or role is AttachmentRole.OBJECT_PHOTO:
        return Field.PHOTOS
    return Field.COUNTER_EVIDENCE if role is AttachmentRole.COUNTER_EVIDENCE else Field.CONTENT


def _awaited(tx: Transaction, attachment_id: str, record_id: str) -> Attachment | None:
    found = awaited.get(tx, attachment_id)
    return found.file if found is not None and found.file.record == record_id else None


def _fields(tx: Transaction, actor: Actor, kept: BankRecord) -> frozenset[Field]:
    return fields_of(
        kept.marking,
        actor,
        has_acknowledged=conditions.has_acknowledged(tx, actor, kept),
        has_consent=consents.has_consent(tx, actor, kept),
    )


def _attachable(tx: Transaction, actor: Actor, record_id: str, file: File) -> BankRecord:
    """Return the record that a file may be attached to by this actor."""
    is_against = file.role is AttachmentRole.COUNTER_EVIDENCE
    needed = Permission.BANK_RECORD_DISPUTE if is_against else Permission.BANK_RECORD_WRITE
    access.require(actor, needed)
    kept = _readable(tx, actor, record_id, to_change=True)
    if not is_against:
        access.require_owner(actor, kept)
    return kept


def _readable(
    tx: Transaction, actor: Actor, record_id: str, *, to_change: bool = False
) -> BankRecord:
    kept = bank.found(tx, actor, record_id, to_change=to_change)
    if not bank.is_there_for(kept, actor):
        raise NotFound(bank.NOTHING_THERE)
    return kept


def _media_type(tx: Transaction, kept: BankRecord, content: bytes, limits: Records) -> str:
    if not 0 < len(content) <= limits.max_attachment_bytes:
        raise InvalidInput(f"a file has 1 to {limits.max_attachment_bytes:,} bytes")
    if attachments.count(tx, kept.id) >= limits.max_attachments:
        raise InvalidInput(f"a record has at most {limits.max_attachments} attachments")
    found = media_type_of(content)
    if found is None:
        raise InvalidInput(f"only these kinds of files are taken: {', '.join(MEDIA_TYPES)}")
    return found
