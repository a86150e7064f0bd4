"""Withdrawals reach every copy, each node confirms, and who has not is on a list (PR-34)."""

from __future__ import annotations

from datetime import timedelta

from bank_help import actor, alert, draft_of, marking, passport, person
from didban import clock
from didban.exchange.records import withdrawals
from didban.model.exchange import records as wire
from didban.model.exchange.kinds import Kind
from didban.model.exchange.sharing import GoneReason
from didban.model.notifications import Channel, Notification, Post
from didban.model.retention import ErasureReason
from didban.store import authorities, erasure, notifications
from didban.store.exchange import withdrawals as kept_withdrawals
from exchange_help import item
from sharing_help import copy_of, correct, held, holders, open_receipts, report, settle, withdraw


def test_pr_34_each_node_confirms_and_who_has_not_is_seen(sharing, hand_clock):
    """Three nodes, one of them offline: its receipt is missing, then overdue, then there."""
    xar = sharing["xar"]
    contact = notifications.Contact(
        authority="xar", post=Post.SUPERVISOR, channel=Channel.EMAIL, address="a@example.org"
    )
    xar.do(notifications.set_contact, contact, at=hand_clock.now, by="usr_test")
    kept = report(xar, passport())
    sharing.carry()
    withdraw(xar, kept)
    sharing.pull("xbo", "xar")
    sharing.pull("xar", "xbo")
    [missing] = xar.do(withdrawals.unconfirmed, actor("xar", "supervisor"), limit=10)
    assert (missing.node, missing.record, missing.reason) == ("xca", kept.id, GoneReason.WITHDRAWN)

    xar.sharing.renew(xar.database, hand_clock.now)
    assert told(xar) == []
    hand_clock.now += timedelta(hours=73)
    for _ in range(2):
        xar.sharing.renew(xar.database, hand_clock.now)
    assert told(xar) == [(Notification.RECEIPT_OVERDUE, "xca")]

    settle(sharing)
    assert open_receipts(xar) == []
    assert {one.erased for one in xar.do(kept_withdrawals.of_record, kept.id)} == {1}


def test_pr_34_who_came_and_went_twice_unheard_confirms_what_it_was_told_last(sharing):
    """It takes in all of it at once; one receipt says that nothing is left."""
    xar = sharing["xar"]
    xar.do(authorities.change_groups, "xbo", ("sea",))
    kept = report(xar, passport(), audience=["group:sea"])
    settle(sharing)
    for groups in ((), ("sea",), ()):
        xar.do(authorities.change_groups, "xbo", groups)
    assert open_receipts(xar) == ["xbo"]
    settle(sharing)
    assert holders(sharing, kept.id) == ["xar"]
    assert open_receipts(xar) == []


def told(bank):
    """Return what waits to be told to the contacts of a bank."""
    return bank.do(
        lambda tx: [
            (row.kind, row.subject)
            for row in tx.exec_driver_sql("select kind, subject from notification order by 1, 2")
        ]
    )


def test_pr_53_a_receipt_is_the_same_whether_anybody_met_the_record_or_not(sharing):
    """It is sent in the transaction that lets go: what is said tells nothing of an encounter."""
    xar = sharing["xar"]
    never_there = item(Kind.WITHDRAW, {"reason": "withdrawn"}, record="rec_never_there", rev=1)
    kept = report(xar, person(), alert=alert())
    sharing.carry()
    xar.publish("talk:xbo", never_there)
    withdraw(xar, kept)
    before = seq_of(sharing["xbo"])
    sharing.carry()
    assert seq_of(sharing["xbo"]) - before == 2  # one receipt for each feed, and nothing else


def seq_of(bank):
    """Return how many entries a bank published."""
    query = "select count(*) from entry where kind = 'receipt'"
    return bank.do(lambda tx: tx.exec_driver_sql(query).scalar())


def test_what_is_erased_at_its_owner_is_erased_everywhere(sharing):
    """A record that is not needed any more leaves no copy and no body of an entry (PR-31)."""
    xar = sharing["xar"]
    kept = report(xar, person("Yusuf Sample"))
    sharing.carry()
    xar.do(erasure.erase, kept.id, ErasureReason.NOT_NEEDED, clock.now())
    settle(sharing)
    assert holders(sharing, kept.id) == []
    assert open_receipts(xar) == []
    for bank in sharing.values():
        bodies = "select count(*) from entry where record is not null and body is not null and kind = 'put'"
        assert bank.do(lambda tx, sql=bodies: tx.exec_driver_sql(sql).scalar()) == 0


def test_what_was_withdrawn_does_not_come_back(sharing):
    """A courier's file, or another feed, may still bring what was said before the withdrawal."""
    xar, xbo = sharing["xar"], sharing["xbo"]
    kept = report(xar, passport())
    sharing.carry()
    old = copy_of(xbo, kept.id)
    withdraw(xar, kept)
    settle(sharing)
    again = item(
        Kind.PUT,
        wire.to_json(kept),
        record=kept.id,
        rev=old.rev,
        valid_until=old.valid_until,
        handling=kept.marking.handling,
    )
    xar.publish("talk:xbo", again)
    settle(sharing)
    assert held(xbo, kept.id) is None


def test_a_record_that_its_owner_found_back_is_withdrawn_as_recovered(sharing):
    """The reason travels as a word, and no other text does."""
    xar = sharing["xar"]
    kept = report(xar, person())
    sharing.carry()
    until = marking("xar", audience=["node:xar"], verified_on=kept.marking.verified_on)
    correct(xar, kept, draft_of(kept, marking=until))
    settle(sharing)
    reasons = {one.reason for one in xar.do(kept_withdrawals.of_record, kept.id)}
    assert reasons == {GoneReason.NOT_SHARED}
