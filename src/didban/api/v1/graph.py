"""A record value by value, and what it is linked with."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path

from didban.analysis import links, reading
from didban.api.v1.frame import Router, Tx, Who, needs
from didban.api.v1.pages import Told
from didban.api.v1.shapes import HitNoHit, RecordShown, Sparse
from didban.model.marking import Handling, InformationEvaluation, SourceEvaluation
from didban.model.permissions import Permission

router = Router("records")

RecordId = Annotated[str, Path(max_length=200, examples=["rec_4kq2c7x5yz6aabbccddeeff2"])]


class StatementTold(Told):
    """One value of a record. `field` is the part in which the record shows it."""

    field: str
    name: str
    value: str


class StatementsTold(Told):
    """Every value of a record that its reader may see, under the marking that all inherit."""

    record: str
    owner: str
    version: int
    handling: Handling
    source_evaluation: SourceEvaluation
    information_evaluation: InformationEvaluation
    statements: list[StatementTold]


class EdgeTold(Sparse):
    """How two things hang together: by a record of its own (`link`), or by a property."""

    source: str
    target: str
    name: str
    link: str | None = None
    handling: Handling


class GraphTold(Told):
    """What a record is linked with. `is_whole`: nothing was left out for its size."""

    nodes: list[RecordShown | HitNoHit]
    edges: list[EdgeTold]
    is_whole: bool


@router.get("/records/{record_id}/statements")
@needs(Permission.BANK_RECORD_READ_FULL)
def list_statements(tx: Tx, who: Who, record_id: RecordId) -> StatementsTold:
    """List the values of a record, one in each row, with the evaluation that they inherit."""
    record, rows = reading.statements(tx, who, record_id)
    return StatementsTold(
        record=record.id,
        owner=record.owner,
        version=record.version,
        handling=record.marking.handling,
        source_evaluation=record.marking.source_evaluation,
        information_evaluation=record.marking.information_evaluation,
        statements=[StatementTold(field=r.field, name=r.name, value=r.value) for r in rows],
    )


@router.get("/records/{record_id}/links")
@needs(Permission.BANK_RECORD_READ_FULL)
def get_links(tx: Tx, who: Who, record_id: RecordId) -> GraphTold:
    """Return what a record is linked with, one step, as nodes and edges.

    An edge inherits the strictest handling code of what it stands on.
    """
    graph = links.around(tx, who, record_id)
    return GraphTold(
        nodes=[_node(node) for node in graph.nodes],
        edges=[
            EdgeTold(
                source=edge.source,
                target=edge.target,
                name=edge.name,
                link=edge.link,
                handling=edge.handling,
            )
            for edge in graph.edges
        ],
        is_whole=graph.is_whole,
    )


def _node(node: links.Node) -> RecordShown | HitNoHit:
    if node.shown is None:
        return HitNoHit(owner=node.owner, contact=node.owner, reference=node.id)
    return RecordShown.of(node.shown)
