"""What a device keeps: sealed under a passphrase, and good for this device alone.

    device.json        its identifier and public keys; its private keys, sealed under the passphrase
    state.sealed       which package is in force, whom it trusts, the latest time it has seen
    index-<n>.sealed   everything that it carries, under a key of its own that stands in the state
    journal            what it brings back (`journal`)

Every change writes new files first and then replaces the state in one step: whatever kills the
device in between, the old state or the new one is in force. With the state the key of the old index
is gone, and then its file.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from didban.errors import Conflict, IntegrityFailure, InvalidInput, Malformed, NotFound
from didban.guard.crypto import dsse
from didban.guard.crypto.hpke import PrivateKey, PublicKey, Suite
from didban.model.devices import DeviceKeys, DeviceRequest, Edition
from didban.model.encoding import b64
from didban.model.exchange.envelopes import Fields, time_text
from didban.model.exchange.feeds import START, Cursor
from didban.model.exchange.signed import Signed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

LEAST_PASSPHRASE: Final = 12  # characters
_KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_COST: Final = 2**17  # of Scrypt: 128 MB and half a second for each attempt
_MAX_COST: Final = 2**20
_MAX_BYTES: Final = 1_000_000
_DEVICE, _STATE, _LOCK = "device.json", "state.sealed", "lock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """The node that a device is of.

    - `root`: its root key, compared as words; `version`: of its newest descriptor.
    - `reader`: the key under which the journal is sealed to it.
    """

    node: str
    root: bytes
    version: int
    reader: PublicKey


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What is in force on a device.

    - `package`: the newest that was taken in; `index`: the file of what it carries, and its key.
    - `confirmed`: the newest package of which a receipt stands in the journal; `deleted`: how many
      records went with the one that is in force.
    - `pruned`: up to where the node has the journal; `journal`: its end when this was written.
    - `latest`: the latest time that was seen, signed or by our own clock; it never goes back.
    - `ends_at`: when the first record ends by itself.
    """

    trust: Trust | None = None
    package: Cursor = field(default_factory=lambda: Cursor(epoch=0, seq=0, head=START))
    edition: Edition | None = None
    index: str = ""
    key: bytes = field(default=b"", repr=False)
    deleted: int = 0
    confirmed: int = 0
    pruned: Cursor = field(default_factory=lambda: Cursor(epoch=1, seq=0, head=START))
    journal: Cursor = field(default_factory=lambda: Cursor(epoch=1, seq=0, head=START))
    latest: datetime | None = None
    ends_at: datetime | None = None

    def to_bytes(self) -> bytes:
        """Return it as it is sealed."""
        data: dict[str, Any] = {
            name: _cursor_json(getattr(self, name)) for name in ("package", "pruned", "journal")
        }
        data |= {"index": self.index, "key": b64(self.key), "deleted": self.deleted}
        data["confirmed"] = self.confirmed
        if self.trust:
            data["trust"] = {
                "node": self.trust.node,
                "root": b64(self.trust.root),
                "version": self.trust.version,
                "reader": self.trust.reader.id,
                "suite": self.trust.reader.suite.value,
                "sealing": b64(self.trust.reader.raw),
            }
        if self.edition:
            data["edition"] = self.edition.to_json()
        for name in ("latest", "ends_at"):
            if getattr(self, name):
                data[name] = time_text(getattr(self, name))
        return json.dumps(data).encode()

    @classmethod
    def from_bytes(cls, raw: bytes) -> State:
        """Read what `to_bytes` wrote. Raises Malformed."""
        fields = Fields.of(raw, _MAX_BYTES)
        trust, edition, index = (fields.raw(name) for name in ("trust", "edition", "index"))
        return cls(
            trust=_trust_of(Fields(trust)) if trust else None,
            edition=Edition.from_fields(Fields(edition)) if edition else None,
            index=str(index or ""),
            key=fields.bytes("key"),
            deleted=fields.number("deleted"),
            confirmed=fields.number("confirmed"),
            package=_cursor_of(Fields(fields.raw("package"))),
            pruned=_cursor_of(Fields(fields.raw("pruned"))),
            journal=_cursor_of(Fields(fields.raw("journal"))),
            latest=fields.time("latest") if fields.has("latest") else None,
            ends_at=fields.time("ends_at") if fields.has("ends_at") else None,
        )

    def seen(self, moment: datetime) -> State:
        """Return the state with a time that was seen."""
        return replace(self, latest=max(self.latest, moment) if self.latest else moment)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vault:
    """The folder of a device, opened with its passphrase."""

    folder: Path
    label: str
    signing: dsse.SigningKey = field(repr=False)
    sealing: PrivateKey = field(repr=False)
    storage: bytes = field(repr=False)

    @property
    def id(self) -> str:
        """The identifier of the device."""
        return self.signing.id

    @classmethod
    def make(cls, folder: Path, label: str, passphrase: str) -> Vault:
        """Make keys and a folder for a new device.

        Raises Conflict where there is one already, InvalidInput for a passphrase that is too short.
        """
        if len(passphrase) < LEAST_PASSPHRASE:
            raise InvalidInput(f"a passphrase has at least {LEAST_PASSPHRASE} characters")
        if not label.strip():
            raise InvalidInput("a device has a name: which one it is")
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if (folder / _DEVICE).exists():
            raise Conflict(f"{folder} is a device already")
        signing = Ed25519PrivateKey.generate()
        sealing = PrivateKey.generate("new")
        keys = _public(signing, sealing)
        made = cls(
            folder=folder,
            label=label.strip(),
            signing=dsse.SigningKey(keys.id, signing),
            sealing=PrivateKey(keys.id, sealing.suite, sealing.raw),
            storage=os.urandom(_KEY_BYTES),
        )
        made.keep(State())
        replace_file(folder / _DEVICE, json.dumps(made._sealed(passphrase)).encode())
        return made

    @classmethod
    def unlock(cls, folder: Path, passphrase: str) -> Vault:
        """Open the folder of a device.

        Raises NotFound where there is none, InvalidInput for another passphrase.
        """
        front = public_part(folder)
        try:
            sealed = Fields(front["private"])
            cost, salt = sealed.number("cost"), sealed.bytes("salt")
            nonce, body = sealed.bytes("nonce"), sealed.bytes("sealed")
            key = _derived(passphrase, salt, min(cost, _MAX_COST))
            raw = ChaCha20Poly1305(key).decrypt(nonce, body, str(front["id"]).encode())
            private = Fields.of(raw, _MAX_BYTES)
            return cls(
                folder=folder,
                label=str(front["label"]),
                signing=signing_key(str(front["id"]), private.bytes("signing", _KEY_BYTES)),
                sealing=PrivateKey(
                    str(front["id"]), private.member("suite", Suite), private.bytes("sealing")
                ),
                storage=private.bytes("storage", _KEY_BYTES),
            )
        except InvalidTag as wrong:
            raise InvalidInput("the passphrase is another one") from wrong
        except (KeyError, ValueError, Malformed) as wrong:
            raise IntegrityFailure(f"{folder / _DEVICE} is damaged: register it anew") from wrong

    def request(self) -> bytes:
        """Return what is handed to the node: the public keys, signed by the device."""
        asked = DeviceRequest(label=self.label, keys=_public(self.signing.private, self.sealing))
        payload = asked.to_bytes()
        signatures = {self.id: self.signing.sign(dsse.DEVICE, payload)}
        made = Signed(payload=payload, signatures=signatures).to_json()
        return json.dumps(made, indent=1).encode("ascii") + b"\n"

    def state(self) -> State:
        """Return what is in force. Raises IntegrityFailure where somebody changed it."""
        raw = (self.folder / _STATE).read_bytes()
        nonce, body = raw[:_NONCE_BYTES], raw[_NONCE_BYTES:]
        try:
            text = ChaCha20Poly1305(self.storage).decrypt(nonce, body, self.id.encode())
            return State.from_bytes(text)
        except (InvalidTag, Malformed, ValueError) as wrong:
            raise IntegrityFailure(
                f"{self.folder / _STATE} is not what this device wrote: call the administrator"
            ) from wrong

    def keep(self, state: State) -> None:
        """Put a state in force: in one step, durably."""
        nonce = os.urandom(_NONCE_BYTES)
        cipher = ChaCha20Poly1305(self.storage)
        sealed = cipher.encrypt(nonce, state.to_bytes(), self.id.encode())
        replace_file(self.folder / _STATE, nonce + sealed)

    def tidy(self, state: State) -> None:
        """Remove every index but the one in force."""
        for path in self.folder.glob("index-*"):
            if path.name != state.index:
                path.unlink()
        sync_folder(self.folder)

    def _sealed(self, passphrase: str) -> dict[str, Any]:
        private = {
            "signing": b64(self.signing.private.private_bytes_raw()),
            "suite": self.sealing.suite.value,
            "sealing": b64(self.sealing.raw),
            "storage": b64(self.storage),
        }
        salt, nonce = os.urandom(16), os.urandom(_NONCE_BYTES)
        cipher = ChaCha20Poly1305(_derived(passphrase, salt, _COST))
        sealed = cipher.encrypt(nonce, json.dumps(private).encode(), self.id.encode())
        kept = {"cost": _COST, "salt": b64(salt), "nonce": b64(nonce), "sealed": b64(sealed)}
        return {"id": self.id, "label": self.label, "private": kept}


