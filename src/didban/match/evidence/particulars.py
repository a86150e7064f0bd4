"""Evidence for and against two descriptions being of one person or thing, feature by feature.

Each function returns None when a side says nothing about the feature: unknown is not different.
The docstrings' first lines are shown to officers as the meaning of a feature.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from didban.match.documents import Agreement, compare, normal
from didban.match.evidence import parameters as p
from didban.match.evidence.dates import compare_dates
from didban.match.kinds import Kind
from didban.model.countries import same_state
from didban.model.dates import CALENDARS
from didban.model.identifiers import ONE_FOR_LIFE, REGISTERS, is_sound

if TYPE_CHECKING:
    from collections.abc import Iterator

    from didban.match.features import Features
    from didban.model.dates import PartialDate
    from didban.model.documents import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What one feature says.

    - `query`, `candidate`: the two values compared, as their sources write them.
    - `similarity`: 0.0 .. 1.0.
    - `weight`: natural log-odds; the prior and all weights add up to the logit of the score.
    - `detail`: the finding in words.
    """

    query: str
    candidate: str
    similarity: float
    weight: float
    detail: str


def birth_date(query: Features, candidate: Features) -> Explanation | None:
    """Birth dates, of any precision; the pair that agrees best counts."""
    best: Explanation | None = None
    for asked in query.birth_dates:
        for listed in candidate.birth_dates:
            weight, finding = compare_dates(asked, listed)
            if best is None or weight > best.weight:
                best = Explanation(
                    query=str(asked),
                    candidate=str(listed),
                    similarity=finding.similarity,
                    weight=weight,
                    detail="; ".join([finding.words, *_calendars(asked, listed)]),
                )
    return best


def _calendars(*dates: PartialDate) -> Iterator[str]:
    """Yield what has to be said of dates that were not written in the Gregorian calendar."""
    for date in dates:
        if date.raw and (calendar := CALENDARS.get(date.calendar)):
            yield f"{date.raw} read as {calendar}"


def sex(query: Features, candidate: Features) -> Explanation | None:
    """Sex, where both sides state one of male and female."""
    asked, listed = query.sexes - {"other"}, candidate.sexes - {"other"}
    if not asked or not listed:
        return None
    same = bool(asked & listed)
    return Explanation(
        query=", ".join(sorted(asked)),
        candidate=", ".join(sorted(listed)),
        similarity=float(same),
        weight=p.SAME_SEX if same else p.OTHER_SEX,
        detail="same" if same else "different",
    )


def country(query: Features, candidate: Features) -> Explanation | None:
    """Nationalities, citizenships and countries of birth taken together."""
    if not query.countries or not candidate.countries:
        return None
    shared = [
        code for code in query.countries if any(same_state(code, c) for c in candidate.countries)
    ]
    return Explanation(
        query=", ".join(query.countries),
        candidate=", ".join(candidate.countries),
        similarity=float(bool(shared)),
        weight=p.SAME_COUNTRY if shared else p.OTHER_COUNTRY,
        detail=f"in common: {', '.join(shared)}" if shared else "none in common",
    )


_DOCUMENT_WORDS = {
    Agreement.SAME: (1.0, "same number, same issuing state"),
    Agreement.SAME_NO_ISSUER: (0.9, "same number"),
    Agreement.CONFUSABLE: (
        0.8,
        "same number after letters that readers confuse; same issuing state",
    ),
    Agreement.CONFUSABLE_NO_ISSUER: (0.6, "same number after letters that readers confuse"),
    Agreement.OTHER_ISSUER: (0.3, "same number, but of another issuing state"),
}

_UNSTATED: Final = {
    (False, False): "",
    (True, False): "; who asks states no issuing state",
    (False, True): "; the list states no issuing state",
    (True, True): "; neither side states the issuing state",
}
"""What is said where (who asks, the list) does not state who issued a document."""

_REGISTERS: Final = frozenset(REGISTERS.values())


def document(query: Features, candidate: Features) -> Explanation | None:
    """Document numbers with their issuing states; different ones speak only of one register."""
    best: tuple[Agreement, Document, Document] | None = None
    for asked in query.documents:
        for listed in candidate.documents:
            agreement = compare(asked, listed)
            if agreement and (best is None or agreement > best[0]):
                best = (agreement, asked, listed)
    if best is None:
        return _other_number(query, candidate)
    agreement, asked, listed = best
    similarity, detail = _DOCUMENT_WORDS[agreement]
    if asked.type == listed.type and asked.type in _REGISTERS:
        detail = detail.replace("issuing state", "register")
    elif {asked.type, listed.type}.isdisjoint(_REGISTERS):  # no state issues those
        detail += _UNSTATED[asked.issuer is None, listed.issuer is None]
    if listed.number_to is not None:
        detail += "; within a range"
    if listed.status is not None:
        detail += f"; recorded as {listed.status.replace('_', ' ')}"
    return Explanation(
        query=describe(asked),
        candidate=describe(listed),
        similarity=similarity,
        weight=p.DOCUMENTS[agreement],
        detail=detail,
    )


def _other_number(query: Features, candidate: Features) -> Explanation | None:
    """Two sound numbers of a register in which a thing has one for life: a ship keeps its IMO number.

    Of persons nothing is said: they have several papers, and papers of others.
    """
    if Kind.PERSON in (query.kind, candidate.kind):
        return None
    for asked in query.documents:
        for listed in candidate.documents:
            if asked.type == listed.type and asked.type in ONE_FOR_LIFE:
                both = (normal(asked.number), normal(listed.number))
                if all(is_sound(asked.type, number) for number in both):
                    return Explanation(
                        query=describe(asked),
                        candidate=describe(listed),
                        similarity=0.0,
                        weight=p.OTHER_NUMBER,
                        detail="another number of the same register",
                    )
    return None


def describe(paper: Document) -> str:
    """Return a document as `ISSUER:TYPE:NUMBER`, as the command line takes it."""
    number = paper.number if paper.number_to is None else f"{paper.number}..{paper.number_to}"
    return f"{(paper.issuer or '').upper()}:{paper.type or ''}:{number}"
