"""The records around a file that say when and where something was, opened by who asks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from didban.guard.disclosure import shown_to
from didban.intake import bank
from didban.model.schemata import is_a
from didban.web.presenters.records import title_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from didban.analysis.links import Graph
    from didban.web.desk import Desk

_ADDRESS: Final = "Address"
_KINDS: Final = ("Interval", _ADDRESS)
_MOST: Final = 50  # records that are opened


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A linked record as its reader may see it.

    - `others`: whom or what it has to do with besides the file; `addresses`: what the addresses are
      called that it names.
    """

    shown: Mapping[str, Any]
    owner: str
    others: frozenset[str] = frozenset()
    addresses: Mapping[str, str] = field(default_factory=dict)


def opened(desk: Desk, members: Iterable[str], graphs: Sequence[Graph]) -> Iterator[Opened]:
    """Yield the events, links and addresses around a file.

    When and where they were is no first step (`guard.fields`): opening each is entered.
    """
    nodes = {node.id: node.shown or {} for graph in graphs for node in graph.nodes}
    towns = {name: title_of(each) for name, each in nodes.items() if each.get("schema") == _ADDRESS}
    for name, others in list(_around(frozenset(members), graphs).items())[:_MOST]:
        kept = bank.read(desk.tx, desk.who, name)
        yield Opened(
            shown=shown_to(desk.tx, desk.who, kept),
            owner=kept.owner,
            others=frozenset(others - towns.keys()),
            addresses={town: towns[town] for town in others & towns.keys()},
        )


def _around(own: frozenset[str], graphs: Iterable[Graph]) -> dict[str, set[str]]:
    """Return the names of what says when or where, each with what else hangs on it."""
    found: dict[str, set[str]] = {}
    for graph in graphs:
        schemata = {node.id: (node.shown or {}).get("schema", "") for node in graph.nodes}
        for edge in graph.edges:
            ends = {edge.source, edge.target} - own
            says = [edge.link] if edge.link else [e for e in ends if _is_dated(schemata[e])]
            for name in says:
                found.setdefault(name, set()).update(ends - {name})
    return found


def _is_dated(schema: str) -> bool:
    return any(is_a(schema, kind) for kind in _KINDS)
