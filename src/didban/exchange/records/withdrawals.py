"""Who was told to let go of our records, who confirmed it, and who has not for too long (PR-34)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from didban.errors import Malformed
from didban.guard import access, audit
from didban.model.deeds import Deed
from didban.model.exchange.envelopes import Fields
from didban.model.notifications import Notification, Post
from didban.model.permissions import Permission
from didban.store import notifications
from didban.store.exchange import feeds, withdrawals

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from typing import Final

    from didban.exchange.records.readers import IdentityOf
    from didban.model.actors import Actor
    from didban.model.exchange.feeds import Arrived
    from didban.model.exchange.sharing import Terms
    from didban.store.database import Database, Transaction
    from didban.store.exchange.withdrawals import Withdrawal

_MOST: Final = 10_000  # lines of one receipt
_DUTY: Final = "exchange.receipts"


def confirmed(
    tx: Transaction, arrived: Sequence[Arrived], now: datetime, *, identity_of: IdentityOf
) -> None:
    """Note what another node let go of; the handler of `Kind.RECEIPT`."""
    me = identity_of(tx)
    for each in arrived:
        fields = Fields(each.content)
        feed = feeds.get(tx, fields.text("feed"))
        if feed is None or feed.owner != me.node:
            raise Malformed("what is confirmed was in no feed of ours")
        for line in fields.each("done", _MOST, lambda one: one):
            withdrawals.confirm(
                tx,
                feed.id,
                line.number("seq"),
                each.peer.node,
                erased=line.number("erased"),
                onward=line.number("onward"),
                now=now,
            )
            line.require_all_read()
        fields.require_all_read()


def alarm_due(database: Database, now: datetime, *, identity_of: IdentityOf, terms: Terms) -> int:
    """Tell the host's supervisor of receipts that are overdue, once each; return how many."""
    with database.begin() as tx:
        late = withdrawals.late(tx, now - timedelta(hours=terms.receipt_hours), now)
        if not late:
            return 0
        me = identity_of(tx)
        actor = access.system_actor(me.node, _DUTY)
        for one in late:
            facts: audit.Facts = {"node": one.node, "feed": one.feed, "seq": one.seq}
            audit.enter(tx, actor, Deed.RECEIPT_OVERDUE, subject=one.record or "", facts=facts)
        for node in sorted({one.node for one in late}):
            for contact in notifications.contacts(tx, me.node):
                if contact.post is Post.SUPERVISOR:
                    kind = Notification.RECEIPT_OVERDUE
                    notifications.put(tx, contact, kind, node, at=now, not_before=now, due_at=None)
    return len(late)


def unconfirmed(
    tx: Transaction,
    actor: Actor,
    *,
    after: tuple[datetime, str, int, str] | None = None,
    limit: int,
) -> list[Withdrawal]:
    """Return who has not confirmed a withdrawal yet, the oldest first."""
    access.require(actor, Permission.EXCHANGE_SHARING_READ)
    found = withdrawals.unconfirmed(tx, after=after, limit=limit)
    audit.enter(tx, actor, Deed.SHARING_LISTED, facts={"count": len(found)})
    return found
