"""`didban mrz`: read machine-readable zones, check them, explain each check, propose repairs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from didban.cli import options
from didban.cli.exits import Exit

if TYPE_CHECKING:
    from didban.model.mrz import Check, Mrz, Repair

_VERDICTS = {True: "right", False: "WRONG", None: "absent"}


def mrz(
    text: Annotated[
        list[str],
        typer.Argument(
            metavar="TEXT...",
            help="A zone, or its lines one by one, or several zones; - reads standard input.",
        ),
    ],
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="Answer in JSON, one line for each zone.")
    ] = False,
) -> None:
    """Read the machine-readable zone of a travel document and check it digit by digit.

    Line breaks, spaces and lower case do not matter. Nothing is corrected: what may have been
    misread is proposed. Ends with 0 if every check digit is right, 10 if one is wrong, 2 if a text
    is no machine-readable zone.
    """
    from didban import clock
    from didban.model.mrz import parse_texts

    zones = parse_texts([options.zone_text(part) for part in text], reference_date=clock.today())
    if as_json:
        for zone in zones:
            print(json.dumps(to_json(zone), ensure_ascii=False))
    else:
        print("\n\n".join("\n".join(_words(zone)) for zone in zones))
    raise typer.Exit(_exit_code(zones))


def to_json(zone: Mrz) -> dict[str, Any]:
    """Return a zone as plain data, in the shape that `docs/reference/mrz.md` promises."""
    return {
        "format": zone.format,
        "valid": zone.is_valid,
        "checks": zone.verdicts,
        "fields": _fields(zone),
        "warnings": [str(warning) for warning in zone.warnings]
        + [f"unreadable: {reason}" for reason in zone.reasons],
        "repairs": [asdict(repair) for repair in zone.repairs],
    }


def _exit_code(zones: tuple[Mrz, ...]) -> Exit:
    if any(zone.format is None for zone in zones):
        return Exit.BAD_INPUT
    return Exit.DONE if all(zone.is_valid for zone in zones) else Exit.POSSIBLE_MATCH


def _fields(zone: Mrz) -> dict[str, Any]:
    """Return the elements, those that mean something interpreted, and the rest as printed."""
    if zone.fields is None:
        return {}
    fields = {name: value for name, value in asdict(zone.fields).items() if name != "format"}
    interpreted: dict[str, Any] = {
        "primary_truncated": bool(zone.primary and zone.primary.is_truncated),
        "secondary_truncated": bool(zone.secondary and zone.secondary.is_truncated),
        "birth_date": str(zone.birth_date),
        "birth_date_older": str(zone.birth_date_older) if zone.birth_date_older else None,
        "expiry_date": str(zone.expiry_date) if zone.expiry_date else None,
        "sex": zone.sex,
    }
    return fields | interpreted


def _words(zone: Mrz) -> Iterator[str]:
    if zone.fields is None:
        yield "No machine-readable zone could be read."
        yield from (f"  {reason}" for reason in zone.reasons)
        yield from _repair_words(zone)
        return
    yield _headline(zone)
    yield ""
    yield from _field_words(zone)
    yield ""
    yield "Check digits"
    yield from (_check_words(check) for check in zone.checks)
    if zone.warnings:
        yield ""
        yield "Warnings"
        yield from (f"  {warning.message}" for warning in zone.warnings)
    yield from _repair_words(zone)


def _headline(zone: Mrz) -> str:
    wrong = [check for check in zone.checks if check.verdict is False]
    if not wrong:
        return f"{zone.format}: every check digit is right."
    count = "1 check digit is" if len(wrong) == 1 else f"{len(wrong)} check digits are"
    return f"{zone.format}: {count} WRONG. The zone was misread, or it is false."


def _field_words(zone: Mrz) -> Iterator[str]:
    from didban.model.mrz.codes import document_kind

    fields = zone.fields
    if fields is None:
        return
    rows = {
        "document": f"{document_kind(fields.document_code)} ({fields.document_code})",
        "issued by": _state_words(fields.issuing_state),
        "number": fields.document_number,
        "primary identifier": fields.primary_identifier,
        "secondary identifier": fields.secondary_identifier,
        "nationality": _state_words(fields.nationality),
        "born": str(zone.birth_date) if zone.birth_date and zone.birth_date.raw else "",
        "or born": str(zone.birth_date_older) if zone.birth_date_older else "",
        "sex": zone.sex or "",
        "expires": str(zone.expiry_date) if zone.expiry_date else "",
        "optional data": fields.optional_data,
        "more optional data": fields.optional_data_2,
    }
    yield from (f"  {name:<21} {value}" for name, value in rows.items() if value)


def _state_words(code: str) -> str:
    from didban.model.countries import country_by_code, country_name

    state = country_by_code(code)
    return f"{code} ({country_name(state)})" if state else code


def _check_words(check: Check) -> str:
    place = f"line {check.line}, column {check.column}"
    words = f"  {check.words:<21} {_VERDICTS[check.verdict]:<7} {place:<18} "
    if check.verdict is None:
        return words + f"no digit; it would be {check.expected}"
    return (
        words
        + f"read {check.read}"
        + (f", must be {check.expected}" if check.verdict is False else "")
    )


def _repair_words(zone: Mrz) -> Iterator[str]:
    if not zone.repairs:
        return
    yield ""
    yield "It may have been misread. Proposals, none applied; look at the document:"
    for number, repair in enumerate(zone.repairs, start=1):
        yield f"  {number}. {repair.reason}"
        yield from (f"     {line}" for line in _change_words(repair))
        yield from (f"     {line}" for line in repair.lines)


def _change_words(repair: Repair) -> Iterator[str]:
    for change in repair.changes:
        place = f"line {change.line}, column {change.column}"
        if not change.read:
            yield f"{place}: put in {change.proposed}"
        elif not change.proposed:
            yield f"{place}: take out {change.read}"
        else:
            yield f"{place}: {change.read} may be {change.proposed}"
