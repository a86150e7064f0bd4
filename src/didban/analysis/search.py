"""Searches over the bank: by words, by what is written in fields, and by names of any script.

Every search carries the asker's purpose and case and leaves an entry that says what kind of thing
was asked for and how much was found, never what (PR-01, PR-37). Looking around, by wildcard or
without anything that narrows, is a supervisor's right (PR-04).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from didban import clock
from didban.errors import InvalidInput, Unavailable
from didban.guard import access, audit, fields, limits, lookups
from didban.match.modes import Mode
from didban.match.query import query_from_record
from didban.model.bank import standing
from didban.model.countries import country_by_code
from didban.model.deeds import Deed
from didban.model.documents import Document
from didban.model.permissions import Permission
from didban.model.records import Record
from didban.model.schemata import schema
from didban.store import search as store

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from didban.guard.secrets import Secrets
    from didban.match.query import Query
    from didban.match.search import Match
    from didban.model.actors import Actor
    from didban.model.bank import BankRecord
    from didban.model.searches import Search
    from didban.screening.live import LiveIndex
    from didban.settings import Access
    from didban.store.database import Transaction
    from didban.store.search import Sight


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What searches go by: the index of names and numbers, and how much one may ask."""

    index: LiveIndex | None
    secrets: Secrets
    access: Access


MOST_BY_INDEX: Final = 200
"""Records that a name or number may stand for; who is further away is not shown."""

_NO_SCORE: Final = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A record that a search found.

    - `position`: where the next page begins.
    - `shown`: what the asker sees in this first step, or None where no more may be told than that
      it exists (PR-03).
    """

    id: str
    owner: str
    position: int
    shown: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many records meet a search: in all, and by each value of each facet."""

    total: int
    facets: Mapping[str, Mapping[str, int]]


def find(
    tx: Transaction,
    actor: Actor,
    means: Means,
    asked: Search,
    *,
    after: int | None = None,
    limit: int,
) -> list[Found]:
    """Return the records that meet a search: the newest first, by name the most alike.

    Raises NotPermitted for looking around; LimitReached; InvalidInput for a schema or country that
    is none; Unavailable where a name is asked for and the index is not here.
    """
    access.require(actor, Permission.BANK_SEARCH_ASK)
    sight = store.sight_of(tx, actor)
    among = admitted(tx, actor, means, asked, sight)
    rows = store.found(tx, asked, sight, among=among, after=after, limit=limit)
    limits.count_results(tx, actor, means.access, records=len(rows))
    _enter(tx, actor, Deed.SEARCH_MADE, asked, len(rows))
    return [
        Found(
            id=record.id,
            owner=record.owner,
            position=number,
            shown=first_step(record, actor) if record.visibility_number in sight.told else None,
        )
        for number, record in rows
    ]


def first_step(record: BankRecord, actor: Actor) -> dict[str, Any]:
    """Return what an answer shows of a record before its reader opens it for a reason."""
    return fields.shown(record, standing(record, clock.today()), actor, among=fields.FIRST_STEP)


def count(tx: Transaction, actor: Actor, means: Means, asked: Search) -> Counts:
    """Return how many records meet a search, of those that more is told of than that they exist.

    Raises as `find`.
    """
    access.require(actor, Permission.BANK_SEARCH_ASK)
    sight = store.sight_of(tx, actor)
    among = admitted(tx, actor, means, asked, sight)
    facets: dict[str, Counter[str]] = {name: Counter() for name in store.FACETS}
    total = 0
    for values, number in store.counted(tx, asked, sight, among=among):
        total += number
        for name, value in values.items():
            facets[name][value] += number
    _enter(tx, actor, Deed.SEARCH_COUNTED, asked, total)
    return Counts(total=total, facets={name: dict(facet) for name, facet in facets.items()})


def _enter(tx: Transaction, actor: Actor, deed: Deed, asked: Search, found: int) -> None:
    audit.enter(tx, actor, deed, facts={"by": ",".join(asked.criteria), "found": found})


def admitted(
    tx: Transaction, actor: Actor, means: Means, asked: Search, sight: Sight
) -> Sequence[str] | None:
    """Return the records that the index finds, or None where it is not asked for any.

    Before that, the search is counted and held against the limits. Raises as `find`.
    """
    if not asked.criteria:
        raise InvalidInput("a search asks for something: no criterion is given")
    if asked.is_browsing:
        limits.require_wildcard(actor)
    limits.count_search(tx, actor, means.access)
    if asked.schema and schema(asked.schema) is None:
        raise InvalidInput("schema: the vocabulary has no kind of thing of this name")
    if asked.country and country_by_code(asked.country) != asked.country:
        raise InvalidInput("country: two letters in lower case, or a code of ICAO or private use")
    if asked.name:
        lookups.note(tx, actor, lookups.key_of(means.secrets, [asked.name], None), means.access)
    return _by_index(means.index, asked, sight)


def _by_index(index: LiveIndex | None, asked: Search, sight: Sight) -> Sequence[str] | None:
    if not (asked.name or asked.document_number):
        return None
    if index is None:
        raise Unavailable("the index of names and numbers is not here yet")
    query = query_from_record(_described(asked))
    meant = index.match(
        query,
        open_to=sight.open_to,
        limit=MOST_BY_INDEX,
        threshold=Mode.THOROUGH.threshold,
        mode=Mode.THOROUGH,
    )
    bearers = _bearers(index, query, sight) if is_one_word(asked.name) else []
    return list(dict.fromkeys(match.id for match in (*meant, *bearers)))


def is_one_word(name: str) -> bool:
    """Return whether a name is one word, which many share: it seldom says who is meant."""
    return len(name.split()) == 1


def _bearers(index: LiveIndex, query: Query, sight: Sight) -> list[Match]:
    """Return the records with a name in which the one word that was asked for stands, or one like it.

    Whom so little names is no identity, for which hit or no hit is answered (PR-03): they are looked
    for where words are, among the records that are told of.
    """
    matches = index.match(
        query,
        open_to=sight.told,
        limit=MOST_BY_INDEX,
        threshold=_NO_SCORE,
        mode=Mode.THOROUGH,
    )
    named = ((match, match.explanations.get("name")) for match in matches)
    return [match for match, name in named if name is not None and name.weight > 0]


def _described(asked: Search) -> Record:
    """Return what is asked for as a record would describe it."""
    number = asked.document_number
    return Record(
        id="search",
        schema=asked.schema or "Thing",
        properties={"name": (asked.name,)} if asked.name else {},
        documents=(Document(number=number),) if number else (),
    )
