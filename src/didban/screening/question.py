"""What is asked in one check, as an officer or a program states it, read into a record to look for.

The parts come as text and are read strictly: a date, state, sex or document that cannot be read is
refused with which it is and what is expected, because a detail that is silently dropped makes a
check look more thorough than it was. What was asked is not repeated: errors end up in logs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from didban.errors import InvalidInput
from didban.match.features import dates_of
from didban.match.kinds import not_compared
from didban.model.countries import country
from didban.model.dates import CALENDARS, parse_date
from didban.model.documents import Document
from didban.model.identifiers import is_sound, parse_labelled
from didban.model.records import Record
from didban.model.sexes import sex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from didban.model.dates import PartialDate

_PERSON: Final = "Person"
_SHIP: Final = "Vessel"
_NO_DATE: Final = "the birth date cannot be read; write 1970, 1970-03, 1970-03-02 or circa 1970"

_DOCUMENT_PARTS = 3  # ISSUER:TYPE:NUMBER


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One person, or one document, to look for. Every field is text as it was given.

    - `birth_date`: of any precision ("1970", "1970-03", "circa 1970", "1359/10/12").
    - `nationalities`, and the issuer of a document: codes or names of states.
    - `sex`: M, F, X or the words.
    - `documents`: `ISSUER:TYPE:NUMBER`; issuer and type may be empty (`UTO::L898902C3`).
    - `mrzs`: machine-readable zones, each whole.
    - `schema`: what is looked for; None where that is not said: a person, or what bears the number.
    """

    names: tuple[str, ...] = ()
    birth_date: str | None = None
    nationalities: tuple[str, ...] = ()
    sex: str | None = None
    documents: tuple[str, ...] = ()
    mrzs: tuple[str, ...] = ()
    schema: str | None = None

    @property
    def is_typed(self) -> bool:
        """Whether it names a person or a document beside what the zones say."""
        return any(map(str.strip, self.names)) or bool(self.documents)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One record that was looked for.

    - `origin` says where it comes from: "typed", "zone 1", "zone 1, if read otherwise: ...".
    - `notes` are what an officer should know about it, such as a wrong check digit.
    """

    origin: str
    record: Record
    notes: tuple[str, ...] = ()


def record_of(question: Question) -> Record:
    """Return the record that the typed parts of a question describe; the zones are left aside.

    Raises `InvalidInput` for a part that cannot be read.
    """
    if question.schema is not None and (why_not := not_compared(question.schema)):
        raise InvalidInput(why_not)
    properties = {
        "name": tuple(name for name in map(_clean, question.names) if name),
        "birthDate": tuple(map(str, _born(question))),
        "nationality": tuple(read_state(text) for text in question.nationalities if text.strip()),
        "gender": (read_sex(question.sex),) if question.sex else (),
    }
    documents = tuple(read_document(text) for text in question.documents)
    is_ship = documents and not any(properties.values()) and {d.type for d in documents} == {"IMO"}
    return Record(
        id="typed",
        schema=_SHIP if is_ship else question.schema or _PERSON,  # nobody else has such a number
        properties={name: values for name, values in properties.items() if values},
        documents=documents,
    )


def ship_of(question: Question, typed: Record) -> Record | None:
    """Return the ship that a typed record may be as well, or None.

    It may be one where bare numbers are all that was typed, and their check digits are those of IMO
    numbers (one number in ten has it by chance).
    """
    if question.schema or typed.properties or typed.schema == _SHIP or not typed.documents:
        return None
    if any(d.issuer or d.type or not is_sound("IMO", d.number) for d in typed.documents):
        return None
    documents = tuple(replace(document, type="IMO") for document in typed.documents)
    return replace(typed, schema=_SHIP, documents=documents)


def date_notes(question: Question) -> Iterator[str]:
    """Yield in words how a birth date of another calendar was read, in each way it was."""
    for born in _born(question):
        if calendar := CALENDARS.get(born.calendar):
            yield f"the birth date {_clean(born.raw)} was read as {calendar}: {born}"


def _born(question: Question) -> tuple[PartialDate, ...]:
    """Return what the typed birth date may mean: two dates where its calendar cannot be told."""
    text = question.birth_date or ""
    if not text.strip():
        return ()
    born = parse_date(text)
    if born is None:
        raise InvalidInput(_NO_DATE)
    return dates_of(text) if born.calendar == "hijri" else (born,)


def _clean(text: str) -> str:
    """Return a text that can be written anywhere: bytes that were no text become a mark."""
    return text.strip().encode(errors="replace").decode()


def read_date(text: str) -> str:
    """Return a date as EDTF text."""
    found = parse_date(text)
    if found is None:
        raise InvalidInput(_NO_DATE)
    return str(found)


def read_state(text: str, field: str = "nationality") -> str:
    """Return the code of a state; `field` is what an error calls it."""
    found = country(text)
    if found is None:
        raise InvalidInput(f"the {field} is no state we know; write its code (ir, IRN, D) or name")
    return found


def read_sex(text: str) -> str:
    """Return the sex in FollowTheMoney's words."""
    found = sex(text)
    if found is None:
        raise InvalidInput("the sex cannot be read; write M, F or X, or leave it out if unknown")
    return found


def read_document(text: str) -> Document:
    """Return the document that `ISSUER:TYPE:NUMBER` names."""
    parts = [part.strip() for part in text.split(":", _DOCUMENT_PARTS - 1)]
    if len(parts) < _DOCUMENT_PARTS or not parts[2]:
        raise InvalidInput(
            "the document cannot be read; write ISSUER:TYPE:NUMBER, as in UTO:P:L898902C3"
            " (issuer and type may be empty: '::L898902C3')"
        )
    issuer, kind, text = parts
    register, number = parse_labelled(_clean(text))
    return Document(
        number=number,
        issuer=read_state(issuer, "document's issuer") if issuer else None,
        type=kind.upper() or register,
    )
