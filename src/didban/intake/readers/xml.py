"""XML lists read safely, entry by entry: no entities, no network, bounded memory.

A list may be large, cut short, wrongly encoded or hostile. Therefore

- the parser is defusedxml's: a document type declaration, an entity or an outside reference makes
  the file unusable as a whole (`InvalidFile`); nothing is ever fetched;
- only the entry being read is in memory, and an entry over `MAX_ENTRY_CHARACTERS` is refused alone;
- bytes that do not fit the stated encoding are read as Windows-1252, which is what they nearly
  always are, and control characters (NUL among them) as spaces; either is noted once per file;
- where the file breaks off, the entries before the damage are kept and a reject says where.

Does not check a schema: each reader takes the elements it knows and leaves the others alone.
"""

from __future__ import annotations

import codecs
import re
from collections import deque
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Final

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, ParseError

from didban.errors import InvalidFile
from didban.intake.readers.base import Reject, open_source
from didban.intake.readers.text import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from pathlib import Path

    from didban.intake.readers.base import ByteStream, RejectSink, Source

_HEAD_BYTES: Final = 1 << 16
#: An entry of the longest official list has about 60,000 characters.
MAX_ENTRY_CHARACTERS: Final = 4_000_000
MAX_DEPTH: Final = 64
#: The parser must hold an unfinished tag or comment; one longer than this is an attack.
MAX_TOKEN_BYTES: Final = 4 << 20
#: What a tag costs beside its text when an entry is measured.
_NODE_COST: Final = 64

_DECLARATION: Final = re.compile(
    rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']"""
)
_ENCODINGS: Final = frozenset(
    {"utf-8", "utf-16", "ascii", "iso8859-1", "iso8859-15"}
    | {f"iso8859-{part}" for part in (2, 5, 6, 7, 8, 9)}
    | {f"cp125{page}" for page in range(9)}
)
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)
#: Bytes that could not be decoded (as `surrogateescape` leaves them) and characters XML forbids.
_DAMAGE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\udc80-\udcff\ufffe\uffff]")
_DAMAGE_UTF16: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffd-\uffff]")


