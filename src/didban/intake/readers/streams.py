"""Bytes, lines and CSV rows of files from outside, in bounded memory, whatever is in them.

- Plain and gzip files are told apart by their first bytes, not by their names.
- Encodings: a byte order mark or the pattern of UTF-16 decides; else UTF-8, and where a line is
  not, Windows-1252, with a note.
- A line over the limit is refused and skipped in pieces; a truncated archive gives what it can.
- Characters that no list means (NUL, other controls) are taken out, with a note.
"""

from __future__ import annotations

import codecs
import csv
import re
from typing import TYPE_CHECKING, Final, Self

from didban.intake.readers.base import LastLine, Reject, open_source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from didban.intake.readers.base import ByteStream, RejectSink

MAX_LINE_BYTES: Final = 16 * 1024 * 1024
"""Longest line, in bytes: FollowTheMoney records of great companies reach a few megabytes."""

MAX_ROW_LINES: Final = 200
"""Most lines that one CSV row may span: beyond it, a quote was opened and never closed."""

MAX_ROW_CHARACTERS: Final = 1024 * 1024
"""Longest CSV row, in characters, for the same reason."""

_HEAD: Final = 64 * 1024
_FEWEST_ZEROS: Final = 6  # as many as the shortest header has letters
_KEPT_OF_LONG_LINE: Final = 4096
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff]")


def read_start(path: Path) -> str:
    """Return the beginning of a text file, white space before it left out, to recognise it by."""
    with open_source(path) as stream:
        chunks, _ = text_chunks(stream)
        first = next(iter(chunks), b"")
    return first.removeprefix(codecs.BOM_UTF8).decode("utf-8", errors="replace").lstrip(" \t\r\n")


def read_lines(
    path: Path, name: str, reject: RejectSink, *, encoding: str | None = None
) -> Iterator[tuple[int, str]]:
    """Yield (1-based number, text) for each line of a text file, without its line end.

    - A last line without a line feed has a `LastLine` as its number.
    - `name` is how rejects call the file.
    - `encoding`: what the file is known to be in; by default it is found out.
    """
    with open_source(path) as stream:
        chunks, found = text_chunks(stream, encoding=encoding)
        decode = _LineDecoder(found, name, reject)
        for number, line, is_cut in _split(chunks):
            text = decode.line(number, line)
            if is_cut:
                reason = f"the line is longer than {MAX_LINE_BYTES:,} bytes"
                reject(Reject(source=name, line=number, reason=reason, row=text))
            else:
                yield number, text
        if stream.damage:
            reject(Reject(source=name, line=None, reason=stream.damage, row="", is_end=True))


def text_chunks(stream: ByteStream, *, encoding: str | None = None) -> tuple[Iterable[bytes], str]:
    """Return the bytes of a text file in pieces, and their encoding, in which ASCII is ASCII.

    UTF-16 and UTF-32 are turned into UTF-8.
    """
    head = stream.read(_HEAD)
    found = codecs.lookup(encoding).name if encoding else _encoding(head)
    chunks = _with_head(head, stream)
    if found.startswith(("utf-16", "utf-32")):
        return _transcoded(chunks, found), "utf-8"
    return chunks, found


def read_rows(
    path: Path,
    name: str,
    reject: RejectSink,
    *,
    delimiter: str = ",",
    encoding: str | None = None,
    is_table: bool = False,
) -> Iterator[tuple[int, list[str]]]:
    """Yield (number of its first line, cells) for each row of a CSV file; empty rows are skipped.

    - A quote that is never closed costs one line, not the rest of the file; so does one that is
      closed only by the next open quote, which shows in what stands behind it.
    - `is_table`: every row has as many cells as the first; then a row of several lines with another
      number of cells is taken for an open quote too.
    """
    lines = _RowLines(read_lines(path, name, reject, encoding=encoding))
    csv.field_size_limit(MAX_ROW_CHARACTERS)
    reader = csv.reader(lines, delimiter=delimiter)
    width = 0
    while True:
        lines.start_row()
        try:
            row = next(reader)
        except StopIteration:
            return
        except (csv.Error, _UnclosedQuoteError) as error:
            problem = str(error)
        else:
            width = width or len(row)
            is_misshapen = is_table and len(row) != width
            problem = lines.problem(delimiter, is_misshapen=is_misshapen)
            if not problem and any(row):
                yield lines.first_number, row
        if problem:
            number, text = lines.give_back()
            reject(Reject(source=name, line=number, reason=f"not a CSV row: {problem}", row=text))
            reader = csv.reader(lines, delimiter=delimiter)


def check_width(line: int, cells: list[str], header: list[str]) -> None:
    """Raise `ValueError` for a row that is longer than its table, or that the file's end cuts."""
    if len(cells) > len(header):
        raise ValueError("more cells than the header has columns")
    if len(cells) < len(header) and isinstance(line, LastLine):
        raise ValueError("the file seems to break off in this row")


class _UnclosedQuoteError(Exception):
    """A row has gone on for so long that its quote must have been left open."""


