"""What a device brings back: a feed of its own, of which its node is the one reader.

Every entry is signed by the device, linked to the one before, and sealed to the node: once written,
the device itself cannot read it again, so that who finds it learns nothing of the travellers. An
entry is on the disk before its check is answered. What breaks off in the middle was never answered.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from didban.errors import IntegrityFailure, Malformed
from didban.guard.crypto import envelopes
from didban.model.exchange.envelopes import Header, Place
from didban.model.exchange.feeds import Cursor
from didban.screening.devices import frames
from didban.screening.devices.vault import replace_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from didban.guard.crypto.dsse import SigningKey
    from didban.guard.crypto.hpke import PublicKey
    from didban.model.devices import Kind
    from didban.model.exchange.envelopes import Envelope

EPOCH: Final = 1
MAX_BYTES: Final = 200_000_000
_NAME: Final = "journal"


def feed_of(device: str) -> str:
    """Return the name of the feed of what a device brings back."""
    return f"{device}.journal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """The journal of a device, with what it takes to write in it.

    - `pruned`: up to where the node has it; nothing before that is looked at.
    """

    folder: Path
    signing: SigningKey = field(repr=False)
    node: str
    reader: PublicKey
    pruned: Cursor

    def end(self) -> tuple[Cursor, datetime | None]:
        """Return its last entry, and the latest time in it. Raises IntegrityFailure.

        A clock that was set back makes later entries bear earlier times.
        """
        last, at = self.pruned, None
        for header, envelope in entries(self.folder, self.pruned.seq):
            place = header.place
            if place is None or place.seq != last.seq + 1 or place.prev != last.head:
                raise IntegrityFailure("the journal was changed: call the administrator")
            last = Cursor(epoch=EPOCH, seq=place.seq, head=envelope.hash)
            at = max(at, header.time) if at else header.time
        return last, at

    def append(self, kind: Kind, content: Mapping[str, Any], now: datetime) -> Cursor:
        """Write an entry and return where it stands, once it is on the disk."""
        last, _ = self.end()
        header = Header(
            sender=self.signing.id,
            kind=kind,
            time=now,
            place=Place(
                feed=feed_of(self.signing.id), epoch=EPOCH, seq=last.seq + 1, prev=last.head
            ),
        )
        body = json.dumps(content, ensure_ascii=False).encode()
        made = envelopes.seal(header, body, self.signing, [(self.node, self.reader)])
        path = self.folder / _NAME
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "r+b") as file:
            file.truncate(_whole(path))
            file.seek(0, os.SEEK_END)
            file.write(frames.to_bytes(made))
            file.flush()
            os.fsync(handle)
        return Cursor(epoch=EPOCH, seq=last.seq + 1, head=made.hash)


def entries(folder: Path, after: int) -> Iterator[tuple[Header, Envelope]]:
    """Yield the whole entries of a journal behind one. Raises IntegrityFailure."""
    path = folder / _NAME
    raw = path.read_bytes() if path.exists() else b""
    try:
        for envelope in frames.read(raw):
            header = Header.from_bytes(envelope.header)
            if header.place is not None and header.place.seq > after:
                yield header, envelope
    except frames.CutOff:
        return
    except Malformed as wrong:
        raise IntegrityFailure("the journal is damaged: call the administrator") from wrong


def to_return(folder: Path, after: int = 0) -> bytes:
    """Return what is brought back, as a file."""
    return b"".join(frames.to_bytes(envelope) for _, envelope in entries(folder, after))


def prune(folder: Path, pruned: Cursor) -> None:
    """Remove what the node has."""
    if (folder / _NAME).exists():
        replace_file(folder / _NAME, to_return(folder, pruned.seq))


def hash_at(folder: Path, seq: int) -> bytes | None:
    """Return the hash of an entry, or None where it is not there any more."""
    found = entries(folder, seq - 1)
    return next(
        (one.hash for header, one in found if header.place and header.place.seq == seq), None
    )


def _whole(path: Path) -> int:
    """Return how many bytes of a journal are whole entries."""
    raw = path.read_bytes()
    try:
        for _ in frames.read(raw):
            pass
    except frames.CutOff as torn:
        return torn.at
    return len(raw)
