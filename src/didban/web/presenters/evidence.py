"""What the evidence of a match says, in the officer's language: value against value.

The matcher keeps its findings in English words (`match.evidence`, `match.names`, `match.dates`).
`SAID` has every one of them, as a pattern and the sentence that officers read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from babel.lists import format_list
from markupsafe import Markup

from didban.match.evidence.name_order import name_order
from didban.match.evidence.particulars import birth_date, country, describe, document, sex
from didban.match.evidence.places import birth_place
from didban.match.features import features_of
from didban.model.folding import fold
from didban.model.records import Record
from didban.web.i18n import N_
from didban.web.presenters import papers
from didban.web.rendering import code, data, name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from didban.match.evidence.particulars import Explanation
    from didban.model.casework import Evidence
    from didban.web.i18n.speech import Speech

_AGREES: Final = 0.95  # from this similarity on, two values are the same but for spelling


class Finding(StrEnum):
    """What two values have in common, in one word."""

    AGREES = "agrees"
    CLOSE = "close"
    DIFFERS = "differs"
    MISSING = "missing"
    NOT_WEIGHED = "not_weighed"  # both sides say something; only a person has compared it


TONES: Final[Mapping[Finding, str]] = {
    Finding.AGREES: "good",
    Finding.CLOSE: "warn",
    Finding.DIFFERS: "stop",
    Finding.MISSING: "quiet",
    Finding.NOT_WEIGHED: "open",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One row of the comparison.

    - `feature`: a code of the kind `Feature`; `is_seen`: the reader acknowledged it.
    - `asked`, `listed`: the two values as they are shown; empty where that side says nothing.
    - `words`: the findings as sentences; `is_judged`: the match weighed it, so it is acknowledged.
    """

    feature: str
    finding: Finding
    asked: Markup
    listed: Markup
    words: tuple[Markup, ...]
    is_judged: bool
    is_seen: bool

    @property
    def tone(self) -> str:
        """How the tag of the finding looks."""
        return TONES[self.finding]


SAID: Final[Mapping[str, str]] = {
    r"(?P<a>.+) is the same": N_("%(a)s is the same."),
    r"(?P<a>.+) = (?P<b>.+)": N_("%(a)s is another spelling of %(b)s."),
    r"(?P<a>.+) sounds like (?P<b>.+)": N_("%(a)s sounds like %(b)s."),
    r"(?P<a>.+) is similar to (?P<b>.+)": N_("%(a)s is similar to %(b)s."),
    r"(?P<a>.+) and (?P<b>.+): initials agree": N_("%(a)s and %(b)s: the initials agree."),
    r"(?P<a>.+) and (?P<b>.+) are forms of one name": N_("%(a)s and %(b)s are forms of one name."),
    r"(?P<a>.+) and (?P<b>.+): one is the beginning of the other": N_(
        "Of %(a)s and %(b)s, one is the beginning of the other."
    ),
    r"(?P<a>.+) and (?P<b>.+): one may be the other mistyped": N_(
        "Of %(a)s and %(b)s, one may be the other mistyped."
    ),
    r"only in the query: (?P<a>.+)": N_("Only in what was checked: %(a)s"),
    r"only in the list: (?P<a>.+)": N_("Only in the record: %(a)s"),
    r"both tell the same father": N_("Both tell the same father."),
    r"whose son is whose is the other way round": N_("Whose son is whose is the other way round."),
    r"given and family name the other way round": N_(
        "The given name of one is the family name of the other."
    ),
    r"the list calls this a weak alias": N_("The record calls this a weak alias."),
    r"another legal form: (?P<a>.+), (?P<b>.+)": N_("Another legal form: %(a)s, %(b)s"),
    r"(?P<a>.+) are initials of (?P<b>.+)": N_("%(a)s are the initials of %(b)s."),
    r"same date": N_("The same date."),
    r"same date, but 1 January often means unknown": N_(
        "The same date, but 1 January often means that the day is not known."
    ),
    r"same year and month; day not known": N_("The same year and month; the day is not known."),
    r"day and month swapped": N_("Day and month are swapped."),
    r"same year; month or day not known": N_("The same year; month or day is not known."),
    r"one digit differs": N_("One digit differs."),
    r"within the range of years": N_("Within the range of years."),
    r"year not known": N_("The year is not known."),
    r"same year, other day": N_("The same year, another day."),
    r"one year apart": N_("One year apart."),
    r"a few years apart": N_("A few years apart."),
    r"many years apart": N_("Many years apart."),
    r"(?P<a>.+) read as Solar Hijri": N_("%(a)s was read as a date of the Solar Hijri calendar."),
    r"(?P<a>.+) read as Islamic": N_("%(a)s was read as a date of the Islamic calendar."),
    r"(?P<a>.+) read as Hijri": N_("%(a)s may be of the Solar Hijri or the Islamic calendar."),
    r"a place in common": N_("They name the same place."),
    r"no place in common": N_("They do not name the same place."),
    r"same": N_("The same."),
    r"different": N_("Different."),
    r"in common: (?P<states>.+)": N_("In common: %(states)s"),
    r"none in common": N_("No state in common."),
    r"same number, same issuing state": N_("The same number, the same issuing state."),
    r"same number": N_("The same number."),
    r"who asks states no issuing state": N_("Who asks states no issuing state."),
    r"the list states no issuing state": N_("The record states no issuing state."),
    r"neither side states the issuing state": N_("Neither side states the issuing state."),
    r"same number after letters that readers confuse; same issuing state": N_(
        "The same number once letters that scanners confuse are set aside; the same issuing state."
    ),
    r"same number after letters that readers confuse": N_(
        "The same number once letters that scanners confuse are set aside."
    ),
    r"same number, but of another issuing state": N_(
        "The same number, but of another issuing state."
    ),
    r"same number, same register": N_("The same number of the same register."),
    r"same number after letters that readers confuse; same register": N_(
        "The same number of a register once letters that scanners confuse are set aside."
    ),
    r"another number of the same register": N_("Another number of the same register."),
    r"within a range": N_("It lies within a range of numbers that the record names."),
    r"recorded as (?P<status>.+)": N_("The record has it as: %(status)s"),
}
"""Pattern of a finding -> what officers read. No finding holds another whole: the first one fits."""

