"""Names written without spaces that belong there: parted where the pieces are parts of listed names.

    alexandervyacheslavovichzakharov ──> alexander vyacheslavovich zakharov
    nouraldin abdrahmanben salih     ──> nouraldin abdrahman ben salih

Machines write a whole name so, in addresses and file names; and people lose one space. Only the
letters are parted, nothing is put in or left out; the pieces are then compared as parts of any other
name.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from didban.match.organisations.words import read
from didban.match.spelling.scripts import fold
from didban.match.spelling.tokens import MAX_PARTS, is_joined, loosened, parts_of_words, words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from didban.match.features import Name

LEAST: Final = 12
"""A name of fewer letters is one part, not several."""

MOST: Final = 40
"""One of more letters is no name that was run together."""

_PIECE: Final = (3, 16)
"""So many letters has a piece, at least and at most."""
_TWO: Final = 5
"""A word of fewer letters is one word, not two."""
_HALF: Final = 2
"""So many letters at least has each of two words; parts that stand for a name have more."""
_LETTERS: Final = 3


def borne_by_none(name: Name, knows: Callable[[str], bool]) -> list[str]:
    """Return the parts of a name that nobody bears; initials stand for many."""
    return [part for part in name.parts if len(part) > 1 and not knows(part)]


def parted(name: Name, knows: Callable[[str], bool]) -> Iterator[Name]:
    """Yield a name with words apart that may have been written together, or joined wrongly.

    `knows` tells whether somebody bears a part; a word that somebody bears is left as it is.
    """
    odd = borne_by_none(name, knows)
    if not name.of_organisation and len(name.parts) < MAX_PARTS:
        yield from (replace(name, parts=parts) for parts in loosened(name.text))
    if odd and len(name.parts) == 1 and (pieces := pieces_of(name.parts[0], knows)):
        yield replace(name, parts=pieces, made=pieces)
    elif odd and len(name.parts) < MAX_PARTS:
        yield from (_of_organisation if name.of_organisation else _of_person)(name, odd, knows)


def _of_person(name: Name, odd: Sequence[str], knows: Callable[[str], bool]) -> Iterator[Name]:
    for parts in _parted(name.text, odd, knows):
        new = tuple(part for part in parts if part not in name.parts)
        if all(map(knows, new)):
            yield replace(name, parts=parts, made=new)


def _of_organisation(
    name: Name, odd: Sequence[str], knows: Callable[[str], bool]
) -> Iterator[Name]:
    """Yield the name with a part as the words that its halves are read as.

    Nargisbank is Nargis and bank, Nargisltd is Nargis.
    """
    for i, part in enumerate(name.parts):
        for halves in halves_of(part) if part in odd else ():
            if any(map(knows, halves)):
                own = read(" ".join(halves)).parts
                if all(map(knows, own)):
                    yield replace(
                        name, parts=(*name.parts[:i], *own, *name.parts[i + 1 :]), made=own
                    )


def halves_of(part: str) -> Iterator[tuple[str, str]]:
    """Yield the ways in which a part may be two, written together; an endless one is no name."""
    if len(part) <= MOST:
        for at in range(_LETTERS, len(part) - _LETTERS + 1):
            yield part[:at], part[at:]


def _parted(
    text: str, odd: Sequence[str], knows: Callable[[str], bool]
) -> Iterator[tuple[str, ...]]:
    """Yield the parts of a name for each way in which a word of the odd parts may be two words."""
    words = words_of(text)
    for at, word in enumerate(words):
        if not _TWO <= len(word) <= MOST or not any(word in part for part in odd):
            continue
        for end in range(_HALF, len(word) - _HALF + 1):
            one, two = word[:end], word[end:]
            if is_joined(two) or knows(two):
                yield parts_of_words([*words[:at], one, fold(two), *words[at + 1 :]])


def pieces_of(part: str, knows: Callable[[str], bool]) -> tuple[str, ...] | None:
    """Return the fewest pieces that a part consists of, all of which are known, or None.

    Of as many pieces, those with the longest first one.
    """
    if not LEAST <= len(part) <= MOST:
        return None
    shortest, longest = _PIECE
    best: list[tuple[str, ...] | None] = [None] * len(part) + [()]
    for start in range(len(part) - shortest, -1, -1):
        for end in range(min(len(part), start + longest), start + shortest - 1, -1):
            rest, so_far = best[end], best[start]
            if rest is None or (so_far is not None and len(so_far) <= len(rest) + 1):
                continue
            if knows(part[start:end]):
                best[start] = (part[start:end], *rest)
    return best[0]
