"""Which check digits of a zone are right, wrong or absent (Doc 9303-3, 4.9)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from didban.model.mrz.check_digits import FILLER, check_digit
from didban.model.mrz.layouts import CHECKS, Layout, Span
from didban.model.mrz.values import Check

if TYPE_CHECKING:
    from collections.abc import Sequence

_SHORT = 9  # characters of a number that have a place of their own


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """The document number and its check digit, wherever they stand.

    - `digit_at`: the position of the digit, or None where the document has no digit.
    - `optional`: what remains of the optional data.
    - `is_long`: the number goes on in the optional data (Doc 9303-5 and -6, data structure, note j).
    """

    text: str
    digit_at: Span | None
    optional: str
    is_long: bool = False

    @property
    def text_with_filler(self) -> str:
        """A long number with the filler that stands in its middle."""
        return self.text[:_SHORT] + FILLER + self.text[_SHORT:]


def read_number(layout: Layout, lines: Sequence[str]) -> Number:
    """Return the document number of a zone.

    - TD1 and TD2: a filler in place of the digit, after nine characters of number, means that the
      rest of the number and then its digit stand at the start of the optional data.
    - A filler after a number that itself ends with a filler, or with nothing in the optional data,
      is a missing digit: old and deviating documents.
    """
    field = layout.elements["document_number"].of(lines)
    optional_at = layout.elements["optional_data"]
    optional = optional_at.of(lines)
    digit_at = layout.digits["docno"]
    if not layout.has_long_numbers or digit_at.of(lines) != FILLER:
        return Number(text=field, digit_at=digit_at, optional=optional)
    overflow, _, rest = optional.partition(FILLER)
    if field.endswith(FILLER) or not overflow:
        return Number(text=field, digit_at=None, optional=optional)
    column = optional_at.first + len(overflow) - 1
    return Number(
        text=field + overflow[:-1],
        digit_at=Span(optional_at.line, column, column),
        optional=rest,
        is_long=True,
    )


def verify(layout: Layout, lines: Sequence[str]) -> tuple[Check, ...]:
    """Return each check that the format has, with its verdict.

    - An empty element may carry `0` or a filler. The standard says so of the personal number only
      (Doc 9303-4, 4.2.2.2); states also do it with an expiry date that is left empty.
    - A letter or a filler in place of any other digit: false.
    - A long number whose digit fits only if the filler in its middle is counted, too: true. The
      standard leaves it out, and some issuers do not.
    """
    return tuple(_check(name, layout, lines) for name in CHECKS if name in layout.digits)


def _check(name: str, layout: Layout, lines: Sequence[str]) -> Check:
    digit_at: Span | None = layout.digits[name]
    covered = "".join(span.of(lines) for span in layout.covers[name])
    number = read_number(layout, lines)
    if name == "docno":
        digit_at, covered = number.digit_at, number.text
    read = digit_at.of(lines) if digit_at else FILLER
    shown_at = digit_at or layout.digits[name]
    expected = check_digit(covered)
    rightful = {expected}
    if not covered.strip(FILLER):
        rightful.add(FILLER)
    if name == "docno" and number.is_long:
        rightful.add(check_digit(number.text_with_filler))
    return Check(
        name=name,
        verdict=None if digit_at is None else read in rightful,
        read=read,
        expected=expected,
        covered=covered,
        line=shown_at.line,
        column=shown_at.first,
    )
