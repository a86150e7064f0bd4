"""One box, and what is looked for with it: a name, a number, or words."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from didban.analysis import search
from didban.analysis.search import Means
from didban.model.folding import fold
from didban.model.searches import WILDCARD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from didban.analysis.search import Found
    from didban.model.searches import Search
    from didban.web.desk import Desk

_NUMBER: Final = re.compile(r"(?=.*\d)[A-Za-z0-9<][A-Za-z0-9<\-/. ]{3,29}")


def means_of(desk: Desk) -> Means:
    """Return what searches of a desk go by."""
    return Means(
        index=desk.services.index,
        secrets=desk.services.secrets,
        access=desk.services.settings.access,
    )


class By(StrEnum):
    """By what a record was found: why it stands in the answer."""

    NAME = "name"
    NUMBER = "number"
    WORDS = "words"
    FILTER = "filter"


def searches(box: str, more: Search) -> list[tuple[By, Search]]:
    """Return what is asked with one box: as a name or number, and as words, where they narrow.

    - `more`: the other criteria, which hold for each of them.
    """
    if not box:
        return [(By.FILTER, more)]
    words = (By.WORDS, replace(more, text=box))
    if WILDCARD in box or '"' in box:
        return [words]
    if _NUMBER.fullmatch(box):
        first = (By.NUMBER, replace(more, document_number=box))
    else:
        first = (By.NAME, replace(more, name=box))
    return [first] if words[1].is_browsing else [first, words]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A record that was found, and why.

    - `by`: each way in which it was found; `where`: properties in which the words of the box stand.
    """

    id: str
    owner: str
    shown: Mapping[str, Any]
    by: tuple[By, ...]
    where: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was found: by kind of thing, and what no more may be told of than that it exists.

    - `untold`: (owner, identifiers) of the latter; `more`: by what -> where the next page begins.
    - `is_one_word`: whether it was looked for by one word of a name.
    """

    kinds: list[tuple[str, list[Result]]]
    untold: list[tuple[str, list[str]]]
    more: Mapping[By, int]
    total: int
    is_one_word: bool


def answer(box: str, found: Iterable[tuple[By, list[Found]]], *, limit: int) -> Answer:
    """Return what several searches found, each record once, the likeliest kinds first.

    - `limit`: records of one page; a search that found more has a next page.
    """
    ways: dict[str, list[By]] = {}
    records: dict[str, Found] = {}
    more: dict[By, int] = {}
    is_one_word = False
    for by, rows in found:
        is_one_word |= by is By.NAME and search.is_one_word(box)
        if len(rows) > limit:
            more[by] = rows[limit - 1].position
        for row in rows[:limit]:
            ways.setdefault(row.id, []).append(by)
            records[row.id] = row
    kinds: dict[str, list[Result]] = {}
    untold: dict[str, list[str]] = {}
    for row in records.values():
        if row.shown is None:
            untold.setdefault(row.owner, []).append(row.id)
        else:
            result = Result(
                id=row.id,
                owner=row.owner,
                shown=row.shown,
                by=tuple(ways[row.id]),
                where=tuple(_where(box, row.shown)),
            )
            kinds.setdefault(row.shown.get("schema", ""), []).append(result)
    return Answer(
        kinds=list(kinds.items()),
        untold=sorted(untold.items()),
        more=more,
        total=len(records),
        is_one_word=is_one_word,
    )


def _where(box: str, shown: Mapping[str, Any]) -> Iterator[str]:
    words = [fold(word.strip('"*')) for word in box.split()]
    properties = shown.get("identity", {}).get("properties", {})
    for name, values in properties.items():
        said = fold(" ".join(values))
        if any(word and word in said for word in words):
            yield name
