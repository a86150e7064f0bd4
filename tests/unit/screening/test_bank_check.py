"""Checks on the bank are kept with what they found; the first line is told what to do."""

from __future__ import annotations

import math
from datetime import timedelta

import pytest
from sqlalchemy import select

from bank_help import actor, authority, marking, person
from didban import clock
from didban.errors import InvalidInput, NotFound, NotPermitted, PurposeMissing
from didban.intake import bank
from didban.model.alerts import Action, Alert, PersonStatus
from didban.model.bank import RecordState
from didban.model.checks import ChipEvidence
from didban.screening import bank_check
from didban.screening.bank_check import Booth
from didban.screening.check import Verdict
from didban.screening.live import LiveIndex
from didban.screening.question import Question
from didban.store import checks, records
from didban.store.tables.audit import audit_entry
from didban.store.tables.checks import check_made, match_made, match_opened
from didban.store.visibility import open_to

ZAHRA = Question(names=("Zahra Karimzadeh",), birth_date="1971-05-02")
NOBODY = Question(names=("Ulrike Vandenberg",), birth_date="1990-01-01")


@pytest.fixture
def booth(database, node_secrets, tmp_path):
    """Return a booth at Arvand's border, with nothing in the bank."""
    with database.begin() as tx:
        authority(tx, "xar")
        authority(tx, "xbo")
    with LiveIndex.open(database, tmp_path / "index", follow=False) as index:
        yield Booth(index=index, secrets=node_secrets)


@pytest.fixture
def wanted(database, booth):
    """Return a record of Arvand's that asks to locate somebody."""
    entity = person("Zahra Karimzadeh", birthDate="1971-05-02")
    with database.begin() as tx:
        alert = Alert(action_requested=Action.LOCATE, person_status=PersonStatus.MISSING)
        kept = bank.report(tx, actor("xar"), entity, marking("xar"), alert)
    booth.index.catch_up()
    return kept


def officer(code="xar", *roles, **more):
    """Return who stands at the gate."""
    return actor(code, *(roles or ("first_line",)), place="Gate 4", **more)


def check(database, booth, question=ZAHRA, who=None, **more):
    """Make one check."""
    with database.begin() as tx:
        return bank_check.make(tx, booth, who or officer(), question, **more)


def test_the_first_line_is_told_that_there_is_a_match_and_what_to_do(database, booth, wanted):
    """The answer names the match and the action, and holds nothing of the file but identity."""
    answer = check(database, booth)

    assert answer.verdict is Verdict.POSSIBLE_MATCH
    (sight,) = answer.matches
    assert sight.action is Action.LOCATE
    assert sight.shown["identity"]["properties"]["name"] == ["Zahra Karimzadeh"]
    assert not {"facts", "marking", "content"} & set(sight.shown)


def test_nobody_is_found_where_nobody_is_listed(database, booth, wanted):
    """And the check is kept all the same."""
    answer = check(database, booth, NOBODY)

    assert (answer.verdict, answer.matches) == (Verdict.NO_MATCH, ())
    with database.begin() as tx:
        kept = checks.get(tx, answer.check, "xar")
    assert kept is not None
    assert kept.verdict == "no_match"


def test_a_check_is_kept_with_who_when_where_and_why(database, booth, wanted):
    """In one row, with the match beside it and an entry in the audit."""
    answer = check(database, booth, chip=ChipEvidence.PASSED)

    with database.begin() as tx:
        kept = checks.get(tx, answer.check, "xar")
        (match,) = checks.matches_of(tx, answer.check, open_to(tx, officer()))
        deeds = tx.scalars(select(audit_entry.c.deed)).all()
    assert kept is not None
    assert (kept.user, kept.purpose, kept.reference, kept.place) == (
        "usr_xar", "border_control", "case-1", "Gate 4",
    )  # fmt: skip
    assert kept.chip is ChipEvidence.PASSED
    assert (match.record, match.version) == (wanted.id, 1)
    assert "check.made" in deeds


def test_the_evidence_that_is_kept_reproduces_the_score(database, booth, wanted):
    """Prior and weights add up to the score's logit (PR-27)."""
    answer = check(database, booth)

    with database.begin() as tx:
        (match,) = checks.matches_of(tx, answer.check, open_to(tx, officer()))
    logit = match.prior + sum(one.weight for one in match.evidence)
    assert match.score == min(0.999999, round(1 / (1 + math.exp(-logit)), 6))


def test_a_check_without_purpose_is_refused(database, booth, wanted):
    """Nor without a case or post (PR-01)."""
    with pytest.raises(PurposeMissing):
        check(database, booth, who=officer(purpose=None))
    with pytest.raises(PurposeMissing):
        check(database, booth, who=actor("xar", "first_line", reference="", place=""))
    with pytest.raises(NotPermitted):
        check(database, booth, who=actor("xar", "administrator"))


def test_the_record_behind_a_match_opens_for_a_reason(database, booth, wanted):
    """The second line says why, and that is kept (PR-02)."""
    (sight,) = check(database, booth).matches
    second = officer("xar", "second_line", user="usr_second")

    with database.begin() as tx:
        opened = bank_check.open_match(tx, second, sight.match, "compare the photo")
        reasons = tx.scalars(select(match_opened.c.reason)).all()
    assert opened.record.id == wanted.id
    assert reasons == ["compare the photo"]
    with database.begin() as tx, pytest.raises(InvalidInput):
        bank_check.open_match(tx, second, sight.match, " ")
    with database.begin() as tx, pytest.raises(NotPermitted):
        bank_check.open_match(tx, officer(), sight.match, "curious")


def test_the_match_of_another_authority_is_not_there(database, booth, wanted):
    """The same words as for a match that never was."""
    (sight,) = check(database, booth).matches
    other = officer("xbo", "second_line")

    for match_id in (sight.match, "mat_none"):
        with database.begin() as tx, pytest.raises(NotFound, match=r"^there is no such match$"):
            bank_check.open_match(tx, other, match_id, "curious")


def test_what_was_withdrawn_a_moment_ago_is_not_told(database, booth, wanted):
    """Even before the index has noticed."""
    with database.begin() as tx:
        records.set_state(tx, wanted, RecordState.WITHDRAWN, at=clock.now(), by="usr_xar")

    answer = check(database, booth)

    assert (answer.verdict, answer.matches) == (Verdict.NO_MATCH, ())


def test_content_is_emptied_in_its_time(database, booth, wanted):
    """Who was asked for, and the values that agreed; the row stays (PR-30)."""
    answer = check(database, booth)
    with database.begin() as tx:
        until = tx.scalar(select(check_made.c.kept_until))
        assert checks.mask_due(tx, until - timedelta(days=1), most=10) == 0
        assert checks.mask_due(tx, until, most=10) == 1
        assert checks.mask_due(tx, until, most=10) == 0

    with database.begin() as tx:
        kept = checks.get(tx, answer.check, "xar")
        assert kept is not None
        assert kept.asked == ()
        assert "Zahra" not in str(tx.execute(select(match_made.c.evidence)).all())


def test_an_erased_record_leaves_no_values_in_matches(database, booth, wanted):
    """PR-31."""
    check(database, booth)
    with database.begin() as tx:
        assert checks.forget(tx, wanted.id) == 1
        assert "1971" not in str(tx.execute(select(match_made.c.evidence)).all())
