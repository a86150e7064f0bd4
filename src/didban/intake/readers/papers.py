"""Passports and identity papers out of free text, as the UK and UN lists write them.

"Passport No: 710017 (Borelander passport issued on 3 May 2007)", "(1) AB123456 (Caspian)
(2) 710034", "Arvand number A7100330, issued on 29 May 2013 (expires on 27 May 2021)".
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from didban.intake.readers.draft import edtf
from didban.intake.readers.states import mentioned
from didban.intake.readers.text import LONGEST_CELL, clean, numbered
from didban.model.documents import Document

_DIGIT: Final = re.compile(r"\d")
#: Where the number ends and the remarks about it begin.
_REMARKS: Final = re.compile(
    r"\s+\(|\((?=[A-Za-z ]{4})|[,;]|\.\s|\s+(?:issued|exp\w*|valid|date of|under|in (?:the )?name)\b",
    re.IGNORECASE,
)
_GLUED_LABEL: Final = re.compile(r"\b(no|nr|number)\s*[.:°]+\s*(?=\S)", re.IGNORECASE)
#: Another number begins: "710020 issued on 31 May 2005. And 710021 ..."
_NEXT_NUMBER: Final = re.compile(
    r"(?:(?<!\bno)[.,;]\s+(?:and\s+)?|\s,|\s+and\s+)(?=(?:[A-Z]{1,3}[ -]?)?\d{5,})",
    re.IGNORECASE,
)
#: Words before a number that name neither the number nor the state.
_LABEL: Final = re.compile(
    r"passports?|n[or]\.?|numbers?|national(?:ity)?|identi(?:fication|ty)|ids?|ni|cards?|details"
    r"|holder|of|the|diplomatic|service|official|foreign|travel|civil|personal|federal|ration"
    r"|\(?tazkira\)?|alternate|residential|certificate|birth",
    re.IGNORECASE,
)
_SERIES: Final = re.compile(r"[A-Z]{1,4}")
_DAY: Final = r"(\d{1,2}[ ./-](?:[A-Za-z]{3,9}\.?|\d{1,2})[ ./-]\d{4}|[A-Za-z]{3,9}\.? \d{4}|\d{4}-\d\d-\d\d|\d{4})\b"
_ISSUED: Final = re.compile(
    rf"\b(?:issued?|date of issue|valid from)\b(?:(?!expir)[^()]){{0,40}}?(?<![\d/.-]){_DAY}",
    re.IGNORECASE,
)
_EXPIRES: Final = re.compile(
    rf"(?:\b(?:expir\w*|exp\.|valid (?:until|to))\b[^()]{{0,24}}?|\bto )(?<![\d/.-]){_DAY}",
    re.IGNORECASE,
)
_KINDS: Final = (
    (re.compile(r"\bvisa\b", re.IGNORECASE), "V"),
    (re.compile(r"\bpassport\b", re.IGNORECASE), "P"),
    (re.compile(r"\b(?:ration|birth|fiscal|licen[cs]e|permit|social security|residen\w+|voter|student"
                r"|military|tax|driver\S*|nationality)\b", re.IGNORECASE), None),
    (re.compile(r"\b(?:identity|identification|id|tazkira|national)\b", re.IGNORECASE), "I"),
)  # fmt: skip
_PLACE_OR_DATE: Final = re.compile(
    r"\b(?:issued|place|expir\w*|valid|date|under|by|in)\b.*", re.IGNORECASE | re.DOTALL
)
#: What stands where a number is missing: a year, a day, a running number.
_NO_NUMBER: Final = re.compile(r"(?:19|20)\d\d|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\D*\d{1,2}\D*")
_STATUSES: Final = (
    (re.compile(r"\b(?:revoked|cancelled|canceled|withdrawn)\b", re.IGNORECASE), "revoked"),
    (re.compile(r"\bstolen\b", re.IGNORECASE), "stolen"),
    (re.compile(r"\blost\b", re.IGNORECASE), "lost"),
    (re.compile(r"\b(?:false|forged|fake|fraudulent)\b", re.IGNORECASE), "invalid"),
)


def papers(text: str, *, default: str | None) -> tuple[Document, ...]:
    """Return the documents that a cell of free text names.

    - `default`: the document code where the text does not say what the paper is.
    - The issuer is a state named beside the number ("Borelander passport", "(Caspian)"), never the
      place of issue: a consulate abroad issues its own state's passports.
    - `note` keeps the words of each document whenever they say more than its number.
    - A piece without a number ("Issued 1993") gives no document.
    """
    return _papers(text, default) if len(text) <= LONGEST_CELL else ()


@lru_cache(maxsize=1024)
def _papers(text: str, default: str | None) -> tuple[Document, ...]:
    """Return what `papers` does, of a text of bounded length."""
    pieces = [part for piece in numbered(text) for part in _NEXT_NUMBER.split(piece)]
    found = [document for piece in pieces if (document := _paper(clean(piece), default))]
    return tuple(found)


def _paper(piece: str, default: str | None) -> Document | None:
    """Return the document of one piece, or None when the piece has no number."""
    head, remarks = _split(_GLUED_LABEL.sub(r"\1 ", piece))
    number, words = _number_of(head)
    if not number or _NO_NUMBER.fullmatch(number):
        return None
    return Document(
        number=number,
        issuer=mentioned(words) or _issuer_in_brackets(remarks),
        type=kind_of_paper(f"{head} {remarks}", default),
        status=status_of_paper(remarks),
        issued_on=_day(_ISSUED, remarks),
        expires_on=_day(_EXPIRES, remarks),
        note=piece if piece != number else None,
    )


def _split(piece: str) -> tuple[str, str]:
    """Split a piece where the number with its labels ends and remarks begin."""
    digit = _DIGIT.search(piece)
    found = _REMARKS.search(piece, digit.end()) if digit else None
    return (piece[: found.start()], piece[found.start() :]) if found else (piece, "")


def _number_of(head: str) -> tuple[str, str]:
    """Return the number in a head ("Arvandi passport no AB 12345") and the words around it.

    A short group of capitals right before digits is a series and belongs to the number, and so do
    several groups of digits ("8208 No. 710026" is one Russian number).
    """
    number: list[str] = []
    words: list[str] = []
    tokens = head.split()
    for position, token in enumerate(tokens):
        following = tokens[position + 1] if position + 1 < len(tokens) else ""
        if any(character.isdigit() for character in token):
            number.append(token.strip(".,;:()[]#"))
        elif _LABEL.fullmatch(token.strip(",:")):
            continue
        elif _SERIES.fullmatch(token) and following[:1].isdigit():
            number.append(token)
        else:
            words.append(token)
    return " ".join(number), " ".join(words)


def _issuer_in_brackets(remarks: str) -> str | None:
    """Return the state that the first brackets name, unless they speak of a place or a date."""
    for inside in re.findall(r"\(([^()]*)\)?", remarks):
        if code := mentioned(_PLACE_OR_DATE.sub("", inside)):
            return code
    return None


def kind_of_paper(text: str, default: str | None = None) -> str | None:
    """Return the ICAO document code that the words of a list mean (`P`, `I`, `V`), or None."""
    for pattern, code in _KINDS:
        if pattern.search(text):
            return code
    return default


def status_of_paper(text: str) -> str | None:
    """Return the document status that a remark states, or None."""
    return next((status for pattern, status in _STATUSES if pattern.search(text)), None)


def dates_of_paper(text: str) -> tuple[str | None, str | None]:
    """Return the dates of issue and expiry that a remark states, as EDTF text."""
    return _day(_ISSUED, text), _day(_EXPIRES, text)


def _day(pattern: re.Pattern[str], text: str) -> str | None:
    """Return the first date that the pattern finds, as EDTF text."""
    found = pattern.search(text)
    return (edtf(found.group(1)) or None) if found else None
