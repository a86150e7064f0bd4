"""Names in the machine-readable zone: identifiers, components, truncation (Doc 9303-3, 4.6).

A name field is `PRIMARY<<SECONDARY<<<`; one filler stands between the components of an identifier.
"""

from __future__ import annotations

from didban.errors import InvalidInput
from didban.model.mrz.check_digits import FILLER, LETTERS
from didban.model.mrz.values import Identifier

_BETWEEN = FILLER * 2


def read_identifiers(field: str) -> tuple[Identifier, Identifier]:
    """Return the primary and the secondary identifier of one name field; either may be empty.

    A field whose last position is not a filler may have been truncated, even if the name just fits
    (Doc 9303-4, 4.2.3): then both identifiers are marked, for either may have been shortened.
    Does not judge the characters: digits pass.
    """
    is_full = not field.endswith(FILLER)
    primary, _, secondary = (_spaced(part) for part in field.partition(_BETWEEN))
    return (
        Identifier(text=primary, is_truncated=is_full and bool(primary)),
        Identifier(text=secondary, is_truncated=is_full and bool(secondary)),
    )


def read_identifier(field: str) -> Identifier:
    """Return the one identifier of a field of its own, as the French card has them."""
    return Identifier(text=_spaced(field), is_truncated=not field.endswith(FILLER))


def has_stray_separator(field: str) -> bool:
    """Whether fillers stand where the standard has none: a second `<<`, or three in a row inside."""
    inside = field.strip(FILLER)
    return inside.count(_BETWEEN) > 1 or FILLER * 3 in inside


def write_identifiers(primary: str, secondary: str, width: int) -> str:
    """Return the name field of two identifiers; inverse of `read_identifiers` where all fits.

    A name that is too long is cut so that the last position is a letter, the primary identifier
    stays whole as far as possible, and each component after the cut keeps its initial as far as
    there is room (Doc 9303-4, 4.2.3). Raises `InvalidInput` for other characters than A-Z.
    """
    parts = [_filled(text) for text in (primary, secondary)]
    whole = _BETWEEN.join(part for part in parts if part) if parts[0] else _BETWEEN + parts[1]
    if len(whole) <= width:
        return whole.ljust(width, FILLER)
    if parts[1]:
        room = width - len(_BETWEEN) - 1
        head = _cut(parts[0], room) if len(parts[0]) > room else parts[0]
        return head + _BETWEEN + _cut(parts[1], width - len(head) - len(_BETWEEN))
    return _cut(parts[0], width)


def write_identifier(text: str, width: int) -> str:
    """Return the field of one identifier: cut, or filled up, to the width."""
    part = _filled(text)
    return _cut(part, width) if len(part) > width else part.ljust(width, FILLER)


def _spaced(part: str) -> str:
    return " ".join(component for component in part.split(FILLER) if component)


def _filled(text: str) -> str:
    if not LETTERS.issuperset(text.replace(" ", "")):
        message = "a name in a machine-readable zone has only the letters A-Z and spaces"
        raise InvalidInput(message)
    return FILLER.join(text.split())


def _cut(part: str, width: int) -> str:
    """Shorten to the width so that it ends with a letter.

    Where the cut falls between two components, the last letter before it gives way to the next
    initial; where that letter is an initial itself, the two stand together.
    """
    if part[width - 1] != FILLER:
        return part[:width]
    before, initial = part[: width - 1], part[width]
    if before[-2:-1] in {FILLER, ""}:
        return before + initial
    return before[:-1] + FILLER + initial
