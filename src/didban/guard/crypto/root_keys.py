"""The root key: a file that is kept apart from the node, on paper or a medium in a safe.

It signs what the node says of itself, and nothing else. The file is PKCS #8 in PEM, as other
programs write and read it too, under a passphrase unless its keeper wants none.
"""

from __future__ import annotations

import hashlib
import os
import stat
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from didban.errors import InvalidFile, NotFound
from didban.guard.crypto.dsse import SigningKey

if TYPE_CHECKING:
    from pathlib import Path

_MAX_BYTES: Final = 10_000
_PEM: Final = serialization.Encoding.PEM
_PKCS8: Final = serialization.PrivateFormat.PKCS8


def id_of(root: bytes) -> str:
    """Return the name by which signatures mention a root key: only a hint (DSSE)."""
    return hashlib.sha256(root).hexdigest()[:16]


def new() -> SigningKey:
    """Return a new root key."""
    private = Ed25519PrivateKey.generate()
    return SigningKey(id_of(private.public_key().public_bytes_raw()), private)


def write(path: Path, key: SigningKey, passphrase: str | None = None) -> None:
    """Write a root key into a file that is not there yet, for its owner alone (mode 0600).

    Raises InvalidFile where there is a file already: a root key is never overwritten.
    """
    how = (
        serialization.BestAvailableEncryption(passphrase.encode())
        if passphrase
        else serialization.NoEncryption()
    )
    text = key.private.private_bytes(_PEM, _PKCS8, how)
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except FileExistsError as there:
        raise InvalidFile(f"{path} is there already: a root key is never overwritten") from there
    with os.fdopen(file, "wb") as opened:
        opened.write(text)
        opened.flush()
        os.fsync(file)


def read(path: Path, passphrase: str | None = None) -> SigningKey:
    """Return the root key of a file.

    Raises NotFound without the file; InvalidFile where others may read it, it is no key, or the
    passphrase is wrong or missing.
    """
    if not path.exists():
        raise NotFound(f"there is no root key in {path}")
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise InvalidFile(f"others than its owner may reach {path}: chmod 600")
    with path.open("rb") as opened:
        text = opened.read(_MAX_BYTES)
    try:
        password = passphrase.encode() if passphrase else None
        found = serialization.load_pem_private_key(text, password)
    except (ValueError, TypeError) as wrong:
        raise InvalidFile(f"{path} is no root key, or its passphrase is another one") from wrong
    if not isinstance(found, Ed25519PrivateKey):
        raise InvalidFile(f"{path} holds a key of another kind than Ed25519")
    return SigningKey(id_of(found.public_key().public_bytes_raw()), found)


def needs_passphrase(path: Path) -> bool:
    """Return whether the file of a root key opens with a passphrase only."""
    return path.exists() and b"ENCRYPTED" in path.read_bytes()[:_MAX_BYTES]
