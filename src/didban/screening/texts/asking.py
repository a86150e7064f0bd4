"""A query's tree as one condition of SQL: words by the full-text index, all else by values.

Words that stand together go to the full-text index as one expression, so that it can rank by them.
A field that nobody has finds nothing, as in the services that this takes the place of.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Final, Protocol

from didban.errors import InvalidInput
from didban.screening.texts.fields import PREFIX, is_found_whole, is_property, whole, words
from didban.screening.texts.lucene import (
    AUTO,
    Both,
    Either,
    Everything,
    Not,
    Phrase,
    Range,
    Tree,
    Word,
    leaves,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MAX_SPELLINGS: Final = 64
"""So many words of the index may stand for one misspelt word, or one with jokers."""

MAX_COSTLY: Final = 8
"""So many words of a query may have jokers within, or be misspelt: each is held against all words."""

MAX_JOKERS: Final = 8
MAX_WORDS: Final = 64
"""Jokers of one word, words of one phrase."""

_COLUMNS: Final = {None: "", "text": "", "names": "names : ", f"{PREFIX}name": "names : "}
_OF_RECORD: Final = {
    "id": "id",
    "_id": "id",
    "entity_id": "id",
    "schema": "schema",
    "caption": "caption",
    "target": "target",
    "first_seen": "first_seen",
    "last_seen": "last_seen",
    "last_change": "last_change",
}
_NOBODY: Final = "0"
_FEW, _MIDDLING = 2, 5  # letters of a word, up to which 0 and 1 of them may differ
_JOKERS: Final = "*?"


class Vocabulary(Protocol):
    """The words and fields that an index knows."""

    def like(self, pattern: str) -> list[str]:
        """Return words that fit a pattern of `*` and `?`."""

    def near(self, word: str, reach: int) -> Iterable[str]:
        """Return every word that differs in at most `reach` letters, and some that differ in more."""

    def field(self, name: str) -> int:
        """Return the number of a field; one that nobody has gets a number of nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A condition on `record`, and its values."""

    sql: str
    values: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """An expression of the full-text index."""

    expression: str


Asked = Condition | Match


def ask(tree: Tree, vocabulary: Vocabulary) -> tuple[str | None, Condition]:
    """Return what the full-text index is asked, and what else must hold. Raises InvalidInput."""
    if sum(map(_is_costly, leaves(tree))) > MAX_COSTLY:
        raise InvalidInput(f"at most {MAX_COSTLY} words may have jokers or be misspelt")
    parts = tree.parts if isinstance(tree, Both) else (tree,)
    asked = [_ask(part, vocabulary) for part in parts]
    matches = [one.expression for one in asked if isinstance(one, Match)]
    conditions = [one for one in asked if isinstance(one, Condition)]
    match = " AND ".join(f"({one})" for one in matches) or None
    return match, _joined(" and ", conditions)


def _is_costly(leaf: Tree) -> bool:
    if not isinstance(leaf, Word):
        return False
    inner = leaf.text.rstrip("*") if leaf.is_pattern else ""
    return bool(leaf.distance) or any(joker in inner for joker in _JOKERS)


def _ask(tree: Tree, vocabulary: Vocabulary) -> Asked:
    if isinstance(tree, Everything):
        return Condition(sql="1")
    if isinstance(tree, Not):
        part = _as_condition(_ask(tree.part, vocabulary))
        return Condition(sql=f"not {part.sql}", values=part.values)
    if isinstance(tree, Both | Either):
        return _several(tree, [_ask(part, vocabulary) for part in tree.parts])
    return _in_range(tree, vocabulary) if isinstance(tree, Range) else _single(tree, vocabulary)


def _several(tree: Both | Either, asked: Sequence[Asked]) -> Asked:
    word = "and" if isinstance(tree, Both) else "or"
    expressions = [f"({one.expression})" for one in asked if isinstance(one, Match)]
    if len(expressions) == len(asked):
        return Match(f" {word.upper()} ".join(expressions))
    return _joined(f" {word} ", [_as_condition(one) for one in asked])


def _single(tree: Word | Phrase, vocabulary: Vocabulary) -> Asked:
    field = _field(tree.field)
    if field in _OF_RECORD:
        return _of_record(_OF_RECORD[field], tree)
    if field in _COLUMNS:
        return _by_words(tree, _COLUMNS[field], vocabulary)
    if is_found_whole(field or ""):
        return _by_value(field or "", tree, vocabulary)
    return _by_property(field or "", tree, vocabulary)


def _field(name: str | None) -> str | None:
    """Return a field's full name; a property may be named without its prefix."""
    if name is None or name in {"*", "_all"}:
        return None
    return f"{PREFIX}{name}" if is_property(name) else name


