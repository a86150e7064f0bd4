"""The labels under which American lists state identifiers and features, and what each means.

The same words occur in the remarks of the SDN files ("Passport A12 (Arvand) expires 1 Jan 2020;
MMSI 5724"), in the identifiers of the classic XML, in the documents and features of the ENHANCED XML
and in the `ids` column of the consolidated screening list.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from didban.intake.readers.draft import edtf
from didban.intake.readers.names import NameKind
from didban.intake.readers.papers import status_of_paper
from didban.intake.readers.states import states
from didban.intake.readers.text import clean
from didban.model.documents import Document

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from didban.intake.readers.draft import Draft

#: Papers that a person holds, with the ICAO document code of each kind ("" where it has none).
_PAPERS: Final = {
    "P": "Passport|Diplomatic Passport|British National Overseas Passport|Stateless Person Passport",
    "V": "VisaNumberID",
    "I": (
        "National ID No.|Cedula No.|Identification Number|Personal ID Card|D.N.I.|Kenyan ID No."
        "|Bosnian Personal ID No.|Moroccan Personal ID No.|Turkish Identification Number|C.I.N."
        "|National Foreign ID Number|Tazkira National ID Card|Citizen's Card Number|N.I.E."
        "|UAE Identification|Numero de Identidad|Stateless Person ID Card|Refugee ID Card"
        "|CNP (Personal Numerical Code)"
    ),
    "": (
        "SSN|C.U.R.P.|C.U.I.|C.U.I.P.|I.F.E.|LE Number|Driver's License No.|Birth Certificate Number"
        "|Residency Number|Romanian Permanent Resident|Electoral Registry No.|Credencial electoral"
        "|Cartilla de Servicio Militar Nacional|Military Registration Number|Pilot License Number"
        "|Seafarer's Identification Document|Immigration No.|Travel Document Number"
        "|Public Security and Immigration No.|Italian Fiscal Code|Fiscal Code|Serial No."
    ),
}
_TAX_NUMBERS: Final = {
    "taxNumber": (
        "Tax ID No.|R.F.C.|RFC|NIT #|RUC #|RIF #|C.U.I.T.|US FEIN|N.I.F.|C.I.F.|RTN|RSIN"
        "|Numero Unico de Identificacao Tributaria (NUIT)|Romanian Tax Registration"
        "|Paraguayan tax identification number"
    ),
}
#: Everything else that has a property of its own.
_PROPERTIES: Final = {
    "vatCode": "V.A.T. Number",
    "registrationNumber": (
        "Registration Number|Registration ID|Company Number|UK Company Number|C.R. No."
        "|Commercial Registry Number|Business Registration Number|Business Registration Document #"
        "|Business Number|Public Registration Number|Trade License No.|License|Folio Mercantil No."
        "|Matricula Mercantil No|Chamber of Commerce Number|Enterprise Number|Legal Entity Number"
        "|Certificate of Incorporation Number|Registered Charity No.|Branch Unit Number|File Number"
        "|Organization Code|Central Registration System Number|Economic Register Number (CBLS)"
        "|Dubai Chamber of Commerce Membership No.|Registration Certificate Number (Dubai)"
        "|Istanbul Chamber of Comm. No.|Romanian C.R.|MSB Registration Number|Permit Number"
        "|Russian State Individual Business Registration Number Pattern (OGRNIP)|SRE Permit No."
        "|Afghan Money Service Provider License Number|Tourism License No."
        "|Aircraft Tail Number|Previous Aircraft Tail Number"
    ),
    "uscCode": "Unified Social Credit Code (USCC)|United Social Credit Code Certificate (USCCC)",
    "okpoCode": "Government Gazette Number",
    "dunsCode": "D-U-N-S Number",
    "swiftBic": "SWIFT/BIC",
    "mmsi": "MMSI",
    "callSign": "Vessel Call Sign|Other Vessel Call Sign",
    "imoNumber": "Vessel Registration Identification",
    "serialNumber": (
        "Aircraft Manufacturer's Serial Number (MSN)|Aircraft Serial Identification"
        "|Aircraft Construction Number (also called L/N or S/N or F/N)"
    ),
    "icaoCode": "Aircraft Mode S Transponder Code",
    "model": "Aircraft Model",
    "type": "VESSEL TYPE|Other Vessel Type",
    "sector": "Organization Type|Target Type",
    "website": "Website",
    "email": "Email Address",
    "phone": "Phone Number|Telephone|Telephone No.|Phone No.",
    "position": "Title",
    "grossRegisteredTonnage": "Vessel Gross Registered Tonnage",
    "tonnage": "Vessel Tonnage",
}
_DATES: Final = {
    "birthDate": "DOB|Birthdate",
    "buildDate": "Aircraft Manufacture Date|Vessel Year of Build",
    "incorporationDate": "Organization Established Date",
}
_STATES: Final = {
    "nationality": "nationality|Nationality Country",
    "citizenship": "citizen|Citizenship Country",
    "country": "Nationality of Registration|Registration Country",
    "flag": "Vessel Flag|Other Vessel Flag",
    "pastFlags": "Former Vessel Flag",
}
_NAMES: Final = {NameKind.WEAK: "a.k.a.", NameKind.FORMER: "f.k.a.", NameKind.ALIAS: "n.k.a."}
_PLACES: Final = {"": "POB|Place of Birth"}
_SEXES: Final = {"": "Gender"}

LINKED_TO: Final = "Linked To"

Field = tuple[str, str]
"""What a label means: how its value is added, and the property or document code."""


def _fields() -> Mapping[str, Field]:
    """Return the tables as one: folded label -> how its value is added."""
    tables: dict[str, Mapping[str, str]] = {
        "paper": _PAPERS,
        "tax": _TAX_NUMBERS,
        "text": _PROPERTIES,
        "date": _DATES,
        "state": _STATES,
        "name": {str(kind): labels for kind, labels in _NAMES.items()},
        "place": _PLACES,
        "sex": _SEXES,
    }
    return {
        label.casefold(): (way, name)
        for way, table in tables.items()
        for name, labels in table.items()
        for label in labels.split("|")
    }


_FIELDS: Final = _fields()
#: A clause of remarks: an optional "alt.", a label, the value. Longer labels are tried first.
_CLAUSE: Final = re.compile(
    r"(?:alt\.? )?(?P<label>"
    + "|".join(re.escape(label) for label in sorted([*_FIELDS, LINKED_TO], key=len, reverse=True))
    + r"):?\s+(?P<value>.+)",
    re.IGNORECASE | re.DOTALL,
)
#: The value of an identifier: its number, the state, the dates; each after the number may be absent.
_IDENTIFIER: Final = re.compile(
    r"(?P<value>.*?)(?:\s+\((?P<state>[^()]+)\))?"
    r"(?:\s+issued (?P<issued>[\w ]+?))?(?:\s+expires (?P<expires>[\w ]+))?",
    re.DOTALL,
)
#: A longer clause is prose, and states nothing that could be found again.
_LONGEST_CLAUSE: Final = 500
_IMO: Final = re.compile(r"\bIMO\D{0,10}(\d{7})\b", re.IGNORECASE)
#: "Booklet A7100350"
_NUMBER_LABEL: Final = re.compile(r"^(?:booklet|number|no\.?)[ .:]+(?=\S)", re.IGNORECASE)
_HOLDERS_OF_PAPERS: Final = frozenset({"Person", "LegalEntity"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One labelled value, as a list states it.

    - `state`, `issued`, `expires` stand with the value, in any writing.
    - `note` is a remark on this value alone.
    - `is_in_notes`: the words are in the record's notes already.
    """

    label: str
    value: str
    state: str = ""
    issued: str = ""
    expires: str = ""
    note: str = ""
    is_in_notes: bool = False

    def __str__(self) -> str:
        """Return the statement in the words of the list."""
        state_text = f"({self.state})" if self.state else ""
        return " ".join(filter(None, (self.label, self.value, state_text, self.note)))


