"""What the forms of entry ask, by the kind of thing a record is about."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from didban.model.schemata import is_a
from didban.web.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One property of the vocabulary that a form asks for.

    - `rows`: lines of its field, one value in each; `choices`: where it is one of a few words.
    - `hint`: English, as the catalogues have it; `is_code`: a number or code, left to right.
    """

    name: str
    rows: int = 1
    hint: str = ""
    is_code: bool = False
    choices: tuple[str, ...] = ()

    @property
    def field(self) -> str:
        """The name of its field."""
        return f"p-{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Fields that stand together under a heading."""

    heading: str
    asked: tuple[Asked, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of thing that is entered.

    - `key`: as it stands in addresses; `schema`: of the vocabulary.
    - `documents`: how many rows for documents; `has_action`: whether something can be asked of it.
    """

    key: str
    schema: str
    label: str
    hint: str = ""
    sections: tuple[Section, ...] = ()
    documents: int = 0
    has_action: bool = True

    @property
    def is_person(self) -> bool:
        """Whether it is about a person."""
        return is_a(self.schema, "Person")

    @property
    def is_paper(self) -> bool:
        """Whether it is about one document, of which something became."""
        return is_a(self.schema, "Identification")

    def asked(self) -> Iterator[Asked]:
        """Yield every property that the form asks for."""
        for section in self.sections:
            yield from section.asked


_DATE: Final = N_("As far as it is known: 1971-05-02, 1971-05, 1971, or 1971~ for about 1971.")
_EACH: Final = N_("One in each line.")
_STATE: Final = N_("Code or name of the state, one in each line.")
_RECORD: Final = N_("Identifiers of records that are already entered, one in each line.")


def _record(name: str) -> Asked:
    return Asked(name=name, hint=_RECORD, is_code=True)


_PERSON: Final = Kind(
    key="person",
    schema="Person",
    label=N_("A person"),
    hint=N_("Wanted, missing, to be protected or to be identified."),
    documents=3,
    sections=(
        Section(
            heading=N_("Names"),
            asked=(
                Asked(name="lastName"),
                Asked(name="firstName"),
                Asked(name="fatherName"),
                Asked(name="motherName"),
                Asked(
                    name="name",
                    rows=2,
                    hint=N_("In the script in which it is written; one in each line."),
                ),
                Asked(name="transliteration", rows=2, hint=_EACH),
                Asked(name="alias", rows=2, hint=_EACH),
                Asked(name="weakAlias", hint=_EACH),
                Asked(name="previousName", hint=_EACH),
            ),
        ),
        Section(
            heading=N_("Who it is"),
            asked=(
                Asked(name="birthDate", hint=_DATE, is_code=True),
                Asked(name="birthPlace"),
                Asked(name="birthCountry", hint=_STATE),
                Asked(name="nationality", hint=_STATE),
                Asked(name="citizenship", hint=_STATE),
                Asked(name="gender", choices=("male", "female", "other")),
                Asked(name="idNumber", is_code=True, hint=_EACH),
                Asked(name="deathDate", hint=_DATE, is_code=True),
            ),
        ),
        Section(
            heading=N_("Appearance and whereabouts"),
            asked=(
                Asked(name="appearance", rows=2),
                Asked(name="height", is_code=True),
                Asked(name="weight", is_code=True),
                Asked(name="eyeColor"),
                Asked(name="hairColor"),
                Asked(name="spokenLanguage", hint=_EACH),
                Asked(name="profession"),
                Asked(name="address", rows=2, hint=_EACH),
                Asked(name="country", hint=_STATE),
                Asked(name="phone", is_code=True, hint=_EACH),
                Asked(name="email", is_code=True, hint=_EACH),
                Asked(name="notes", rows=3),
            ),
        ),
    ),
)

_ORGANISATION: Final = Kind(
    key="organisation",
    schema="Organization",
    label=N_("An organisation"),
    hint=N_("A firm, a group or another body."),
    sections=(
        Section(
            heading=N_("Names"),
            asked=(
                Asked(name="name", rows=2, hint=_EACH),
                Asked(name="transliteration", hint=_EACH),
                Asked(name="alias", rows=2, hint=_EACH),
                Asked(name="weakAlias", hint=_EACH),
                Asked(name="abbreviation", hint=_EACH),
                Asked(name="previousName", hint=_EACH),
            ),
        ),
        Section(
            heading=N_("What it is"),
            asked=(
                Asked(name="legalForm"),
                Asked(name="sector"),
                Asked(name="registrationNumber", is_code=True, hint=_EACH),
                Asked(name="taxNumber", is_code=True, hint=_EACH),
                Asked(name="licenseNumber", is_code=True, hint=_EACH),
                Asked(name="jurisdiction", hint=_STATE),
                Asked(name="incorporationDate", hint=_DATE, is_code=True),
                Asked(name="dissolutionDate", hint=_DATE, is_code=True),
                _record("parent"),
                Asked(name="address", rows=2, hint=_EACH),
                Asked(name="country", hint=_STATE),
                Asked(name="phone", is_code=True, hint=_EACH),
                Asked(name="email", is_code=True, hint=_EACH),
                Asked(name="website", is_code=True, hint=_EACH),
                Asked(name="notes", rows=3),
            ),
        ),
    ),
)

_MADE: Final = (
    Asked(name="buildDate", hint=_DATE, is_code=True),
    Asked(name="registrationDate", hint=_DATE, is_code=True),
    Asked(name="deregistrationDate", hint=_DATE, is_code=True),
    _record("owner"),
    _record("operator"),
    Asked(name="notes", rows=3),
)
"""What is asked of everything that moves."""

_LOOKED_FOR: Final = N_("Stolen, or looked for.")

_VEHICLE: Final = Kind(
    key="vehicle",
    schema="Vehicle",
    label=N_("A vehicle"),
    hint=_LOOKED_FOR,
    sections=(
        Section(
            heading=N_("The vehicle"),
            asked=(
                Asked(name="registrationNumber", is_code=True, hint=_EACH),
                Asked(name="vin", is_code=True),
                Asked(name="country", hint=_STATE),
                Asked(name="type"),
                Asked(name="model"),
                *_MADE,
            ),
        ),
    ),
)

_VESSEL: Final = Kind(
    key="vessel",
    schema="Vessel",
    label=N_("A vessel"),
    hint=N_("A ship or a boat: stolen, or looked for."),
    sections=(
        Section(
            heading=N_("The vessel"),
            asked=(
                Asked(name="name", rows=2, hint=_EACH),
                Asked(name="previousName", hint=_EACH),
                Asked(name="imoNumber", is_code=True),
                Asked(name="mmsi", is_code=True),
                Asked(name="callSign", is_code=True),
                Asked(name="registrationNumber", is_code=True, hint=_EACH),
                Asked(name="registrationPort"),
                Asked(name="flag", hint=_STATE),
                Asked(name="pastFlags", hint=_STATE),
                Asked(name="type"),
                Asked(name="model"),
                Asked(name="tonnage", is_code=True),
                *_MADE,
            ),
        ),
    ),
)

_AIRCRAFT: Final = Kind(
    key="aircraft",
    schema="Airplane",
    label=N_("An aircraft"),
    hint=N_("An aeroplane, a helicopter or a drone: stolen, or looked for."),
    sections=(
        Section(
            heading=N_("The aircraft"),
            asked=(
                Asked(name="registrationNumber", is_code=True, hint=_EACH),
                Asked(name="serialNumber", is_code=True),
                Asked(name="icaoCode", is_code=True),
                Asked(name="name", hint=_EACH),
                Asked(name="country", hint=_STATE),
                Asked(name="manufacturer"),
                Asked(name="type"),
                Asked(name="model"),
                *_MADE,
            ),
        ),
    ),
)

_FIREARM: Final = Kind(
    key="firearm",
    schema="Firearm",
    label=N_("A firearm"),
    hint=_LOOKED_FOR,
    sections=(
        Section(
            heading=N_("The firearm"),
            asked=(
                Asked(name="serialNumber", is_code=True, hint=_EACH),
                Asked(name="make"),
                Asked(name="model"),
                Asked(name="calibre"),
                Asked(name="type"),
                Asked(name="category"),
                Asked(name="country", hint=_STATE),
                Asked(name="importMark", is_code=True, hint=_EACH),
                Asked(name="manufacturedAt", hint=_DATE, is_code=True),
                _record("owner"),
                Asked(name="notes", rows=3),
            ),
        ),
    ),
)

_EVENT: Final = Kind(
    key="event",
    schema="Event",
    label=N_("An event"),
    hint=N_("A theft, a crossing, a meeting: what happened, where, and who took part."),
    has_action=False,
    sections=(
        Section(
            heading=N_("What happened"),
            asked=(
                Asked(name="name", rows=1),
                Asked(name="summary", rows=3),
                Asked(name="date", hint=_DATE, is_code=True),
                Asked(name="startDate", hint=_DATE, is_code=True),
                Asked(name="endDate", hint=_DATE, is_code=True),
                Asked(name="location", rows=2, hint=_EACH),
                Asked(name="country", hint=_STATE),
                _record("involved"),
                _record("organizer"),
                Asked(name="notes", rows=3),
            ),
        ),
    ),
)

KINDS: Final[Mapping[str, Kind]] = {
    kind.key: kind
    for kind in (_PERSON, _ORGANISATION, _VEHICLE, _VESSEL, _AIRCRAFT, _FIREARM, _EVENT)
}
"""What is entered with a whole form, by its word in addresses."""

_PAPER: Final = (
    Asked(name="reportedAt", hint=_DATE, is_code=True),
    Asked(name="authority"),
    _record("holder"),
)


def kind_of(schema: str) -> Kind:
    """Return how a record of a schema is corrected: as it is entered, or by its bare properties."""
    fitting = [kind for kind in KINDS.values() if is_a(schema, kind.schema)]
    if fitting:
        nearest = max(fitting, key=lambda kind: kind.schema == schema)
        return replace(nearest, schema=schema)
    if is_a(schema, "Identification"):
        section = Section(heading=N_("The report"), asked=_PAPER)
        return Kind(
            key="paper", schema=schema, label=N_("A document"), sections=(section,), documents=1
        )
    return Kind(key="thing", schema=schema, label=N_("A record"))