@dataclass(slots=True)
class Node:
    """One element of an entry: its local name, attributes, children and text.

    `path` arguments are local names joined by `/`, relative to the node. It is not frozen because
    the parser fills it; nobody else changes it.
    """

    tag: str
    attributes: Mapping[str, str]
    children: list[Node] = field(default_factory=list)
    content: str = ""

    def nodes(self, path: str) -> Iterator[Node]:
        """Yield the nodes at this path, in document order."""
        step, _, rest = path.partition("/")
        for child in self.children:
            if child.tag == step:
                if rest:
                    yield from child.nodes(rest)
                else:
                    yield child

    def texts(self, path: str) -> tuple[str, ...]:
        """Return the cleaned texts at this path, without the empty ones."""
        return tuple(text for node in self.nodes(path) if (text := clean(node.content)))

    def text(self, path: str) -> str:
        """Return the first cleaned text at this path, or an empty string."""
        return next(iter(self.texts(path)), "")

    def attribute(self, name: str) -> str:
        """Return the cleaned attribute, or an empty string."""
        return clean(self.attributes.get(name, ""))

    def outline(self, limit: int = 300) -> str:
        """Return the texts of the node in one line, for a reject's `row`."""
        parts = [self.content, *(child.outline(limit) for child in self.children)]
        return " ".join(part for part in map(str.strip, parts) if part)[:limit]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry of a list and the line of the file at which it begins."""

    node: Node
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Oversized:
    """In place of an entry that was dropped because it is too large."""

    tag: str
    line: int


class _Collector:
    """What the parser reports to: keeps the entry being read and nothing else."""

    def __init__(self, path: Path, roots: Collection[str], entries: Collection[str]) -> None:
        self.root: Node | None = None
        self.ready: deque[Entry | _Oversized] = deque()
        self.line: Callable[[], int] = lambda: 0
        self._path = path
        self._roots = roots
        self._entries = entries
        self._stack: list[Node] = []
        self._text: list[str] = []
        self._size = 0
        self._started_at = 0
        self._skipping = 0  # depth inside an entry that is too large

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        local = tag.rpartition("}")[2]
        if self._skipping:
            self._skipping += 1
        elif self._stack:
            self._flush()
            node = Node(local, attributes)
            self._stack[-1].children.append(node)
            self._stack.append(node)
            self._grow(_NODE_COST + sum(len(k) + len(v) for k, v in attributes.items()))
        elif self.root is None:
            self._check_root(local)
            self.root = Node(local, attributes)
        elif local in self._entries:
            self._stack.append(Node(local, attributes))
            self._size = 0
            self._started_at = self.line()

    def end(self, _tag: str) -> None:
        if self._skipping:
            self._skipping -= 1
        elif self._stack:
            self._flush()
            node = self._stack.pop()
            if not self._stack:
                self.ready.append(Entry(node=node, line=self._started_at))

    def data(self, text: str) -> None:
        if self._stack:
            self._text.append(text)
            self._grow(len(text))

    def close(self) -> None:
        """Nothing is left to do: what is finished is in `ready`."""

    def _check_root(self, local: str) -> None:
        if local not in self._roots:
            wanted = " or ".join(f"<{name}>" for name in sorted(self._roots))
            raise InvalidFile(f"{self._path.name}: begins with <{local[:60]}>, not with {wanted}")

    def _flush(self) -> None:
        if self._text:
            self._stack[-1].content += "".join(self._text)
            self._text.clear()

    def _grow(self, characters: int) -> None:
        self._size += characters
        if self._size > MAX_ENTRY_CHARACTERS or len(self._stack) > MAX_DEPTH:
            self.ready.append(_Oversized(tag=self._stack[0].tag, line=self._started_at))
            self._skipping = len(self._stack)
            self._stack.clear()
            self._text.clear()


@dataclass(slots=True)
class _Decoder:
    """Turns the bytes of a file into text that an XML parser accepts, and counts the damage."""

    path: Path
    damaged: int = 0
    first_damage: int | None = None
    fed: int = 0  # bytes of UTF-8 given to the parser so far
    _lines: int = 1

    def texts(self, stream: ByteStream) -> Iterator[str]:
        """Yield the text of a file in pieces of bounded size."""
        head = stream.read(_HEAD_BYTES)
        encoding = self._encoding(head)
        # In UTF-16 a damaged byte says nothing of what it was; it becomes U+FFFD.
        errors = "replace" if encoding.startswith("utf-16") else "surrogateescape"
        decoder = codecs.getincrementaldecoder(encoding)(errors)
        pattern = _DAMAGE_UTF16 if errors == "replace" else _DAMAGE
        for chunk in chain((head,), stream.chunks(), (b"",)):
            text = self._repair(decoder.decode(chunk, final=not chunk), pattern)
            self.fed += len(text) if text.isascii() else len(text.encode("utf-8"))
            yield text

    def _repair(self, text: str, damage: re.Pattern[str]) -> str:
        """Return the text without what XML forbids, and count what was wrong."""
        found = damage.search(text)
        if found is not None:
            if self.first_damage is None:
                self.first_damage = self._lines + text.count("\n", 0, found.start())
            text, count = damage.subn(_repaired, text)
            self.damaged += count
        self._lines += text.count("\n")
        return text

    def _encoding(self, head: bytes) -> str:
        for mark, encoding in _MARKS:
            if head.startswith(mark):
                return "utf-8-sig" if encoding == "utf-8" else encoding
        stated = _DECLARATION.search(head[:256])
        name = stated.group(1).decode("ascii") if stated else "utf-8"
        try:
            encoding = codecs.lookup(name).name
        except LookupError:
            encoding = ""
        if encoding not in _ENCODINGS:
            raise InvalidFile(f"{self.path.name}: states an encoding that lists do not use: {name}")
        # Bytes in which the declaration could be read are not UTF-16, whatever it says.
        return "utf-8" if encoding == "utf-16" else encoding


def _repaired(found: re.Match[str]) -> str:
    """Return what a damaged character most likely was."""
    character = found.group()
    if "\udc80" <= character <= "\udcff":
        return character.encode("utf-8", "surrogateescape").decode("cp1252", "replace")
    return "\ufffd" if character == "\ufffd" else " "


def read_entries(
    source: Source,
    reject: RejectSink,
    *,
    roots: Collection[str],
    entries: Collection[str],
) -> Iterator[Entry]:
    """Yield the outermost elements named in `entries`, one at a time.

    - `roots`: the local names that the document's root may have.
    - An entry that is too large, a character that cannot be read and the place where the file
      breaks off are told to `reject`.

    Raises InvalidFile when the file is not XML, has another root, declares a document type or
    entities, states an unknown encoding, or ends without holding a single whole entry (an empty list
    would delist everybody).
    """
    collector = _Collector(source.path, roots, entries)
    decoder = _Decoder(source.path)
    found = 0
    failure: Reject | None = None
    for step in _parse(source, collector, decoder):
        failure = step
        while collector.ready:
            item = collector.ready.popleft()
            found += 1
            if isinstance(item, Entry):
                yield item
            else:
                reject(_too_large(source, item))
    if failure is not None and not found:
        raise InvalidFile(f"{source.path.name}: holds no whole entry: {failure.reason}")
    if failure is not None:
        reject(failure)
    elif not found:
        names = " or ".join(f"<{name}>" for name in sorted(entries))
        raise InvalidFile(f"{source.path.name}: holds no {names} at all")
    if decoder.damaged:
        reject(_guessed(source, decoder))


def _too_large(source: Source, item: _Oversized) -> Reject:
    reason = f"<{item.tag}> is larger than {MAX_ENTRY_CHARACTERS} characters or nested too deep"
    return Reject(source=source.name, line=item.line, reason=reason, row="")


def _guessed(source: Source, decoder: _Decoder) -> Reject:
    reason = f"{decoder.damaged} characters could not be read as stated and were guessed"
    line = decoder.first_damage
    return Reject(source=source.name, line=line, reason=reason, row="", is_note=True)


def read_root(source: Source, *, roots: Collection[str]) -> Node:
    """Return the document's root element with its attributes and without its children.

    Reads no more of the file than it must. Raises InvalidFile as `read_entries` does.
    """
    collector = _Collector(source.path, roots, ())
    for _ in _parse(source, collector, _Decoder(source.path)):
        if collector.root is not None:
            break
    if collector.root is None:  # `_parse` raises before this
        raise InvalidFile(f"{source.path.name}: is not XML")
    return collector.root


def _parse(source: Source, collector: _Collector, decoder: _Decoder) -> Iterator[Reject | None]:
    """Feed the file to the parser; yield after each chunk, in the end a reject where it broke."""
    parser = DefusedXMLParser(target=collector, forbid_dtd=True)
    expat = parser.parser
    collector.line = lambda: int(expat.CurrentLineNumber)
    try:
        with open_source(source.path) as stream:
            for text in decoder.texts(stream):
                parser.feed(text)
                pending = decoder.fed - expat.CurrentByteIndex
                _demand(pending <= MAX_TOKEN_BYTES, "a single tag or comment never ends")
                yield None
            _demand(not stream.damage, stream.damage or "")
        parser.close()
        yield None
    except DefusedXmlException as error:
        what = type(error).__name__
        reason = f"declares a document type or entities, which no list does ({what})"
        raise InvalidFile(f"{source.path.name}: {reason}") from error
    except ParseError as error:
        if collector.root is None:
            raise InvalidFile(f"{source.path.name}: is not XML ({error})") from error
        reason = f"the file breaks off or is damaged here, nothing after it was read: {error}"
        line = int(expat.CurrentLineNumber)
        yield Reject(source=source.name, line=line, reason=reason, row="", is_end=True)


def _demand(holds: bool, reason: str) -> None:  # noqa: FBT001 - an assertion with a reason
    """Treat a broken rule as the parser treats malformed XML."""
    if not holds:
        raise ParseError(reason)
