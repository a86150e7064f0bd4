"""What the codes of documents and states in the machine-readable zone tell.

Sources: Doc 9303-3, section 5 and its parts A-H (states); Doc 9303-4 (second character of the
passport's code). The states themselves are in `didban.model.countries`.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

DEPRECATED_STATES = frozenset(
    {"ANT", "BUR", "BYS", "CSK", "DDR", "NTZ", "ROM", "SCG", "SUN", "TMP", "YMD", "YUG", "ZAR"}
)
"""Codes of states that are gone or renamed; documents issued before still carry them."""

PERSONS_WITHOUT_NATIONALITY = frozenset({"XXA", "XXB", "XXC", "XXX"})
"""Codes that may stand for a nationality and never for an issuing state."""

PASSPORT_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "PP": "ordinary passport",
        "PE": "emergency passport",
        "PD": "diplomatic passport",
        "PO": "official or service passport",
        "PR": "refugee's travel document",
        "PT": "alien's travel document",
        "PS": "stateless person's travel document",
        "PL": "laissez-passer",
        "PM": "military passport",
        "PU": "emergency travel document on one sheet",
    }
)
"""What the second character of a passport's code means, where the code of 2026 is used."""

_FIRST_LETTERS = {"P": "passport", "V": "visa", "A": "identity card", "C": "identity card"}
_FIRST_LETTERS["I"] = "identity card"


def document_kind(code: str) -> str:
    """Return in English what a document code means; "document" for an unknown one.

    Before 2026 the second letter was the issuing state's own: then only the first is interpreted.
    """
    if code == "AC":
        return "crew member certificate"
    return PASSPORT_KINDS.get(code) or _FIRST_LETTERS.get(code[:1], "document")


def is_code_expected(code: str, first_letters: str) -> bool:
    """Whether a format that begins with one of these letters may carry this document code.

    `AI`, and a second letter `V` after A, C or I, are not allowed (Doc 9303-5, 4.2.2.2).
    """
    if code[:1] not in first_letters or not code:
        return False
    return code[0] in "PV" or (code != "AI" and code[1:] != "V")
