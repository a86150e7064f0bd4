"""One check: ask the snapshot everything that a question may mean, and say what that amounts to.

    question ── zones, repairs, typed parts ──> asked ── snapshot ──> matches ──> answer

The machine answers POSSIBLE MATCH, NO MATCH or UNKNOWN. It never decides about a person: a match is
not a hit, and a hit is not a decision (PR-26).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from didban.errors import InvalidInput
from didban.match.features import is_readable, is_searchable, is_whole
from didban.match.modes import Mode
from didban.match.query import query_from_record
from didban.screening.question import Asked, Question, date_notes, record_of, ship_of
from didban.screening.results import DIGITS
from didban.screening.zones import asked_of_zones, read_zones

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from didban.match.query import Query
    from didban.match.search import Match
    from didban.model.records import Record
    from didban.screening.freshness import Freshness


class Listed(Protocol):
    """What can be searched: a snapshot, or a bank's index as it is open to somebody."""

    def match(
        self,
        query: Query,
        *,
        limit: int = 5,
        threshold: float = 0.0,
        mode: Mode = Mode.BALANCED,
    ) -> list[Match]:
        """Return what `Snapshot.match` does."""


_ALL = 1_000  # more than the candidates that any mode scores for one person


class Verdict(StrEnum):
    """What a check amounts to."""

    POSSIBLE_MATCH = "possible_match"
    NO_MATCH = "no_match"
    UNKNOWN = "unknown"  # the data is too old to say (PR-43)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One result, and which of the asked records found it best."""

    match: Match
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Depth:
    """How far to look: the mode decides what counts as a match, the others what is shown.

    - `limit`: the most results.
    - `threshold`: results below this score are not shown; None means the mode's own threshold.

    Raises `InvalidInput` for a limit or threshold with which nothing could ever be found.
    """

    mode: Mode
    limit: int = 5
    threshold: float | None = None

    def __post_init__(self) -> None:
        if self.limit < 1:
            raise InvalidInput(f"a limit is 1 or more, not {self.limit}")
        if self.threshold is not None and not 0.0 <= self.threshold <= 1.0:
            raise InvalidInput(f"a threshold is a number from 0 to 1, not {self.threshold}")

    @property
    def shown_from(self) -> float:
        """The lowest score that is shown."""
        return self.mode.threshold if self.threshold is None else self.threshold

    @property
    def searched_from(self) -> float:
        """The lowest score to ask the snapshot for: what is hidden must still be counted."""
        return min(self.shown_from, self.mode.threshold)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer to one check. `found` is by falling score, then id."""

    verdict: Verdict
    freshness: Freshness
    depth: Depth
    asked: tuple[Asked, ...]
    found: tuple[Found, ...]

    @property
    def matches(self) -> tuple[Match, ...]:
        """The results alone."""
        return tuple(found.match for found in self.found)


def ask(listed: Listed, asked: Sequence[Asked], depth: Depth, freshness: Freshness) -> Answer:
    """Look for every asked record and return one answer; a record found twice is shown once.

    An expired snapshot answers UNKNOWN whatever it found: what it lacks, a newer one may have, and
    what it has may have been withdrawn.
    """
    best: dict[str, Found] = {}
    for one in asked:
        query = query_from_record(one.record)
        for match in listed.match(
            query, limit=depth.limit, threshold=depth.searched_from, mode=depth.mode
        ):
            known = best.get(match.id)
            if known is None or match.score > known.match.score:
                best[match.id] = Found(match=match, origin=one.origin)
    ranked = sorted(best.values(), key=lambda f: (-round(f.match.score, DIGITS), f.match.id))
    if freshness.is_expired:
        verdict = Verdict.UNKNOWN
    elif any(found.match.match for found in ranked):
        verdict = Verdict.POSSIBLE_MATCH
    else:
        verdict = Verdict.NO_MATCH
    shown = [found for found in ranked if found.match.score >= depth.shown_from]
    return Answer(
        verdict=verdict,
        freshness=freshness,
        depth=depth,
        asked=tuple(asked),
        found=tuple(shown[: depth.limit]),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Below:
    """What lies below the mode's threshold: how many candidates, and the score of the nearest."""

    count: int = 0
    nearest: float = 0.0


def look_below(listed: Listed, answer: Answer) -> Below:
    """Look again for what an answer asked, and return what did not reach the threshold.

    A second search, for who reads one answer: "no match" does not mean that nobody is like it.
    """
    scores: dict[str, float] = {}
    for one in answer.asked:
        query = query_from_record(one.record)
        for match in listed.match(query, limit=_ALL, mode=answer.depth.mode):
            scores[match.id] = max(match.score, scores.get(match.id, 0.0))
    below = [score for score in scores.values() if score < answer.depth.mode.threshold]
    return Below(count=len(below), nearest=max(below, default=0.0))


def asked_of(question: Question, reference_date: date) -> list[Asked]:
    """Return every record that a question asks for: typed parts and zones, repairs last.

    One zone and typed parts are about one person: what was typed joins what is printed. Several
    zones may be several people, so that each stands alone then.

    Raises `InvalidInput` when nothing is asked, a part cannot be read, or a zone is empty: that
    nothing was found by it would look like an all-clear.
    """
    found = read_zones(question.mrzs, reference_date) if question.mrzs else ()
    asked = list(asked_of_zones(found, reference_date))
    typed = record_of(question)
    if not question.is_typed and not asked:
        raise InvalidInput("nothing to look for: give a name, a document or a zone")
    if len(found) > 1 and typed.properties and not question.is_typed:
        raise InvalidInput("which of several zones is a birth date, nationality or sex about?")
    if len(found) == 1:
        asked = [replace(one, record=_joined(one.record, typed)) for one in asked]
    elif question.is_typed:
        asked.insert(0, Asked(origin="typed", record=typed))
        if ship := ship_of(question, typed):
            asked.insert(1, Asked(origin="typed, as an IMO number", record=ship))
    notes = (
        *asked[0].notes,
        *_not_searched(typed),
        *date_notes(question),
        *_not_plausible(typed, reference_date),
    )
    asked[0] = replace(asked[0], notes=notes)
    for one in asked:
        if not is_searchable(one.record):
            raise InvalidInput(f"{one.origin}: nothing can be looked for: {'; '.join(one.notes)}")
    return asked


def _not_searched(typed: Record) -> Iterator[str]:
    """Yield what was typed and cannot be looked for, in words."""
    for name in typed.values("name"):
        if not is_readable(name):
            yield "a name holds no letter, so it was not searched"
    for document in typed.documents:
        if not is_whole(document):
            yield "a document's number is too short, so it was not searched"


def _not_plausible(typed: Record, reference_date: date) -> Iterator[str]:
    """Yield what was typed and can hardly be meant: it speaks against whoever is listed."""
    for born in typed.values("birthDate"):
        if born > reference_date.isoformat():
            yield f"the birth date {born} lies in the future"


def _joined(printed: Record, typed: Record) -> Record:
    """Return the printed record with what was typed beside it."""
    names = dict.fromkeys((*typed.properties, *printed.properties))
    properties = {
        name: tuple(
            dict.fromkeys((*printed.properties.get(name, ()), *typed.properties.get(name, ())))
        )
        for name in names
    }
    return replace(printed, properties=properties, documents=printed.documents + typed.documents)
