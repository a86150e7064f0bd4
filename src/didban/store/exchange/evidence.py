"""What nodes did that they must not do, as it was signed; and what they refused of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import func, insert, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert as upsert

from didban.ids import new_id
from didban.model.exchange.feeds import Evidence, Refused
from didban.store.tables.exchange_feeds import feed_refusal
from didban.store.tables.exchange_trust import evidence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from didban.store.database import Transaction


class Shown(Protocol):
    """What was signed, as it can be shown to others."""

    def to_json(self) -> Mapping[str, Any]:
        """Return it as plain data."""


def keep(  # noqa: PLR0913 - whose, where, what, and the proof of it
    tx: Transaction,
    *,
    node: str,
    feed: str | None,
    fault: str,
    what: str,
    signed: Sequence[Shown],
    now: datetime,
) -> str:
    """Keep what a node did; return the identifier of the evidence."""
    values: dict[str, Any] = {
        "id": new_id("evd"),
        "node": node,
        "feed": feed,
        "fault": fault,
        "what": what,
        "envelopes": [envelope.to_json() for envelope in signed],
        "found_at": now,
    }
    tx.execute(insert(evidence).values(values))
    return str(values["id"])


def count_open(tx: Transaction, node: str) -> int:
    """Return how much there is against a node that nobody has closed."""
    is_open = (evidence.c.node == node) & evidence.c.closed_at.is_(None)
    return tx.scalar(select(func.count()).select_from(evidence).where(is_open)) or 0


def is_open(tx: Transaction, node: str, feed: str, fault: str) -> bool:
    """Return whether the same is known of a node already, and nobody has closed it."""
    same = (evidence.c.node == node) & (evidence.c.feed == feed) & (evidence.c.fault == fault)
    query = select(evidence.c.id).where(same, evidence.c.closed_at.is_(None)).limit(1)
    return tx.scalar(query) is not None


def of_node(
    tx: Transaction,
    node: str | None = None,
    limit: int = 100,
    after: tuple[datetime, str] | None = None,
) -> list[Evidence]:
    """Return what there is against a node, or against any; the newest first, from after a place on."""
    place = (evidence.c.found_at, evidence.c.id)
    query = select(evidence).order_by(*(each.desc() for each in place)).limit(limit)
    if after is not None:
        query = query.where(tuple_(*place) < after)
    rows = tx.execute(query if node is None else query.where(evidence.c.node == node))
    return [
        Evidence(
            id=row.id,
            node=row.node,
            feed=row.feed,
            fault=row.fault,
            what=row.what,
            envelopes=tuple(row.envelopes),
            found_at=row.found_at,
            closed_at=row.closed_at,
        )
        for row in rows
    ]


def close(tx: Transaction, node: str, evidence_id: str, *, by: str, now: datetime) -> bool:
    """Note that a person has dealt with what a node did; return whether it was open."""
    is_it = (evidence.c.node == node) & (evidence.c.id == evidence_id)
    is_it &= evidence.c.closed_at.is_(None)
    closed = {"closed_at": now, "closed_by": by}
    return tx.execute(update(evidence).where(is_it).values(closed)).rowcount > 0


def add_refusal(tx: Transaction, told: Refused) -> None:
    """Note what a reader put aside of ours. What it said first, counts, until it stops the feed."""
    values = {name: getattr(told, name) for name in Refused.__dataclass_fields__}
    added, key = upsert(feed_refusal).values(values), ["node", "feed", "epoch", "seq"]
    if told.is_stop:
        again = {"fault": told.fault, "is_stop": True, "at": told.at}
        tx.execute(added.on_conflict_do_update(index_elements=key, set_=again))
    else:
        tx.execute(added.on_conflict_do_nothing())


def refused(tx: Transaction, node: str | None = None, limit: int = 100) -> list[Refused]:
    """Return what a reader, or any, put aside of ours; the newest first."""
    query = (
        select(feed_refusal)
        .order_by(feed_refusal.c.at.desc(), feed_refusal.c.seq.desc())
        .limit(limit)
    )
    rows = tx.execute(query if node is None else query.where(feed_refusal.c.node == node))
    return [_refused(row) for row in rows]


def stops(tx: Transaction, feed_id: str | None = None) -> list[Refused]:
    """Return which feeds of ours, or how this one, readers stopped, and did not go on with since."""
    query = select(feed_refusal).where(feed_refusal.c.is_stop)
    rows = tx.execute(query if feed_id is None else query.where(feed_refusal.c.feed == feed_id))
    return [_refused(row) for row in rows]


def answer_stops(tx: Transaction, feed_id: str) -> None:
    """Note that what readers stopped goes on in a new epoch."""
    is_it = (feed_refusal.c.feed == feed_id) & feed_refusal.c.is_stop
    tx.execute(update(feed_refusal).where(is_it).values(is_stop=False))


def of_feed(tx: Transaction, node: str, feed_id: str) -> list[Mapping[str, str]]:
    """Return what was signed and shows something wrong with a feed, as `Envelope.to_json` has it."""
    is_it = (evidence.c.node == node) & (evidence.c.feed == feed_id)
    return [one for found in tx.scalars(select(evidence.c.envelopes).where(is_it)) for one in found]


def _refused(row: Any) -> Refused:
    return Refused(**row._mapping)  # noqa: SLF001 - the documented name for columns by name
