"""Lost access comes back by two other persons, and never quietly."""

from __future__ import annotations

import pytest

from access_help import CHEAP, Door
from bank_help import actor
from didban.errors import Conflict, NotAuthenticated, NotFound, NotPermitted
from didban.guard import credentials, recovery, users
from didban.guard.secrets import Secrets
from didban.store.tables.audit import audit_entry
from didban.store.tables.signals import signal

ONE = actor("xar", "administrator", user="usr_one")
TWO = actor("xar", "supervisor", user="usr_two")


@pytest.fixture
def door(database, tmp_path, monkeypatch) -> Door:
    """Return the door of a node."""
    Secrets(tmp_path).make()
    return Door(database, Secrets(tmp_path), monkeypatch)


def _signals(tx) -> list[tuple[str, str]]:
    return [(row.kind, row.user) for row in tx.execute(signal.select())]


def test_pr_28_one_asks_another_confirms_and_the_user_enrols_anew(door):
    """Sessions, password and second factor of before are worth nothing; the officer is told."""
    user = door.enrolled("z.karimi", "first_line")
    session = door.sign_in(user).secret
    door.wait(seconds=60)
    with door.database.begin() as tx:
        recovery.request(tx, ONE, user.id)
        with pytest.raises(NotAuthenticated):
            credentials.actor_of(tx, session, "")
    with door.database.begin() as tx:
        assert [row.user for row in recovery.listed(tx, TWO)] == [user.id]
        invited = recovery.confirm(tx, TWO, user.id, CHEAP)
        assert _signals(tx) == [("recovery", user.id)]
    with pytest.raises(NotAuthenticated):
        door.sign_in(user)
    door.wait(seconds=60)
    again = door.enrol(invited, "seven herons by the weir")

    assert door.sign_in(again).user == user.id
    with pytest.raises(NotAuthenticated):
        door.sign_in(user)


def test_pr_28_neither_the_user_nor_who_asked_is_the_second_person(door):
    """Nor a device, nor somebody of another authority."""
    user = door.enrolled("s.one", "supervisor")
    self = actor("xar", "supervisor", user=user.id)
    with door.database.begin() as tx:
        with pytest.raises(NotPermitted):
            recovery.request(tx, self, user.id)
        recovery.request(tx, ONE, user.id)
        with pytest.raises(Conflict):
            recovery.request(tx, TWO, user.id)
        device = actor("xar", "supervisor", user="tok_1", device="tok_1")
        for second in (self, ONE, device, actor("xar", "analyst", user="usr_a")):
            with pytest.raises(NotPermitted):
                recovery.confirm(tx, second, user.id, CHEAP)
        with pytest.raises(NotFound):
            recovery.confirm(tx, actor("xbo", "administrator"), user.id, CHEAP)
        with pytest.raises(NotFound):
            recovery.confirm(tx, TWO, "usr_unknown", CHEAP)


def test_a_request_that_nobody_confirms_lapses_and_a_refused_one_changes_nothing(door):
    """After a day it must be asked for again; the old password is still good."""
    user = door.enrolled("z.karimi", "first_line")
    with door.database.begin() as tx:
        recovery.request(tx, ONE, user.id)
    door.wait(days=1)
    with door.database.begin() as tx, pytest.raises(NotFound):
        recovery.confirm(tx, TWO, user.id, CHEAP)

    assert recovery.run_due(door.database, door.now) == 1
    assert recovery.run_due(door.database, door.now) == 0
    with door.database.begin() as tx:
        recovery.request(tx, ONE, user.id)
        recovery.refuse(tx, TWO, user.id)
        assert recovery.listed(tx, ONE) == []
        deeds = [row.deed for row in tx.execute(audit_entry.select())]
    assert deeds[-2:] == ["recovery.requested", "recovery.refused"]
    assert door.sign_in(user).user == user.id


def test_the_operator_does_both_steps_only_where_nobody_is_left_and_the_officer_is_told(door):
    """A node whose one administrator lost the telephone must not be lost."""
    operator = users.operator("root", "xar")
    user = door.enrolled("a.one", "administrator")
    other = door.enrolled("s.one", "supervisor")
    with door.database.begin() as tx:
        recovery.request(tx, operator, user.id)
        with pytest.raises(Conflict, match="another person"):
            recovery.confirm_alone(tx, operator, user.id, CHEAP)
        users.deactivate(tx, ONE, other.id)

        invited = recovery.confirm_alone(tx, operator, user.id, CHEAP)

        assert _signals(tx) == [("recovery_alone", user.id)]
    assert door.sign_in(door.enrol(invited)).user == user.id


def test_a_closed_account_is_not_recovered(door):
    """It is opened first, by an administrator."""
    user = door.enrolled("z.karimi", "first_line")
    with door.database.begin() as tx:
        users.deactivate(tx, ONE, user.id)
        with pytest.raises(Conflict):
            recovery.request(tx, TWO, user.id)
