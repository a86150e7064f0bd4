"""A link chart as tables: things and how they hang together. The drawing is made of the same tables.

What is opened out, hidden, and of which years, stands in the address of the page: so a chart can be
kept, sent and printed, and is the same for who reads the tables.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from didban.model.schemata import is_a
from didban.web.presenters.records import title_of
from didban.web.presenters.timeline import bounds_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from didban.analysis.links import Edge, Graph, Node
    from didban.model.marking import Confidentiality

MOST: Final = 150
"""Things on one chart: with more, nobody sees anything."""
MOST_OPENED: Final = 12
"""Things that are opened out on one chart; each is a question to the bank."""

_SHAPES: Final = (("somebody", "LegalEntity"), ("document", "Identification"), ("event", "Event"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What somebody made of a chart: things opened out, things hidden, from and until which year."""

    opened: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    since: int | None = None
    until: int | None = None

    def opening(self, name: str) -> str:
        """Return the query of the same chart with a thing opened out."""
        return replace(self, opened=(*self.opened, name)).query

    def folding(self, name: str) -> str:
        """Return the query of the same chart without what a thing was opened out to."""
        return replace(self, opened=tuple(o for o in self.opened if o != name)).query

    def hiding(self, name: str) -> str:
        """Return the query of the same chart without a thing."""
        return replace(self, hidden=(*self.hidden, name)).query

    def showing(self, name: str) -> str:
        """Return the query of the same chart with a thing that was hidden."""
        return replace(self, hidden=tuple(h for h in self.hidden if h != name)).query

    @property
    def query(self) -> str:
        """The query of an address that says all this."""
        years = (("since", self.since), ("until", self.until))
        said = [
            *(("open", name) for name in self.opened),
            *(("hide", name) for name in self.hidden),
        ]
        return urlencode(said + [(name, str(year)) for name, year in years if year is not None])

    def holds(self, edge: Edge) -> bool:
        """Return whether a tie is of these years; what has no date always is."""
        first, last = years_of(edge)
        begins_late = self.until is not None and first is not None and first > self.until
        ends_early = self.since is not None and last is not None and last < self.since
        return not (begins_late or ends_early)


def years_of(edge: Edge) -> tuple[int | None, int | None]:
    """Return the years in which a tie may have begun and ended at the furthest, where known."""
    since, until = bounds_of(edge.since), bounds_of(edge.until)
    return (since[0].year if since else None), (until[1].year if until else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """A thing on the chart. `shown` is None where no more may be told than that it exists."""

    id: str
    owner: str
    shown: Mapping[str, Any] | None
    is_centre: bool
    degree: int

    @property
    def title(self) -> str:
        """What it is called; empty where that may not be told."""
        return title_of(self.shown) if self.shown else ""

    @property
    def schema(self) -> str:
        """What kind of thing it is; empty where that may not be told."""
        return self.shown.get("schema", "") if self.shown else ""

    @property
    def shape(self) -> str:
        """How it is drawn: as somebody, a document, an event or another thing."""
        return next((shape for shape, kind in _SHAPES if is_a(self.schema, kind)), "other")


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Things of one kind that are drawn as one, for their number, and what they hang on."""

    schema: str
    count: int
    on: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """What is drawn.

    - `groups`: what is not drawn one by one; `hidden`: what somebody hid.
    - `all`: everything that is known of here, drawn or not.
    - `years`: the first and the last of all ties; None where none has a date.
    - `is_whole`: whether nothing was left out that the bank knows.
    - `confidentiality`: of what is told of here, for the banner of the page.
    """

    things: Sequence[Thing]
    edges: Sequence[Edge]
    groups: Sequence[Group]
    hidden: Sequence[Thing]
    all: frozenset[str]
    years: tuple[int, int] | None
    is_whole: bool
    confidentiality: tuple[Confidentiality, ...]


def drawn(centre: Iterable[str], graphs: Sequence[Graph], choice: Choice = Choice()) -> Chart:
    """Return the things around a centre: those with the most links first, at most `MOST`."""
    middle = frozenset(centre)
    nodes: dict[str, Node] = {}
    ties: dict[tuple[str, str, str, str | None], Edge] = {}
    for graph in graphs:
        nodes |= {node.id: node for node in graph.nodes}
        ties |= {(e.source, e.target, e.name, e.link): e for e in graph.edges}
    hidden = frozenset(choice.hidden) - middle
    edges = [e for e in ties.values() if choice.holds(e) and not {e.source, e.target} & hidden]
    degree = Counter(end for edge in edges for end in (edge.source, edge.target))
    linked = [name for name in nodes if name in middle or degree[name]]
    ranked = sorted(linked, key=lambda name: (name not in middle, -degree[name], name))
    kept = frozenset(ranked[:MOST])

    def thing(name: str) -> Thing:
        node = nodes[name]
        is_centre, links = name in middle, degree[name]
        return Thing(id=name, owner=node.owner, shown=node.shown, is_centre=is_centre, degree=links)

    return Chart(
        things=[thing(name) for name in ranked[:MOST]],
        edges=[e for e in edges if e.source in kept and e.target in kept],
        groups=_groups([thing(name) for name in ranked[MOST:]], edges, kept),
        hidden=[thing(name) for name in choice.hidden if name in nodes and name in hidden],
        all=frozenset(nodes),
        years=_span(ties.values()),
        is_whole=all(graph.is_whole for graph in graphs),
        confidentiality=tuple(
            {n.confidentiality for n in nodes.values() if n.confidentiality is not None}
        ),
    )


def _groups(rest: Sequence[Thing], edges: Sequence[Edge], kept: frozenset[str]) -> list[Group]:
    """Return what is too much to be drawn one by one, by its kind."""
    kinds = {thing.id: thing.schema for thing in rest}
    on: dict[str, set[str]] = {schema: set() for schema in kinds.values()}
    for edge in edges:
        for one, other in ((edge.source, edge.target), (edge.target, edge.source)):
            if one in kinds and other in kept:
                on[kinds[one]].add(other)
    counts = Counter(kinds.values()).most_common()
    return [Group(schema=kind, count=count, on=sorted(on[kind])) for kind, count in counts]


def _span(edges: Iterable[Edge]) -> tuple[int, int] | None:
    years = [year for edge in edges for year in years_of(edge) if year is not None]
    return (min(years), max(years)) if years else None
