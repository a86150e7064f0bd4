"""A fingerprint as words, to be compared by voice or on paper.

Twelve words stand for 96 bits of the fingerprint, and the thirteenth checks them: a word that was
misheard, left out or moved is found. Finding another root key of the same words would take more
attempts than the world has computers for.
"""

from __future__ import annotations

import hashlib
from typing import Final

from didban.errors import InvalidInput

COUNT: Final = 13

WORDS: Final = tuple(
    """
    acid acorn agent album alley amber anchor angle apron arch arrow artist ash atlas attic
    autumn axis bacon baker bamboo banjo barrel basket beach bell bicycle bishop blanket blue
    bonus book bottle bowl bread brick bridge brush bugle butter button camel candle canyon
    captain carbon carpet castle cellar chalk cherry chimney circle circus clay clock cloud
    clover cobra coffee comet copper coral cotton cricket crystal cup dairy decade delta desert
    diamond dinner doctor dolphin donkey door dragon drum duck dust eagle echo eclipse elbow
    elephant empire engine envelope evening export fabric falcon farmer feather ferry festival
    fiddle finger flame flute forest fossil fountain fox frog fruit galaxy garden garlic ghost
    glacier glove goat gold gorilla grape guitar gypsum hammer harbour harvest helmet holiday
    honey horse hotel husband ice igloo inch insect iron island ivory jacket jaguar jasmine
    jelly jewel jungle kayak kettle kitchen kiwi knee ladder lagoon lantern laurel lemon library
    lily lizard lobster lunar magnet mango maple meadow melon mercury midnight mirror mosaic
    museum nail napkin nephew nickel north novel nutmeg oak oasis ocean olive onion orange orbit
    orchid oven oyster paddle palace panda parrot pencil pepper piano pigeon pillow planet plum
    pocket potato prism puzzle pyramid quartz queen quilt rabbit radio rainbow raven ribbon
    river sailor salmon satin school scissors shadow silver sister snow sofa spider spoon
    squirrel station sugar summer sweater table target teacher temple thunder tiger tomato
    tortoise tower tractor tulip tunnel umbrella uncle vanilla vase velvet village violin
    volcano waffle walnut washer whale wheel window winter wolf yellow yogurt zebra zipper
    """.split()  # noqa: SIM905 - a list of 256 lines
)
"""256 words, short, of the life of every day, and hardly mistaken for each other."""

_BYTE: Final = {word: number for number, word in enumerate(WORDS)}
_DOMAIN: Final = b"didban/1 root key"


def of(node: str, root: bytes) -> tuple[str, ...]:
    """Return the words of a node's root key. They hold for this node's code alone."""
    digest = hashlib.sha256(b"\n".join([_DOMAIN, node.encode(), root])).digest()[: COUNT - 1]
    return tuple(WORDS[byte] for byte in [*digest, _check(digest)])


def read(text: str) -> tuple[str, ...]:
    """Return the words that somebody typed, in any case, and whatever stands between them.

    Raises InvalidInput, saying which word is none, or that one was misheard or moved.
    """
    found = tuple("".join(c if c.isalpha() else " " for c in text.lower()).split())
    strange = next((place for place, word in enumerate(found, 1) if word not in _BYTE), None)
    if strange is not None:
        raise InvalidInput(f"word {strange} is none of the list: have it spelt")
    if len(found) != COUNT:
        raise InvalidInput(f"there are {COUNT} words; these are {len(found)}")
    digest = bytes(_BYTE[word] for word in found[:-1])
    if _BYTE[found[-1]] != _check(digest):
        raise InvalidInput("a word was misheard or moved: the last one does not fit the others")
    return found


def _check(digest: bytes) -> int:
    return hashlib.sha256(b"didban/1 check word\n" + digest).digest()[0]


def lines(node: str, root: bytes) -> str:
    """Return the words in rows, as they are read out."""
    found = of(node, root)
    rows = [found[:4], found[4:8], found[8:12], found[12:]]
    return "\n".join("  " + "  ".join(row) for row in rows)
