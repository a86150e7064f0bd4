"""The answer to a check as the first line reads it: one large line, and what is odd, in words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from didban.casework import hits
from didban.errors import InvalidInput
from didban.match.documents import in_range, normal
from didban.model.alerts import ACTING_STATUSES
from didban.model.documents import Document
from didban.model.permissions import Permission
from didban.screening import question
from didban.screening.check import Verdict
from didban.screening.question import Question
from didban.screening.zones import read_zones
from didban.web.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import date

    from didban.model.casework import Hit
    from didban.model.checks import KeptCheck
    from didban.model.records import Record
    from didban.screening.bank_check import BankAnswer, Sight
    from didban.web.desk import Desk
    from didban.web.forms import Form

_ZONE_LINE: Final = 28  # characters: no document's number is as long, every line of a zone is
_MAX_NAMES: Final = 10


class Head(StrEnum):
    """The one large line."""

    NO_MATCH = "no_match"
    POSSIBLE_MATCH = "possible_match"
    DOCUMENT_REPORTED = "document_reported"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What is odd about what was asked: a text of the catalogue, and what stands in its gaps."""

    text: str
    values: Mapping[str, str]


def head_of(answer: BankAnswer) -> Head:
    """Return the one large line.

    - A document counts as reported where its very number is: what resembles it is a possible match.
    - What was found is told whatever the age of the data; that nothing was found is not (PR-43).
    """
    numbers = [paper for one in answer.asked for paper in one.record.documents]
    if any(_is_reported(sight, numbers) for sight in answer.matches):
        return Head.DOCUMENT_REPORTED
    if answer.matches:
        return Head.POSSIBLE_MATCH
    return Head.UNKNOWN if answer.verdict is Verdict.UNKNOWN else Head.NO_MATCH


def in_order(answer: BankAnswer) -> list[Sight]:
    """Return the matches as they matter here: the reported document, what asks for action, others."""
    numbers = [paper for one in answer.asked for paper in one.record.documents]
    return sorted(
        answer.matches, key=lambda one: (not _is_reported(one, numbers), one.action is None)
    )


def became(desk: Desk, checks: Collection[KeptCheck]) -> dict[str, list[Hit]]:
    """Return what was taken up of what checks found, by check; nothing for who may not take up."""
    if not checks or not desk.may(Permission.CASEWORK_HIT_TAKE_UP):
        return {}
    return hits.of_checks(desk.tx, desk.who, [check.id for check in checks])


def _is_reported(sight: Sight, asked: list[Document]) -> bool:
    status = sight.shown.get("action", {}).get("document_status")
    if sight.action is None or status not in ACTING_STATUSES:
        return False
    return any(_is_same(paper, listed) for listed in _papers(sight) for paper in asked)


def _papers(sight: Sight) -> Iterator[Document]:
    for paper in sight.shown.get("identity", {}).get("documents", ()):
        yield Document(**{name: paper.get(name) for name in ("number", "number_to", "issuer")})


def _is_same(asked: Document, listed: Document) -> bool:
    if asked.issuer and listed.issuer and asked.issuer != listed.issuer:
        return False
    if listed.number_to:
        return in_range(asked.number, listed)
    return normal(asked.number) == normal(listed.number)


def question_of(form: Form, today: date) -> Question:
    """Return what a form asks. Raises InvalidFields with what is wrong at each field."""
    scan, issuer = form.text("scan", most=2_000), form.text("issuer", most=64)
    names = form.lines("names")[:_MAX_NAMES]
    born, sex = form.text("birth_date", most=64), form.text("sex", most=20)
    nationality = form.text("nationality", most=64)
    if not scan and not names:
        form.blame("scan", N_("Scan the document, or write its number or a name."))
    zones = (scan,) if _is_zone(scan) else ()
    papers = (f"{issuer.replace(':', ' ')}::{scan}",) if scan and not zones else ()
    for field, words, read in (
        ("scan", N_("This cannot be read: scan again, or write number and state."), _zone(today)),
        (
            "issuer",
            N_("No such state: write its code, as in XAR, or its name."),
            question.read_state,
        ),
        ("birth_date", N_("Write 1970, 1970-03, 1970-03-02 or circa 1970."), question.read_date),
        (
            "nationality",
            N_("No such state: write its code, as in XAR, or its name."),
            question.read_state,
        ),
    ):
        value = form.text(field)
        if value and (field != "scan" or zones):
            try:
                read(value)
            except InvalidInput:
                form.blame(field, words)
    form.require()
    return Question(
        names=names,
        birth_date=born or None,
        nationalities=(nationality,) if nationality else (),
        sex=sex or None,
        documents=papers,
        mrzs=zones,
    )


def _zone(today: date) -> Any:
    return lambda text: read_zones((text,), today)


def _is_zone(scan: str) -> bool:
    return "<" in scan or "«" in scan or any(len(line) >= _ZONE_LINE for line in scan.split("\n"))