def add_statement(draft: Draft, statement: Statement) -> None:
    """Add a value by its label; what has no property of its own goes to the notes."""
    value = clean(statement.value)
    if not value:
        return
    way, name = _FIELDS.get(_key(statement.label), ("", ""))
    if way in {"paper", "text"} and (found := _IMO.search(value)):
        way, name = "", ""  # "Identification Number IMO 9000001" is a company's or a ship's
        draft.add("imoNumber", found.group(1))
    elif way in _WAYS:
        _WAYS[way](draft, name, statement)
    has_document = way in {"paper", "tax"} and draft.schema in _HOLDERS_OF_PAPERS
    is_whole = has_document or (way and not statement.state and not statement.note)
    if not is_whole and not statement.is_in_notes:
        draft.note(str(statement))


def _add_paper(draft: Draft, code: str, statement: Statement) -> None:
    """Add a paper; of a firm, the same number is a registration."""
    if draft.schema not in _HOLDERS_OF_PAPERS:
        draft.add("registrationNumber", statement.value)
        return
    if _key(statement.label) == "ssn":
        draft.add("socialSecurityNumber", statement.value)
    codes = states(statement.state) if statement.state else ()
    number = _NUMBER_LABEL.sub("", clean(statement.value))
    said = (
        "" if statement.label == "Passport" else statement.label,
        "" if number == clean(statement.value) else statement.value,
        "" if codes else statement.state,
        statement.note,
    )
    draft.add_document(
        Document(
            number=number,
            issuer=codes[0] if codes else None,
            type=code or None,
            status=status_of_paper(statement.note),
            issued_on=edtf(statement.issued) or None,
            expires_on=edtf(statement.expires) or None,
            note="; ".join(filter(None, said)) or None,
        )
    )


