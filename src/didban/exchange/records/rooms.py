"""Shared records joined to the rest of a node: to its bank, its feeds and its duties."""

from __future__ import annotations

from typing import TYPE_CHECKING

from didban.exchange.records.copies import Keeper
from didban.exchange.records.publishing import Publisher
from didban.model.exchange.kinds import Kind
from didban.store.database import Topic

if TYPE_CHECKING:
    from didban.exchange.identity import Identity
    from didban.exchange.receiving import Handlers
    from didban.model.exchange.sharing import Terms
    from didban.model.retention import RetentionPolicy
    from didban.store.database import Database


def publish_from(database: Database, me: Identity, terms: Terms) -> None:
    """Have every transaction of a bank publish what it changes in our records.

    For every `Database` that a process of the node opens.
    """
    database.before_commit(Topic.RECORDS, Publisher(me, terms))


def handlers(me: Identity, policy: RetentionPolicy) -> Handlers:
    """Return what is done with entries about records, by kind."""
    keeper = Keeper(me=me, policy=policy)
    return {Kind.PUT: keeper.put, Kind.WITHDRAW: keeper.withdraw}