class _RowLines:
    """The lines for a `csv.reader`, able to take back those of a row that was none."""

    def __init__(self, lines: Iterator[tuple[int, str]]) -> None:
        self._lines = lines
        self._returned: list[tuple[int, str]] = []
        self._taken: list[tuple[int, str]] = []
        self._characters = 0
        self.ended_inside_row = False

    @property
    def first_number(self) -> int:
        """The number of the first line of the present row, a `LastLine` if it ends with one."""
        first, last = self._taken[0][0], self._taken[-1][0]
        return LastLine(first) if isinstance(last, LastLine) else first

    def start_row(self) -> None:
        self._taken = []
        self._characters = 0
        self.ended_inside_row = False

    def problem(self, delimiter: str, *, is_misshapen: bool) -> str:
        """Return why the present row, if it has several lines, is none; "" when it is one."""
        if self.ended_inside_row:
            return "a quote is opened and not closed"
        if len(self._taken) == 1:
            return ""
        text = [line + "\n" for _, line in self._taken]
        try:
            next(csv.reader(text, delimiter=delimiter, strict=True))
        except csv.Error as error:
            return str(error)
        return "a quote seems to be opened and not closed" if is_misshapen else ""

    def give_back(self) -> tuple[int, str]:
        """Return the first line of the present row, and keep the others to be read again."""
        first, *others = self._taken
        self._returned.extend(reversed(others))
        return first

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        if len(self._taken) >= MAX_ROW_LINES or self._characters > MAX_ROW_CHARACTERS:
            raise _UnclosedQuoteError("a quote is not closed within a reasonable row")
        try:
            line = self._returned.pop() if self._returned else next(self._lines)
        except StopIteration:
            self.ended_inside_row = bool(self._taken)
            raise
        self._taken.append(line)
        self._characters += len(line[1])
        return line[1] + "\n"


class _LineDecoder:
    """Turns the bytes of lines into text, and notes once each way in which they were odd."""

    def __init__(self, encoding: str, name: str, reject: RejectSink) -> None:
        self._encoding = "utf-8" if encoding == "utf-8-sig" else encoding
        self._name = name
        self._reject = reject
        self._noted: set[str] = set()

    def line(self, number: int, raw: bytes) -> str:
        """Return the text of a line."""
        if number == 1:
            raw = raw.removeprefix(codecs.BOM_UTF8)
        raw = raw.removesuffix(b"\r")
        try:
            text = raw.decode(self._encoding)
        except UnicodeDecodeError:
            text = _in_windows_1252(raw)
            reason = f"not {self._encoding.upper()} from here on: read as Windows-1252 where needed"
            self._note(number, reason, text)
        if text.isprintable():  # much faster than looking for controls, and nearly always true
            return text
        cleaned = _CONTROLS.sub("", text)
        if len(cleaned) != len(text):
            self._note(number, "control characters were taken out from here on", cleaned)
        return cleaned

    def _note(self, number: int, reason: str, text: str) -> None:
        if reason not in self._noted:
            self._noted.add(reason)
            self._reject(
                Reject(source=self._name, line=number, reason=reason, row=text, is_note=True)
            )


def _in_windows_1252(raw: bytes) -> str:
    try:
        return raw.decode("cp1252")
    except UnicodeDecodeError:  # five bytes have no meaning there
        return raw.decode("latin-1")


def _encoding(head: bytes) -> str:
    """Return the encoding that the first bytes speak for."""
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    # Without a mark, UTF-16 shows the NULs of its separators and Latin letters at every second
    # place only, also where most of the text is Arabic, and its line ends are pairs of bytes; NULs
    # that are mere damage lie anywhere, or in lines of their own.
    sample = head[:2048]
    zeros_at_even, zeros_at_odd = sample[::2].count(0), sample[1::2].count(0)
    most, fewest = max(zeros_at_even, zeros_at_odd), min(zeros_at_even, zeros_at_odd)
    if most < _FEWEST_ZEROS or most * 16 < len(sample) or fewest * 8 > most:
        return "utf-8"
    found, line_end = (
        ("utf-16-be", b"\0\n") if zeros_at_even > zeros_at_odd else ("utf-16-le", b"\n\0")
    )
    return found if sample.count(line_end) * 2 >= sample.count(b"\n") else "utf-8"


def _with_head(head: bytes, stream: ByteStream) -> Iterator[bytes]:
    yield head
    yield from stream.chunks()


def _transcoded(chunks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """Yield the same text as UTF-8; what is not text becomes the replacement character."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    for chunk in chunks:
        yield decoder.decode(chunk).encode("utf-8", errors="replace")
    yield decoder.decode(b"", final=True).encode("utf-8", errors="replace")


def _split(chunks: Iterable[bytes]) -> Iterator[tuple[int, bytes, bool]]:
    """Yield (number, line, whether it was cut) with no more than one line and chunk in memory."""
    number = 1
    pending = bytearray()
    is_cut = False
    for chunk in chunks:
        *whole, rest = chunk.split(b"\n")
        for piece in whole:
            pending += piece
            is_cut = is_cut or len(pending) > MAX_LINE_BYTES
            yield number, bytes(pending[:_KEPT_OF_LONG_LINE] if is_cut else pending), is_cut
            number += 1
            pending.clear()
            is_cut = False
        if not is_cut:
            pending += rest
        if len(pending) > MAX_LINE_BYTES:
            is_cut = True
            del pending[_KEPT_OF_LONG_LINE:]
    if pending:
        yield LastLine(number), bytes(pending), is_cut