def _add_tax_number(draft: Draft, name: str, statement: Statement) -> None:
    """Add a tax number; of a person it also serves as a document, with the state that gave it."""
    draft.add(name, statement.value)
    if draft.schema in _HOLDERS_OF_PAPERS:
        _add_paper(draft, "", statement)


def _add_quoted_name(draft: Draft, name: str, statement: Statement) -> None:
    """Add a name that the remarks give in quotes: a.k.a. 'X'."""
    draft.add_name(statement.value.strip().removesuffix(".").strip("'\""), NameKind(name))


_WAYS: Final[Mapping[str, Callable[[Draft, str, Statement], object]]] = {
    "paper": _add_paper,
    "tax": _add_tax_number,
    "text": lambda draft, name, statement: draft.add(name, statement.value),
    "date": lambda draft, name, statement: draft.add_date(name, statement.value),
    "state": lambda draft, name, statement: draft.add_states(name, statement.value),
    "name": _add_quoted_name,
    "place": lambda draft, _, statement: draft.add_place_of_birth(statement.value),
    "sex": lambda draft, _, statement: draft.add_sex(statement.value),
}


def _key(label: str) -> str:
    """Return a label as the tables have it."""
    return clean(label).replace("’", "'").rstrip(" :-").casefold()


def add_remarks(draft: Draft, remarks: str, *, is_cut: bool = False) -> list[str]:
    """Add what the clauses of the remarks state, and return the names it is "Linked To".

    The remarks themselves are kept whole in the notes. The full stop that ends them is not part of
    the last value; whether it belongs to a linked name ("X, S.A.") only a list of names can tell, so
    such a name is returned as it stands. `is_cut`: the last clause is incomplete and states nothing.
    """
    draft.note(remarks)
    linked: list[str] = []
    clauses = clean(remarks).split(";")
    for part in clauses[:-1] if is_cut else clauses:
        clause = part.strip()
        if clause.startswith("("):
            clause = clause[1:].removesuffix(".").removesuffix(")")
        found = _CLAUSE.fullmatch(clause) if len(clause) <= _LONGEST_CLAUSE else None
        if found is None:
            continue
        label, value = found.group("label", "value")
        if label.casefold() == LINKED_TO.casefold():
            linked.append(value)
        else:
            add_statement(draft, _statement(label, value.removesuffix(".")))
    return linked


def _statement(label: str, value: str) -> Statement:
    """Return a clause as a statement; that of an identifier holds its state and dates too."""
    way, _ = _FIELDS[label.casefold()]
    parts = _IDENTIFIER.fullmatch(value) if way in {"paper", "tax", "text"} else None
    if parts is None:
        return Statement(label=label, value=value, is_in_notes=True)
    found = {name: text or "" for name, text in parts.groupdict().items()}
    if found["state"] and not states(found["state"]):  # "21-71003-02 (Norn)"
        found["value"] += f" ({found.pop('state')})"
    return Statement(label=label, is_in_notes=True, **found)
