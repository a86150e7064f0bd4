"""What is open on a device during a shift: in memory, never on a disk, gone when it is switched off.

The folder lies in a file system that is memory (`/dev/shm`), for the device's own user alone. It
holds the index, mapped by each check, and the key that signs the journal; not the passphrase, nor
the keys that open packages.
"""

from __future__ import annotations

import json
import shutil
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from didban.errors import IntegrityFailure, Malformed, Unavailable
from didban.guard.crypto.hpke import PublicKey, Suite
from didban.match.index.manifest import Manifest, SegmentEntry
from didban.match.snapshot import Snapshot
from didban.model.devices import Edition
from didban.model.encoding import b64
from didban.model.exchange.envelopes import Fields, time_text
from didban.model.exchange.feeds import Cursor
from didban.screening.devices import strongbox
from didban.screening.devices.journal import EPOCH, Journal
from didban.screening.devices.vault import public_part, replace_file, signing_key

if TYPE_CHECKING:
    from didban.guard.crypto.dsse import SigningKey
    from didban.screening.devices.vault import State, Vault

MEMORY: Final = Path("/dev/shm")  # noqa: S108 - of this user alone, and never on a disk
_SESSION: Final = "session.json"
_INDEX: Final = "index"
_SEGMENT: Final = "segment-1.didban"
_MAX_BYTES: Final = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A device that is open.

    - `latest`: the latest time that it had seen when it was opened.
    - `opened_at`, `running`: when that was, by the clock and by the machine's own seconds.
    """

    folder: Path
    place: Path
    signing: SigningKey = field(repr=False)
    node: str
    reader: PublicKey
    pruned: Cursor
    package: Cursor
    edition: Edition
    latest: datetime
    opened_at: datetime
    running: float

    @property
    def id(self) -> str:
        """The identifier of the device."""
        return self.signing.id

    @property
    def journal(self) -> Journal:
        """What the device brings back."""
        return Journal(
            folder=self.folder,
            signing=self.signing,
            node=self.node,
            reader=self.reader,
            pruned=self.pruned,
        )

    def snapshot(self) -> Snapshot:
        """Return what it carries, mapped."""
        return Snapshot.open(self.place / _INDEX)

    def least_now(self) -> datetime:
        """Return a time before which it cannot be, whatever the clock says."""
        passed = timedelta(seconds=max(0.0, running() - self.running))
        return max(self.latest, self.opened_at + passed)


def begin(vault: Vault, state: State, memory: Path, now: datetime) -> Session:
    """Open what is in force. Raises IntegrityFailure; Unavailable where nothing was taken in yet."""
    if state.trust is None or state.edition is None:
        raise Unavailable("nothing was taken in yet: open the device with a package of its node")
    place = place_of(memory, vault.id)
    close(memory, vault.id)
    place.mkdir(mode=0o700)
    spread(vault, state, place / _INDEX)
    session = Session(
        folder=vault.folder,
        place=place,
        signing=vault.signing,
        node=state.trust.node,
        reader=state.trust.reader,
        pruned=state.pruned,
        package=state.package,
        edition=state.edition,
        latest=state.latest or state.edition.made_at,
        opened_at=now,
        running=running(),
    )
    replace_file(place / _SESSION, json.dumps(_json(session)).encode())
    return session


def resume(folder: Path, memory: Path) -> Session:
    """Return the session that was begun. Raises Unavailable where the device is not open."""
    place = place_of(memory, str(public_part(folder)["id"]))
    try:
        fields = Fields.of((place / _SESSION).read_bytes(), _MAX_BYTES)
        return Session(
            folder=folder,
            place=place,
            signing=signing_key(fields.text("id"), fields.bytes("signing", 32)),
            node=fields.text("node"),
            reader=PublicKey(
                fields.text("reader"), fields.member("suite", Suite), fields.bytes("sealing")
            ),
            pruned=Cursor(
                epoch=EPOCH, seq=fields.number("pruned"), head=fields.bytes("pruned_head", 32)
            ),
            package=Cursor(
                epoch=fields.number("epoch"),
                seq=fields.number("seq"),
                head=fields.bytes("head", 32),
            ),
            edition=Edition.from_fields(Fields(fields.raw("edition"))),
            latest=fields.time("latest"),
            opened_at=fields.time("opened_at"),
            running=fields.number("running") / 1_000,
        )
    except FileNotFoundError as closed:
        raise Unavailable("the device is not open: 'didban device open' opens it") from closed
    except Malformed as wrong:
        raise IntegrityFailure("what is open is damaged: open the device again") from wrong


def close(memory: Path, device: str) -> bool:
    """Forget what is open; return whether anything was."""
    place = place_of(memory, device)
    was_open = place.exists()
    shutil.rmtree(place, ignore_errors=True)
    return was_open


def place_of(memory: Path, device: str) -> Path:
    """Return where a device lies in memory. Raises Unavailable where this machine has no such."""
    if not memory.is_dir():
        raise Unavailable(f"{memory} is not there: name a folder that lies in memory")
    return memory / f"didban-{device}"


def spread(vault: Vault, state: State, folder: Path) -> None:
    """Unseal what a device carries into a folder in memory. Raises IntegrityFailure."""
    edition = state.edition
    if edition is None:
        raise RuntimeError("nothing is in force")
    folder.mkdir(mode=0o700)
    with (folder / _SEGMENT).open("wb") as file:
        strongbox.unseal(vault.folder / state.index, file, state.key)
        size = file.tell()
    entry = SegmentEntry(file=_SEGMENT, size=size, sha256="", records=edition.records)
    Manifest(built_at=edition.made_at, segments=(entry,), datasets=()).write(folder)


def running() -> float:
    """Return the seconds since this machine was started, sleep included: nobody sets them back."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def _json(session: Session) -> dict[str, object]:
    return {
        "id": session.id,
        "signing": b64(session.signing.private.private_bytes_raw()),
        "node": session.node,
        "reader": session.reader.id,
        "suite": session.reader.suite.value,
        "sealing": b64(session.reader.raw),
        "pruned": session.pruned.seq,
        "pruned_head": b64(session.pruned.head),
        "epoch": session.package.epoch,
        "seq": session.package.seq,
        "head": b64(session.package.head),
        "edition": session.edition.to_json(),
        "latest": time_text(session.latest),
        "opened_at": time_text(session.opened_at),
        "running": int(session.running * 1_000),
    }
