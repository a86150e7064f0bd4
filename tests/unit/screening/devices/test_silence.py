"""Who was found not to be meant is not stopped again, with a link or without one (PR-25)."""

from __future__ import annotations

import pytest
from sqlalchemy import insert

from bank_help import alert, passport, person
from devices_help import NON_MATCH
from didban import clock
from didban.model.exchange.questions import ToldNonMatch
from didban.model.non_match import digest
from didban.screening.check import Verdict, asked_of
from didban.screening.devices.silence import is_silent, token_for
from didban.screening.question import Question
from didban.store import non_match
from didban.store.tables.hits import hit

NAMESAKE = Question(names=("Zahra Karimzadeh",), birth_date="1971-05-02")
OTHER = Question(names=("Zahra Karimzadeh",), birth_date="1971-05-03")


def told_by_the_owner(tx, asked, listed):
    """Keep what the node of the record's owner told of a pair."""
    salt = bytes(32)
    told = ToldNonMatch(record=listed.id, salt=salt, digest=digest(salt, asked, listed))
    non_match.keep_told(tx, told, "xbo", clock.now())


def found_here(tx, asked, listed):
    """Keep the token of a hit that was refuted at this node."""
    now = clock.now()
    row = {
        "id": "hit_1", "match": "mat_1", "check": "chk_1", "authority": "xar", "owner": "xar",
        "record": listed.id, "record_version": 1, "state": "closed", "score": 1.0,
        "checked_by": "usr_1", "checked_at": now, "place": "Gate 4", "asked": asked.to_json(),
        "evidence": [], "opened_at": now, "changed_at": now, "round": 0, "is_held": False,
        "is_record_gone": False,
    }  # fmt: skip
    tx.execute(insert(hit).values(row))
    token = digest(NON_MATCH, asked, listed)
    non_match.issue(tx, token, hit_id="hit_1", record=listed.id, at=now, by="usr_1")


@pytest.mark.parametrize("found_apart", [told_by_the_owner, found_here])
def test_pr_25_a_pair_that_was_found_apart_does_not_match_on_a_device(
    station, handheld, found_apart
):
    """The next package brings it; the check is kept as silenced, and others are stopped as before."""
    listed = person(birthDate="1971-05-02")
    station.keep(listed, passport("A12345678"), alert=alert("locate"))
    handheld.open(station.make(handheld, whole=True))
    assert handheld.check(NAMESAKE).verdict is Verdict.POSSIBLE_MATCH

    (asked,) = asked_of(NAMESAKE, clock.today())
    station.do(found_apart, asked.record, listed)
    handheld.open(station.make(handheld))
    answer = handheld.check(NAMESAKE)

    assert (answer.verdict, answer.matches) == (Verdict.NO_MATCH, ())
    assert handheld.check(OTHER).verdict is Verdict.POSSIBLE_MATCH
    station.receive(handheld.bring_back())
    kept = "select is_silenced from match_made order by number"
    assert station.do(lambda tx: list(tx.exec_driver_sql(kept).scalars())) == [False, True, False]


def test_pr_25_the_secret_of_the_node_makes_another_token_for_each_device(station):
    """The same each time, so that no package grows; and nothing where a side was changed since."""
    (asked,) = asked_of(NAMESAKE, clock.today())
    listed, changed = person(birthDate="1971-05-02"), person(birthDate="1971-05-04")
    token = digest(NON_MATCH, asked.record, listed)
    made = [token_for(one, NON_MATCH, token, asked.record, listed) for one in ("a", "a", "b")]

    assert made[0] == made[1] != made[2]
    assert made[0] is not None
    assert is_silent([made[0]], asked.record, listed)
    assert not is_silent([made[0]], asked.record, changed)
    assert token_for("a", NON_MATCH, token, asked.record, changed) is None
