"""UN/EDIFACT text as segments, in bounded memory, with the liberties that carriers take.

- Separators come from `UNA`; without it, from how the first segments are written.
- What stands before the first `UNA`, `UNB` or `UNH` (the address lines of a telex) is left out.
- Spaces and line ends between segments and inside them, and spaces in tags, do no harm.
- A segment longer than `MAX_SEGMENT` is refused and skipped; text after the last terminator is
  given as a segment that is not `is_terminated`, so that a message cut off is seen as such.
- Text is UTF-8 where it can be; else in the character set that `UNB` names; else Windows-1252.

Why not `pydifact` 0.2: it refuses two of the eight dialects at hand (a space in `UNG `, one before
`UNB`), ends a message that is cut off with an error and without its passengers, and reads character
by character (about 40,000 segments a second).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MAX_SEGMENT: Final = 64 * 1024
"""Longest segment, in bytes; the standard's elements make far shorter ones."""

_KEPT_OF_LONG_SEGMENT: Final = 200
_FIRST_LOOK: Final = 4096
# The fifth sign is a space, or the repetition sign of version 4; some leave it out.
_UNA: Final = re.compile(r"UNA(.)(.)(.)(.)[ *]?([^\w \t\r\n])", re.DOTALL)
# Control characters may separate too, and count as white space in `\s`: so it is spelt out.
_START: Final = re.compile(r"(?:\A|[\r\n\x01\x02])[ \t]*(?:UNA\W{5,6}\s*UN|UN[BGH] *[^\w \t\r\n])")
_UNB_STYLE: Final = re.compile(r"UNB *([^\w \t\r\n])\s*UNO[A-Z](\W)\d")
_UNH_STYLE: Final = re.compile(r"UNH *([^\w \t\r\n])[^\r\n]{1,40}?\1PAXLST(\W)")
_TERMINATOR: Final = re.compile(r"([^\w \t\r\n])[ \t\r\n]*(?:UNG|UNH|BGM)\b")
_BETWEEN: Final = " \t\r\n\x00"
_INSIDE: Final = dict.fromkeys(map(ord, "\r\n\x00"))
_CHARACTER_SETS: Final = {
    "UNOD": "iso8859-2",
    "UNOE": "iso8859-5",
    "UNOF": "iso8859-7",
    "UNOG": "iso8859-3",
    "UNOH": "iso8859-4",
    "UNOI": "iso8859-6",
    "UNOJ": "iso8859-8",
    "UNOK": "iso8859-9",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """One segment: its tag, its elements as lists of components, and where it stands.

    - `line`: 1-based line of the file where it begins.
    - `is_terminated`: whether its end was seen; the last one of a file may be cut off.
    - `is_too_long`: it was skipped, and only its beginning is here, as the tag.
    - `is_doubtful`: its letters are not UTF-8, and were read in another character set.
    """

    tag: str
    elements: tuple[tuple[str, ...], ...]
    line: int
    is_terminated: bool = True
    is_too_long: bool = False
    is_doubtful: bool = False

    def part(self, element: int, component: int = 0) -> str:
        """Return a component, trimmed, "" where the segment has none; both count from 0."""
        if element >= len(self.elements) or component >= len(self.elements[element]):
            return ""
        return self.elements[element][component].strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Separators:
    component: str = ":"
    element: str = "+"
    release: str = "?"
    terminator: str = "'"


def find_start(text: str) -> int:
    """Return where an interchange or message begins near the start of a text, or -1."""
    found = _START.search(text, 0, _FIRST_LOOK)
    return -1 if found is None else found.start()


def read_segments(chunks: Iterable[bytes]) -> Iterator[Segment]:
    """Yield the segments of an interchange given in pieces, `UNA` left out."""
    cutter = _Cutter()
    for chunk in chunks:
        # Latin-1 keeps every byte as it is until the segment is known.
        yield from cutter.feed(chunk.decode("latin-1"))
    yield from cutter.finish()


class _Cutter:
    """Holds the text that is not yet a whole segment."""

    def __init__(self) -> None:
        self._text = ""
        self._line = 1
        self._separators = _Separators()
        self._has_begun = False
        self._character_set = "cp1252"
        self._skipping = False

    def feed(self, text: str) -> Iterator[Segment]:
        """Yield the segments that are whole by now."""
        self._text += text
        if not self._has_begun:
            if len(self._text) < _FIRST_LOOK:
                return
            self._begin()
        yield from self._cut()

    def finish(self) -> Iterator[Segment]:
        """Yield what is left at the end of the file."""
        if not self._has_begun:
            self._begin()
        yield from self._cut()
        rest = self._text.strip(_BETWEEN)
        if rest and not self._skipping:
            yield self._segment(rest, is_terminated=False)

    def _begin(self) -> None:
        """Leave out what stands before the message, and see how it is written."""
        self._has_begun = True
        start = max(0, find_start(self._text))
        self._line += self._text.count("\n", 0, start)
        self._text = self._text[start:]
        self._separators = _separators(self._text[:_FIRST_LOOK])

    def _cut(self) -> Iterator[Segment]:
        start = 0
        while True:
            start = self._skip_blank(start)
            found = _UNA.match(self._text, start)
            if found and not self._skipping:
                self._separators = _Separators(
                    component=found[1],
                    element=found[2],
                    release="" if found[4] == " " else found[4],
                    terminator=found[5],
                )
                start = found.end()
                continue
            end = _find_end(self._text, start, self._separators)
            if end < 0:
                break
            if not self._skipping:
                yield self._segment(self._text[start:end])
            self._skipping = False
            self._line += self._text.count("\n", start, end)
            start = end + 1
        self._text = self._text[start:]
        if len(self._text) > MAX_SEGMENT:
            if not self._skipping:
                kept = self._text[:_KEPT_OF_LONG_SEGMENT]
                yield Segment(tag=kept, elements=(), line=self._line, is_too_long=True)
            self._skipping = True
            self._line += self._text.count("\n")
            self._text = ""

    def _skip_blank(self, start: int) -> int:
        end = start
        while end < len(self._text) and self._text[end] in _BETWEEN:
            end += 1
        self._line += self._text.count("\n", start, end)
        return end

    def _segment(self, raw: str, *, is_terminated: bool = True) -> Segment:
        separators = self._separators
        decoded, is_doubtful = self._decoded(raw)
        text = decoded.translate(_INSIDE)
        tag, *elements = _split(text, separators.element, separators.release)
        tag = tag.strip().upper()
        parts = [_split(element, separators.component, separators.release) for element in elements]
        if tag == "UNB" and parts:
            self._character_set = _CHARACTER_SETS.get(parts[0][0].strip(), "cp1252")
        return Segment(
            tag=tag,
            elements=tuple(
                tuple(_unescaped(part, separators.release) for part in element) for element in parts
            ),
            line=self._line,
            is_terminated=is_terminated,
            is_doubtful=is_doubtful,
        )

    def _decoded(self, raw: str) -> tuple[str, bool]:
        """Return the text, and whether its character set had to be taken on trust."""
        if raw.isascii():
            return raw, False
        data = raw.encode("latin-1")
        try:
            return data.decode("utf-8"), False
        except UnicodeDecodeError:
            return data.decode(self._character_set, errors="replace"), True


def _separators(start: str) -> _Separators:
    """Return the separators by how the first segments are written; `UNA` is seen by the cutter."""
    usual = _Separators()
    style = _UNB_STYLE.search(start) or _UNH_STYLE.search(start)
    if style is None:
        return usual
    terminator = _TERMINATOR.search(start, style.end())
    return _Separators(
        component=style[2],
        element=style[1],
        release=usual.release,
        terminator=terminator[1] if terminator else usual.terminator,
    )


def _find_end(text: str, start: int, separators: _Separators) -> int:
    """Return where the next terminator that is not released stands, or -1."""
    end = text.find(separators.terminator, start)
    while end >= 0 and separators.release:
        before = end - 1
        while before >= start and text[before] == separators.release:
            before -= 1
        if (end - before) % 2:  # an even number of release characters releases nothing
            return end
        end = text.find(separators.terminator, end + 1)
    return end


def _split(text: str, separator: str, release: str) -> list[str]:
    """Split at separators that are not released; release characters stay."""
    if not release or release not in text:
        return text.split(separator)
    parts = [""]
    is_released = False
    for char in text:
        if char == separator and not is_released:
            parts.append("")
        else:
            parts[-1] += char
        is_released = char == release and not is_released
    return parts


def _unescaped(text: str, release: str) -> str:
    if not release or release not in text:
        return text
    return re.sub(re.escape(release) + "(.?)", r"\1", text, flags=re.DOTALL)
