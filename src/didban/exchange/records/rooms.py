"""Shared records joined to the rest of a node: to its bank, its feeds and its duties."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from didban.exchange.records import doubts, inventory, leases, onward, withdrawals
from didban.exchange.records.copies import Keeper
from didban.exchange.records.publishing import Publisher
from didban.exchange.records.settling import Settler
from didban.model.exchange.kinds import Call, Kind
from didban.store.database import Topic

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from didban.exchange.calls import Ask, CallHandlers
    from didban.exchange.receiving import Handlers
    from didban.exchange.records.readers import IdentityOf
    from didban.model.exchange.sharing import Terms
    from didban.model.retention import RetentionPolicy
    from didban.store.database import Database, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """Shared records of one node.

    - `terms`: of our own records; `policy`: the longest that others' are kept here (PR-30).
    - `key`: the secret `refusal`, by which who was withdrawn is recognised (PR-57).
    """

    identity_of: IdentityOf
    terms: Terms
    policy: RetentionPolicy
    key: bytes | None = field(default=None, repr=False)

    def publish_from(self, database: Database) -> None:
        """Have every transaction of a bank publish what it changes in our records.

        For every `Database` that a process of the node opens.
        """
        for topic, finish in self.finishers.items():
            database.before_commit(topic, finish)

    @property
    def finishers(self) -> dict[Topic, Callable[[Transaction], None]]:
        """What finishes a transaction that touched one of these topics."""
        return {
            Topic.RECORDS: Publisher(self.identity_of, self.terms),
            Topic.READERS: Settler(self.identity_of, self.terms),
        }

    @property
    def keeper(self) -> Keeper:
        """Who keeps copies; its `removed` is for `members.Membership`."""
        return Keeper(identity_of=self.identity_of, policy=self.policy, key=self.key)

    @property
    def handlers(self) -> Handlers:
        """What is done with entries about records, by kind."""
        keeper = self.keeper
        return {
            Kind.PUT: keeper.put,
            Kind.WITHDRAW: keeper.withdraw,
            Kind.RENEW: leases.renewed,
            Kind.INVENTORY: inventory.compared,
            Kind.ONWARD: onward.consented,
            Kind.CORRECTION: doubts.entered,
            Kind.RECEIPT: partial(withdrawals.confirmed, identity_of=self.identity_of),
        }

    @property
    def calls(self) -> CallHandlers:
        """What other nodes are answered about records, by call."""
        return {Call.BUCKETS: partial(inventory.answer, identity_of=self.identity_of)}

    def keep_up(self, database: Database, now: datetime) -> int:
        """Send new readers what was there, and erase what is over: a duty of every two seconds."""
        settler = Settler(self.identity_of, self.terms)
        done = leases.expire_due(database, now) + self.keeper.run_due(database, now)
        done += settler.run_due(database, now)
        if settler.has_said_all:  # readers may hold more than that: after a restore, for one
            done += inventory.state_due(database, now, identity_of=self.identity_of)
        return done

    def renew(self, database: Database, now: datetime) -> int:
        """Renew leases, and tell of overdue receipts: a duty of every hour."""
        of = self.identity_of
        renewed = leases.renew_due(database, now, identity_of=of, terms=self.terms)
        return renewed + withdrawals.alarm_due(database, now, identity_of=of, terms=self.terms)

    def state(self, database: Database, now: datetime) -> int:
        """Put right who reads what, and state what is live: a duty, daily if not set otherwise."""
        moved = Settler(self.identity_of, self.terms).put_right(database, now)
        return moved + inventory.state_due(database, now, identity_of=self.identity_of)

    def mend(self, database: Database, now: datetime, *, ask: Ask) -> int:
        """Mend what differs from what owners say: a duty of every minute."""
        return inventory.mend_due(database, now, ask=ask)
