"""The rights of persons and the oversight of owners: PR-38, 39, 46, 47, 49, 53, 55, 57."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bank_help import actor, person
from didban.errors import Conflict, InvalidInput, NotFound, NotPermitted
from didban.guard import corrections, sealing, subject_clocks, subject_sources
from didban.guard import subject_requests as requests
from didban.guard.subject_requests import MAX_ASKS
from didban.intake import bank
from didban.model.subject_requests import (
    Answer,
    DataSubject,
    Finding,
    Proof,
    RequestKind,
    RequestState,
    neutral_from,
)
from didban.store import audit as entries
from didban.store import subject_requests as kept_requests
from didban.store.audit import Selection
from rights_help import (
    OFFICER,
    SECOND_OFFICER,
    SUBJECT,
    TERMS,
    THIRD_OFFICER,
    answered,
    corrected,
    received,
    reported,
    scoped,
    withdrawn,
)

NEUTRAL = Answer.NEITHER_CONFIRM_NOR_DENY


def decided(tx, request, answer: Answer):
    """Return a request that a second officer decided."""
    requests.consult(tx, OFFICER, request.id, TERMS)
    return requests.decide(tx, SECOND_OFFICER, request.id, answer, TERMS)


# ------------------------------------------------------------------------------------- PR-46


def test_pr_46_a_request_for_access_goes_its_way(tx, hand_clock):
    """Received, proven, scoped, consulted, decided by another person, told, closed."""
    held = reported(tx, "xbo")
    request = scoped(tx)
    answered(tx, request, xbo=(Finding.DISCLOSE, [held.id]))
    done = decided(tx, request, Answer.ACCESS_FULL)
    told, words = requests.notify(tx, OFFICER, done.id, TERMS)

    assert told.state is RequestState.NOTIFIED
    assert "enclosed" in words
    assert [record.id for record in requests.enclosure(tx, OFFICER, done.id)] == [held.id]
    assert requests.close(tx, OFFICER, done.id, TERMS).closed_at == hand_clock.now


def test_pr_46_what_is_withheld_and_what_is_not_there_look_the_same(tx, hand_clock):
    """The same words, on the same day, after the same steps."""
    held = reported(tx, "xbo")
    seen = []
    for finding in ({}, {"xbo": (Finding.WITHHOLD, [held.id])}):
        request = scoped(tx, language="fa")
        answered(tx, request, **finding)
        done = decided(tx, request, NEUTRAL)
        with pytest.raises(Conflict) as early:
            requests.notify(tx, OFFICER, done.id, TERMS)
        leaves = neutral_from(done, TERMS.neutral_days)
        came, hand_clock.now = hand_clock.now, leaves
        told, words = requests.notify(tx, OFFICER, done.id, TERMS)
        seen.append((words, leaves, str(early.value), told.notified_at))
        hand_clock.now = came
    assert seen[0] == seen[1]


def test_pr_46_no_other_answer_than_the_neutral_one_fits_silence(tx, hand_clock):
    """Nobody can say "we hold nothing" or "we refuse", which would say what is held."""
    held = reported(tx, "xbo")
    for kind in RequestKind:
        request = scoped(tx, kind)
        answered(tx, request, xbo=(Finding.WITHHOLD, [held.id]))
        requests.consult(tx, OFFICER, request.id, TERMS)
        for answer in set(Answer) - {NEUTRAL}:
            with pytest.raises(Conflict, match="neither_confirm_nor_deny"):
                requests.decide(tx, SECOND_OFFICER, request.id, answer, TERMS)


def test_pr_46_every_owner_is_asked_whether_it_holds_anything_or_not(tx, hand_clock):
    """Who is asked tells nothing; an owner in time is waited for, a silent one is not."""
    request = scoped(tx)
    _, asked = requests.view(tx, OFFICER, request.id)
    assert [one.owner for one in asked] == ["xar", "xbo", "xca"]
    with pytest.raises(Conflict, match="xar, xbo, xca"):
        requests.consult(tx, OFFICER, request.id, TERMS)
    hand_clock.now += timedelta(days=TERMS.source_days, seconds=1)
    assert requests.consult(tx, OFFICER, request.id, TERMS).state is RequestState.SOURCES_CONSULTED


def test_pr_46_an_owner_speaks_of_its_own_records_alone(tx, hand_clock):
    """Another's record is answered like one that is not there."""
    foreign = reported(tx, "xca")
    request = scoped(tx)
    messages = set()
    for meant in (foreign.id, "rec_none"):
        with pytest.raises(NotFound) as refused:
            subject_sources.answer(
                tx, actor("xbo", "reviewer"), request.id, Finding.DISCLOSE, records_meant=(meant,)
            )
        messages.add(str(refused.value))
    assert len(messages) == 1


