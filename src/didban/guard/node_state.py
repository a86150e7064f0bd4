"""How the node itself stands: duties, jobs, tables, backups; counts and times, never content."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from didban.guard import access
from didban.model.deeds import Deed
from didban.model.permissions import Permission
from didban.store import audit, duties, jobs, schema
from didban.store import node as node_row
from didban.store.audit import Selection

if TYPE_CHECKING:
    from datetime import datetime

    from didban.model.actors import Actor
    from didban.store.database import Transaction
    from didban.store.duties import DutyStatus
    from didban.store.node import NodeRow


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeState:
    """What an administrator looks at first.

    - `jobs`: those that are not done, by kind; a dead one failed so often that it is not tried again.
    - `schema`: the number of the tables' last step; `is_current`: whether this program has no more.
      `known`: the last number that this program knows; `compat`: that of the oldest program that may
      still open them.
    - `bytes`: the size of the bank in the database.
    - `backed_up_at`: when a backup was last written; `restored_at`: when the node was made of one.
    """

    node: NodeRow | None
    duties: tuple[DutyStatus, ...]
    jobs: tuple[jobs.Kind, ...]
    schema: int
    known: int
    compat: int
    is_current: bool
    bytes: int
    backed_up_at: datetime | None
    restored_at: datetime | None


def read(tx: Transaction, actor: Actor) -> NodeState:
    """Return how the node stands. Raises NotPermitted."""
    access.require(actor, Permission.NODE_STATE_READ)
    tables = schema.state(tx)
    return NodeState(
        node=node_row.get(tx),
        duties=tuple(duties.listed(tx)),
        jobs=tuple(jobs.by_kind(tx)),
        schema=tables.version,
        known=schema.SCHEMA_VERSION,
        compat=tables.compat,
        is_current=tables.is_current,
        bytes=schema.size(tx),
        backed_up_at=_last(tx, Deed.NODE_BACKED_UP),
        restored_at=_last(tx, Deed.NODE_RESTORED),
    )


def _last(tx: Transaction, deed: Deed) -> datetime | None:
    found = audit.select_entries(tx, Selection(deeds=(deed,)), 1)
    return found[0].at if found else None