_WHOLE: Final = frozenset(SAID) & {
    "same year and month; day not known",
    "same year; month or day not known",
    "same number after letters that readers confuse; same issuing state",
    "same number after letters that readers confuse; same register",
}
"""Findings with a semicolon in them, which otherwise stands between two findings."""


def compared(speech: Speech, evidence: Sequence[Evidence], unseen: Iterable[str]) -> list[Compared]:
    """Return what the match compared, in the order in which it weighs for an officer."""
    left = set(unseen)
    shown = {piece.feature: piece for piece in evidence}
    return [
        Compared(
            feature=feature,
            finding=found(shown[feature]),
            asked=value_of(speech, feature, shown[feature].asked),
            listed=value_of(speech, feature, shown[feature].listed),
            words=said(speech, shown[feature]),
            is_judged=True,
            is_seen=feature not in left,
        )
        for feature in sorted(shown, key=_place)
    ]


def beside(
    speech: Speech, asked: Record | None, identity: Mapping[str, Any], known: Iterable[str]
) -> list[Compared]:
    """Return the comparison of what no match weighed: each value by what it is, not how it is written.

    - `identity`: of the record, as `guard.fields` shows it; `known`: features that are shown already.
    """
    if asked is None:
        return []
    record, done = _record_of(identity), set(known)
    rows = [_row(speech, each, asked, record) for each in _ORDER if each not in done]
    return [row for row in rows if row is not None]


def _record_of(identity: Mapping[str, Any]) -> Record:
    named = {name: tuple(values) for name, values in identity.get("properties", {}).items()}
    shown = tuple(papers.paper_of(one) for one in identity.get("documents", ()))
    return Record(id="shown", schema="Person", properties=named, documents=shown)


def _row(speech: Speech, feature: str, asked: Record, record: Record) -> Compared | None:
    ours, theirs = _texts(feature, asked), _texts(feature, record)
    if feature == "country" and ours and not theirs:
        theirs = _issuers(record)
    if not (ours or theirs):
        return None
    weighed = None
    if feature in _WEIGHED:
        pair = (features_of(one, with_names=False) for one in (asked, record))
        weighed = _WEIGHED[feature](*pair)
    return Compared(
        feature=feature,
        finding=found(weighed) if weighed else _at_sight(ours, theirs),
        asked=_values(speech, feature, ours),
        listed=_values(speech, feature, theirs),
        words=said(speech, weighed) if weighed else (),
        is_judged=False,
        is_seen=True,
    )


def _texts(feature: str, record: Record) -> tuple[str, ...]:
    if feature == "document":
        return tuple(describe(paper) for paper in record.documents)
    return tuple(dict.fromkeys(record.values(*_SAID_BY[feature])))


def _issuers(record: Record) -> tuple[str, ...]:
    """Return the states of a record that says no other: a paper is of the state that issued it."""
    return tuple(dict.fromkeys(paper.issuer for paper in record.documents if paper.issuer))


