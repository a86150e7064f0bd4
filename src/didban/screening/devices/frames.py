"""Envelopes in a file, one behind the other, as bytes: what goes over a bad line is not base64.

header length (4) | key name length (2) | body length (4, all ones where there is none)
header | key name | signature (64) | body
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from didban.errors import Malformed
from didban.model.exchange.envelopes import MAX_BODY_BYTES, MAX_HEADER_BYTES, Envelope

if TYPE_CHECKING:
    from collections.abc import Iterator

_LENGTHS: Final = struct.Struct(">IHI")
_SIGNATURE: Final = 64
_NO_BODY: Final = 0xFFFFFFFF
_MAX_KEY: Final = 200


class CutOff(Malformed):
    """The file ends within an envelope. `at`: where the envelope begins."""

    def __init__(self, at: int) -> None:
        super().__init__("the file breaks off")
        self.at = at


def to_bytes(envelope: Envelope) -> bytes:
    """Return an envelope as it stands in a file."""
    key = envelope.key.encode()
    size = _NO_BODY if envelope.body is None else len(envelope.body)
    front = _LENGTHS.pack(len(envelope.header), len(key), size)
    return front + envelope.header + key + envelope.signature + (envelope.body or b"")


def read(raw: bytes | memoryview, start: int = 0) -> Iterator[Envelope]:
    """Yield the envelopes of a file from there on. Raises Malformed; CutOff where the last is torn."""
    view, at = memoryview(raw), start
    while at < len(view):
        if len(view) - at < _LENGTHS.size:
            raise CutOff(at)
        header, key, body = _LENGTHS.unpack_from(view, at)
        size = 0 if body == _NO_BODY else body
        if header > MAX_HEADER_BYTES or key > _MAX_KEY or size > MAX_BODY_BYTES:
            raise Malformed("an envelope is larger than the protocol allows")
        parts, end = [], at + _LENGTHS.size
        for length in (header, key, _SIGNATURE, size):
            parts.append(bytes(view[end : end + length]))
            end += length
        if end > len(view):
            raise CutOff(at)
        try:
            name = parts[1].decode("ascii")
        except UnicodeDecodeError as wrong:
            raise Malformed("the name of a key is none") from wrong
        yield Envelope(
            header=parts[0],
            key=name,
            signature=parts[2],
            body=None if body == _NO_BODY else parts[3],
        )
        at = end