def test_pr_46_what_an_owner_says_has_to_be_complete(tx, hand_clock):
    """A ground for silence, records for what is said of records, a finding that fits, once."""
    held = reported(tx, "xbo")
    reviewer = actor("xbo", "reviewer")
    request = scoped(tx)
    for finding, meant, ground in (
        (Finding.WITHHOLD, (held.id,), ""),
        (Finding.DISCLOSE, (), ""),
        (Finding.NOTHING, (held.id,), ""),
        (Finding.DELETED, (held.id,), ""),
    ):
        with pytest.raises(InvalidInput):
            subject_sources.answer(
                tx, reviewer, request.id, finding, records_meant=meant, ground=ground
            )
    assert len(subject_sources.waiting(tx, reviewer, limit=10)) == 1
    subject_sources.answer(tx, reviewer, request.id, Finding.NOTHING)
    assert subject_sources.waiting(tx, reviewer, limit=10) == []
    with pytest.raises(NotFound):
        subject_sources.answer(tx, reviewer, request.id, Finding.NOTHING)


def test_pr_46_a_correction_is_believed_after_it_was_made(tx, hand_clock):
    """What the owner says it did stands in the log."""
    held = reported(tx, "xbo")
    reviewer = actor("xbo", "reviewer")
    hand_clock.now += timedelta(minutes=1)
    request = scoped(tx, RequestKind.CORRECTION, asks="My name has one more e.")
    hand_clock.now += timedelta(minutes=1)
    meant = (held.id,)
    with pytest.raises(Conflict, match="first correct"):
        subject_sources.answer(tx, reviewer, request.id, Finding.CORRECTED, records_meant=meant)
    corrected(tx, held)
    subject_sources.answer(tx, reviewer, request.id, Finding.CORRECTED, records_meant=meant)


def test_pr_46_who_decides_is_not_who_scoped_nor_who_decided_before(tx, hand_clock):
    """Two persons, and a third one for the appeal."""
    request = scoped(tx)
    answered(tx, request)
    requests.consult(tx, OFFICER, request.id, TERMS)
    with pytest.raises(NotPermitted, match="another person"):
        requests.decide(tx, OFFICER, request.id, NEUTRAL, TERMS)
    requests.decide(tx, SECOND_OFFICER, request.id, NEUTRAL, TERMS)
    hand_clock.now = neutral_from(request, TERMS.neutral_days)
    requests.notify(tx, OFFICER, request.id, TERMS)

    requests.appeal(tx, OFFICER, request.id, TERMS)
    again = requests.consult_again(tx, OFFICER, request.id, TERMS)
    answered(tx, again)
    requests.consult(tx, OFFICER, request.id, TERMS)
    with pytest.raises(NotPermitted, match="somebody else"):
        requests.decide(tx, SECOND_OFFICER, request.id, NEUTRAL, TERMS)
    requests.decide(tx, THIRD_OFFICER, request.id, NEUTRAL, TERMS)
    requests.notify(tx, OFFICER, request.id, TERMS)
    with pytest.raises(Conflict, match="appeal was decided"):
        requests.appeal(tx, OFFICER, request.id, TERMS)


def test_pr_46_a_clock_that_ended_is_signalled_once(rights_bank, hand_clock):
    """The data-protection officer hears of it, without anything about the person."""
    with rights_bank.begin() as tx:
        request = received(tx)
    later = hand_clock.now + timedelta(days=130)
    assert subject_clocks.run_due(rights_bank, later, TERMS) == 1
    assert subject_clocks.run_due(rights_bank, later, TERMS) == 0
    with rights_bank.begin() as tx:
        found, _ = requests.view(tx, OFFICER, request.id)
        overdue = entries.select_entries(tx, Selection(subject=request.id))
    assert set(found.overdue) == {"acknowledge", "answer"}
    assert {dict(entry.facts).get("clock") for entry in overdue} >= {"acknowledge", "answer"}


def test_pr_46_who_does_not_prove_who_they_are_lapses_after_the_first_clock(tx, hand_clock):
    """And is not known any more when the time for that is over."""
    request = received(tx, asks="Tell me all.")
    with pytest.raises(Conflict, match="30 days"):
        requests.lapse(tx, OFFICER, request.id, TERMS)
    hand_clock.now += timedelta(days=30)
    requests.lapse(tx, OFFICER, request.id, TERMS)
    kept_requests.forget(tx, hand_clock.now + timedelta(seconds=1))
    found, _ = requests.view(tx, OFFICER, request.id)
    assert (found.subject, found.asks, found.state) == (None, "", RequestState.CLOSED)


def test_pr_46_a_request_of_another_authority_is_not_there(tx, hand_clock):
    """Each authority answers those that it received."""
    request = received(tx)
    foreign = actor("xbo", "data_protection_officer")
    for do in (requests.view, requests.acknowledge):
        with pytest.raises(NotFound):
            do(tx, foreign, request.id)
    assert requests.listed(tx, foreign, limit=10) == []
    assert request.id in {one.id for one in requests.listed(tx, OFFICER, limit=10)}
    requests.acknowledge(tx, OFFICER, request.id)
    with pytest.raises(Conflict):
        requests.acknowledge(tx, OFFICER, request.id)


