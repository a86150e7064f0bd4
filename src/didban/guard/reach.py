"""Whose users, tokens and signals somebody manages: their own authority's, or the whole node's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from didban.store import node

if TYPE_CHECKING:
    from didban.model.actors import Actor
    from didban.store.database import Transaction


def reach_of(tx: Transaction, actor: Actor) -> str | None:
    """Return the authority that an actor manages; None, for the host's people, means every one."""
    here = node.get(tx)
    return None if here is not None and here.host == actor.authority else actor.authority