def asked_again(record: Record) -> dict[str, list[str]]:
    """Return the fields of a form that ask for a record once more."""
    paper = next(iter(record.documents), None)
    fields = {
        "scan": paper.number if paper else "",
        "issuer": (paper.issuer or "").upper() if paper else "",
        "names": "\n".join(record.values("name")[:_MAX_NAMES]),
        "birth_date": record.first("birthDate") or "",
        "nationality": (record.first("nationality") or "").upper(),
        "sex": record.first("gender") or "",
    }
    return {name: [value] for name, value in fields.items() if value}


_SAID: Final[Mapping[str, str]] = {
    r"check digit of the (?P<what>[\w ]+) is wrong: read (?P<read>.), expected (?P<expected>.)": N_(
        "The check digit of %(what)s is wrong: read %(read)s, expected %(expected)s."
    ),
    r"the document expired on (?P<day>\S+)": N_("The document expired on %(day)s."),
    r".* (?P<code>\S+) is on specimens only: .*": N_(
        "The code %(code)s is on specimens only: this is no travel document."
    ),
    r".* (?P<code>\S+) is no longer in use: .*": N_(
        "The code %(code)s is no longer in use: an old document, or a false one."
    ),
    r".* (?P<code>\S+) is no code that we know: .*": N_(
        "The code %(code)s is no state's: misread, or false."
    ),
    r"(?P<code>\S+) stands for a person's status.*": N_(
        "The code %(code)s says what a person is, and stands where the issuing state should."
    ),
    r"a \w+ document does not carry the code '(?P<code>.*)'": N_(
        "No document of this shape begins with %(code)s: misread, or false."
    ),
    r"the field of the .* is full: .*": N_(
        "The field of the name is full: names may be cut or missing."
    ),
    r"spaces or guillemets .*": N_("Blanks or other signs were read as <: scan again if you can."),
    r"the issuing state is empty": N_("The issuing state is empty."),
    r"the document number is empty": N_("The document number is empty."),
    r"the document number has no check digit: .*": N_(
        "The document number has no check digit: an old document, or one unlike others."
    ),
    r"the number's check digit .*": N_(
        "The check digit of the document number does not stand where it should."
    ),
    r"the name is empty": N_("The name is empty."),
    r"the name begins with fillers: .*": N_("There is no family name."),
    r"the name has digits: .*": N_("There are digits in the name: misread, or false."),
    r"fillers stand inside the name .*": N_(
        "There are gaps inside the name where none should be: misread, or false."
    ),
    r"parts of the birth date are unknown": N_("Parts of the date of birth are not known."),
    r"the birth date is no date: .*": N_(
        "The date of birth is no date: what cannot be was left out."
    ),
    r"the document does not expire, .*": N_("There is no date of expiry."),
    r"the expiry date is no date: .*": N_(
        "The date of expiry is no date: what cannot be was left out."
    ),
    r"the expiry date is in the year (?P<year>\d+)": N_(
        "The document expires in %(year)s: no document is valid for so long, or was."
    ),
    r"sex is printed X; .*": N_("The sex is printed as X."),
    r"sex is read as .*": N_("The sex cannot be read."),
    r"line \d+, column \d+: .*": N_(
        "There is a sign that no such document has: misread, or false."
    ),
    r"found \d+ lines? of .*": N_(
        "The lines are too long or too short: what they most likely say was looked for. Scan again."
    ),
    r"the birth date (?P<born>.+) was read as Solar Hijri: (?P<meant>.+)": N_(
        "The date of birth %(born)s was read as a date of the Solar Hijri calendar: %(meant)s."
    ),
    r"the birth date (?P<born>.+) was read as Islamic: (?P<meant>.+)": N_(
        "The date of birth %(born)s was read as a date of the Islamic calendar: %(meant)s."
    ),
    r"the birth date (?P<born>.+) was read as Hijri: (?P<meant>.+)": N_(
        "The date of birth %(born)s was read as a date of a Hijri calendar: %(meant)s."
    ),
    r"the birth date (?P<meant>.+) lies in the future": N_(
        "The date of birth %(meant)s lies in the future."
    ),
    r"a name holds no letter, .*": N_("A name holds no letter, so it was not looked for."),
    r"a document's number is too short, .*": N_(
        "The number of a document is too short, so it was not looked for."
    ),
}
"""Pattern of a note on what was asked -> what officers read; the first that fits."""
CHECKED: Final = {
    "document number": N_("document number"),
    "birth date": N_("date of birth"),
    "expiry date": N_("date of expiry"),
    "optional data": N_("optional data"),
    "whole zone": N_("the whole zone"),
}
"""What a check digit stands over, as a note says it -> as officers read it."""


def remarks(answer: BankAnswer) -> list[Remark]:
    """Return what is odd about what was asked; what has no words of ours stands as it is."""
    told: list[Remark] = []
    for remark in map(remark_of, answer.remarks):
        if remark not in told:
            told.append(remark)
    return told


def remark_of(text: str) -> Remark:
    """Return the remark that a note on a zone is."""
    for pattern, words in _SAID.items():
        if found := re.fullmatch(pattern, text):
            return Remark(text=words, values=found.groupdict())
    return Remark(text=text, values={})
