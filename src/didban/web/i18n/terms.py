"""What codes of the model are called.

The catalogue `terms` has each code under its kind (`msgctxt "HitState"`, `msgid "under_review"`),
also in English, where the word is not the code itself.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import Final

_NEXT_WORD: Final = re.compile(r"(?<=[a-z])[A-Z](?=[a-z])")  # in the names of the vocabulary


def code_of(code: object, kind: str = "") -> tuple[str, str]:
    """Return kind and code, as the catalogue has them: of an enumeration, or a bare code."""
    kind = kind or type(code).__name__
    if isinstance(code, Enum) and not isinstance(code, str):
        return kind, code.name.lower()
    return kind, str(code.value if isinstance(code, Enum) else code)


def plain(code: str) -> str:
    """Return a code as an English phrase: `under_review` is "Under review", `birthDate` "Birth date"."""
    words = _NEXT_WORD.sub(lambda letter: f" {letter[0].lower()}", code)
    words = words.replace("_", " ").replace(":", ": ").strip()
    return words[:1].upper() + words[1:]
