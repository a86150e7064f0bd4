"""Passenger lists as pages show them: who was found by confidence, and how a line is mended."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

from didban.web.i18n import N_
from didban.web.presenters import papers
from didban.web.presenters.evidence import score_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from didban.intake.readers.base import Reject
    from didban.model.casework import Hit
    from didban.screening.passengers import Found
    from didban.web.desk import Desk

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_OPEN_ENDED: Final = 2_000  # characters: of a longer line only the beginning was told
_COLUMNS: Final = (
    N_("Place on the list"),
    N_("Name"),
    N_("Date of birth"),
    N_("Nationality"),
    N_("Document"),
    N_("How sure"),
    N_("The owner asks"),
    N_("Owner"),
    N_("Stands at"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A line that could not be read: why, and how it is mended."""

    line: int | None
    row: str
    why: str
    mend: str


_CELLS: Final = N_("Put a value that holds the separator into quotation marks.")
_OBJECT: Final = N_("Write one JSON object on each line, or send a table instead.")
_SENDER: Final = N_("Have the carrier send the message again.")
_SAID: Final[Mapping[str, tuple[str, str]]] = {
    r"(traveller \S+ )?names nothing to search for.*": (
        N_("It has neither a name nor a document."),
        N_("Write the name or the number of a document."),
    ),
    r"more cells than .*|not a CSV row: .*": (
        N_("It has other columns than the first line."),
        _CELLS,
    ),
    r"the file seems to break off .*|the gzip archive .*": (
        N_("The file breaks off here."),
        N_("Have the whole file sent again."),
    ),
    r"there is no schema .*": (
        N_("It is about something that is not looked for here."),
        N_("Write Person as its kind, or leave the kind out."),
    ),
    r"(not JSON|not a JSON|JSON nested|the properties are|the documents are).*": (
        N_("It is no JSON object."),
        _OBJECT,
    ),
    r"a document has no number": (
        N_("A document stands there without a number."),
        N_("Write its number, or leave the document out."),
    ),
    r"a segment is longer .*|the line is longer .*": (N_("The line is too long."), _SENDER),
    r"message .* not PAXLST; .*": (N_("It is a message, but no passenger list."), _SENDER),
    r"message .* breaks off.*": (N_("The message breaks off."), _SENDER),
}
"""Pattern of a reason -> why a line could not be read, and how it is mended."""


def unread(refused: Sequence[Reject]) -> list[Unread]:
    """Return the lines that could not be read; a reason without words of ours stands as it is."""
    return [_unread(one) for one in refused]


def _unread(one: Reject) -> Unread:
    for pattern, (why, mend) in _SAID.items():
        if re.fullmatch(pattern, one.reason):
            return Unread(line=one.line, row=one.row, why=why, mend=mend)
    return Unread(line=one.line, row=one.row, why=one.reason, mend="")


def to_mend(content: bytes, refused: Sequence[Reject]) -> str:
    """Return the lines that could not be read as a list of their own, to be corrected and sent.

    Empty for messages, which their sender mends, and where a line is not known whole.
    """
    start = content[:4].lstrip()
    if not refused or start.startswith((b"UNA", b"UNB", b"UNH")):
        return ""
    if any(not one.row or len(one.row) >= _OPEN_ENDED for one in refused):
        return ""
    rows = [one.row for one in refused]
    if not start.startswith(b"{"):
        rows.insert(0, content.decode("utf-8-sig", errors="replace").split("\n", 1)[0].strip())
    return "\n".join(rows)


def by_confidence(found: Sequence[Found]) -> list[tuple[str, list[Found]]]:
    """Return who was found, grouped by what their scores mean in words; the surest first."""
    return [
        (words, list(group)) for words, group in groupby(found, lambda one: score_words(one.score))
    ]


def settled(found: Sequence[Found], taken: Mapping[str, Hit]) -> int:
    """Return of how many who were found every match was passed on or dismissed."""
    return sum(all(sight.match in taken for sight in one.sights) for one in found)


def as_csv(desk: Desk, found: Sequence[Found], taken: Mapping[str, Hit]) -> bytes:
    """Return who was found as a table for other programs, with its heading in the reader's language.

    No cell begins as a formula does: it would be computed where the table is opened.
    """
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow([desk.gettext(column) for column in _COLUMNS])
    for one in found:
        for cells in _rows(desk, one, taken):
            table.writerow([_as_text(cell) for cell in cells])
    return text.getvalue().encode("utf-8-sig")


def _rows(desk: Desk, one: Found, taken: Mapping[str, Hit]) -> list[list[str]]:
    speech, asked = desk.speech, one.passenger.asked
    who = [
        str(one.passenger.position + 1),
        (asked.first("name") or "") if asked else "",
        (asked.first("birthDate") or "") if asked else "",
        speech.country(asked.first("nationality")) if asked else "",
        "; ".join(map(papers.number_of, asked.documents)) if asked else "",
        desk.gettext(score_words(one.score)),
    ]
    return [
        [
            *who,
            speech.term(sight.action),
            speech.country(sight.shown.get("owner")),
            speech.term(taken[sight.match].state) if sight.match in taken else "",
        ]
        for sight in one.sights
    ]


def _as_text(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
