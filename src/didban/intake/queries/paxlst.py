"""PAXLST: the passenger and crew lists that carriers send ahead (UN/EDIFACT, UN/IATA guide).

- Every dialect of versions 02B to 12B that we met is read: passengers and crew, in transit too,
  with any number of documents; names without codes; birth places as free text.
- Totals that disagree with what the message holds are noted, messages that break off rejected;
  their travellers are kept.
- Other messages in the file (answers, bookings) are rejected, each once.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from didban.errors import InvalidFile
from didban.intake.queries.edifact import MAX_SEGMENT, Segment, find_start, read_segments
from didban.intake.queries.questions import question
from didban.intake.readers.base import Reject, open_source
from didban.intake.readers.streams import text_chunks
from didban.intake.readers.values import document_type
from didban.model.countries import country
from didban.model.dates import PartialDate, parse_date
from didban.model.documents import Document
from didban.model.sexes import sex

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    from didban.intake.readers.base import RejectSink
    from didban.model.records import Record

_TRAVELLERS: Final = {
    "FL": "passenger",
    "FM": "crew",
    "DDU": "passenger in transit",
    "DDT": "crew in transit",
}
_TOTALS: Final = {"41": "crew", "42": "passengers"}
_TWO_DIGIT_YEAR: Final = re.compile(r"\d{6}")


def is_message(start: str) -> bool:
    """Return whether a file that begins like this is an EDIFACT interchange or message."""
    return find_start(start) >= 0


def read(path: Path, reject: RejectSink, *, today: date) -> Iterator[Record]:
    """Yield one query for each traveller.

    Raises `InvalidFile` when the file holds no PAXLST message at all.
    """
    messages = _Messages(path.name, reject, today)
    with open_source(path) as stream:
        chunks, _ = text_chunks(stream)
        for segment in read_segments(chunks):
            yield from messages.take(segment)
        yield from messages.finish(stream.damage)
    if not messages.has_found_any:
        raise InvalidFile(f"{path.name}: holds no PAXLST message")


@dataclass(slots=True, kw_only=True)
class _Paper:
    """One document as its segments come in."""

    type: str
    number: str
    issuer: str = ""
    issued: str = ""
    expires: str = ""


@dataclass(slots=True, kw_only=True)
class _Traveller:
    """One traveller as the segments come in."""

    role: str
    line: int
    name: Segment
    birth: str = ""
    birth_place: str = ""
    birth_country: str = ""
    sex: str = ""
    nationalities: list[str] = field(default_factory=list)
    residence: str = ""
    papers: list[_Paper] = field(default_factory=list)

    def take(self, segment: Segment) -> None:
        """Take one segment of the group; those that do not help to identify are left alone."""
        code = segment.part(0)
        if segment.tag == "ATT" and code == "2":
            self.sex = segment.part(2) or segment.part(1)
        elif segment.tag == "NAT":
            self.nationalities.append(segment.part(1))
        elif segment.tag == "DOC":
            self.papers.append(_Paper(type=code, number=segment.part(1)))
        elif segment.tag == "DTM":
            self._take_date(code, segment.part(0, 1))
        elif segment.tag == "LOC":
            self._take_place(code, segment)

    def _take_date(self, code: str, value: str) -> None:
        if code == "329":
            self.birth = value
        elif code == "36" and self.papers:
            self.papers[-1].expires = value
        elif code == "182" and self.papers:
            self.papers[-1].issued = value

    def _take_place(self, code: str, segment: Segment) -> None:
        if code == "91" and self.papers:
            self.papers[-1].issuer = segment.part(1) or segment.part(1, 3)
        elif code == "174":
            self.residence = segment.part(1)
        elif code == "180":
            self.birth_country = segment.part(1)
            self.birth_place = segment.part(1, 3)


class _Messages:
    """Follows the segments of a file through its messages and their travellers."""

    def __init__(self, name: str, reject: RejectSink, today: date) -> None:
        self._name = name
        self._reject = reject
        self._today = today
        self._uses: Counter[str] = Counter()
        self.has_found_any = False
        self._has_doubt = False
        self._traveller: _Traveller | None = None
        self._is_open = False
        self._is_passenger_list = True
        self._begin("")

    def take(self, segment: Segment) -> Iterator[Record]:
        """Take the next segment; yield the traveller that it completes."""
        if segment.is_doubtful and not self._has_doubt:
            self._has_doubt = True
            reason = "text that is neither UTF-8 nor ASCII from here on: letters may be wrong"
            self._say(segment.line, reason, "")
        if segment.is_too_long:
            reason = f"a segment is longer than {MAX_SEGMENT:,} bytes, and was skipped"
            self._say(segment.line, reason, segment.tag, is_note=False)
        elif segment.tag == "UNH":
            yield from self._end(segment.line)
            self._open(segment)
        elif segment.tag in {"UNT", "UNE", "UNZ"}:
            yield from self._end(segment.line, segment)
        elif not segment.is_terminated and not self._is_open:
            reason = "text after the last message; not read"
            self._say(segment.line, reason, segment.tag)
        elif self._is_passenger_list:
            yield from self._content(segment)

    def finish(self, damage: str | None) -> Iterator[Record]:
        """Yield the last traveller of a file that breaks off."""
        yield from self._end(None)
        if damage:
            self._say_end(None, damage)

    def _begin(self, reference: str) -> None:
        self._uses[reference] += 1
        repeated = self._uses[reference]
        self._reference = reference if repeated == 1 else f"{reference}.{repeated}"
        self._segments = 0
        self._position = 0
        self._flight = ""
        self._counts: Counter[str] = Counter()
        self._totals: dict[str, str] = {}

    def _open(self, segment: Segment) -> None:
        self._begin(segment.part(0))
        self._segments = 1
        self._is_open = True
        kind = segment.part(1)
        self._is_passenger_list = kind == "PAXLST"
        self.has_found_any = self.has_found_any or self._is_passenger_list
        if not self._is_passenger_list:
            reason = f"message {self._reference} is {kind or 'of no kind'}, not PAXLST; not read"
            self._say(segment.line, reason, "", is_note=False)

    def _content(self, segment: Segment) -> Iterator[Record]:
        self._segments += 1
        if segment.tag == "NAD":
            yield from self._complete()
            role = _TRAVELLERS.get(segment.part(0).upper())
            if role is not None:
                self.has_found_any = True
                self._counts["crew" if role.startswith("crew") else "passengers"] += 1
                self._traveller = _Traveller(role=role, line=segment.line, name=segment)
        elif segment.tag == "CNT":
            yield from self._complete()
            self._totals[segment.part(0)] = segment.part(0, 1) or segment.part(1)
        elif self._traveller is not None:
            self._traveller.take(segment)
        elif segment.tag == "TDT":
            self._flight = self._flight or segment.part(1)

    def _end(self, line: int | None, segment: Segment | None = None) -> Iterator[Record]:
        yield from self._complete()
        if self._is_open and self._is_passenger_list:
            is_whole = segment is not None and segment.tag == "UNT"
            if not is_whole:
                self._say_end(line, f"message {self._reference} breaks off: it has no UNT")
            elif segment is not None:
                self._compare("segments (UNT)", segment.part(0), self._segments + 1, line)
            for code, what in _TOTALS.items():
                if code in self._totals:
                    stated = self._totals[code]
                    self._compare(f"{what} (CNT+{code})", stated, self._counts[what], line)
        self._is_open = False
        self._totals = {}
        self._is_passenger_list = True

    def _compare(self, what: str, stated: str, held: int, line: int | None) -> None:
        if not stated.isdecimal() or int(stated[:9]) != held:
            reason = f"message {self._reference} states {stated or 'no number of'} {what},"
            self._say(line, f"{reason} but holds {held}", "")

    def _complete(self) -> Iterator[Record]:
        traveller, self._traveller = self._traveller, None
        if traveller is None:
            return
        self._position += 1
        identifier = f"{self._name}:{self._reference}:{self._position}"
        properties = {
            name: known
            for name, values in self._properties(traveller).items()
            if (known := tuple(dict.fromkeys(value for value in values if value)))
        }
        documents = [self._document(paper) for paper in traveller.papers if paper.number]
        try:
            yield question(identifier, "Person", properties, documents)
        except ValueError as error:
            self._say(traveller.line, f"traveller {identifier} {error}", "", is_note=False)

    def _properties(self, traveller: _Traveller) -> dict[str, tuple[str | None, ...]]:
        name = traveller.name
        last, first, middle = (name.part(3, n) for n in range(3))
        unstructured = " ".join(name.part(2, n) for n in range(5)).strip() if not last else ""
        whole = " ".join(part for part in (first, middle, last) if part) or unstructured
        return {
            "name": (whole,),
            "firstName": (first,),
            "middleName": (middle,),
            "lastName": (last,),
            "birthDate": (self._birth(traveller),),
            "gender": (sex(traveller.sex),),
            "nationality": tuple(self._state(t, traveller) for t in traveller.nationalities),
            "country": (self._state(traveller.residence, traveller),),
            "birthCountry": (self._state(traveller.birth_country, traveller),),
            "birthPlace": (traveller.birth_place,),
            "address": (", ".join(filter(None, (name.part(n) for n in range(4, 9)))),),
            "notes": (" ".join(filter(None, (traveller.role, self._flight))),),
        }

    def _birth(self, traveller: _Traveller) -> str | None:
        if not traveller.birth:
            return None
        found = self._date(traveller.birth, is_expiry=False)
        if found is None:
            self._say(traveller.line, "a date of birth cannot be read; searched without it", "")
        return found

    def _state(self, text: str, traveller: _Traveller) -> str | None:
        found = country(text) if text else None
        if text and found is None:
            reason = "a state's code is none we know; searched without it"
            self._say(traveller.line, reason, text)
        return found

    def _document(self, paper: _Paper) -> Document:
        issuer = country(paper.issuer) or paper.issuer.lower() or None
        return Document(
            number=paper.number,
            issuer=issuer,
            type=document_type(paper.type),
            issued_on=self._date(paper.issued, is_expiry=True),
            expires_on=self._date(paper.expires, is_expiry=True),
        )

    def _date(self, text: str, *, is_expiry: bool) -> str | None:
        """Return a date as EDTF; years of two digits get their century as in Doc 9303."""
        if _TWO_DIGIT_YEAR.fullmatch(text):
            by_year = PartialDate.from_mrz_expiry if is_expiry else PartialDate.from_mrz
            found = by_year(text, self._today)
        else:
            found = parse_date(text)
        return None if found is None or found.years is None else str(found)

    def _say(self, line: int | None, reason: str, row: str, *, is_note: bool = True) -> None:
        self._reject(Reject(source=self._name, line=line, reason=reason, row=row, is_note=is_note))

    def _say_end(self, line: int | None, reason: str) -> None:
        """Say that who stood behind this place is not known."""
        self._reject(Reject(source=self._name, line=line, reason=reason, row="", is_end=True))
