"""Sign-in takes what a person knows, what a person holds, and why they come."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from access_help import CHEAP, PASSWORD, Door
from didban.errors import LimitReached, NotAuthenticated, NotPermitted, PurposeMissing
from didban.guard import credentials, sessions
from didban.guard.secrets import Secrets
from didban.guard.sessions import Admission, Doorkeeper, Reason
from didban.model.purposes import Purpose
from didban.store import users
from didban.store.tables.access import sign_in_failure, user_account
from didban.store.tables.audit import audit_entry
from didban.store.tables.signals import signal


@pytest.fixture
def door(database, tmp_path, monkeypatch) -> Door:
    """Return the door of a node."""
    Secrets(tmp_path).make()
    return Door(database, Secrets(tmp_path), monkeypatch)


def _actor(door: Door, secret: str):
    with door.database.begin() as tx:
        return credentials.actor_of(tx, secret, "req-1")


def test_a_session_carries_purpose_case_and_place_as_they_were_chosen(door):
    """They come from sign-in, not from any request (PR-01)."""
    user = door.enrolled("z.karimi", "first_line", "second_line")
    reason = Reason(purpose=Purpose.DOCUMENT_FRAUD, reference="Case 7", place="Gate 4")
    found = _actor(door, door.sign_in(user, reason=reason).secret)

    assert (found.purpose, found.reference, found.place) == (reason.purpose, "Case 7", "Gate 4")


def test_every_wrong_credential_gets_the_same_answer(door):
    """One text for a wrong name, password, code, for a closed, an ended and a half enrolled account."""
    user = door.enrolled("z.karimi", "first_line")
    closed = door.enrolled("a.closed", "first_line")
    ended = door.enrolled("a.ended", "first_line")
    with door.database.begin() as tx:
        users.change(tx, closed.id, is_active=False)
        users.change(tx, ended.id, access_until=door.now)
    answers = set()
    for who, wrong in (
        (user, {"login": "nobody.here"}),
        (user, {"login": ""}),
        (user, {"login": "\x00' or 1=1 --"}),
        (user, {"password": "another password 9"}),
        (user, {"password": ""}),
        (user, {"code": "000000"}),
        (user, {"code": ""}),
        (closed, {}),
        (ended, {}),
    ):
        with pytest.raises(NotAuthenticated) as caught:
            door.sign_in(who, **{"source": str(wrong), **wrong})
        answers.add(str(caught.value))
        door.wait(hours=1)

    assert len(answers) == 1


def test_a_code_is_good_once(door):
    """Whoever looked over the shoulder comes too late (RFC 6238, 5.2)."""
    user = door.enrolled("z.karimi", "first_line")
    code = user.code(door.now)
    door.sign_in(user, code=code)

    with pytest.raises(NotAuthenticated):
        door.sign_in(user, code=code)


def test_of_many_sign_ins_with_one_code_one_gets_in(door):
    """Whatever the moment: the code is used by one statement."""
    user = door.enrolled("z.karimi", "first_line")
    code = user.code(door.now)

    def try_it(source: int) -> bool:
        try:
            door.sign_in(user, code=code, source=str(source))
        except NotAuthenticated:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(try_it, range(4))) == 1


@pytest.mark.parametrize("change", [{"is_active": False}, {"password_hash": None}])
def test_an_account_that_is_closed_or_recovered_while_it_is_looked_at_stays_shut(
    door, monkeypatch, change
):
    """Between the look at the password and the session lies the work of hashing."""
    user = door.enrolled("z.karimi", "first_line")
    verify = door.keeper.passwords.verify

    def slow(*what: str | None) -> bool:
        with door.database.begin() as tx:
            is_it = user_account.c.id == user.id
            tx.execute(user_account.update().where(is_it).values(**change))
        return bool(verify(*what))

    monkeypatch.setattr(door.keeper.passwords, "verify", slow)

    with pytest.raises(NotAuthenticated):
        door.sign_in(user)


def test_a_purpose_that_no_role_may_use_is_refused_once_one_is_known(door):
    """And a session without a case or a post is not begun at all (PR-01)."""
    user = door.enrolled("z.karimi", "first_line")

    with pytest.raises(NotPermitted):
        door.sign_in(user, purpose="supervision")
    with pytest.raises(PurposeMissing):
        door.sign_in(user, reason=Reason(purpose=Purpose.BORDER_CONTROL, place=" "))


def test_each_further_failure_doubles_the_wait_whoever_is_tried(door):
    """Known and unknown names wait alike, in a new process too, and never longer than is set."""
    door.enrolled("z.karimi", "first_line")
    waits: dict[str, list[float]] = {"z.karimi": [], "nobody.here": []}
    for name, found in waits.items():
        for attempt in range(16):
            wait = _failing(door, name, source=f"{name}-{attempt % 2}")
            found.append(wait)
            door.wait(seconds=wait)

    assert waits["z.karimi"] == waits["nobody.here"]
    assert waits["z.karimi"][:4] == [0, 0, 0, 0]
    assert waits["z.karimi"][4:8] == [1, 2, 4, 8]
    assert waits["z.karimi"][-1] == CHEAP.longest_wait_minutes * 60


def _failing(door: Door, login: str, *, source: str) -> float:
    """Return for how many seconds one must wait after one more failure."""
    reason = Reason(purpose=Purpose.BORDER_CONTROL, place="Gate 4")
    with pytest.raises(NotAuthenticated):
        door.keeper.sign_in(login, "wrong password 1", "123456", reason, source=source)
    with door.database.begin() as tx:
        until = tx.scalar(select(func.max(sign_in_failure.c.blocked_until)))
    return float((until - door.now).total_seconds())


def test_one_source_that_tries_many_names_must_wait(door):
    """Ten times as many failures as one account has."""
    reason = Reason(purpose=Purpose.BORDER_CONTROL, place="Gate 4")
    for number in range(CHEAP.failures_allowed * 10):
        with pytest.raises(NotAuthenticated):
            door.keeper.sign_in(f"user{number}", "guess", "1", reason, source="192.0.2.9")

    with pytest.raises(LimitReached):
        door.keeper.sign_in("another", "guess", "1", reason, source="192.0.2.9")


def test_failures_raise_a_signal_and_leave_no_name(door):
    """What was typed for a name may have been a password (PR-37)."""
    for _ in range(CHEAP.failures_allowed):
        _failing(door, "my-secret-password", source="192.0.2.1")
    with door.database.begin() as tx:
        kinds = tx.execute(signal.select()).all()
        entries = tx.execute(audit_entry.select()).all()

    assert {row.kind for row in kinds} == {"failed_sign_ins"}
    assert "my-secret-password" not in f"{kinds} {entries}"


def test_a_sign_in_forgets_the_failures_before_it(door):
    """Four slips today do not close the door tomorrow."""
    user = door.enrolled("z.karimi", "first_line")
    for _ in range(2):
        for _ in range(CHEAP.failures_allowed - 1):
            with pytest.raises(NotAuthenticated):
                door.sign_in(user, password="a slip of the hand")
        door.wait(seconds=30)
        door.sign_in(user)
        door.wait(seconds=30)


def test_sign_out_ends_the_session(door):
    """And no other one."""
    user = door.enrolled("z.karimi", "first_line")
    one = door.sign_in(user).secret
    door.wait(seconds=60)
    other = door.sign_in(user).secret
    with door.database.begin() as tx:
        door.keeper.sign_out(tx, credentials.actor_of(tx, one, ""), one)

    assert _actor(door, other)
    with pytest.raises(NotAuthenticated):
        _actor(door, one)


def test_another_purpose_is_another_session_by_another_code(door):
    """Both are entered in the audit; the old secret is worth nothing (PR-01, PR-06)."""
    user = door.enrolled("z.karimi", "second_line")
    first = door.sign_in(user, "border_control").secret
    code = user.code(door.now)
    reason = Reason(purpose=Purpose.CRIMINAL_INVESTIGATION, reference="Case 8")
    with pytest.raises(NotAuthenticated):
        _change(door, first, code, reason)
    door.wait(seconds=30)

    second = _change(door, first, user.code(door.now), reason)

    assert _actor(door, second.secret).purpose == Purpose.CRIMINAL_INVESTIGATION
    with pytest.raises(NotAuthenticated):
        _actor(door, first)
    with door.database.begin() as tx:
        deeds = [row.deed for row in tx.execute(audit_entry.select())]
    assert deeds[-3:] == ["sign_in.failed", "session.ended", "session.began"]


def _change(door: Door, secret: str, code: str, reason: Reason) -> Admission:
    with door.database.begin() as tx:
        who = credentials.actor_of(tx, secret, "")
        return door.keeper.change_purpose(tx, who, secret, code, reason, source="192.0.2.1")


def test_a_session_ends_when_idle_and_at_the_end_of_the_shift(door):
    """Thirty minutes, twelve hours."""
    user = door.enrolled("z.karimi", "first_line")
    admitted = door.sign_in(user)
    began = door.now

    assert admitted.ends_at == began + timedelta(hours=CHEAP.session_hours)
    door.wait(minutes=CHEAP.idle_minutes)
    with pytest.raises(NotAuthenticated):
        _actor(door, admitted.secret)


def test_old_sessions_and_failures_are_forgotten(door):
    """A month after the end, and a day after the last failure."""
    user = door.enrolled("z.karimi", "first_line")
    door.sign_in(user)
    with pytest.raises(NotAuthenticated):
        door.sign_in(user, password="a slip of the hand")

    assert sessions.run_due(door.database, door.now) == 0
    assert sessions.run_due(door.database, door.now + timedelta(days=2)) == 2
    assert sessions.run_due(door.database, door.now + timedelta(days=31)) == 1


def test_a_reason_is_short(door):
    """Two hundred characters name any case or post."""
    user = door.enrolled("z.karimi", "first_line")
    with pytest.raises(PurposeMissing):
        door.sign_in(user, reason=Reason(purpose=Purpose.BORDER_CONTROL, place="x" * 201))


def test_a_hash_of_yesterdays_cost_is_renewed_at_sign_in(door, tmp_path):
    """Nobody has to choose a new password for it."""
    user = door.enrolled("z.karimi", "first_line")
    before = _hash(door)
    dearer = type(CHEAP)(hash_memory_mib=1, hash_rounds=2)
    door.keeper = Doorkeeper(door.database, dearer, Secrets(tmp_path))
    door.sign_in(user)

    assert before != _hash(door)
    assert door.keeper.passwords.verify(_hash(door), PASSWORD)


def _hash(door: Door) -> str:
    with door.database.begin() as tx:
        return str(tx.execute(user_account.select()).one().password_hash)