def _as_condition(asked: Asked) -> Condition:
    if isinstance(asked, Condition):
        return asked
    return Condition(
        sql="record.number in (select rowid from words where words match ?)",
        values=(asked.expression,),
    )


def _joined(word: str, conditions: Sequence[Condition]) -> Condition:
    if not conditions:
        return Condition(sql="1")
    return Condition(
        sql=f"({word.join(one.sql for one in conditions)})",
        values=tuple(value for one in conditions for value in one.values),
    )


# -- words -----------------------------------------------------------------------------------------


def _by_words(tree: Word | Phrase, column: str, vocabulary: Vocabulary) -> Asked:
    if isinstance(tree, Word) and tree.is_pattern:
        spellings = _like(tree.text, vocabulary)
    elif isinstance(tree, Word) and tree.distance:
        spellings = _near(tree, vocabulary)
    else:
        return _by_each(tree, column)
    if not spellings:
        return Condition(sql=_NOBODY)
    return Match(column + "(" + " OR ".join(spellings) + ")")


def _by_each(tree: Word | Phrase, column: str) -> Asked:
    """Return the words of a text: a phrase's in their order. A text without any finds nobody."""
    found = words(tree.text)
    if not found:
        return Condition(sql=_NOBODY)
    if len(found) > MAX_WORDS:
        raise InvalidInput(f"at most {MAX_WORDS} words stand together")
    if isinstance(tree, Word):
        return Match(" AND ".join(f'{column}"{word}"' for word in found))
    if tree.slop and len(found) > 1:
        row = " ".join(f'"{word}"' for word in found)
        return Match(f"{column}NEAR({row}, {tree.slop + len(found) - 1})")
    return Match(f'{column}"{" ".join(found)}"')


def _like(pattern: str, vocabulary: Vocabulary) -> list[str]:
    """Return the expressions for a word with jokers. One at its end alone needs no list of words."""
    if sum(map(pattern.count, _JOKERS)) > MAX_JOKERS:
        raise InvalidInput(f"a word has at most {MAX_JOKERS} jokers")
    head = words(pattern.rstrip("*"))
    if pattern.endswith("*") and not any(joker in pattern.rstrip("*") for joker in _JOKERS):
        if not head:
            raise InvalidInput("a word consists of more than jokers")
        return [f'"{" ".join(head)}" *']
    if not any(char.isalnum() for char in pattern):
        raise InvalidInput("a word consists of more than jokers")
    folded = "".join(char if char in _JOKERS else "".join(words(char)) for char in pattern)
    return [f'"{word}"' for word in vocabulary.like(folded)]


def _near(tree: Word, vocabulary: Vocabulary) -> list[str]:
    """Return the expressions for what a misspelt word may be; of many the nearest."""
    expressions = []
    for word in words(tree.text):
        reach = tree.distance
        if reach == AUTO:
            reach = 0 if len(word) <= _FEW else 1 if len(word) <= _MIDDLING else 2
        near = (
            (apart, other)
            for other in vocabulary.near(word, reach)
            if (apart := distance(word, other, reach)) <= reach
        )
        nearest = heapq.nsmallest(MAX_SPELLINGS, near)
        expressions.append(" OR ".join(f'"{other}"' for _, other in nearest) or '""')
    return [" AND ".join(f"({one})" for one in expressions)] if expressions else []


