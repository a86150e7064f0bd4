"""A package: what its node says of itself, and envelopes with the records that changed.

    magic | length (4) | the node's descriptor, as its root key signed it | envelopes

Every envelope holds one part: records to put, identifiers to take out. The last part of a package
holds an edition too; without it nothing of the package is in force. The `epoch` of an envelope's
place begins anew with each whole package, its `seq` goes on for ever: nothing goes back.
"""

from __future__ import annotations

import json
import lzma
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from didban.errors import Malformed
from didban.model.devices import Edition
from didban.model.exchange.envelopes import Fields
from didban.model.exchange.signed import Signed
from didban.model.records import Record
from didban.screening.devices import frames

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from didban.model.exchange.envelopes import Envelope

RECORDS_IN_PART: Final = 5_000
_MAGIC: Final = b"didban device 1\n"
_LENGTH: Final = struct.Struct(">I")
_MAX_VOUCHER: Final = 600_000
_MAX_PART: Final = 64_000_000
_MEMORY: Final = 128_000_000  # that unpacking may take
_FILTERS: Final = [{"id": lzma.FILTER_LZMA2, "preset": 6 | lzma.PRESET_EXTREME}]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The content of one envelope."""

    put: tuple[Record, ...] = ()
    withdraw: tuple[str, ...] = ()
    edition: Edition | None = None

    def to_bytes(self) -> bytes:
        """Return it as it is sealed: packed, for a bad line."""
        data: dict[str, Any] = {
            "put": [record.to_json() for record in self.put],
            "withdraw": list(self.withdraw),
        }
        if self.edition:
            data["edition"] = self.edition.to_json()
        text = json.dumps(data, separators=(",", ":"), ensure_ascii=False).encode()
        return lzma.compress(text, lzma.FORMAT_XZ, check=lzma.CHECK_NONE, filters=_FILTERS)

    @classmethod
    def from_bytes(cls, raw: bytes) -> Part:
        """Read what `to_bytes` wrote. Raises Malformed."""
        try:
            unpacking = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MEMORY)
            text = unpacking.decompress(raw, max_length=_MAX_PART + 1)
        except lzma.LZMAError as wrong:
            raise Malformed("a part is not packed as it must be") from wrong
        fields = Fields.of(text, _MAX_PART)
        edition = fields.raw("edition")
        withdraw, put = fields.raw("withdraw"), fields.raw("put")
        fields.require_all_read()
        if not isinstance(withdraw, list) or not all(isinstance(one, str) for one in withdraw):
            raise Malformed("'withdraw' is no list of identifiers")
        try:
            records = tuple(map(Record.from_json, put))
        except (AttributeError, KeyError, TypeError, ValueError) as wrong:
            raise Malformed("'put' is no list of records") from wrong
        return cls(
            put=records,
            withdraw=tuple(withdraw),
            edition=None if edition is None else Edition.from_fields(Fields(edition)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A package as it is carried: nothing of it is verified yet."""

    descriptor: Signed
    envelopes: tuple[Envelope, ...]

    def to_bytes(self) -> bytes:
        """Return it as a file."""
        voucher = json.dumps(self.descriptor.to_json(), separators=(",", ":")).encode()
        front = _MAGIC + _LENGTH.pack(len(voucher)) + voucher
        return front + b"".join(map(frames.to_bytes, self.envelopes))

    @classmethod
    def from_bytes(cls, raw: bytes) -> Package:
        """Read what `to_bytes` wrote. Raises Malformed."""
        at = len(_MAGIC) + _LENGTH.size
        if raw[: len(_MAGIC)] != _MAGIC or len(raw) < at:
            raise Malformed("this is no package for a device")
        (length,) = _LENGTH.unpack_from(raw, len(_MAGIC))
        voucher = Fields.parsed(raw[at : at + length], _MAX_VOUCHER)
        envelopes = tuple(frames.read(raw, at + length))
        if not envelopes:
            raise Malformed("the package is empty")
        return cls(descriptor=Signed.from_json(voucher), envelopes=envelopes)


def parts_of(put: Sequence[Record], withdraw: Sequence[str], edition: Edition) -> Iterator[Part]:
    """Yield the parts of one package; the last one holds the edition."""
    most = RECORDS_IN_PART
    count = max(1, -(-len(put) // most), -(-len(withdraw) // most))
    for at in range(0, count * most, most):
        is_last = at == (count - 1) * most
        yield Part(
            put=tuple(put[at : at + most]),
            withdraw=tuple(withdraw[at : at + most]),
            edition=edition if is_last else None,
        )
