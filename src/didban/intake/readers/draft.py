"""A record under construction: what every list reader does alike when it fills one."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from didban.intake.readers.names import NameKind, person_name
from didban.intake.readers.states import is_plain, state_of_place, states
from didban.intake.readers.text import clean
from didban.model.date_text import MAX_LENGTH
from didban.model.dates import parse_date
from didban.model.records import Record
from didban.model.sexes import sex

if TYPE_CHECKING:
    from collections.abc import Iterable

    from didban.model.documents import Document

#: The properties under which the words of a document are also shown.
_NUMBER_PROPERTY: Final = {"P": "passportNumber"}
#: No list of our time was published before.
#: A longer text is prose, and gives no date.
_LONGEST_DATE: Final = MAX_LENGTH + 1
_FIRST_YEAR: Final = 1900


class Draft:
    """Collects the properties of one record: cleaned, in the order of the source, each value once.

    Nothing is dropped silently: a date or a state that cannot be read is kept in the notes.
    """

    def __init__(self, record_id: str, schema: str, *, dataset: str) -> None:
        self.id = record_id
        self.schema = schema
        self._dataset = dataset
        self._properties: dict[str, dict[str, None]] = {}
        self._documents: dict[Document, None] = {}

    def add(self, name: str, *values: str | None) -> None:
        """Add plain text under a property; empty values and placeholders are left out."""
        for value in values:
            if value and (text := clean(value)):
                self._properties.setdefault(name, {})[text] = None

    def add_name(
        self, text: str, kind: NameKind = NameKind.PRIMARY, *, with_parts: bool = True
    ) -> None:
        """Add a name; a person's "LAST, First" is given in natural order too, and in its parts.

        Parts are taken of primary names only, lest the parts of aliases be mixed with them, and not
        where the list states them itself (`with_parts` is false).
        """
        if self.schema != "Person":
            self.add(kind.value, text)
            return
        listed = person_name(text)
        self.add(kind.value, *listed.forms)
        if with_parts and kind is NameKind.PRIMARY:
            self.add("firstName", listed.given)
            self.add("lastName", listed.family)

    def add_date(self, name: str, text: str) -> bool:
        """Add a date as EDTF text and return whether it was understood.

        What was not understood, or was converted from another calendar, is noted as listed.
        """
        text = clean(text)
        if not text:
            return True
        edtf, converted = _edtf(text[:_LONGEST_DATE])
        if edtf:
            self.add(name, edtf)
        if converted or not edtf:
            self.note(f"{name} as listed: {text}")
        return bool(edtf)

    def add_day(self, name: str, *texts: str) -> None:
        """Add exact days (of listing, of amendment) as `YYYY-MM-DD`, in order of time.

        An impossible day ("0017-05-26" occurs) is noted as listed.
        """
        days = {text: exact_day(text) for text in map(clean, texts) if text}
        self.add(name, *sorted(day.isoformat() for day in days.values() if day))
        self.note(*(f"{name} as listed: {text}" for text, day in days.items() if not day))

    def add_states(self, name: str, text: str) -> None:
        """Add the codes of the states that a cell names; note the cell where it says more."""
        text = clean(text)
        codes = states(text) if text else ()
        self.add(name, *codes)
        if text and not is_plain(text):
            self.note(f"{name} as listed: {text}")

    def add_place_of_birth(self, place: str, *, stated: str = "") -> None:
        """Add a place of birth and the state it lies in: `stated`, else the end of the place."""
        place = clean(place)
        self.add("birthPlace", place)
        codes = states(clean(stated)) if stated else ()
        if not codes and place and (code := state_of_place(place)):
            codes = (code,)
        self.add("birthCountry", *codes)

    def add_address(self, parts: Iterable[str], *, stated: str = "") -> None:
        """Add an address as one line and the state it lies in as `country`."""
        place = [part for part in map(clean, parts) if part]
        if place:
            self.add("address", ", ".join([*place, clean(stated)]).rstrip(", "))
        self.add("country", *states(clean(stated)))

    def add_sex(self, text: str) -> None:
        """Add the sex, where the text says one."""
        found = sex(clean(text)) if clean(text) else None
        self.add("gender", found)

    def add_document(self, document: Document) -> None:
        """Add a document, and its number under the property that clients of lists expect."""
        if document.number:
            self._documents[document] = None
            self.add(_NUMBER_PROPERTY.get(document.type or "", "idNumber"), document.number)

    def note(self, *texts: str | None) -> None:
        """Add remarks; they are never cut."""
        self.add("notes", *texts)

    def has(self, name: str) -> bool:
        """Return whether a property has a value yet."""
        return name in self._properties

    def record(self) -> Record:
        """Return the finished record; its caption is its first name in natural order."""
        properties = {name: tuple(values) for name, values in self._properties.items()}
        names = properties.get("name") or properties.get("alias") or properties.get("weakAlias")
        return Record(
            id=self.id,
            schema=self.schema,
            caption=names[0] if names else self.id,
            properties=properties,
            documents=tuple(self._documents),
            datasets=(self._dataset,),
        )


@lru_cache(maxsize=8192)
def _edtf(text: str) -> tuple[str, bool]:
    """Return a date as EDTF text and whether it came from another calendar; empty if unreadable."""
    parsed = parse_date(text)
    if parsed is None:
        return "", False
    return str(parsed), parsed.calendar != "gregorian"


def edtf(text: str) -> str:
    """Return a date in any writing as EDTF text, or an empty string."""
    return _edtf(clean(text)[:_LONGEST_DATE])[0] if text else ""


def exact_day(text: str) -> date | None:
    """Return the day that a text states exactly ("2019-05-31T10:00", "31/05/2019"), or None."""
    return _exact_day(clean(text)[:_LONGEST_DATE]) if text else None


@lru_cache(maxsize=8192)
def _exact_day(text: str) -> date | None:
    """Return what `exact_day` does, of a text of bounded length."""
    parsed = parse_date(text)
    if parsed is None or not parsed.is_exact or parsed.year is None or parsed.year < _FIRST_YEAR:
        return None
    return date.fromisoformat(str(parsed))


#: The two ends of each kind of relation, in the FollowTheMoney vocabulary.
LINK_ENDS: Final = {
    "Associate": ("person", "associate"),
    "Directorship": ("director", "organization"),
    "Employment": ("employee", "employer"),
    "Family": ("person", "relative"),
    "Membership": ("member", "organization"),
    "Ownership": ("owner", "asset"),
    "Representation": ("agent", "client"),
    "UnknownLink": ("subject", "object"),
}


def link(schema: str, record_id: str, *, ends: tuple[str, str], role: str, dataset: str) -> Record:
    """Return a relation between two records as a record of its own.

    `ends` are the two identifiers in the order of `LINK_ENDS`; `role` is in the words of the list.
    """
    draft = Draft(record_id, schema, dataset=dataset)
    for name, end in zip(LINK_ENDS[schema], ends, strict=True):
        draft.add(name, end)
    draft.add("relationship" if schema in {"Associate", "Family"} else "role", role)
    return draft.record()
