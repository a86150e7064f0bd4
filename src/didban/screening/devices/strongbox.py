"""A large file at rest: sealed in blocks, so that it is read and written without holding it whole.

Each block is ChaCha20-Poly1305 under the file's own key with its number as nonce, and says whether
it is the last: a block that is changed, moved, left out or cut off does not open.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from didban.errors import IntegrityFailure
from didban.screening.devices.vault import sync_folder

if TYPE_CHECKING:
    from pathlib import Path

KEY_BYTES: Final = 32
_BLOCK: Final = 1_048_576
_TAG: Final = 16


def seal(source: BinaryIO, target: Path, key: bytes) -> None:
    """Write a sealed copy of an open file, durably, for its owner alone. The key is used once."""
    cipher = ChaCha20Poly1305(key)
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "wb") as file:
        number, block = 0, source.read(_BLOCK)
        while True:
            following = source.read(_BLOCK)
            file.write(cipher.encrypt(_nonce(number), block, _mark(is_last=not following)))
            if not following:
                break
            number, block = number + 1, following
        file.flush()
        os.fsync(handle)
    sync_folder(target.parent)


def unseal(source: Path, target: BinaryIO, key: bytes) -> None:
    """Write the content of a sealed file. Raises IntegrityFailure where it is not as it was sealed."""
    cipher = ChaCha20Poly1305(key)
    try:
        with source.open("rb") as file:
            number, block = 0, file.read(_BLOCK + _TAG)
            while True:
                following = file.read(_BLOCK + _TAG)
                mark = _mark(is_last=not following)
                target.write(cipher.decrypt(_nonce(number), block, mark))
                if not following:
                    return
                number, block = number + 1, following
    except (InvalidTag, FileNotFoundError) as wrong:
        raise IntegrityFailure(
            f"{source} is not what this device wrote: ask its node for a whole package"
        ) from wrong


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")


def _mark(*, is_last: bool) -> bytes:
    return b"last" if is_last else b"more"
