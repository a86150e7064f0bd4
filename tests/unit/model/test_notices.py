"""The life of a notice as data: what no path can do, whatever code runs on it."""

from __future__ import annotations

from didban.casework.notices.steps import GUARDS
from didban.model.alerts import ACTIONS_FOR, NoticeType, PersonStatus
from didban.model.exchange.notices import TOLD_STATES, NoticeLetGo, NoticeSaid
from didban.model.notices import (
    ENDED,
    NOTICE,
    RULES,
    STANDING,
    NoticeEvent,
    NoticeForm,
    NoticeGuard,
    NoticeState,
)

S, E, G = NoticeState, NoticeEvent, NoticeGuard


def arrows(*, into=None, by=None):
    """Return the arrows into a state, or by an event."""
    return [
        arrow
        for arrow in NOTICE.transitions
        if into in {None, arrow.target} and by in {None, arrow.event}
    ]


def test_every_state_can_be_reached_and_every_event_happens_somewhere():
    """No word is idle, and each guard has its function."""
    assert NOTICE.reachable() == set(S)
    assert {arrow.event for arrow in NOTICE.transitions} == set(E)
    assert {guard for arrow in NOTICE.transitions for guard in arrow.guards} == set(G)
    assert set(GUARDS) == set(G)


def test_pr_13_no_path_leads_from_draft_to_published_without_the_word_of_another_person():
    """Take the approval away, and nothing is out; and every approval is a reviewer's."""
    assert not STANDING & NOTICE.reachable(without=frozenset({E.APPROVE}))
    (approval,) = arrows(into=S.APPROVED)
    assert (approval.source, approval.event) == (S.COMPLIANCE_REVIEW, E.APPROVE)
    assert {G.REVIEWER, G.UNBLOCKED, G.TWO_REVIEWERS} == set(approval.guards)


def test_pr_13_published_is_entered_from_approved_alone():
    """What is suspended goes back by a reviewer; nothing else leads there."""
    sources = {(arrow.source, arrow.event) for arrow in arrows(into=S.PUBLISHED)}
    assert sources - {(S.PUBLISHED, E.ADD), (S.PUBLISHED, E.EXTEND)} == {
        (S.APPROVED, E.PUBLISH), (S.SUSPENDED, E.LIFT),
    }  # fmt: skip
    for event in (E.LIFT, E.EXTEND):
        assert all(G.REVIEWER in arrow.guards for arrow in arrows(by=event))


def test_pr_13_diffusions_walk_the_same_way():
    """There is one machine; the form is no part of it."""
    assert set(NoticeForm) == {"notice", "diffusion"}
    assert not {event for event in E if "diffu" in event}


def test_nothing_hangs():
    """From every state that is not an end, one can be reached."""
    for state in set(S) - NOTICE.final:
        assert NOTICE.reachable(state) & ENDED
    assert {state for state in S if not NOTICE.events(state)} == NOTICE.final


def test_every_refusal_has_its_ground_and_words_and_is_appealed_once():
    """A refusal that says nothing cannot be answered."""
    for arrow in arrows(by=E.REFUSE):
        assert {G.GROUND, G.WORDS, G.REVIEWER} == set(arrow.guards)
    assert all(G.APPEAL_LEFT in arrow.guards for arrow in arrows(by=E.APPEAL))


def test_every_colour_asks_what_may_be_asked_of_its_statuses():
    """The gates agree with what may be asked of whom (PR-18)."""
    assert set(RULES) == set(NoticeType)
    for rule in RULES.values():
        for status in rule.statuses:
            assert rule.actions & ACTIONS_FOR[PersonStatus(status)]


def test_what_nodes_tell_each_other_is_read_to_the_same_and_names_nobody():
    """Where a notice stands, and that it was let go."""
    said = NoticeSaid(
        id="ntc_1", owner="xar", form=NoticeForm.NOTICE, colour=NoticeType.RED,
        record="rec_1", state=S.PUBLISHED, version=1, rev=4,
    )  # fmt: skip
    assert NoticeSaid.from_json(said.to_json()) == said
    receipt = NoticeLetGo(notice="ntc_1", rev=4)
    assert NoticeLetGo.from_json(receipt.to_json()) == receipt
    assert {S.PUBLISHED, S.SUSPENDED, S.CANCELLED, S.EXPIRED} == TOLD_STATES