def distance(one: str, other: str, most: int) -> int:
    """Return how many letters must be typed otherwise (two swapped are one), or `most` + 1.

    Source: optimal string alignment, a restricted Damerau-Levenshtein distance.
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, char in enumerate(one, start=1):
        older, before, row = before, row, [i]
        for j, theirs in enumerate(other, start=1):
            least = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (char != theirs))
            is_swapped = i > 1 and j > 1 and char == other[j - 2] and one[i - 2] == theirs
            row.append(min(least, older[j - 2] + 1) if is_swapped else least)
        if min(row) > most and (not before or min(before) > most):
            return most + 1
    return min(row[-1], most + 1)


# -- values ----------------------------------------------------------------------------------------


def _of_record(column: str, tree: Word | Phrase) -> Condition:
    if column == "target":
        return Condition(sql="record.target = ?", values=(tree.text.lower() == "true",))
    if isinstance(tree, Word) and tree.is_pattern:
        return Condition(sql=f"record.{column} glob ?", values=(_glob(tree.text),))
    if column == "caption":
        return Condition(sql="lower(record.caption) = lower(?)", values=(tree.text,))
    if column in {"id", "schema"}:
        return Condition(sql=f"record.{column} = ?", values=(tree.text,))
    return Condition(sql=f"record.{column} glob ?", values=(_glob(tree.text) + "*",))


def _by_value(field: str, tree: Word | Phrase, vocabulary: Vocabulary) -> Condition:
    number = vocabulary.field(field)
    if not (isinstance(tree, Word) and tree.is_pattern):
        return has_value(number, [whole(field, tree.text)])
    if tree.text == "*":
        return Condition(
            sql="record.number in (select number from value where field = ?)", values=(number,)
        )
    return Condition(
        sql="record.number in (select number from value where field = ? and value glob ?)",
        values=(number, _glob(whole(field, tree.text))),
    )


def has_value(field: int, values: Sequence[str]) -> Condition:
    """Return the condition that a record has one of these values under a field."""
    marks = ", ".join("?" * len(values))
    return Condition(
        sql=f"record.number in (select number from value where field = ? and value in ({marks}))",  # noqa: S608 - question marks
        values=(field, *values),
    )


def _by_property(field: str, tree: Word | Phrase, vocabulary: Vocabulary) -> Condition:
    """Return the condition for words within one property: found anywhere, then looked for there."""
    if not field.startswith(PREFIX):
        return Condition(sql=_NOBODY)
    asked = _by_words(tree, "", vocabulary)
    if isinstance(asked, Condition):
        return asked
    anywhere = _as_condition(asked)
    is_exact = not (isinstance(tree, Word) and (tree.is_pattern or tree.distance))
    if not is_exact:
        return anywhere
    said = " ".join(words(tree.text))
    return Condition(
        sql=f"({anywhere.sql} and says(record.number, ?, ?))",
        values=(*anywhere.values, field.removeprefix(PREFIX), said),
    )


def _in_range(tree: Range, vocabulary: Vocabulary) -> Condition:
    field = _field(tree.field) or ""
    column = _OF_RECORD.get(field)
    bounds: list[tuple[str, str]] = []
    if tree.low is not None:
        bounds.append((">=" if tree.with_low else ">", tree.low))
    if tree.high is not None:
        # A bound that is less precise than the value holds all of it: 1980 ends with its last day.
        bounds.append(("<=", f"{tree.high}\uffff") if tree.with_high else ("<", tree.high))
    if column is not None:
        ends = [Condition(sql=f"record.{column} {sign} ?", values=(end,)) for sign, end in bounds]
        return _joined(" and ", [Condition(sql=f"record.{column} is not null"), *ends])
    if not is_found_whole(field):
        return Condition(sql=_NOBODY)
    ends = [Condition(sql=f"value {sign} ?", values=(whole(field, end),)) for sign, end in bounds]
    inner = reduce(
        lambda made, end: Condition(
            sql=f"{made.sql} and {end.sql}", values=made.values + end.values
        ),
        ends,
        Condition(sql="field = ?", values=(vocabulary.field(field),)),
    )
    return Condition(
        sql=f"record.number in (select number from value where {inner.sql})",  # noqa: S608 - our own words
        values=inner.values,
    )


def _glob(text: str) -> str:
    """Return a pattern for GLOB: our jokers as they are, its other signs as plain letters."""
    if sum(map(text.count, _JOKERS)) > MAX_JOKERS:
        raise InvalidInput(f"a word has at most {MAX_JOKERS} jokers")
    return text.replace("[", "[[]")