@contextlib.contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold the lock on a device's folder: one at a time changes it."""
    if not (folder / _DEVICE).exists():
        raise NotFound(f"there is no device in {folder}: 'didban device new' makes one")
    handle = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def public_part(folder: Path) -> dict[str, Any]:
    """Return what anybody may know of the device in a folder. Raises NotFound, IntegrityFailure."""
    try:
        found = Fields.parsed((folder / _DEVICE).read_bytes(), _MAX_BYTES)
    except FileNotFoundError as error:
        raise NotFound(f"there is no device in {folder}: 'didban device new' makes one") from error
    except Malformed as wrong:
        raise IntegrityFailure(f"{folder / _DEVICE} is damaged: register it anew") from wrong
    return dict(found)


def signing_key(identifier: str, raw: bytes) -> dsse.SigningKey:
    """Return a signing key from its 32 bytes."""
    return dsse.SigningKey(identifier, Ed25519PrivateKey.from_private_bytes(raw))


def replace_file(path: Path, content: bytes) -> None:
    """Put a file in the place of another: in one step, durably, for its owner alone."""
    beside = path.with_name(f"{path.name}.new")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(handle)
    beside.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Put the names in a folder on the disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _derived(passphrase: str, salt: bytes, cost: int) -> bytes:
    return Scrypt(salt=salt, length=_KEY_BYTES, n=cost, r=8, p=1).derive(passphrase.encode())


def _public(signing: Ed25519PrivateKey, sealing: PrivateKey) -> DeviceKeys:
    return DeviceKeys(
        signing=signing.public_key().public_bytes_raw(),
        suite=sealing.suite,
        sealing=sealing.public.raw,
    )


def _cursor_json(cursor: Cursor) -> dict[str, Any]:
    return {"epoch": cursor.epoch, "seq": cursor.seq, "head": b64(cursor.head)}


def _cursor_of(fields: Fields) -> Cursor:
    return Cursor(
        epoch=fields.number("epoch"), seq=fields.number("seq"), head=fields.bytes("head", 32)
    )


def _trust_of(fields: Fields) -> Trust:
    return Trust(
        node=fields.text("node"),
        root=fields.bytes("root", _KEY_BYTES),
        version=fields.number("version"),
        reader=PublicKey(
            fields.text("reader"), fields.member("suite", Suite), fields.bytes("sealing")
        ),
    )
