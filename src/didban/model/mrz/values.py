"""What a machine-readable zone says, as values: the printed elements, the checks, the doubts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from didban.model.mrz.layouts import CHECKS, Format

if TYPE_CHECKING:
    from didban.model.dates import PartialDate

_COVERED: Final = {
    "docno": "document number",
    "dob": "birth date",
    "exp": "expiry date",
    "optional": "optional data",
    "composite": "whole zone",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """The elements as printed, each without its trailing fillers: what `render` needs.

    - Identifiers hold single spaces where the zone has a filler: `VAN DER BERG`.
    - `document_number` is whole, also where its end stands in the optional data; a filler within
      or before it is kept.
    - Dates are the six characters `YYMMDD`, unknown parts as fillers; "" where the format has none.
    - `sex` is `M`, `F` or "" (a filler, "unspecified"); real documents also print `X`.
    - `optional_data` is, on the French card (FRID), the department and office of issue.
    """

    format: Format
    document_code: str
    issuing_state: str
    primary_identifier: str
    secondary_identifier: str = ""
    document_number: str = ""
    nationality: str = ""
    birth_date: str = "<<<<<<"
    sex: str = ""
    expiry_date: str = ""
    optional_data: str = ""
    optional_data_2: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    """The primary or the secondary identifier (surname, given names) as it should be searched.

    `is_truncated`: the name field is full, so that names may have been cut, shortened or left out
    (Doc 9303-4, 4.2.3). Where both identifiers stand in one field, both may have been.
    """

    text: str
    is_truncated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check digit: what was read, what it should be.

    - `verdict`: true, false, or None where the digit is absent from this document.
    - `covered`: the characters that the digit is computed over.
    - `line`, `column`: where the digit stands, from 1.
    """

    name: str
    verdict: bool | None
    read: str
    expected: str
    covered: str
    line: int
    column: int

    @property
    def words(self) -> str:
        """What the digit stands over, for people."""
        return _COVERED[self.name]


@dataclass(frozen=True, slots=True, kw_only=True)
class MrzWarning:
    """Something that an officer should know about the zone. `code` is stable; it heads the text."""

    code: str
    message: str

    def __str__(self) -> str:
        """Return `code: message`."""
        return f"{self.code}: {self.message}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One character to be read otherwise; line and column count from 1 in the text as read.

    An empty `read` is a character to be put in before the column, an empty `proposed` one to be
    taken out.
    """

    line: int
    column: int
    read: str
    proposed: str
    element: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """A proposal how the zone may really read. It is never applied, and never makes it verified.

    - `changes` belong together; `lines` are the lines after all of them.
    - `is_confirmed`: every check digit of the changed lines is right.
    """

    changes: tuple[Change, ...]
    lines: tuple[str, ...]
    reason: str
    is_confirmed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Mrz:
    """One machine-readable zone as read.

    - Unreadable: `format` and `fields` are None, `reasons` says why, `lines` are what was found.
    - `birth_date` takes the latest century that is not in the future; `birth_date_older` is the
      same day a hundred years before, where a living holder could be that old.
    - `sex` is `male`, `female`, `other` (a printed `X`) or None (a filler, or unreadable).
    - `expiry_date` is None where there is none, or the document does not expire.
    """

    format: Format | None
    lines: tuple[str, ...]
    fields: Fields | None = None
    checks: tuple[Check, ...] = ()
    primary: Identifier | None = None
    secondary: Identifier | None = None
    birth_date: PartialDate | None = None
    birth_date_older: PartialDate | None = None
    expiry_date: PartialDate | None = None
    sex: str | None = None
    warnings: tuple[MrzWarning, ...] = ()
    repairs: tuple[Repair, ...] = ()
    reasons: tuple[str, ...] = ()

    @property
    def is_valid(self) -> bool:
        """Whether the zone is readable and no check digit is wrong; an absent one is not wrong."""
        return self.format is not None and all(c.verdict is not False for c in self.checks)

    @property
    def verdicts(self) -> dict[str, bool | None]:
        """The verdict of each of the five checks, None where this document has no such digit."""
        known = {check.name: check.verdict for check in self.checks}
        return {name: known.get(name) for name in CHECKS}
