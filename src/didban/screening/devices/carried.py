"""What of a record a device carries: what identifies, what is asked, and until when (PR-43).

Not carried: facts, addresses, warnings in words, sensitive facts, who else may see it. A record is
carried only if it would act or inform at the post today: what waits for a review (PR-52), is
suspended, or asks nothing of the first line stays at home, unless it is an entry of a public list.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from didban.errors import IntegrityFailure
from didban.model.alerts import Action
from didban.model.bank import FOUND, Note, standing
from didban.model.identity import identity_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from didban.model.bank import BankRecord, Standing
    from didban.model.records import Record

ACTION: Final = "deviceAction"
NOTES: Final = "deviceNotes"
SILENT: Final = "deviceSilent"
UNTIL: Final = "deviceUntil"
VERSION: Final = "deviceVersion"
"""Properties that no schema has, so that no comparison reads them."""

_OURS: Final = frozenset({ACTION, NOTES, SILENT, UNTIL, VERSION})
_SILENCING: Final = frozenset(
    {
        Note.SUSPENDED,
        Note.AWAITS_REVIEW,
        Note.FLAGGED,
        Note.REVOKED,
        Note.INVALID,
        Note.ENDED,
    }
)
_DIGEST_BYTES: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """A record as a device has it.

    - `entity`: what identifies, and what became of a document; `owner`: whose it is.
    - `action`: what the first line is asked; None: look, and let the second line know.
    - `until`: from then on it answers nothing (a lease, an alert or a retention that ends).
    - `silent`: tokens of who was found not to be meant (`silence`).
    """

    entity: Record
    owner: str
    version: int
    action: Action | None
    notes: tuple[Note, ...]
    until: datetime
    silent: tuple[str, ...] = ()


def carried_of(
    record: BankRecord,
    today: date,
    lease: datetime | None = None,
    silent: tuple[str, ...] = (),
) -> Record | None:
    """Return what a device carries of a record, in the shape of a record; None for nothing.

    - `lease`: until when its owner lets us have it, where it is another node's.
    - `silent`: tokens of who was found not to be meant.
    """
    stands = standing(record, today)
    if not _is_carried(record, stands):
        return None
    known = identity_of(record.entity)
    status = {document.number: document.status for document in record.entity.documents}
    told = {
        ACTION: (stands.action.value,) if stands.action else (),
        NOTES: tuple(note.value for note in stands.notes if note is not Note.INFORMATION_ONLY),
        SILENT: silent,
        UNTIL: (_until(record, lease).isoformat(),),
        VERSION: (str(record.version),),
    }
    return replace(
        known,
        caption="",
        datasets=(record.owner,),
        properties=dict(known.properties)
        | {name: values for name, values in told.items() if values},
        documents=tuple(
            replace(document, status=status.get(document.number)) for document in known.documents
        ),
    )


def read(record: Record) -> Carried:
    """Return what a device has of a record. Raises IntegrityFailure where it is not of ours."""
    try:
        action = record.first(ACTION)
        return Carried(
            entity=replace(
                record,
                properties={n: v for n, v in record.properties.items() if n not in _OURS},
            ),
            owner=record.datasets[0],
            version=int(record.first(VERSION) or ""),
            action=Action(action) if action else None,
            notes=tuple(map(Note, record.values(NOTES))),
            until=until_of(record),
            silent=record.values(SILENT),
        )
    except (IndexError, ValueError) as wrong:
        raise IntegrityFailure(
            "a record of this device is damaged: ask for a whole package"
        ) from wrong


def until_of(record: Record) -> datetime:
    """Return until when a carried record answers."""
    return datetime.fromisoformat(record.first(UNTIL) or "")


def digest_of(record: Record) -> bytes:
    """Return what tells two states of a carried record apart."""
    text = json.dumps(record.to_json(), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).digest()[:_DIGEST_BYTES]


def root_of(digests: Mapping[str, bytes] | Iterable[tuple[str, bytes]]) -> bytes:
    """Return the digest over everything that a device holds, whatever the order it came in."""
    over = hashlib.sha256()
    for record, digest in sorted(dict(digests).items()):
        over.update(hashlib.sha256(record.encode()).digest() + digest)
    return over.digest()


def _is_carried(record: BankRecord, stands: Standing) -> bool:
    if record.state not in FOUND or record.marking.is_tainted:
        return False
    is_listed = record.dataset is not None and record.alert is None
    return stands.asks_first_line or (is_listed and _SILENCING.isdisjoint(stands.notes))


def _until(record: BankRecord, lease: datetime | None) -> datetime:
    """Return the earliest end: of the lease, of what is asked, of the time that it may be kept."""
    last_days = (record.valid_to, record.alert.valid_until if record.alert else None)
    ends = [_start(day + timedelta(days=1)) for day in last_days if day]
    ends += [_start(record.marking.retention_until), *([lease] if lease else [])]
    return min(ends)


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)