def _at_sight(ours: Iterable[str], theirs: Iterable[str]) -> Finding:
    """Return what two sides have in common that cannot be weighed."""
    one, other = ({fold(value) for value in side} for side in (ours, theirs))
    if not (one and other):
        return Finding.MISSING
    return Finding.NOT_WEIGHED if one.isdisjoint(other) else Finding.AGREES


def found(piece: Evidence | Explanation) -> Finding:
    """Return in one word what a feature says: for, nearly so, or against."""
    if piece.weight <= 0:
        return Finding.DIFFERS
    return Finding.AGREES if piece.similarity >= _AGREES else Finding.CLOSE


def said(speech: Speech, piece: Evidence | Explanation) -> tuple[Markup, ...]:
    """Return what a feature found, as sentences; a finding without a pattern stands as it is."""
    return tuple(_sentence(speech, finding) for finding in _findings(piece.detail))


def score_words(score: float) -> str:
    """Return what a score means. It says how well values agree, never who somebody is."""
    steps = (
        (0.98, N_("Almost every value that could be compared agrees.")),
        (0.9, N_("The values agree well; what differs is common among spellings of one name.")),
        (0.7, N_("The values agree in part; as many people would fit as not.")),
    )
    least = N_("Little agrees: this is shown so that nothing is missed.")
    return next((words for from_, words in steps if score >= from_), least)


def in_short(speech: Speech, evidence: Sequence[Evidence]) -> list[tuple[Finding, str]]:
    """Return which features agree, are close, and differ: each finding with their names."""
    by_finding: dict[Finding, list[str]] = {}
    for piece in sorted(evidence, key=lambda piece: _place(piece.feature)):
        by_finding.setdefault(found(piece), []).append(speech.term(piece.feature, "Feature"))
    return [
        (finding, format_list(by_finding[finding], locale=speech.locale))
        for finding in Finding
        if finding in by_finding
    ]


def value_of(speech: Speech, feature: str, text: str) -> Markup:
    """Return one side's value as it is shown: names twice, numbers as codes, states by name."""
    if not text:
        return Markup()
    if feature == "name":
        return name(text)
    if feature == "country":
        return _listed(speech, [data(speech.country(each.strip())) for each in text.split(",")])
    if feature == "document":
        return papers.in_words(speech, papers.read_key(text))
    if feature == "sex":
        return _listed(speech, [data(speech.term(each.strip(), "Sex")) for each in text.split(",")])
    return data(text) if feature in {"birth_place", "name_order"} else code(text)


_COMMA: Final[Mapping[str, str]] = {"fa": "، ", "ar": "، "}
_ORDER: Final = ("document", "name", "birth_date", "sex", "country", "birth_place", "name_order")
_WEIGHED: Final = {
    "document": document,
    "birth_date": birth_date,
    "sex": sex,
    "country": country,
    "birth_place": birth_place,
    "name_order": name_order,
}
_SAID_BY: Final[Mapping[str, tuple[str, ...]]] = {
    "name": ("name",),
    "birth_date": ("birthDate",),
    "sex": ("gender",),
    "country": ("nationality", "citizenship", "country"),
    "birth_place": ("birthPlace",),
    "name_order": (),
}


def _place(feature: str) -> tuple[int, str]:
    return (_ORDER.index(feature) if feature in _ORDER else len(_ORDER), feature)


def _findings(detail: str) -> list[str]:
    """Return the findings that a detail joins with semicolons."""
    rest, found_ = detail, []
    while rest:
        whole = next((each for each in _WHOLE if rest.startswith(each)), None)
        one = whole or rest.partition("; ")[0]
        found_.append(one)
        rest = rest[len(one) :].removeprefix("; ")
    return found_


def _sentence(speech: Speech, finding: str) -> Markup:
    for pattern, words in SAID.items():
        if fits := re.fullmatch(pattern, finding):
            parts = {key: _part(speech, key, value) for key, value in fits.groupdict().items()}
            return Markup(speech.gettext(words)) % parts if parts else Markup(speech.gettext(words))  # noqa: S704 - a text of the catalogues
    return data(finding)


def _part(speech: Speech, key: str, value: str) -> Markup:
    if key == "states":
        return value_of(speech, "country", value)
    if key == "status":
        return data(speech.term(value.replace(" ", "_"), "DocumentStatus"))
    return data(value)


def _values(speech: Speech, feature: str, values: Iterable[str]) -> Markup:
    return _listed(speech, [value_of(speech, feature, value) for value in values])


def _listed(speech: Speech, values: Sequence[Markup]) -> Markup:
    """Return values one after the other, as the language sets them apart."""
    comma = Markup(_COMMA.get(speech.look.language, ", "))  # noqa: S704 - of ours
    return comma.join(values)
