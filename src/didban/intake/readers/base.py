"""What every reader of a list is: a module that turns one official format into changes.

A reader module has two functions, `read` and `source_date`, and is entered in
`didban.intake.readers`. It streams: memory does not grow with the file.

- A file that is not what it claims to be raises `InvalidFile`: it is refused whole.
- A damaged row goes to `reject`, and reading goes on.
- What was read although something was odd (a wrong encoding, an unreadable date) goes to `reject`
  as a note (`is_note`), so that nothing is lost in silence.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, Protocol, Self

from didban.errors import InvalidFile

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path
    from types import TracebackType

    from didban.model.records import Record

MAX_REJECTED_ROW: Final = 2000
"""Characters of a refused row that are kept for the rejects file."""

MAX_FRUITLESS_ROWS: Final = 20
"""A file whose first so many rows are all refused is refused whole."""

CHUNK_BYTES: Final = 256 * 1024
"""Bytes that are read at a time."""

_GZIP_MAGIC: Final = b"\x1f\x8b"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One official file, or folder, and what it is said to be.

    - `kind`: the format, as `didban lists build --source KIND=PATH` names it (`un-sc`, `ftm` ...).
    - `name`: the dataset's name, which records bear in `datasets`.
    - `mapping`: the mapping file of a `csv` source.
    """

    kind: str
    name: str
    path: Path
    mapping: Path | None = None


class LastLine(int):
    """The number of a line behind which the file ends without a line feed.

    A whole file may end so; but where such a line cannot be read, the file was cut short in it.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """One row that was refused, or, with `is_note`, one that was kept although something was odd.

    - `source`: the dataset's name, or the file's name.
    - `line`: 1-based number of the line where the row begins; None where a format has no lines.
    - `row`: the row as it stands in the file, cut to `MAX_REJECTED_ROW`.
    - `is_end`: the file breaks off there, and what came after it is not known. So it is where a
      `LastLine` is refused.
    """

    source: str
    line: int | None
    reason: str
    row: str
    is_note: bool = False
    is_end: bool = False

    def __post_init__(self) -> None:
        """Cut the row, so that one huge line does not become a huge reject; see the file's end."""
        if isinstance(self.line, LastLine) and not self.is_note:
            object.__setattr__(self, "is_end", True)
        if len(self.row) > MAX_REJECTED_ROW:
            object.__setattr__(self, "row", self.row[:MAX_REJECTED_ROW] + "…")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change to a dataset. Ordinary lists only add; delta files also modify and delete.

    `mod` carries the whole new record; `del` carries only the id.
    """

    op: Literal["add", "mod", "del"]
    id: str
    record: Record | None = None

    @classmethod
    def add(cls, record: Record) -> Change:
        """Return the addition of a record."""
        return cls(op="add", id=record.id, record=record)


RejectSink = Callable[[Reject], None]
"""Where rejects and notes go: a file, a counter, a list in a test."""


class Claim:
    """A reject sink that watches whether a file is of the format that it claims to be.

    Rejects are passed on. Once the first `MAX_FRUITLESS_ROWS` rows have all been refused, it raises
    `InvalidFile`, and so does `verify` at the end when something was told and no row was kept.
    """

    def __init__(self, path: Path, what: str, reject: RejectSink) -> None:
        self._message = f"{path.name}: is not {what}: no row of it can be read"
        self._first = ""
        self._reject = reject
        self._refused = 0
        self._has_told = False
        self._has_kept = False

    def __call__(self, reject: Reject) -> None:
        """Pass one reject on."""
        self._reject(reject)
        self._has_told = True
        self._refused += not reject.is_note
        if not (self._first or reject.is_note or reject.line is None):
            self._first = f"; line {reject.line}: {reject.reason}"
        if self._refused >= MAX_FRUITLESS_ROWS:
            self.verify()

    def kept(self) -> None:
        """Say that a row was what the format wants."""
        self._has_kept = True

    def verify(self) -> None:
        """Raise `InvalidFile` when there was something, and none of it was a row of the format."""
        if self._has_told and not self._has_kept:
            raise InvalidFile(f"{self._message}{self._first}")


class Reader(Protocol):
    """A module that reads one format."""

    def read(self, source: Source, reject: RejectSink) -> Iterator[Change]:
        """Yield the changes that the source states, in the file's order.

        Raises `InvalidFile` when the file is not of this format.
        """

    def source_date(self, source: Source) -> date | None:
        """Return the date of the publication as the file itself states it, or None."""


def open_source(path: Path) -> ByteStream:
    """Open a plain or gzip file, as its first bytes tell. Raises `InvalidFile` if that fails."""
    return ByteStream(path)


class ByteStream:
    """The bytes of a plain or gzip file, as a context manager with `read`.

    A damaged archive ends the stream early instead of raising, and `damage` then says why.
    Raises `InvalidFile` when there is no such file or it may not be read.
    """

    def __init__(self, path: Path) -> None:
        self.damage: str | None = None
        try:
            self._file = path.open("rb")
            is_gzip = self._file.read(len(_GZIP_MAGIC)) == _GZIP_MAGIC
            self._file.seek(0)
        except OSError as error:
            raise InvalidFile(f"{path.name or path}: cannot be read ({error.strerror})") from error
        self._unpacked = gzip.GzipFile(fileobj=self._file) if is_gzip else None

    def read(self, size: int = -1) -> bytes:
        """Return up to `size` bytes, fewer only at the end; all of them for a negative size."""
        pieces: list[bytes] = []
        missing = size
        while missing != 0 and (piece := self._read_some(missing)):
            pieces.append(piece)
            missing -= len(piece) if size > 0 else 0
        return b"".join(pieces)

    def chunks(self) -> Iterator[bytes]:
        """Yield the rest of the file in pieces of bounded size."""
        while chunk := self._read_some(CHUNK_BYTES):
            yield chunk

    def _read_some(self, size: int) -> bytes:
        most = size if 0 < size <= CHUNK_BYTES else CHUNK_BYTES
        if self._unpacked is None:
            return self._file.read(most)
        if self.damage is not None:
            return b""
        try:
            return self._unpacked.read1(most)
        except (EOFError, OSError, zlib.error) as error:
            self.damage = f"the gzip archive is damaged or cut off: {error}"
            return b""

    def close(self) -> None:
        """Give the file back."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
