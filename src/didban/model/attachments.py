"""Photos, prints and files that belong to a record: what they are, and which kinds are taken."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

    from didban.model.marking import Handling, Visibility


class AttachmentRole(StrEnum):
    """What an attachment shows."""

    PORTRAIT = "portrait"
    FINGERPRINTS = "fingerprints"
    DOCUMENT_SCAN = "document_scan"
    OBJECT_PHOTO = "object_photo"
    LEGAL_PAPER = "legal_paper"  # a warrant, a judgment, a report of theft
    COUNTER_EVIDENCE = "counter_evidence"
    OTHER = "other"


IDENTIFYING: Final = frozenset({AttachmentRole.PORTRAIT, AttachmentRole.FINGERPRINTS})
"""Roles that tell a person apart beside a name (PR-19)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """One file of one record.

    - `sha256`: hexadecimal digest of the content, by which it is kept once.
    - `visibility`, `handling`: at least as strict as the record's.
    - `size`: bytes; `is_here`: whether they came yet, where the record is another node's.
    """

    id: str
    record: str
    role: AttachmentRole
    media_type: str
    title: str
    sha256: str
    size: int
    visibility: Visibility
    handling: Handling
    attached_at: datetime
    attached_by: str
    is_here: bool = True
