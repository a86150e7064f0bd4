"""What codes of the model are called.

The catalogue `terms` has each code under its kind (`msgctxt "HitState"`, `msgid "under_review"`),
also in English, where the word is not the code itself.
"""

from __future__ import annotations

from enum import Enum


def code_of(code: object, kind: str = "") -> tuple[str, str]:
    """Return kind and code, as the catalogue has them: of an enumeration, or a bare code."""
    kind = kind or type(code).__name__
    if isinstance(code, Enum) and not isinstance(code, str):
        return kind, code.name.lower()
    return kind, str(code.value if isinstance(code, Enum) else code)


def plain(code: str) -> str:
    """Return a code as an English phrase: `under_review` is "Under review"."""
    words = code.replace("_", " ").replace(":", ": ").strip()
    return words[:1].upper() + words[1:]
