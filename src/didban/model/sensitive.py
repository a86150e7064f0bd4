"""Facts that the law protects most: where they may stand, and how they are noticed elsewhere.

They stand in `BankRecord.sensitive` alone, beside the content and never in it, so that nothing that
matches, searches or warns can use them (PR-12).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Final

from didban.model.folding import fold

_WORD: Final = re.compile(r"[^\W_]+")


class SensitiveKind(StrEnum):
    """The kinds that PR-12 names."""

    ORIGIN = "origin"
    OPINION = "opinion"
    RELIGION = "religion"
    HEALTH = "health"
    SEX_LIFE = "sex_life"
    UNION = "union"


@dataclass(frozen=True, slots=True, kw_only=True)
class SensitiveFact:
    """One such fact, with the reason for which it cannot be left out."""

    kind: SensitiveKind
    value: str
    necessity: str


SENSITIVE_PROPERTIES: Final = frozenset({"ethnicity", "political", "religion"})
"""Properties of the vocabulary that hold such facts; a record of the bank may not use them."""


def mentioned(text: str) -> frozenset[SensitiveKind]:
    """Return the kinds of sensitive facts that a free text seems to mention (PR-12).

    - By beginnings of words in English, Persian, Arabic and Russian (`sensitive_words.tsv`).
    - A hint, not a judgement: it may be wrong either way, and a human answers it.
    """
    words = f" {' '.join(_WORD.findall(fold(text)))} "
    return frozenset(kind for kind, stem in _stems() if stem in words)


@lru_cache(maxsize=1)
def _stems() -> tuple[tuple[SensitiveKind, str], ...]:
    """Return each kind with a stem, a space before it; one that must be a whole word has one after."""
    path = Path(__file__).with_name("sensitive_words.tsv")
    found = []
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        kind, _language, stems = line.split("\t")
        for stem in stems.split(", "):
            end = " " if stem.endswith("$") else ""
            found.append((SensitiveKind(kind), f" {fold(stem.rstrip('$'))}{end}"))
    return tuple(found)
