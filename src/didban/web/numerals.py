"""The digits of a number: Latin, or those of the reader's language."""

from __future__ import annotations

from typing import Final

LATIN: Final = "latn"
OF_LANGUAGE: Final = {"fa": "arabext", "ar": "arab"}
"""Digits of the languages that have their own, as CLDR calls them."""

_DIGITS: Final = {"arabext": "۰۱۲۳۴۵۶۷۸۹", "arab": "٠١٢٣٤٥٦٧٨٩"}
_TO_NATIVE: Final = {name: str.maketrans("0123456789", own) for name, own in _DIGITS.items()}
_TO_LATIN: Final = str.maketrans("".join(_DIGITS.values()), "0123456789" * len(_DIGITS))


def written(text: str, numerals: str) -> str:
    """Return a text with its Latin digits in others; as it is where Latin ones are wanted."""
    return text.translate(_TO_NATIVE.get(numerals, {}))


def latin(text: str) -> str:
    """Return a text with its native digits in Latin ones."""
    return text.translate(_TO_LATIN)
