"""Documents as pages show them: their type in words, the number as a code, the state by its name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from didban.model.countries import country
from didban.model.documents import Document
from didban.model.identifiers import REGISTERS
from didban.web.rendering import code, data

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from typing import Any

    from didban.model.casework import Hit
    from didban.store.sightings import Sighting
    from didban.web.i18n.speech import Speech

_KIND = "DocumentType"
_SERIES = 3  # last characters, within which papers of one series differ


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One thing that became of a document.

    - `what`: `reported`, `hit` or `seen`; `when`: a day, as exact as it is known, or a moment.
    """

    what: str
    when: str | datetime
    place: str = ""
    authority: str = ""
    hit: Hit | None = None


def uses(shown: Mapping[str, Any], hits: Iterable[Hit], seen: Iterable[Sighting]) -> list[Use]:
    """Return what became of a document, the latest first; a report without a day stands last."""
    reported = shown.get("content", {}).get("reportedAt", ())
    owner = shown.get("owner", "")
    found = [
        *(Use(what="hit", when=one.checked_at, place=one.place, hit=one) for one in hits),
        *(
            Use(what="seen", when=one.seen_at, place=one.place, authority=one.authority)
            for one in seen
        ),
        *(Use(what="reported", when=day, authority=owner) for day in reported),
    ]
    return sorted(found, key=lambda use: str(use.when)[:10], reverse=True)


def series_of(number: str) -> str:
    """Return with what the numbers of the series of a document begin; empty where it is too short."""
    start = number[:-_SERIES]
    return start if len(start) >= _SERIES else ""


def read_key(text: str) -> Document:
    """Return the document, or range, that a key of the matcher names (`match.evidence.describe`)."""
    issuer, kind, numbers = ([*text.split(":", 2), "", ""])[:3]
    if not numbers:
        return Document(number=text)
    number, _, until = numbers.partition("..")
    return Document(
        number=number, number_to=until or None, issuer=issuer or None, type=kind or None
    )


def paper_of(told: Mapping[str, Any]) -> Document:
    """Return a document of an identity as `guard.fields` shows it."""
    names = ("number", "number_to", "issuer", "type", "status")
    said = {name: told.get(name) or None for name in names} | {"number": told.get("number") or ""}
    if issuer := said["issuer"]:
        said["issuer"] = country(issuer) or issuer.lower()
    return Document(**said)


def number_of(paper: Document) -> str:
    """Return the number of a document as text, or the range that it makes."""
    return f"{paper.number} – {paper.number_to}" if paper.number_to else paper.number


def in_words(speech: Speech, paper: Document) -> Markup:
    """Return a document as it is shown: passport L898902C3 · Utopia."""
    number = code(paper.number)
    if paper.number_to:
        number = Markup("{} – {}").format(number, code(paper.number_to))
    if kind := type_of(speech, paper.type):
        number = Markup("{} {}").format(data(kind), number)
    if not paper.issuer:
        return number
    return Markup("{} · {}").format(number, data(speech.country(paper.issuer)))


def type_of(speech: Speech, kind: str | None) -> str:
    """Return what a type of document is called; one without a name of its own by its first letter.

    A register is called by its name, as in `didban.model.identifiers.REGISTERS`.
    """
    if kind in REGISTERS.values():
        return kind or ""
    for each in (kind, kind[:1]) if kind else ():
        if (said := speech.pgettext(_KIND, each)) != each:
            return said
    return ""
