"""Machine-readable zones of travel documents: read, checked, explained, rendered (ICAO Doc 9303).

    text -> zones -> layouts -> verify (check digits), names, doubts, repairs -> Mrz

A zone as a record to search by is the matter of `didban.model.mrz.searching`, which is imported by
itself: it brings the tables of transliteration.

`parse` and `render` are inverse. Nothing is ever corrected silently: repairs are proposals.
"""

from __future__ import annotations

from didban.model.mrz.check_digits import check_digit
from didban.model.mrz.confusions import confusables, is_undetectable, number_variants
from didban.model.mrz.layouts import CHECKS, LAYOUTS, Format
from didban.model.mrz.parsing import parse, parse_all, parse_texts
from didban.model.mrz.rendering import render
from didban.model.mrz.values import Change, Check, Fields, Identifier, Mrz, MrzWarning, Repair

__all__ = [
    "CHECKS",
    "LAYOUTS",
    "Change",
    "Check",
    "Fields",
    "Format",
    "Identifier",
    "Mrz",
    "MrzWarning",
    "Repair",
    "check_digit",
    "confusables",
    "is_undetectable",
    "number_variants",
    "parse",
    "parse_all",
    "parse_texts",
    "render",
]
