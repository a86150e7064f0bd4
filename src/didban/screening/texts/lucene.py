"""What somebody types into a search box, read as Lucene's classic query syntax.

    zahra AND (karim* OR tehrani~1) -schema:Vessel "two words"~3 birthDate:[1970 TO 1980}

Words that stand beside each other must all occur. Regular expressions are not taken: a search must
not be made to run for ever. Source: Apache Lucene, *Query Parser Syntax* (classic).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from didban.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MAX_CLAUSES: Final = 256
MAX_DEPTH: Final = 32

AUTO: Final = -1
"""A fuzzy word whose distance its length decides."""

_SPACE: Final = re.compile(r"[\s\u3000]*")
_PHRASE: Final = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_WORD: Final = re.compile(
    r'(?:[^\s+\-!():^\[\]"{}~/\\\u3000]|\\.)(?:[^\s!():^\[\]"{}~/\\\u3000]|\\.)*'
)
_RANGE: Final = re.compile(r"[\[{]\s*(\S+)\s+TO\s+([^\s\]}]+)\s*[\]}]")
_COMPARISON: Final = re.compile(r"([<>]=?)\s*")
_AND: Final = re.compile(r"&&|AND(?![^\s()])")
_OR: Final = re.compile(r"\|\||OR(?![^\s()])")
_NOT: Final = re.compile(r"NOT(?![^\s()])|!|-")
_FUZZY: Final = re.compile(r"~(\d+(?:\.\d+)?)?")
_BOOST: Final = re.compile(r"\^\d+(?:\.\d+)?")
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
_JOKER: Final = re.compile(r"(?<!\\)[*?]")


@dataclass(frozen=True, slots=True)
class Everything:
    """`*:*`, or nothing at all: every record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One word. `pattern`: with `*` and `?` as jokers; `distance`: so many letters may differ."""

    text: str
    field: str | None = None
    is_pattern: bool = False
    distance: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """Words in a row; up to `slop` others may stand between them."""

    text: str
    field: str | None = None
    slop: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """Values from `low` to `high`, either of them None where that side is open."""

    field: str | None
    low: str | None
    high: str | None
    with_low: bool = True
    with_high: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Not:
    """What must not be."""

    part: Tree


@dataclass(frozen=True, slots=True, kw_only=True)
class Both:
    """Every one of the parts."""

    parts: tuple[Tree, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Either:
    """At least one of the parts."""

    parts: tuple[Tree, ...]


Tree = Everything | Word | Phrase | Range | Not | Both | Either


def leaves(tree: Tree) -> Iterator[Tree]:
    """Yield the parts of a tree that consist of no others."""
    left = [tree]
    while left:
        part = left.pop()
        if isinstance(part, Both | Either):
            left += part.parts
        elif isinstance(part, Not):
            left.append(part.part)
        else:
            yield part


def parse(text: str) -> Tree:
    """Return the tree of a query. Raises InvalidInput."""
    if not text.strip():
        return Everything()
    reader = _Reader(text)
    tree = reader.either(None)
    if not reader.is_at_end():
        raise reader.bad()
    return tree


def parse_simple(text: str) -> Tree:
    """Return the tree of what a person types who knows no syntax: every text is one.

    Quotation marks, `-`, `|`, a last `*` and `~` mean what they do elsewhere; the rest is words.
    """
    found: list[Tree] = []
    is_joined = False
    for match in re.finditer(r'(-?)(?:"([^"]*)"|([^\s"()+|]+))|(\|)', text):
        minus, phrase, word, bar = match.groups()
        if bar:
            is_joined = bool(found)
            continue
        part = Phrase(text=phrase) if phrase is not None else _simple_word(word)
        if len(found) == MAX_CLAUSES:
            break
        if is_joined:
            before = found.pop()
            others = before.parts if isinstance(before, Either) else (before,)
            found.append(Either(parts=(*others, part)))
        else:
            found.append(Not(part=part) if minus else part)
        is_joined = False
    return Both(parts=tuple(found)) if found else Everything()


def _simple_word(text: str) -> Tree:
    if text.endswith("*"):
        return Word(text=text, is_pattern=True)
    word, tilde, distance = text.rpartition("~")
    if tilde and (not distance or distance.isdecimal()):
        return Word(text=word, distance=_distance(distance or None))
    return Word(text=text)


class _Reader:
    """Reads one text from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._clauses = self._depth = 0

    def bad(self) -> InvalidInput:
        """Return the error for where the reader stands."""
        return InvalidInput(f"the query cannot be read from character {self._at + 1} on")

    def is_at_end(self) -> bool:
        self._take(_SPACE)
        return self._at >= len(self._text)

    def either(self, field: str | None) -> Tree:
        parts = [self._both(field)]
        while not self.is_at_end() and self._take(_OR):
            parts.append(self._both(field))
        return parts[0] if len(parts) == 1 else Either(parts=tuple(parts))

    def _both(self, field: str | None) -> Tree:
        parts = [self._one(field)]
        while not self.is_at_end() and self._text[self._at] != ")" and not self._is_next(_OR):
            self._take(_AND)
            parts.append(self._one(field))
        return parts[0] if len(parts) == 1 else Both(parts=tuple(parts))

    def _one(self, field: str | None) -> Tree:
        """Read one clause with what stands before it."""
        if self.is_at_end():
            raise self.bad()
        if self._take(_NOT):
            return self._nested(lambda: Not(part=self._one(field)))
        if self._text[self._at] == "+":
            self._at += 1
            return self._nested(lambda: self._one(field))
        if self._is_next(_AND) or self._is_next(_OR):
            raise self.bad()
        self._clauses += 1
        if self._clauses > MAX_CLAUSES:
            raise InvalidInput(f"a query has at most {MAX_CLAUSES} parts")
        return self._clause(field)

    def _clause(self, field: str | None) -> Tree:
        if self._text[self._at] == "(":
            return self._group(field)
        if found := self._take(_PHRASE):
            phrase = Phrase(text=_plain(found[1]), field=field, slop=self._slop())
            self._take(_BOOST)
            return phrase
        if field is not None and (found := self._take(_COMPARISON)):
            return self._comparison(field, found[1])
        if self._text[self._at] in "[{":
            return self._range(field)
        if not (found := self._take(_WORD)):
            raise self.bad()
        if field is None and self._at < len(self._text) and self._text[self._at] == ":":
            self._at += 1
            if self.is_at_end():
                raise self.bad()
            return self._nested(lambda: self._clause(_plain(found[0])))
        return self._word(field, found[0])

    def _group(self, field: str | None) -> Tree:
        self._at += 1
        inner = self._nested(lambda: self.either(field))
        if self.is_at_end() or self._text[self._at] != ")":
            raise self.bad()
        self._at += 1
        self._take(_BOOST)
        return inner

    def _word(self, field: str | None, raw: str) -> Tree:
        fuzzy = self._take(_FUZZY)
        self._take(_BOOST)
        if raw == "*" and field in {None, "*"}:
            return Everything()
        is_pattern = _JOKER.search(raw) is not None
        distance = _distance(fuzzy[1]) if fuzzy else 0
        return Word(text=_plain(raw), field=field, is_pattern=is_pattern, distance=distance)

    def _range(self, field: str | None) -> Tree:
        begin = self._at
        found = self._take(_RANGE)
        if not found:
            raise self.bad()
        self._take(_BOOST)
        low, high = (_bound(found[1]), _bound(found[2]))
        return Range(
            field=field,
            low=low,
            high=high,
            with_low=self._text[begin] == "[",
            with_high=found[0][-1] == "]",
        )

    def _comparison(self, field: str, sign: str) -> Tree:
        found = self._take(_PHRASE) or self._take(_WORD)
        if not found:
            raise self.bad()
        value, is_with = _plain(found[0].strip('"')), sign.endswith("=")
        if sign.startswith(">"):
            return Range(field=field, low=value, high=None, with_low=is_with)
        return Range(field=field, low=None, high=value, with_high=is_with)

    def _slop(self) -> int:
        found = self._take(_FUZZY)
        return int(min(float(found[1]), MAX_CLAUSES)) if found and found[1] else 0

    def _nested(self, read: Callable[[], Tree]) -> Tree:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise InvalidInput(f"a query is nested at most {MAX_DEPTH} deep")
        tree = read()
        self._depth -= 1
        return tree

    def _take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Move behind the pattern if it is what comes next."""
        found = pattern.match(self._text, self._at)
        if found:
            self._at = found.end()
        return found

    def _is_next(self, pattern: re.Pattern[str]) -> bool:
        return pattern.match(self._text, self._at) is not None


def _plain(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)


def _bound(text: str) -> str | None:
    return None if text == "*" else _plain(text.strip('"'))


def _distance(text: str | None) -> int:
    """Return the edit distance that was typed; once it was a similarity below 1."""
    if text is None:
        return AUTO
    number = float(text)
    return AUTO if 0 < number < 1 else int(min(number, 2))
