"""How the node itself stands: its duties, jobs that nobody finished, its schema; never content."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from didban.guard import access
from didban.model.permissions import Permission
from didban.store import duties, jobs, schema

if TYPE_CHECKING:
    from didban.model.actors import Actor
    from didban.store.database import Transaction
    from didban.store.duties import DutyStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeState:
    """What an administrator looks at first.

    - `jobs_dead`: jobs that failed so often that they are not tried any more.
    - `schema`: the number of the tables' last step; `is_current`: whether this program has no more.
    """

    duties: tuple[DutyStatus, ...]
    jobs_dead: int
    schema: int
    is_current: bool


def read(tx: Transaction, actor: Actor) -> NodeState:
    """Return how the node stands. Raises NotPermitted."""
    access.require(actor, Permission.BANK_SOURCE_MANAGE)
    tables = schema.state(tx)
    return NodeState(
        duties=tuple(duties.listed(tx)),
        jobs_dead=jobs.dead(tx),
        schema=tables.version,
        is_current=tables.is_current,
    )
