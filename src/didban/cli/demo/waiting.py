"""Work that waits on the desks of the story, so that whoever sits down at one finds something."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from didban import clock
from didban.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from didban.cli.demo.bureau import Bureau

_PATIENCE: Final = 240.0  # seconds: a busy machine is slow
_HOLDER: Final = "Тимур Аскаров"
_PASSENGERS: Final = (
    "name,birthDate,nationality\nTimur Askarov,1985-09-30,xbo\nLina Haddad,1991-02-11,xar\n"
)
PASSPORT: Final = (
    "P<XBOASKAROV<<TIMUR<<<<<<<<<<<<<<<<<<<<<<<<<",
    "C7714058<0XBO8509303M3001019<<<<<<<<<<<<<<<4",
)
"""The passport that Boreland reports stolen: what a scanner reads."""
NOBODYS: Final = (
    "P<XARHADDAD<<LINA<<<<<<<<<<<<<<<<<<<<<<<<<<<",
    "A204177368XAR9102114F3306301<<<<<<<<<<<<<<<0",
)
"""A passport that nobody reported."""


def leave(bureaus: dict[str, Bureau]) -> None:
    """Leave open hits, a question, a review, messages, a notice, a request and a list."""
    arvand, boreland, caspia = (bureaus[code] for code in ("xar", "xbo", "xca"))
    stolen(boreland, "boris", "C7714058")
    _report(boreland, "boris", _person(_HOLDER, "1985-09-30", "xbo"), ["*"], _MISSING)
    _report(caspia, "kamran", _person("Мирам Сабитов", "1990-03-12", "xca"), ["*"], _SUSPECT)
    _own_file(arvand)
    reviewed = _until(lambda: arvand.ask("laleh", "GET", "/alert-reviews")["items"])
    asked = _hit(arvand, {"documents": [{"number": "C7714058", "issuer": "XBO"}]})
    _hit(arvand, {"documents": [{"number": "C7714058", "issuer": "XBO"}]})
    _ask_the_owner(arvand, asked)
    _until(lambda: boreland.ask("banu", "GET", "/questions")["items"])
    _letters(arvand, boreland)
    arvand.ask("nadia", "POST", "/passenger-lists", {"name": "XB 204", "content": _PASSENGERS})
    arvand.ask("parisa", "POST", "/subject-requests", _SUBJECT_REQUEST)
    assert reviewed  # noqa: S101 - `_until` has seen to it


def _report(
    bureau: Bureau,
    login: str,
    entity: dict[str, Any],
    audience: list[str],
    alert: dict[str, Any] | None = None,
    purpose: str = "",
) -> str:
    """Report a record; return its identifier."""
    purposes = {"boris": "document_fraud", "kamran": "wanted_or_missing_person"}
    report: dict[str, Any] = {
        "entity": entity,
        "marking": {
            "audience": audience,
            "purpose": purpose or purposes.get(login, "document_fraud"),
            "legal_basis": "Police Act, s. 12",
            "handling": "H0",
            "source_evaluation": "A",
            "information_evaluation": "2",
            "retention_until": str(clock.today() + timedelta(days=365)),
        },
    }
    if alert:
        report["alert"] = alert
    return str(bureau.ask(login, "POST", "/records", report)["record"]["id"])


def _person(name: str, born: str, state: str, **more: list[str]) -> dict[str, Any]:
    properties = {"name": [name], "birthDate": [born], "nationality": [state], **more}
    return {"schema": "Person", "properties": properties}


def stolen(bureau: Bureau, login: str, number: str) -> str:
    """Let somebody report a passport of Boreland stolen; return the record."""
    return _report(bureau, login, _paper(number), ["*"], _STOLEN)


def _paper(number: str) -> dict[str, Any]:
    return {
        "schema": "Passport",
        "properties": {"number": [number], "country": ["xbo"]},
        "documents": [{"number": number, "issuer": "XBO", "type": "P", "status": "stolen"}],
    }


def _own_file(arvand: Bureau) -> None:
    """Let Arvand know things of its own about the same man: two records, an event between them."""
    about = _person("تیمور عسکروف", "1985-09-30", "xbo", alias=["Timur Askarof"], gender=["male"])
    him = _report(arvand, "roya", about, ["*"])
    friend = _report(arvand, "roya", _person("ناصر جلالی", "1979", "xar"), ["*"])
    link = {"person": [him], "associate": [friend], "relationship": ["drove him to the border"]}
    _report(arvand, "roya", {"schema": "Associate", "properties": link}, ["*"])
    event = {"name": ["Meeting at Port Arvand"], "date": ["2026-05"], "involved": [him, friend]}
    _report(arvand, "roya", {"schema": "Event", "properties": event}, ["*"])
    start, end = (
        _town(arvand, *each) for each in (("Dara", "40.1", "-33.2"), ("Tolm", "44.0", "-26.4"))
    )
    trip = {
        "name": ["Journey to Tolm"],
        "involved": [him],
        "startLocation": [start],
        "startDate": ["2025-11-03"],
        "endLocation": [end],
        "endDate": ["2025-11"],
    }
    _report(arvand, "roya", {"schema": "Trip", "properties": trip}, ["*"])


def _town(arvand: Bureau, name: str, latitude: str, longitude: str) -> str:
    """Report where a town lies on the map of the demo; return the record."""
    where = {"name": [name], "latitude": [latitude], "longitude": [longitude]}
    return _report(arvand, "roya", {"schema": "Address", "properties": where}, ["*"])


def _hit(arvand: Bureau, question: dict[str, Any]) -> str:
    """Let the gate find a match, take it up, and pass it on; return the hit."""
    found = _until(lambda: arvand.ask("farid", "POST", "/checks", question)["matches"])
    hit = arvand.ask("farid", "POST", "/hits", {"match": found[0]["match"]})["id"]
    arvand.ask("farid", "POST", f"/hits/{hit}/refer", {"is_held": True})
    return str(hit)


def _ask_the_owner(arvand: Bureau, hit: str) -> None:
    unseen = arvand.ask("golnar", "GET", f"/hits/{hit}")["unseen"]
    arvand.ask("golnar", "POST", f"/hits/{hit}/compare", {"seen": unseen})
    gate = {"claim_for_protection": False, "refugee_papers": False, "flagged": False}
    arvand.ask("golnar", "POST", f"/hits/{hit}/question", {"urgency": "R", "gate": gate})


def _letters(arvand: Bureau, boreland: Bureau) -> None:
    """Let a request wait for Boreland, one for Arvand, and a notice for its second person."""
    part = {"text": "Who reported the passport C7714058, and when?", "handling": "H0"}
    request = {"kind": "request", "recipient": "xbo", "topic": "cooperation", "parts": [part]}
    arvand.ask("leila", "POST", "/messages", request)
    part = {"text": "Is he known at Port Arvand?", "handling": "H1"}
    boreland.ask("banu", "POST", "/messages", {**request, "recipient": "xar", "parts": [part]})
    kept = _report(arvand, "roya", _person("پرویز ساعی", "1968-01-20", "xar"), [])
    made = arvand.ask("roya", "POST", "/notices", _notice(kept))
    arvand.ask("roya", "POST", f"/notices/{made['id']}/submission")


def _notice(record: str) -> dict[str, Any]:
    today = clock.today()
    return {
        "colour": "red",
        "record": record,
        "alert": {
            "action_requested": "arrest",
            "person_status": "charged",
            "facts": "Sold forged residence permits.",
            "valid_until": str(today + timedelta(days=90)),
        },
        "dossier": {
            "offence": "forgery of documents",
            "basis": "prosecution",
            "max_penalty_months": 60,
            "document": {"id": "41/2026", "on": str(today), "authority": "District Court"},
            "extradition_assured": True,
            "refugee_check": "clear",
        },
    }


def _until(ask: Callable[[], Any]) -> Any:
    """Return what is answered once there is something. Raises Unavailable when nothing comes."""
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        if found := ask():
            return found
        time.sleep(0.3)
    raise Unavailable("a node of the story did not get what another sent")


_STOLEN: Final = {
    "action_requested": "seize",
    "document_status": "stolen",
    "facts": "Taken from a hotel room.",
}
_MISSING: Final = {
    "action_requested": "locate",
    "person_status": "missing",
    "facts": "Did not come home from a journey.",
}
_SUSPECT: Final = {
    "action_requested": "locate",
    "person_status": "suspect",
    "legal_references": ["Warrant C-11/4 of the District Court of Port Caspia"],
    "facts": "Said to have rented the boat of case C-9.",
}
_SUBJECT_REQUEST: Final = {
    "kind": "access",
    "subject": {"names": ["Lina Haddad"], "contact": "Box 7, Port Arvand"},
    "language": "ar",
}
