"""The things that one record is linked with: one step, as a graph of what the asker may see.

A link is a record of its own (who knows whom, who owns what), or a value that names another record
(the holder of a passport). An edge is there only if everything it stands on is: it inherits the
strictest handling code of them (PR-08).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from didban import clock
from didban.analysis.search import first_step
from didban.guard import access, audit, fields
from didban.intake import bank
from didban.intake.bank import is_there_for
from didban.model.bank import standing
from didban.model.deeds import Deed
from didban.model.permissions import Permission
from didban.model.schemata import Kind, is_a, property_kind, schema
from didban.model.statements import statements_of
from didban.store import links as store
from didban.store import records
from didban.store.search import sight_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from didban.model.actors import Actor
    from didban.model.bank import BankRecord
    from didban.model.marking import Confidentiality, Handling
    from didban.store.database import Transaction
    from didban.store.search import Sight

MOST: Final = 200
"""Links of one record that are shown."""

_MOST_COUNTED: Final = 2000
"""Records that speak of the things of one chart and are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A thing. `shown` is None where no more may be told than that it exists (PR-03)."""

    id: str
    owner: str
    shown: Mapping[str, Any] | None
    confidentiality: Confidentiality | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """How two things hang together.

    - `link`: the record that says so, where it is one of its own; `name`: its schema, or the
      property that names the other thing.
    - `since`, `until`: when it held, as exactly as it is known (EDTF); empty where that is not known
      or not to be told.
    """

    source: str
    target: str
    name: str
    link: str | None
    handling: Handling
    since: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """Things and how they hang together. `is_whole`: whether nothing was left out for its size."""

    nodes: list[Node]
    edges: list[Edge]
    is_whole: bool


def around(tx: Transaction, actor: Actor, record_id: str) -> Graph:
    """Return what a record is linked with, within what the actor may know of.

    Raises NotFound.
    """
    access.require(actor, Permission.BANK_RECORD_READ_FULL)
    centre = bank.read(tx, actor, record_id)
    sight = sight_of(tx, actor)
    speaking = store.speaking_of(tx, (centre.id,), sight.open_to, limit=MOST + 1)
    saying = [centre, *(r for r in speaking[:MOST] if is_there_for(r, actor))]
    known = _known(tx, actor, saying, sight)
    edges = [edge for record in saying for edge in _edges(record, known, actor, sight)]
    ends = {centre.id} | {end for edge in edges for end in (edge.source, edge.target)}
    nodes = [_node(known[end], actor, sight.told) for end in sorted(ends)]
    facts = {"nodes": len(nodes), "edges": len(edges)}
    audit.enter(tx, actor, Deed.RECORD_LINKS_VIEWED, subject=centre.id, facts=facts)
    return Graph(nodes=nodes, edges=edges, is_whole=len(speaking) <= MOST)


def neighbours(
    tx: Transaction, actor: Actor, names: Collection[str]
) -> Mapping[str, frozenset[str]]:
    """Return for each of these records the things that one step from it would show.

    So that whoever looks knows how many there are before they step on.
    """
    access.require(actor, Permission.BANK_RECORD_READ_FULL)
    sight = sight_of(tx, actor)
    own = records.many(tx, frozenset(names), sight.open_to).values()
    speaking = store.speaking_of(tx, names, sight.open_to, limit=_MOST_COUNTED)
    saying = {r.id: r for r in (*own, *speaking) if is_there_for(r, actor)}
    known = _known(tx, actor, saying.values(), sight)
    found: dict[str, set[str]] = {name: set() for name in names}
    for record in saying.values():
        for edge in _edges(record, known, actor, sight):
            for one, other in ((edge.source, edge.target), (edge.target, edge.source)):
                if one in found:
                    found[one].add(other)
    facts = {"counted": len(found)}
    audit.enter(tx, actor, Deed.RECORD_LINKS_VIEWED, facts=facts)
    return {name: frozenset(others) for name, others in found.items()}


def _known(
    tx: Transaction, actor: Actor, saying: Collection[BankRecord], sight: Sight
) -> Mapping[str, BankRecord]:
    """Return these records and everything that they name, as far as it is there for the actor."""
    named = {name for record in saying for _, name in _names(record)}
    others = records.many(tx, named, sight.open_to).values()
    return {r.id: r for r in (*saying, *others) if is_there_for(r, actor)}


def _node(record: BankRecord, actor: Actor, told: frozenset[int]) -> Node:
    is_told = record.visibility_number in told
    return Node(
        id=record.id,
        owner=record.owner,
        shown=first_step(record, actor) if is_told else None,
        confidentiality=record.marking.visibility.confidentiality if is_told else None,
    )


def _names(record: BankRecord) -> Iterator[tuple[str, str]]:
    """Yield (property, identifier) of everything that a record names."""
    for name, values in record.entity.properties.items():
        if property_kind(record.entity.schema, name) is Kind.ENTITY:
            for value in values:
                yield name, value


def _edges(
    record: BankRecord, known: Mapping[str, BankRecord], actor: Actor, sight: Sight
) -> Iterator[Edge]:
    """Yield the edges that a record stands for: between its ends if it is a link, else from it."""
    named = [(name, other) for name, other in _names(record) if other in known]
    since, until = _held(record, actor, sight) if named else ("", "")
    kind = schema(record.entity.schema)
    if kind is not None and kind.is_link:
        ends = sorted({other for _, other in named})
        pairs = [(one, other) for i, one in enumerate(ends) for other in ends[i + 1 :]]
        for one, other in pairs:
            codes = [r.marking.handling for r in (record, known[one], known[other])]
            yield Edge(
                source=one,
                target=other,
                name=kind.name,
                link=record.id,
                handling=max(codes),
                since=since,
                until=until,
            )
        return
    for name, other in named:
        codes = [record.marking.handling, known[other].marking.handling]
        yield Edge(
            source=record.id,
            target=other,
            name=name,
            link=None,
            handling=max(codes),
            since=since,
            until=until,
        )


def _held(record: BankRecord, actor: Actor, sight: Sight) -> tuple[str, str]:
    """Return from when to when a link held or an event lasted, as far as the actor may see it."""
    if record.visibility_number not in sight.told or not is_a(record.entity.schema, "Interval"):
        return "", ""
    seen = fields.shown(record, standing(record, clock.today()), actor)
    said = {statement.name: statement.value for statement in statements_of(seen)}
    day = said.get("date", "")
    return said.get("startDate", day), said.get("endDate", day)
