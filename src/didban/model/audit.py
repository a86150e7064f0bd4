"""One entry of the audit log, and the bytes of it that are sealed.

The byte form is laid down in `docs/reference/audit-log.md`; other programs may verify by it, so a
change of it is a new `FORM`.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

FORM: Final = 1
_MARK_BYTES: Final = 4  # enough to tell which field changed; that one did, the leaf hash proves


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """Who did what kind of thing, when and why; never the content (PR-37).

    - `number`: the order in which entries were written, not that in which they were sealed.
    - `salt`: random, so that nobody guesses an entry from its hash in somebody else's proof.
    """

    number: int
    at: datetime
    actor: str
    authority: str
    roles: tuple[str, ...]
    device: str | None
    purpose: str | None
    reference: str
    place: str
    request: str
    deed: str
    subject: str
    facts: Mapping[str, str | int | bool]
    salt: bytes


FIELDS: Final = (
    "number",
    "at",
    "actor",
    "authority",
    "roles",
    "device",
    "purpose",
    "reference",
    "place",
    "request",
    "deed",
    "subject",
    "facts",
    "salt",
)
"""What is sealed of an entry, in the order of their marks."""


def canonical(entry: AuditEntry) -> bytes:
    """Return the bytes that are sealed: JSON with sorted names and nothing between the parts."""
    return _packed({"form": FORM, **plain(entry)})


def field_marks(entry: AuditEntry) -> bytes:
    """Return four bytes for each of `FIELDS`: they tell which field of a changed entry changed.

    They prove nothing by themselves; the leaf hash does. Salted, so they cannot be guessed either.
    """
    values = plain(entry)
    return b"".join(
        hashlib.sha256(entry.salt + _packed([name, values[name]])).digest()[:_MARK_BYTES]
        for name in FIELDS
    )


def changed_fields(entry: AuditEntry, marks: bytes) -> tuple[str, ...]:
    """Return the fields that are not as they were when these marks were made.

    A changed salt changes every mark; then only the salt is named.
    """
    now = field_marks(entry)
    changed = tuple(
        name for place, name in enumerate(FIELDS) if now[(cut := _cut(place))] != marks[cut]
    )
    return ("salt",) if len(changed) == len(FIELDS) else changed


def plain(entry: AuditEntry) -> dict[str, Any]:
    """Return an entry as plain data; the moment is in UTC, to the microsecond."""
    return {
        "number": entry.number,
        "at": entry.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "actor": entry.actor,
        "authority": entry.authority,
        "roles": list(entry.roles),
        "device": entry.device,
        "purpose": entry.purpose,
        "reference": entry.reference,
        "place": entry.place,
        "request": entry.request,
        "deed": entry.deed,
        "subject": entry.subject,
        "facts": dict(entry.facts),
        "salt": entry.salt.hex(),
    }


def _packed(value: object) -> bytes:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def _cut(place: int) -> slice:
    return slice(place * _MARK_BYTES, (place + 1) * _MARK_BYTES)
