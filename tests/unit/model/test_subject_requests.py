"""The life of a request about one's own data, walked exhaustively (state-machines 4.7)."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from didban.errors import Conflict
from didban.guard.subject_requests import GUARDS
from didban.model.subject_requests import (
    LANGUAGES,
    REQUEST,
    Answer,
    Finding,
    RequestClock,
    RequestEvent,
    RequestGuard,
    RequestKind,
    RequestState,
    SubjectRequest,
    answers_that_fit,
    deadlines,
    findings_that_fit,
    letter,
    months_after,
    neutral_from,
)

MOMENT = datetime(2031, 1, 31, 15, 30, tzinfo=UTC)


def request(**more) -> SubjectRequest:
    """Return a request that has just come."""
    values = {
        "id": "req_1",
        "authority": "xar",
        "kind": RequestKind.ACCESS,
        "state": REQUEST.initial,
        "language": "en",
        "subject": None,
        "asks": "",
        "received_at": MOMENT,
    }
    return SubjectRequest(**{**values, **more})


def test_every_state_is_reached_and_only_closed_is_final():
    """Nothing hangs: from every state there is a way to the end."""
    assert REQUEST.reachable() == set(RequestState)
    for state in RequestState:
        assert RequestState.CLOSED in REQUEST.reachable(state)
        assert bool(REQUEST.events(state)) == (state is not RequestState.CLOSED)


def test_every_event_that_has_no_arrow_is_refused():
    """Each pair of state and event is one arrow or a conflict."""
    arrows = {(arrow.source, arrow.event) for arrow in REQUEST.transitions}
    assert len(arrows) == len(REQUEST.transitions)
    for state, event in itertools.product(RequestState, RequestEvent):
        if (state, event) not in arrows:
            with pytest.raises(Conflict, match="cannot follow"):
                REQUEST.transition(state, event)


@pytest.mark.parametrize(
    "left_out",
    [RequestEvent.PROVE_IDENTITY, RequestEvent.SCOPE, RequestEvent.CONSULT, RequestEvent.DECIDE],
)
def test_no_step_before_the_answer_can_be_left_out(left_out):
    """Nobody is answered who did not prove who they are, before the sources spoke, or undecided."""
    assert RequestState.NOTIFIED not in REQUEST.reachable(without=frozenset({left_out}))


def test_every_decision_has_a_second_person_and_a_fitting_answer():
    """There is one way to decide, for appeals too."""
    deciding = [arrow for arrow in REQUEST.transitions if arrow.target is RequestState.DECIDED]
    assert [set(arrow.guards) for arrow in deciding] == [
        {RequestGuard.SECOND_PERSON, RequestGuard.FITTING_ANSWER}
    ]


def test_every_guard_is_asked_somewhere_and_can_be_answered():
    """Data and code name the same guards."""
    named = {RequestGuard(guard) for arrow in REQUEST.transitions for guard in arrow.guards}
    assert named == set(RequestGuard) == set(GUARDS)


@given(
    kind=st.sampled_from(RequestKind),
    found=st.lists(st.one_of(st.none(), st.sampled_from(Finding)), max_size=6),
)
def test_there_is_always_an_answer_and_silence_is_always_neutral(kind, found):
    """What may not be told and what is not there have the same answer, and no other."""
    fitting = [one for one in found if one is None or one in findings_that_fit(kind)]
    answers = answers_that_fit(kind, fitting)
    assert answers
    if set(fitting) <= {None, Finding.NOTHING, Finding.WITHHOLD}:
        assert answers == {Answer.NEITHER_CONFIRM_NOR_DENY}
    else:
        assert Answer.NEITHER_CONFIRM_NOR_DENY not in answers


def test_no_access_is_full_while_an_owner_withholds_or_is_silent():
    """Who decides sees that it is partial; the letter does not say so."""
    assert answers_that_fit(RequestKind.ACCESS, [Finding.DISCLOSE, None]) == {Answer.ACCESS_PARTIAL}
    assert letter(Answer.ACCESS_PARTIAL, "en") == letter(Answer.ACCESS_FULL, "en")


def test_every_answer_has_its_words_in_every_language():
    """Letters are never left without words."""
    letters = [letter(answer, language) for answer in Answer for language in LANGUAGES]
    assert LANGUAGES == ("en", "fa", "ar", "ru")
    assert all(letters)
    assert len(set(letters)) == (len(Answer) - 1) * len(LANGUAGES)


def test_the_clocks_are_those_of_the_rule():
    """Acknowledged in 30 days, access in 4 months, all else in 9, told within 1."""
    assert deadlines(request()) == {
        RequestClock.ACKNOWLEDGE: MOMENT + timedelta(days=30),
        RequestClock.ANSWER: datetime(2031, 5, 31, 15, 30, tzinfo=UTC),
    }
    other = request(kind=RequestKind.DELETION, acknowledged_at=MOMENT)
    assert deadlines(other) == {RequestClock.ANSWER: datetime(2031, 10, 31, 15, 30, tzinfo=UTC)}
    decided = request(state=RequestState.DECIDED, acknowledged_at=MOMENT, decided_at=MOMENT)
    assert deadlines(decided) == {RequestClock.NOTIFY: datetime(2031, 2, 28, 15, 30, tzinfo=UTC)}
    assert deadlines(request(state=RequestState.CLOSED)) == {}


@given(
    moment=st.datetimes(datetime(2020, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis adds it
    months=st.integers(0, 30),
)
def test_months_are_calendar_months(moment, months):
    """The same day, or the last one of a shorter month."""
    later = months_after(moment, months)
    assert (later.year * 12 + later.month) - (moment.year * 12 + moment.month) == months
    assert later.day == moment.day or (
        later.day < moment.day and (later + timedelta(days=1)).day == 1
    )


@given(hours=st.integers(0, 23), minutes=st.integers(0, 59))
def test_the_day_of_a_neutral_answer_depends_on_the_day_of_the_request_alone(hours, minutes):
    """Not on the hour, the kind, or anything that was found."""
    moment = MOMENT.replace(hour=hours, minute=minutes)
    assert neutral_from(request(received_at=moment), 60) == neutral_from(request(), 60)
