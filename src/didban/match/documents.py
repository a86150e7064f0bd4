"""Document numbers: the form in which they are looked up, and what two of them have in common.

Letters and digits that readers confuse are folded (O Q D 0, I L 1, Z 2, S 5, B 8, G 6, U V), so a
misread number is found with the same look-up as a true one; the exact numbers and the issuing
states are compared afterwards, and the answer says which it was.
"""

from __future__ import annotations

import hashlib
import re
from enum import IntEnum
from typing import TYPE_CHECKING, Final

from didban.model.countries import same_state
from didban.model.folding import ascii_digits
from didban.model.identifiers import REGISTERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from didban.model.documents import Document

_LOOK_THE_SAME: Final = str.maketrans("АВЕКМНОРСТУХ", "ABEKMHOPCTYX")
_CONFUSED: Final = str.maketrans("OQDILZSBGU", "000112586V")
_LAST_DIGITS: Final = re.compile(r"^(.*?)(\d{1,18})$")
"""Eighteen digits are what fits the index; of a longer number the digits before count as prefix."""

_REGISTERS: Final = frozenset(REGISTERS.values())

MIN_LENGTH: Final = 3
"""Shorter numbers ("1", "A2", "-") identify nothing: they are not indexed, and say nothing."""


class Agreement(IntEnum):
    """How much two documents have in common, from most to least."""

    SAME = 5
    CONFUSABLE = 4
    SAME_NO_ISSUER = 3
    CONFUSABLE_NO_ISSUER = 2
    OTHER_ISSUER = 1
    NONE = 0


def normal(number: str) -> str:
    """Return a number as its capital letters and digits alone.

    Digits of any script become 0-9, and Cyrillic capitals the Latin ones that look the same, since
    a series is printed in one and typed in the other; other letters stay what they are.
    """
    text = ascii_digits(number).upper().translate(_LOOK_THE_SAME)
    return text if text.isascii() and text.isalnum() else "".join(filter(str.isalnum, text))


def canonical(number: str) -> str:
    """Return the number with everything folded that readers confuse."""
    return normal(number).translate(_CONFUSED)


def hash64(text: str) -> int:
    """Return a 64-bit hash that is the same on every machine."""
    data = text.encode(errors="surrogatepass")
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "little")


def number_key(number: str) -> int | None:
    """Return the look-up key of a number, or None when it is too short to identify anything."""
    folded = canonical(number)
    return hash64(folded) if len(folded) >= MIN_LENGTH else None


def range_position(number: str) -> tuple[int, int] | None:
    """Return (key of letters before and width, running number) of the folded number.

    None without final digits.
    """
    return _position(canonical(number))


def in_range(number: str, document: Document, form: Callable[[str], str] = normal) -> bool:
    """Return whether a number lies within a range of documents, both ends included.

    `form` is how numbers are written for it: `normal`, or `canonical` for what may be misread.
    """
    if document.number_to is None:
        return False
    low, high = _position(form(document.number)), _position(form(document.number_to))
    own = _position(form(number))
    if own is None or low is None or high is None:
        return False
    return own[0] == low[0] == high[0] and low[1] <= own[1] <= high[1]


def _position(text: str) -> tuple[int, int] | None:
    match = _LAST_DIGITS.match(text)
    if not match:
        return None
    prefix, digits = match.groups()
    return hash64(f"{prefix}/{len(digits)}"), int(digits)


def compare(asked: Document, listed: Document) -> Agreement:
    """Return what a document that was asked about has in common with a listed one.

    - An issuer that one side does not state is not a contradiction; the number of a register needs
      none.
    - Numbers of another issuing state with the same digits are another document.
    - Too short a number says nothing: many lists write "-" or "0" where there is none.
    """
    if len(normal(asked.number)) < MIN_LENGTH:
        return Agreement.NONE
    exact = normal(asked.number) == normal(listed.number) or in_range(asked.number, listed)
    if not (exact or _may_be_misread(asked.number, listed)):
        return Agreement.NONE
    if asked.type == listed.type and asked.type in _REGISTERS:
        return Agreement.SAME if exact else Agreement.CONFUSABLE
    if asked.issuer is None or listed.issuer is None:
        return Agreement.SAME_NO_ISSUER if exact else Agreement.CONFUSABLE_NO_ISSUER
    if not same_state(asked.issuer, listed.issuer):
        return Agreement.OTHER_ISSUER if exact else Agreement.NONE
    return Agreement.SAME if exact else Agreement.CONFUSABLE


def _may_be_misread(number: str, listed: Document) -> bool:
    same = canonical(number) == canonical(listed.number)
    return same or in_range(number, listed, canonical)
