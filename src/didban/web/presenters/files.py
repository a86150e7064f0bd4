"""A file as a page: cards of values, each value with everybody who says it, and what it is linked with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from didban.model.schemata import Kind, is_a, property_kind
from didban.web.presenters.records import look_of, title_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from didban.analysis.links import Edge, Graph, Node
    from didban.model.person_files import FileValue, Member, PersonFile

CARDS: Final = ("names", "dates", "states", "numbers", "appearance", "where", "asked", "other")
"""In the order of the page."""

_BY_KIND: Final = {
    Kind.NAME: "names",
    Kind.WEAK_NAME: "names",
    Kind.NAME_PART: "names",
    Kind.DATE: "dates",
    Kind.COUNTRY: "states",
    Kind.IDENTIFIER: "numbers",
    Kind.GENDER: "appearance",
    Kind.ADDRESS: "where",
    Kind.PHONE: "where",
    Kind.EMAIL: "where",
}
_BY_NAME: Final = {
    "state": "asked",
    "person_status": "asked",
    "notice_type": "asked",
    "topics": "asked",
    **dict.fromkeys(("height", "weight", "eyeColor", "hairColor", "appearance"), "appearance"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One value, and everybody who says it."""

    value: str
    look: str
    sources: Sequence[FileValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One property with its values. `is_disputed`: no value is common to all who state it.

    Names are never: one person's are written in many ways.
    """

    name: str
    values: Sequence[Said]
    is_disputed: bool


def cards(file: PersonFile) -> list[tuple[str, list[Line]]]:
    """Return the values of a file by card.

    Documents stand in a table of their own, and what a record is called in the heading.
    """
    schemata = {member.record: member.shown.get("schema", "") for member in file.members}
    found: dict[str, dict[str, dict[str, list[FileValue]]]] = {name: {} for name in CARDS}
    for value in file.values:
        if value.name == "caption" or value.name.startswith("documents."):
            continue
        card = _card_of(schemata[value.record], value.name)
        found[card].setdefault(value.name, {}).setdefault(value.value, []).append(value)
    return [
        (
            card,
            [
                Line(
                    name=name,
                    values=[
                        Said(value=text, look=look_of(schemata[by[0].record], name), sources=by)
                        for text, by in values.items()
                    ],
                    is_disputed=card != "names" and name in file.disagreements,
                )
                for name, values in lines.items()
            ],
        )
        for card, lines in found.items()
        if lines
    ]


def _card_of(schema: str, name: str) -> str:
    kind = property_kind(schema, name)
    return _BY_NAME.get(name) or (_BY_KIND.get(kind, "other") if kind else "other")


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """One way in which a file hangs together with something else.

    - `shown` is None where no more may be told of it than that it exists.
    - `by`: what the link is called; `is_record`: whether it is a record of its own, `link`.
    """

    id: str
    owner: str
    shown: Mapping[str, Any] | None
    by: str
    link: str | None
    handling: str

    @property
    def is_record(self) -> bool:
        """Whether the link is a record of its own."""
        return self.link is not None

    @property
    def is_event(self) -> bool:
        """Whether it happened at some time: an event, a trip, a seizure."""
        return self.shown is not None and is_a(self.shown.get("schema", ""), "Event")


def linked(members: Iterable[str], graphs: Iterable[Graph]) -> list[Linked]:
    """Return everything that the members of a file are linked with, outside of the file itself."""
    own = frozenset(members)
    nodes: dict[str, Node] = {}
    edges: dict[tuple[str, str, str, str | None], Edge] = {}
    for graph in graphs:
        nodes |= {node.id: node for node in graph.nodes}
        edges |= {(e.source, e.target, e.name, e.link): e for e in graph.edges}
    found = []
    for edge in edges.values():
        ends = {edge.source, edge.target} - own
        for end in sorted(ends) if ends != {edge.source, edge.target} else ():
            node = nodes[end]
            found.append(
                Linked(
                    id=end,
                    owner=node.owner,
                    shown=node.shown,
                    by=edge.name,
                    link=edge.link,
                    handling=edge.handling,
                )
            )
    return found


def papers(members: Iterable[Member]) -> list[tuple[Member, Mapping[str, Any]]]:
    """Return the documents that the members of a file name, each with who names it."""
    return [
        (member, paper)
        for member in members
        for paper in member.shown.get("identity", {}).get("documents", ())
    ]


def file_title(file: PersonFile, record_id: str) -> str:
    """Return what a file is called: as the record by which it was opened, or one that has a name."""
    opened_first = sorted(file.members, key=lambda member: member.record != record_id)
    return next(filter(None, (title_of(member.shown) for member in opened_first)), file.id)