@pytest.mark.parametrize(
    "wrong",
    [
        {"language": "xx"},
        {"asks": "a" * (MAX_ASKS + 1)},
        {"subject": DataSubject(names=(), contact="x")},
        {"subject": DataSubject(names=(" ",), contact="x")},
    ],
)
def test_pr_46_a_request_that_cannot_be_dealt_with_is_refused(tx, wrong):
    """What, where, how to mend it."""
    subject = wrong.pop("subject", SUBJECT)
    with pytest.raises(InvalidInput):
        requests.receive(tx, OFFICER, subject, kind=RequestKind.ACCESS, **wrong)


def test_pr_46_nothing_is_disclosed_unless_it_was_decided(tx, hand_clock):
    """The enclosure follows the answer."""
    held = reported(tx, "xbo")
    request = scoped(tx)
    answered(tx, request, xbo=(Finding.DISCLOSE, [held.id]))
    with pytest.raises(Conflict, match="nothing is disclosed"):
        requests.enclosure(tx, OFFICER, request.id)
    with pytest.raises(InvalidInput, match="proof"):
        requests.prove_identity(tx, OFFICER, received(tx).id, None, TERMS)  # type: ignore[arg-type]
    assert requests.prove_identity(tx, OFFICER, received(tx).id, Proof.LAWYER, TERMS).proof


# ------------------------------------------------------------------------------------- PR-47


def test_pr_47_everyone_who_had_received_a_record_hears_of_its_correction(database, hand_clock):
    """Each once for each change, whoever looked how often; the owner and others are not told."""
    from bank_help import authority

    with database.begin() as tx:
        for code in ("xar", "xbo", "xca"):
            authority(tx, code)
        held, other = reported(tx, "xbo"), reported(tx, "xbo")
        for _ in range(2):
            bank.read(tx, actor("xar", "second_line"), held.id)
        bank.read(tx, actor("xca", "second_line"), other.id)
    with database.begin() as tx:
        kept = corrected(tx, held)
    sealing.seal_all(database)
    assert corrections.run_due(database, hand_clock.now + timedelta(minutes=1)) == 1
    assert corrections.run_due(database, hand_clock.now + timedelta(minutes=1)) == 0
    with database.begin() as tx:
        withdrawn(tx, kept)
    sealing.seal_all(database)
    assert corrections.run_due(database, hand_clock.now + timedelta(minutes=2)) == 1

    desk = actor("xar", "second_line")
    with database.begin() as tx:
        notices = corrections.waiting(tx, desk, limit=10)
        assert corrections.waiting(tx, actor("xca", "second_line"), limit=10) == []
        first = corrections.acknowledge(tx, desk, notices[0].id)
        with pytest.raises(NotFound):
            corrections.acknowledge(tx, actor("xca", "second_line"), notices[0].id)
    assert [(n.record, n.change) for n in notices] == [
        (held.id, "record.corrected"),
        (held.id, "record.withdrawn"),
    ]
    assert all(n.told_at - n.changed_at <= timedelta(hours=24) for n in notices)
    assert first.acknowledged_by == desk.user


def test_pr_48_what_speaks_against_a_record_is_told_to_who_had_received_it(database, hand_clock):
    """By whomever it was given; who gave it knows already."""
    from bank_help import authority
    from didban.intake import disputes

    with database.begin() as tx:
        for code in ("xar", "xbo", "xca"):
            authority(tx, code)
        held = reported(tx, "xbo")
        for code in ("xar", "xca"):
            bank.read(tx, actor(code, "second_line"), held.id)
        doubting = actor("xca", "supervisor")
        disputes.give_counter_evidence(tx, doubting, held.id, text="She was elsewhere that day.")
    sealing.seal_all(database)
    assert corrections.run_due(database, hand_clock.now) == 1
    with database.begin() as tx:
        (notice,) = corrections.waiting(tx, actor("xar", "second_line"), limit=10)
    assert (notice.record, notice.owner, notice.change) == (held.id, "xbo", "record.countered")


def test_pr_47_the_owner_does_not_learn_who_was_told(database, hand_clock):
    """Who had received a record on a person tells where the person was met (PR-53)."""
    from bank_help import authority
    from didban.guard import audit_reading

    with database.begin() as tx:
        authority(tx, "xar")
        authority(tx, "xbo")
        held = reported(tx, "xbo")
        bank.read(tx, actor("xar", "second_line"), held.id)
        corrected(tx, held)
    sealing.seal_all(database)
    assert corrections.run_due(database, hand_clock.now) == 1
    watcher = actor("xbo", "data_protection_officer")
    with database.begin() as tx:
        found = audit_reading.select(tx, watcher, Selection(subject=held.id))
    assert {entry.authority for entry in found} == {"xbo"}
    assert not any("told" in entry.deed or "viewed" in entry.deed for entry in found)


def test_the_specimen_person_is_invented():
    """Nobody real stands in these tests."""
    assert person().caption == SUBJECT.names[0]
