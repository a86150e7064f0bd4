"""`POST /match/{scope}` on the bank, for the clients that know it from elsewhere.

The same queries and the same answers as on a snapshot (`didban.api.match`), with what a bank adds:
who asks is known, sees what is open to them and as much of it as their role may, and every query is
a check that is kept.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Body, Path
from starlette.requests import Request

from didban import clock
from didban.api.bodies import read_queries
from didban.api.errors import Unprocessable
from didban.api.match import answered
from didban.api.parameters import read_parameters
from didban.api.v1.frame import Node, Router, Tx, Who, needs
from didban.errors import InvalidInput, SnapshotExpired
from didban.guard import audit, fields, limits
from didban.guard.fields import Field
from didban.model.deeds import Deed
from didban.model.identity import identity_of
from didban.model.permissions import Permission
from didban.screening.check import Depth, Verdict
from didban.screening.looking import keep, look
from didban.screening.question import Asked
from didban.serving.desks import booth_of
from didban.store.visibility import open_to

if TYPE_CHECKING:
    from didban.api.parameters import Parameters
    from didban.match.search import Match
    from didban.model.actors import Actor
    from didban.model.bank import BankRecord
    from didban.model.records import Record
    from didban.screening.looking import Booth
    from didban.store.database import Transaction

router = Router("match", prefix="")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asking:
    """A request of an actor's, in its transaction."""

    tx: Transaction
    booth: Booth
    actor: Actor
    seen: frozenset[int]

    def search(self, query: Record, parameters: Parameters, *, most: int) -> list[Match]:
        """Make one check, keep it, and return what is told of it."""
        mode = parameters.mode or self.booth.mode
        depth = Depth(mode=mode, limit=most, threshold=parameters.cutoff)
        looked = look(
            self.tx,
            self.booth,
            self.actor,
            [Asked(origin=query.id, record=query)],
            seen=self.seen,
            now=clock.now(),
            depth=depth,
            datasets=parameters.datasets,
        )
        if looked.check.verdict == Verdict.UNKNOWN:
            raise SnapshotExpired("the index is too far behind the bank: the answer is unknown")
        keep(self.tx, self.booth, looked)
        return [
            _shown(looked.found[match.record], looked.records[match.record], self.actor)
            for match in looked.told
        ]

    def enter(self, *, asked: int, matched: int) -> None:
        """Enter the request in the audit."""
        facts: audit.Facts = {"asked": asked, "matched": matched}
        audit.enter(self.tx, self.actor, Deed.CHECK_MADE, subject="match", facts=facts)


@router.post("/match/{scope}")
@needs(Permission.SCREENING_CHECK_MAKE)
def match_queries(
    tx: Tx,
    who: Who,
    node: Node,
    request: Request,
    scope: Annotated[str, Path(max_length=100)],
    body: Annotated[dict[str, Any], Body()],
) -> dict[str, Any]:
    """Answer a batch of queries as existing clients ask them; each is a check that is kept."""
    serving = node.settings.serving
    booth, seen = booth_of(node), open_to(tx, who)
    known = booth.index.view(seen).known_datasets()
    try:
        parameters = read_parameters(
            request.query_params, scope, known, max_limit=serving.max_limit
        )
        queries = read_queries(body, max_queries=serving.max_queries)
    except Unprocessable as error:
        raise InvalidInput("; ".join(fault.message for fault in error.faults)) from error
    limits.count_search(tx, who, booth.access, persons=len(queries))
    asking = _Asking(tx=tx, booth=booth, actor=who, seen=seen)
    return answered(asking, queries, parameters, max_limit=serving.max_limit)


def _shown(found: Match, record: BankRecord, actor: Actor) -> Match:
    """Return a result with as much of its record as the actor may see (PR-02)."""
    if Field.CONTENT in fields.fields_of(record.marking, actor):
        return found
    least = identity_of(found.record)
    return replace(found, record=replace(least, datasets=found.record.datasets))
