"""A link chart of one step: things and how they hang together, as the table that a chart is drawn from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from didban.web.presenters.records import title_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from didban.analysis.links import Edge, Graph, Node

MOST: Final = 150
"""Things on one chart: with more, nobody sees anything."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """What is drawn, and how many things were left out for their number."""

    things: Sequence[Thing]
    edges: Sequence[Edge]
    left_out: int
    is_whole: bool


def drawn(centre: Iterable[str], graphs: Sequence[Graph]) -> Chart:
    """Return the things around a centre: those with the most links first, at most `MOST`."""
    middle = frozenset(centre)
    nodes: dict[str, Node] = {}
    edges: dict[tuple[str, str, str, str | None], Edge] = {}
    for graph in graphs:
        nodes |= {node.id: node for node in graph.nodes}
        edges |= {(e.source, e.target, e.name, e.link): e for e in graph.edges}
    degree = dict.fromkeys(nodes, 0)
    for edge in edges.values():
        degree[edge.source] += 1
        degree[edge.target] += 1
    ranked = sorted(nodes, key=lambda name: (name not in middle, -degree[name], name))
    kept = frozenset(ranked[:MOST])
    return Chart(
        things=[
            Thing(
                id=name,
                owner=nodes[name].owner,
                shown=nodes[name].shown,
                is_centre=name in middle,
                degree=degree[name],
            )
            for name in ranked[:MOST]
        ],
        edges=[e for e in edges.values() if e.source in kept and e.target in kept],
        left_out=len(ranked) - len(kept),
        is_whole=all(graph.is_whole for graph in graphs),
    )
