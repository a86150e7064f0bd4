"""A copy is kept as long as its owner's node renews it, and stops answering by itself when not."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from bank_help import alert, passport, person
from didban.model.exchange.sharing import CopyState
from sharing_help import copy_of, held, holders, report, settle


def test_documents_and_alerts_are_lent_for_a_month_and_profiles_for_a_year(sharing, hand_clock):
    """The lease stands in the header, so that whoever holds an entry can tell."""
    xar = sharing["xar"]
    kept = [report(xar, passport()), report(xar, person(), alert=alert()), report(xar, person())]
    sharing.carry()
    days = [copy_of(sharing["xbo"], one.id).valid_until - hand_clock.now for one in kept]
    assert [each.days for each in days] == [30, 30, 365]


def test_a_copy_that_nobody_renews_is_gone(sharing, hand_clock):
    """The link is down and nobody can be called: its time ends it, at each node by itself."""
    kept = report(sharing["xar"], passport())
    sharing.carry()
    hand_clock.now += timedelta(days=29)
    sharing["xbo"].keep_up()
    assert held(sharing["xbo"], kept.id) is not None
    hand_clock.now += timedelta(days=2)
    sharing["xbo"].keep_up()
    assert held(sharing["xbo"], kept.id) is None
    assert copy_of(sharing["xbo"], kept.id).state is CopyState.GONE


def test_what_is_renewed_stays(sharing, hand_clock):
    """One entry renews all of a feed that would end soon."""
    xar = sharing["xar"]
    kept = [report(xar, passport(f"A1234567{n}")) for n in range(3)]
    sharing.carry()
    for _ in range(5):
        hand_clock.now += timedelta(days=16)
        xar.sharing.renew(xar.database, hand_clock.now)
        settle(sharing)
    renewals = "select count(*) from entry where kind = 'renew'"
    assert xar.do(lambda tx: tx.exec_driver_sql(renewals).scalar()) == 5
    assert [holders(sharing, one.id) for one in kept] == [["xar", "xbo", "xca"]] * 3


def test_a_copy_whose_lease_ended_comes_back_with_what_its_owner_says_next(sharing, hand_clock):
    """It is no withdrawal: the owner still stands by it."""
    xar = sharing["xar"]
    kept = report(xar, passport())
    sharing.carry()
    hand_clock.now += timedelta(days=31)
    sharing["xbo"].keep_up()
    xar.sharing.renew(xar.database, hand_clock.now)
    xar.sharing.state(xar.database, hand_clock.now)
    sharing.carry()
    xbo = sharing["xbo"]
    xbo.sharing.mend(xbo.database, hand_clock.now, ask=partial(sharing.ask, "xbo"))
    sharing.carry()
    assert held(xbo, kept.id) is not None
