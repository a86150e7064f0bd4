"""The records around a file that say when and where something was, opened by who asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from didban.guard.disclosure import shown_to
from didban.intake import bank
from didban.model.schemata import is_a

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from didban.analysis.links import Graph
    from didban.web.desk import Desk

_KINDS: Final = ("Interval", "Address")
_MOST: Final = 50  # records that are opened


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A linked record as its reader may see it, and what it has to do with besides the file."""

    shown: Mapping[str, Any]
    owner: str
    others: frozenset[str] = frozenset()


def opened(desk: Desk, members: Iterable[str], graphs: Iterable[Graph]) -> Iterator[Opened]:
    """Yield the events, links and addresses around a file.

    When and where they were is no first step (`guard.fields`): opening each is entered.
    """
    for name, others in list(_around(frozenset(members), list(graphs)).items())[:_MOST]:
        kept = bank.read(desk.tx, desk.who, name)
        shown = shown_to(desk.tx, desk.who, kept)
        yield Opened(shown=shown, owner=kept.owner, others=frozenset(others))


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
