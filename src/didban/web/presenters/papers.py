"""Documents as pages show them: their type in words, the number as a code, the state by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from didban.model.countries import country
from didban.model.documents import Document
from didban.web.rendering import code, data

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from didban.web.i18n.speech import Speech

_KIND = "DocumentType"


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
    """Return what a type of document is called; one without a name of its own by its first letter."""
    for each in (kind, kind[:1]) if kind else ():
        if (said := speech.pgettext(_KIND, each)) != each:
            return said
    return ""
