"""Nobody browses the bank, and who looks for the same person again and again is asked why."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from access_help import CHEAP
from bank_help import actor, authority
from didban import clock
from didban.errors import LimitReached, NotFound, NotPermitted
from didban.guard import access, limits, lookups, refusals, signals
from didban.guard.secrets import Secrets
from didban.model.signals import SignalKind
from didban.settings import Access
from didban.store import users
from didban.store.tables.audit import audit_entry
from didban.store.tables.signals import lookup, recent_use, signal


@pytest.fixture
def at(monkeypatch):
    """Return a clock that is set by hand, as a list of one moment."""
    moment = [clock.now()]
    monkeypatch.setattr(clock, "now", lambda: moment[0])
    return moment


def _signals(tx) -> list[tuple[str, str, int]]:
    return [(row.kind, row.user, row.count) for row in tx.execute(signal.select())]


def test_pr_04_the_51st_search_of_a_minute_is_refused_and_signalled(database, at):
    """The window slides: a minute after the first one there is room for one more."""
    officer = actor("xar", "first_line", user="usr_f")
    for _ in range(50):
        with refusals.acting(database, officer, asked="check") as tx:
            limits.count_search(tx, officer, CHEAP)
        at[0] += timedelta(seconds=1)
    with (
        pytest.raises(LimitReached) as caught,
        refusals.acting(database, officer, asked="check") as tx,
    ):
        limits.count_search(tx, officer, CHEAP)

    assert caught.value.retry_after == 10
    with database.begin() as tx:
        assert _signals(tx) == [("search_limit", "usr_f", 1)]
        entries = [(row.deed, row.facts.get("code")) for row in tx.execute(audit_entry.select())]
        assert entries == [("request.refused", "limit_reached"), ("signal.raised", None)]
        limits.count_search(tx, actor("xar", "first_line", user="usr_g"), CHEAP)
        limits.count_search(tx, access.system_actor("xar", "rescreen"), CHEAP, persons=9999)
    at[0] += timedelta(seconds=10)
    with database.begin() as tx:
        limits.count_search(tx, officer, CHEAP)


def test_pr_04_a_device_has_a_limit_of_its_own(database):
    """Existing clients ask for many at once."""
    device = actor("xar", "passenger_unit", user="tok_1", device="tok_1")
    settings = Access(device_searches_per_minute=100)
    with database.begin() as tx:
        limits.count_search(tx, device, settings, persons=100)
        with pytest.raises(LimitReached):
            limits.count_search(tx, device, settings)


def test_pr_04_many_requests_at_once_do_not_get_past_the_limit(database):
    """They stand in line."""
    officer = actor("xar", "first_line", user="usr_f")

    def search(_: int) -> bool:
        try:
            with database.begin() as tx:
                limits.count_search(tx, officer, Access(searches_per_minute=5))
        except LimitReached:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(search, range(12))) == 5


def test_pr_04_the_records_of_a_day_are_limited_and_what_is_old_is_erased(database, at):
    """Counted by record, forgotten after a day."""
    analyst = actor("xar", "analyst", user="usr_a")
    settings = Access(results_per_day=100)
    with database.begin() as tx:
        limits.count_results(tx, analyst, settings, records=99)
        limits.count_results(tx, analyst, settings, records=0)
        with pytest.raises(LimitReached) as caught:
            limits.count_results(tx, analyst, settings, records=2)
    at[0] += timedelta(days=1, seconds=1)
    with database.begin() as tx:
        limits.count_results(tx, analyst, settings, records=100)

    assert caught.value.limit == "result_limit"
    assert limits.run_due(database, at[0]) == 1
    with database.begin() as tx:
        assert len(tx.execute(recent_use.select()).all()) == 1


@pytest.mark.parametrize(("purpose", "may"), [("supervision", True), ("border_control", False)])
def test_pr_04_a_search_by_a_part_of_a_name_needs_the_purpose_of_supervision(purpose, may):
    """A supervisor at the gate may not either."""
    supervisor = actor("xar", "supervisor", purpose=purpose)
    if may:
        limits.require_wildcard(supervisor)
    else:
        with pytest.raises(NotPermitted):
            limits.require_wildcard(supervisor)


def test_pr_05_the_fifth_search_for_one_person_without_a_hit_is_signalled(database, at, tmp_path):
    """In whatever order the names are typed; what a hit came of is forgotten."""
    Secrets(tmp_path).make()
    secrets = Secrets(tmp_path)
    officer = actor("xar", "first_line", user="usr_f")
    typed = ("Zahra Karimzadeh", "KARIMZADEH Zahra", "karimzadeh, zahra") * 2
    other = lookups.key_of(secrets, ["Omid Rostami"], None)
    with database.begin() as tx:
        for name in typed[:4]:
            person = lookups.key_of(secrets, [name], "1971-05-02")
            lookups.note(tx, officer, person, CHEAP)
            lookups.note(tx, officer, other, CHEAP)
            lookups.note(tx, actor("xar", user="tok_1", device="tok_1"), person, CHEAP)
        lookups.forget(tx, officer, other)
        assert _signals(tx) == []
        lookups.note(tx, officer, lookups.key_of(secrets, [typed[4]], "1971-05-02"), CHEAP)
        lookups.note(tx, officer, other, CHEAP)

        assert _signals(tx) == [("repeated_lookup", "usr_f", 1)]
        kept = tx.execute(lookup.select()).all()
    assert "zahra" not in str(kept).lower()
    at[0] += timedelta(days=31)
    assert limits.run_due(database, at[0]) == 6


def test_pr_05_who_looks_for_themselves_is_signalled_at_once(database, tmp_path):
    """By a keyed hash that was given at enrolment."""
    from access_help import Door

    Secrets(tmp_path).make()
    secrets = Secrets(tmp_path)
    own = lookups.key_of(secrets, ["Zahra Karimzadeh"], "1971-05-02")
    with pytest.MonkeyPatch.context() as patch:
        user = Door(database, secrets, patch).enrolled("z.karimi", "first_line")
    with database.begin() as tx:
        authority(tx, "xar")
        users.change(tx, user.id, own_person=own)
        lookups.note(tx, actor("xar", "first_line", user=user.id), own, CHEAP)

        assert _signals(tx) == [("self_lookup", user.id, 1)]


def test_signals_are_erased_after_six_months_and_others_leave_no_refusal(database, at):
    """PR-30; an error that is no refusal is not entered as one."""
    officer = actor("xar", "first_line", user="usr_f")
    with database.begin() as tx:
        signals.raise_about(tx, SignalKind.SEARCH_LIMIT, officer)
    with pytest.raises(NotFound), refusals.acting(database, officer, asked="view"):
        raise NotFound("nothing there")
    with database.begin() as tx:
        refusals.enter(tx, officer, NotFound("nothing there"), asked="view")
        assert [row.deed for row in tx.execute(audit_entry.select())] == ["signal.raised"]

    assert signals.run_due(database, at[0] + timedelta(days=182)) == 0
    assert signals.run_due(database, at[0] + timedelta(days=184)) == 1
