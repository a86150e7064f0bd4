"""A segment: one immutable file of the index, mapped into memory, shared by every process.

Layout (little-endian): a header of 48 bytes (`MAGIC`, table offset and length as u64, BLAKE2b-128 of
the table), then the sections, each at a multiple of 64 bytes, then the table: JSON with `sections`
(name -> [offset, bytes, item type]) and `meta`. Item types are those of `memoryview.cast`:
B, H, I, Q for 8, 16, 32, 64 bits. The sections themselves are covered by the manifest's digest.

Sections, by what a row is:

    form    form_codes (16 B), form_length, form_weight, form_unvocalised, form_mask, form_token:
            the readings of the vocabulary by length, then whether they are unvocalised, then mask;
            length_start[l]: first form of length l
    key     key, key_form: coarse keys in rising order, and the form of each
    token   token_class, token_rarity, token_frequency, token_initial, token_text_start, token_text:
            the vocabulary
    posting posting_start[token], posting: (name, four classes of its other parts) per occurrence;
            single_start[token], single_name: names of that one part alone
    name    name_start, name_token, name_record, name_quality; name_organised: whether it is read as
            an organisation's; name_at: where its text begins in the JSON of its record, up to the
            next quotation mark; 0 where it does not stand there as one value: apart_name,
            apart_text_start, apart_text
    record  record_class, record_years, record_start, record_json; id_hash, id_record: by identifier
            of what a bank keeps: record_number, record_version; id_hash is the bank's number then
    document  document_key, document_record: single numbers by rising key
            range_key, range_low, range_high, range_reach, range_record: ranges
    birth   birth_key, birth_record: whole dates of birth, rising, as numbers YYYYMMDD
"""

from __future__ import annotations

import hashlib
import json
import mmap
import struct
import sys
from array import array
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from didban.errors import IntegrityFailure

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MAGIC: Final = b"DIDBAN-SEGMENT\x00\x03"
_HEADER: Final = struct.Struct("<16sQQ16s")
_ALIGNMENT: Final = 64


def _digest(table: bytes) -> bytes:
    return hashlib.blake2b(table, digest_size=16).digest()


class SegmentWriter:
    """Writes a segment to a binary file, one section after another."""

    def __init__(self, file: BinaryIO) -> None:
        """Take a file opened for writing at its start; the caller closes it."""
        self._file = file
        self._table: dict[str, tuple[int, int, str]] = {}
        self._offset = file.write(_HEADER.pack(MAGIC, 0, 0, b""))
        self._begun: tuple[str, int] | None = None

    def begin(self, name: str) -> None:
        """Begin a section of bytes that is written in pieces with `append`."""
        self._align()
        self._begun = (name, self._offset)

    def append(self, data: bytes | bytearray | memoryview) -> None:
        """Append to the section begun last."""
        self._offset += self._file.write(data)

    def read_back(self, start: int, size: int) -> bytes:
        """Return bytes of the section begun last; the file must be open for reading too."""
        begun = self._begun[1] if self._begun else 0
        self._file.seek(begun + start)
        data = self._file.read(size)
        self._file.seek(self._offset)
        return data

    def write(self, name: str, data: array[int] | bytes | bytearray) -> None:
        """Write a whole section."""
        self.begin(name)
        item = data.typecode if isinstance(data, array) else "B"
        if isinstance(data, array):
            view = memoryview(data).cast("B")
            self._offset += self._file.write(view)
        else:
            self.append(data)
        self._end(item)

    def finish(self, meta: Mapping[str, Any]) -> None:
        """Write the table and the header that points to it."""
        self._end("B")
        table = json.dumps({"sections": self._table, "meta": dict(meta)}).encode()
        start = self._offset
        self._file.write(table)
        self._file.seek(0)
        self._file.write(_HEADER.pack(MAGIC, start, len(table), _digest(table)))

    def _end(self, item: str) -> None:
        if self._begun:
            name, start = self._begun
            self._table[name] = (start, self._offset - start, item)
            self._begun = None

    def _align(self) -> None:
        self._end("B")
        self._offset += self._file.write(b"\0" * (-self._offset % _ALIGNMENT))


class Segment:
    """The sections of one segment as typed memoryviews, over a mapped file or over bytes."""

    def __init__(self, memory: mmap.mmap | bytes, origin: str) -> None:
        """Read header and table. `origin` names the segment in errors.

        Raises IntegrityFailure when the memory is not a whole segment of this format.
        """
        if sys.byteorder != "little":
            message = "the index is little-endian; this machine is not supported"
            raise IntegrityFailure(message)
        self._memory = memory
        self.size = len(memory)
        try:
            magic, start, length, digest = _HEADER.unpack_from(memory)
            text = bytes(memory[start : start + length])
            if magic != MAGIC or start + length != len(memory) or digest != _digest(text):
                raise ValueError  # noqa: TRY301  # one message for every kind of damage
            table = json.loads(text)
            view = memoryview(memory)
            self.sections: dict[str, memoryview] = {
                name: view[offset : offset + size].cast(item)
                for name, (offset, size, item) in table["sections"].items()
            }
            self.meta: dict[str, Any] = table["meta"]
        except (struct.error, ValueError, KeyError, TypeError) as error:
            message = f"{origin} is damaged or not an index segment: build the snapshot again"
            raise IntegrityFailure(message) from error

    @classmethod
    def open(cls, path: Path) -> Segment:
        """Map a segment file read-only. Raises IntegrityFailure when it is absent or damaged."""
        try:
            with path.open("rb") as file:
                memory = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            message = f"{path.name} cannot be opened: build the snapshot again"
            raise IntegrityFailure(message) from error
        return cls(memory, path.name)

    def __getitem__(self, name: str) -> memoryview:
        """Return a section."""
        return self.sections[name]
