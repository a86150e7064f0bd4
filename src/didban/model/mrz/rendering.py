"""From elements to the printed lines, with every check digit: the inverse of parsing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from didban.errors import InvalidInput
from didban.model.mrz.check_digits import ALPHABET, FILLER, check_digit
from didban.model.mrz.layouts import LAYOUTS, Layout, Span
from didban.model.mrz.names import write_identifier, write_identifiers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from didban.model.mrz.values import Fields

_OPTIONAL_ELEMENTS = ("nationality", "expiry_date", "optional_data_2")


def render(fields: Fields, *, empty_digit: str = FILLER) -> tuple[str, ...]:
    """Return the lines of a zone; `parse` reads the same fields back.

    - A document number of more than nine characters goes on in the optional data (TD1, TD2).
    - A name that is too long is truncated, and then does not come back whole.
    - `empty_digit` is the check digit of an empty personal number in a passport: `<` or `0`, as the
      issuing state likes (Doc 9303-4, 4.2.2.2).

    Raises `InvalidInput` for an element that is too long, that the format does not have, or that
    has characters outside the alphabet.
    """
    layout = LAYOUTS[fields.format]
    rows = [[FILLER] * layout.columns for _ in range(layout.rows)]
    for name, text in _elements(layout, fields).items():
        _put(rows, layout.elements[name], text, name)
    for name in layout.digits:
        if name == "docno" and _is_long(layout, fields):
            continue
        covered = "".join(span.of(["".join(row) for row in rows]) for span in layout.covers[name])
        is_empty = name == "optional" and not covered.strip(FILLER)
        _put(rows, layout.digits[name], empty_digit if is_empty else check_digit(covered), name)
    return tuple("".join(row) for row in rows)


def _elements(layout: Layout, fields: Fields) -> Mapping[str, str]:
    elements = {
        "document_code": fields.document_code,
        "issuing_state": fields.issuing_state,
        "document_number": fields.document_number,
        "optional_data": fields.optional_data,
        "birth_date": fields.birth_date,
        "sex": fields.sex,
    }
    for name in _OPTIONAL_ELEMENTS:
        text = getattr(fields, name)
        if name in layout.elements:
            elements[name] = text
        elif text:
            raise InvalidInput(f"a {fields.format} has no {name}")
    if _is_long(layout, fields):
        elements |= _long_number(layout, fields)
    return elements | _names(layout, fields)


def _names(layout: Layout, fields: Fields) -> dict[str, str]:
    primary, secondary = fields.primary_identifier, fields.secondary_identifier
    width = layout.elements["name"].width
    if "given_names" not in layout.elements:
        return {"name": write_identifiers(primary, secondary, width)}
    return {
        "name": write_identifier(primary, width),
        "given_names": write_identifier(secondary, layout.elements["given_names"].width),
    }


def _is_long(layout: Layout, fields: Fields) -> bool:
    width = layout.elements["document_number"].width
    return layout.has_long_numbers and len(fields.document_number) > width


def _long_number(layout: Layout, fields: Fields) -> dict[str, str]:
    """Return the number's head, and the optional data that begins with its tail and its digit."""
    number = fields.document_number
    width = layout.elements["document_number"].width
    if FILLER in number[width - 1 :]:
        raise InvalidInput("a long document number has no filler after its eighth character")
    optional = number[width:] + check_digit(number)
    if fields.optional_data or len(optional) < layout.elements["optional_data"].width:
        optional += FILLER
    return {"document_number": number[:width], "optional_data": optional + fields.optional_data}


def _put(rows: list[list[str]], at: Span, text: str, name: str) -> None:
    if len(text) > at.width:
        raise InvalidInput(f"{name} has {len(text)} characters; there is room for {at.width}")
    if not ALPHABET.issuperset(text):
        raise InvalidInput(f"{name} has characters other than A-Z, 0-9 and <")
    rows[at.line - 1][at.first - 1 : at.last] = text.ljust(at.width, FILLER)
