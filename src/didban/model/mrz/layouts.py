"""Where each element stands in each kind of machine-readable zone, as ICAO Doc 9303 prints it.

Rows and columns count from 1, as in the standard. Sources: part 5 (TD1), part 6 (TD2), part 4
(TD3), part 7 (MRV-A, MRV-B). FRID is the French identity card of 1988-2021, which is older than
the standard: its rows are as wide as TD2's, and everything else differs.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Format(StrEnum):
    """The kinds of machine-readable zone that Didban reads."""

    TD1 = "TD1"
    TD2 = "TD2"
    TD3 = "TD3"
    MRVA = "MRVA"
    MRVB = "MRVB"
    FRID = "FRID"


@dataclass(frozen=True, slots=True)
class Span:
    """The characters `first` .. `last` of one line, inclusive; all three count from 1."""

    line: int
    first: int
    last: int

    @property
    def width(self) -> int:
        """How many characters the span holds."""
        return self.last - self.first + 1

    def of(self, lines: Sequence[str]) -> str:
        """Return what the lines hold here."""
        return lines[self.line - 1][self.first - 1 : self.last]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One kind of zone: its size, its elements, and what each check digit covers.

    - `elements`: name of the element -> where it stands. The names are those of
      `didban.model.mrz.values.Fields`, and `given_names` where surname and given names have a
      place each (FRID).
    - `digits`: name of the check -> where its digit stands.
    - `covers`: name of the check -> the spans that its digit is computed over, in this order.
    - `has_long_numbers`: a document number of more than nine characters goes on in
      `optional_data` (parts 5 and 6, note j of the data structure).
    """

    format: Format
    rows: int
    columns: int
    elements: Mapping[str, Span]
    digits: Mapping[str, Span]
    covers: Mapping[str, tuple[Span, ...]]
    has_long_numbers: bool = False


CHECKS = ("docno", "dob", "exp", "optional", "composite")
"""The checks in the order in which they are reported; no format has others."""


def _layout(
    kind: Format,
    size: tuple[int, int],
    elements: Mapping[str, tuple[int, int, int]],
    checks: Mapping[str, tuple[tuple[int, int, int], ...]],
    *,
    has_long_numbers: bool = False,
) -> Layout:
    """Build a layout; a check is written as where its digit stands, then what it covers."""
    return Layout(
        format=kind,
        rows=size[0],
        columns=size[1],
        elements=MappingProxyType({name: Span(*at) for name, at in elements.items()}),
        digits=MappingProxyType({name: Span(*spans[0]) for name, spans in checks.items()}),
        covers=MappingProxyType(
            {name: tuple(Span(*at) for at in spans[1:]) for name, spans in checks.items()}
        ),
        has_long_numbers=has_long_numbers,
    )


# The second line of a passport, of a visa and of a TD2 begin alike.
_SECOND_LINE = {
    "document_number": (2, 1, 9),
    "nationality": (2, 11, 13),
    "birth_date": (2, 14, 19),
    "sex": (2, 21, 21),
    "expiry_date": (2, 22, 27),
}
_SECOND_LINE_CHECKS = {
    "docno": ((2, 10, 10), (2, 1, 9)),
    "dob": ((2, 20, 20), (2, 14, 19)),
    "exp": ((2, 28, 28), (2, 22, 27)),
}
_CODES = {"document_code": (1, 1, 2), "issuing_state": (1, 3, 5)}

LAYOUTS: Mapping[Format, Layout] = MappingProxyType(
    {
        Format.TD1: _layout(
            Format.TD1,
            (3, 30),
            {
                **_CODES,
                "document_number": (1, 6, 14),
                "optional_data": (1, 16, 30),
                "birth_date": (2, 1, 6),
                "sex": (2, 8, 8),
                "expiry_date": (2, 9, 14),
                "nationality": (2, 16, 18),
                "optional_data_2": (2, 19, 29),
                "name": (3, 1, 30),
            },
            {
                "docno": ((1, 15, 15), (1, 6, 14)),
                "dob": ((2, 7, 7), (2, 1, 6)),
                "exp": ((2, 15, 15), (2, 9, 14)),
                "composite": ((2, 30, 30), (1, 6, 30), (2, 1, 7), (2, 9, 15), (2, 19, 29)),
            },
            has_long_numbers=True,
        ),
        Format.TD2: _layout(
            Format.TD2,
            (2, 36),
            {**_CODES, "name": (1, 6, 36), **_SECOND_LINE, "optional_data": (2, 29, 35)},
            {
                **_SECOND_LINE_CHECKS,
                "composite": ((2, 36, 36), (2, 1, 10), (2, 14, 20), (2, 22, 35)),
            },
            has_long_numbers=True,
        ),
        Format.TD3: _layout(
            Format.TD3,
            (2, 44),
            {**_CODES, "name": (1, 6, 44), **_SECOND_LINE, "optional_data": (2, 29, 42)},
            {
                **_SECOND_LINE_CHECKS,
                "optional": ((2, 43, 43), (2, 29, 42)),
                "composite": ((2, 44, 44), (2, 1, 10), (2, 14, 20), (2, 22, 43)),
            },
        ),
        Format.MRVA: _layout(
            Format.MRVA,
            (2, 44),
            {**_CODES, "name": (1, 6, 44), **_SECOND_LINE, "optional_data": (2, 29, 44)},
            _SECOND_LINE_CHECKS,
        ),
        Format.MRVB: _layout(
            Format.MRVB,
            (2, 36),
            {**_CODES, "name": (1, 6, 36), **_SECOND_LINE, "optional_data": (2, 29, 36)},
            _SECOND_LINE_CHECKS,
        ),
        # The number is year and month of issue, department, and a serial number. `optional_data`
        # is the department and the office of issue. There is no nationality and no expiry.
        Format.FRID: _layout(
            Format.FRID,
            (2, 36),
            {
                **_CODES,
                "name": (1, 6, 30),
                "optional_data": (1, 31, 36),
                "document_number": (2, 1, 12),
                "given_names": (2, 14, 27),
                "birth_date": (2, 28, 33),
                "sex": (2, 35, 35),
            },
            {
                "docno": ((2, 13, 13), (2, 1, 12)),
                "dob": ((2, 34, 34), (2, 28, 33)),
                "composite": ((2, 36, 36), (1, 1, 36), (2, 1, 35)),
            },
        ),
    }
)
