"""A new node: its folder, database, secrets, the authority that runs it, its first administrator."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from didban import clock
from didban.errors import Conflict
from didban.guard import authorities, users
from didban.node import parts as building
from didban.store import node as node_row
from didban.store import schema
from didban.store.node import NodeRow

if TYPE_CHECKING:
    from didban.guard.users import Invitation
    from didban.model.actors import Authority
    from didban.node.parts import Parts
    from didban.settings import Charter


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A node that was made, and the invitation of its first administrator."""

    node: NodeRow
    administrator: Invitation


def make(parts: Parts, host: Authority, *, operator: str, login: str, is_training: bool) -> Made:
    """Make a node; what an earlier try left half done is finished.

    - `operator`: the operating system's user who does it; `login`: of the first administrator.

    Raises Conflict where there is one, ConfigError where the folder or the database cannot be used;
    InvalidInput, NotPermitted for an authority that cannot run it, before anything is made.
    """
    charter = replace(parts.settings.charter, is_training=is_training)
    authorities.require_fit(host, charter)
    building.make_folder(parts)
    try:
        building.start_database(parts)
        parts.secrets.make()
        parts.places.erased.touch(mode=0o600)
        schema.upgrade(parts.database)
        return _enter(parts, host, charter, operator=operator, login=login)
    finally:
        building.stop_database(parts)


def _enter(parts: Parts, host: Authority, charter: Charter, *, operator: str, login: str) -> Made:
    """Enter what the node is, who runs it and who administers it: all of it, or nothing."""
    with parts.database.begin() as tx:
        if node_row.get(tx) is not None:
            raise Conflict(f"there is a node in {parts.places.root} already: 'didban up' starts it")
        actor = users.operator(operator, host.code)
        authorities.register(tx, actor, host, charter)
        new = NodeRow(host=host.code, is_training=charter.is_training, made_at=clock.now())
        node_row.add(tx, new)
        administrator = users.add_first_administrator(tx, actor, login, parts.settings.access)
    return Made(node=new, administrator=administrator)
