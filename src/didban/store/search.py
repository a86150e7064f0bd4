"""Searches over the bank, within what is open to who asks.

One index of words narrows every search; exact conditions decide.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ARRAY, Text, exists, func, literal, literal_column, select

from didban.model.actors import AuthorityKind
from didban.model.bank import FOUND
from didban.model.schemata import Kind, schemata
from didban.model.searches import WILDCARD, tells_details
from didban.store.record_rows import present, record_of
from didban.store.tables.records import authority, record, visibility
from didban.store.tables.search import WORDS
from didban.store.visibility import visibility_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from sqlalchemy import ColumnElement

    from didban.model.actors import Actor
    from didban.model.bank import BankRecord
    from didban.model.searches import Search
    from didban.store.database import Transaction


NO_ACTION: Final = "none"
FACETS: Final = {
    "schema": record.c.schema,
    "owner": record.c.owner,
    "state": record.c.state,
    "action": func.coalesce(record.c.alert["action_requested"].astext, NO_ACTION),
}
"""By what records are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What somebody may know of: numbers of visibilities.

    - `open_to`: of which they may know at all; `told`: of which a search tells more than that.
    """

    authority: str
    open_to: frozenset[int]
    told: frozenset[int]


def sight_of(tx: Transaction, actor: Actor) -> Sight:
    """Return what an actor may know of; both rules stand in the model."""
    open_to, told = set(), set()
    for row in tx.execute(select(visibility, authority.c.kind).join(authority)):
        seen_by = visibility_of(row)
        if seen_by.is_open_to(actor):
            open_to.add(row.number)
            if tells_details(seen_by, AuthorityKind(row.kind), actor):
                told.add(row.number)
    return Sight(authority=actor.authority, open_to=frozenset(open_to), told=frozenset(told))


def found(
    tx: Transaction,
    search: Search,
    sight: Sight,
    *,
    among: Sequence[str] | None = None,
    after: int | None = None,
    limit: int,
) -> list[tuple[int, BankRecord]]:
    """Return records, each with its position: those behind a position, in the order of positions.

    - `among`: identifiers that the screening index found, where a name or number is asked for. Then
      their order is that of the records; else the newest come first.
    """
    query = present().where(*_conditions(search, sight, among))
    if among is None:
        # With words to go by, the index of words must be used: walking back through all records,
        # which the planner likes for a first page, takes a minute where few of them fit.
        position = record.c.number + 0 if search.text else record.c.number
        query = query.order_by(position.desc())
        following = None if after is None else record.c.number < after
    else:
        position = func.array_position(literal(list(among), ARRAY(Text)), record.c.id)
        query = query.order_by(position)
        following = None if after is None else position > after
    if following is not None:
        query = query.where(following)
    rows = tx.execute(query.add_columns(position.label("position")).limit(limit))
    return [(row.position, record_of(row)) for row in rows]


def counted(
    tx: Transaction, search: Search, sight: Sight, *, among: Sequence[str] | None = None
) -> list[tuple[dict[str, str], int]]:
    """Return how many records there are of each combination of schema, owner, state and action.

    Only what is told in detail is counted: a count of a kind tells the kind.
    """
    conditions = [*_conditions(search, sight, among), record.c.visibility.in_(sight.told)]
    columns = FACETS.values()
    query = select(*columns, func.count()).where(*conditions).group_by(*columns)
    return [(dict(zip(FACETS, values, strict=True)), n) for *values, n in tx.execute(query)]


def _conditions(
    search: Search, sight: Sight, among: Sequence[str] | None
) -> Iterator[ColumnElement[bool]]:
    """Yield what a record must meet, sight first."""
    open_to = sight.open_to if search.is_by_identity else sight.told
    yield record.c.visibility.in_(open_to)
    yield record.c.is_searchable | (record.c.owner == sight.authority)
    yield record.c.state == search.state if search.state else record.c.state.in_(FOUND)
    if among is not None:
        yield record.c.id.in_(among)
    for words in map(_saying, search.sayings):
        yield WORDS.op("@@")(words)
    if search.country:
        yield WORDS.op("@@")(_plain(search.country))
        yield _is_of(search.country)
    if search.born_from or search.born_to:
        yield _is_born(search.born_from, search.born_to)
    yield from _by_column(search)


def _by_column(search: Search) -> Iterator[ColumnElement[bool]]:
    if search.schema:
        yield record.c.schema.in_(_special_cases(search.schema))
    if search.owner:
        yield record.c.owner == search.owner
    if search.action:
        yield WORDS.op("@@")(_plain(search.action))
        yield record.c.alert["action_requested"].astext == search.action
    if search.recorded_from:
        yield record.c.recorded_at >= search.recorded_from
    if search.recorded_to:
        yield record.c.recorded_at < search.recorded_to + timedelta(days=1)


_SIMPLE: Final[ColumnElement[Any]] = literal_column("'simple'::regconfig")
_ARABIC, _PERSIAN = "\u064a\u0643", "\u06cc\u06a9"  # yeh and kaf, which keyboards mix up
_SPELLINGS: Final = (str.maketrans(_ARABIC, _PERSIAN), str.maketrans(_PERSIAN, _ARABIC))


def _saying(said: str) -> ColumnElement[Any]:
    """Return the `tsquery` for a word or phrase, in whichever spelling."""
    spellings = {said.translate(spelling) for spelling in _SPELLINGS}
    first, *others = (_tsquery(spelling) for spelling in sorted(spellings))
    for other in others:
        first = first.op("||")(other)
    return first


def _tsquery(said: str) -> ColumnElement[Any]:
    if said.endswith(WILDCARD) and said.strip(WILDCARD):
        quoted = said.rstrip(WILDCARD).replace("\\", "\\\\").replace("'", "''")
        return func.to_tsquery(_SIMPLE, f"'{quoted}':*")
    return func.phraseto_tsquery(_SIMPLE, said)


def _plain(word: str) -> ColumnElement[Any]:
    return func.phraseto_tsquery(_SIMPLE, word)


_COUNTRIES: Final = tuple(
    sorted({n for s in schemata().values() for n, k in s.properties.items() if k is Kind.COUNTRY})
)


def _is_of(country: str) -> ColumnElement[bool]:
    """Return whether a property that holds countries holds this one."""
    path = " || ".join(f"@.{name}[*] == $code" for name in _COUNTRIES)
    code = func.jsonb_build_object("code", country)
    return func.jsonb_path_exists(
        record.c.entity["properties"], literal_column(f"'$ ? ({path})'::jsonpath"), code
    )


def _is_born(first: date | None, last: date | None) -> ColumnElement[bool]:
    """Return whether a birth date lies between two days, as far as it is known."""
    dates = func.jsonb_array_elements_text(
        func.coalesce(record.c.entity["properties"]["birthDate"], literal_column("'[]'::jsonb"))
    ).table_valued("text")
    known = func.substring(dates.c.text, r"\d{4}(?:-\d{2}){0,2}")
    length = func.length(known)
    bounds = []
    if first:
        bounds.append(known >= func.left(first.isoformat(), length))
    if last:
        bounds.append(known <= func.left(last.isoformat(), length))
    return exists().select_from(dates).where(*bounds)


def _special_cases(schema: str) -> list[str]:
    """Return the names of all schemata that are this one, or a special case of it."""
    return sorted(name for name, known in schemata().items() if schema in known.ancestors)
