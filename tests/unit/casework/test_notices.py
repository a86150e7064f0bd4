"""Notices and diffusions: what keeps them in, who lets them out, and how they end everywhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bank_help import actor, draft_of, marking, person
from didban import clock
from didban.casework import notifications
from didban.casework.notices import drafting, publishing, reviewing
from didban.casework.notices.drafting import NoticeDraft
from didban.errors import Conflict, InvalidInput, NotPermitted
from didban.intake import bank, disputes
from didban.model.alerts import NoticeType
from didban.model.bank import RecordState
from didban.model.disputes import DisputedBy, Ground
from didban.model.notices import (
    Basis,
    Block,
    Flag,
    JudicialDocument,
    Matter,
    NoticeForm,
    NoticeState,
    RefugeeCheck,
    RefusedGround,
)
from didban.model.notifications import Channel, Notification, Post
from didban.store import notices
from didban.store.notifications import Contact
from didban.store.tables.notify import notification
from notices_help import DOSSIER, DRAFTER, KEY, REVIEWER, SECOND, Boards, asked, heard, kept

S = NoticeState


@pytest.fixture
def boards(lasting) -> Boards:
    """Return the boards of xar, xbo and xca."""
    return Boards(lasting)


@pytest.fixture
def fresh(network) -> Boards:
    """Return boards to which nothing happened yet."""
    return Boards(network)


@pytest.fixture
def shared(sharing) -> Boards:
    """Return fresh boards of banks whose records leave, and are kept by the others."""
    return Boards(sharing)


# The review ---------------------------------------------------------------------------------


def test_a_notice_walks_its_whole_way(fresh):
    """Drafted, reviewed, published, heard of by everybody, fulfilled, cancelled, let go."""
    out = fresh.published()
    assert kept(fresh, out).alert.notice_type is NoticeType.RED
    assert kept(fresh, out).marking.visibility.audience == ("*",)
    fresh.network.carry()
    assert heard(fresh, "xbo", out) == heard(fresh, "xca", out) == ("published", 1)
    fresh.xar.do(publishing.achieve, DRAFTER, fresh.board, out.id, words="arrested in Caspia")
    assert (fresh.run(hours=23), fresh.run()) == (0, 0)
    fresh.xar.do(publishing.cancel, DRAFTER, fresh.board, out.id, words="arrested in Caspia")
    assert kept(fresh, out).state is RecordState.WITHDRAWN
    fresh.network.carry()
    assert heard(fresh, "xbo", out) == ("cancelled", 1)
    for code in ("xbo", "xca"):
        assert fresh.run(code) == 1
        assert fresh.run(code) == 0
    fresh.network.carry()
    readers = fresh.xar.do(notices.readers, out.id)
    assert [(one.node, one.let_go_at is not None) for one in readers] == [
        ("xbo", True), ("xca", True),
    ]  # fmt: skip


@pytest.mark.parametrize("who", [DRAFTER, replace(REVIEWER, user="usr_drafter")])
def test_pr_13_nobody_approves_what_he_drafted(boards, who):
    """Whatever roles he has by now; and a program is no other person."""
    waiting = boards.submitted()
    with pytest.raises(NotPermitted):
        boards.xar.do(reviewing.approve, who, waiting.id)
    device = replace(REVIEWER, device="tok_1")
    with pytest.raises(NotPermitted):
        boards.xar.do(reviewing.approve, device, waiting.id)
    assert boards.xar.do(reviewing.approve, REVIEWER, waiting.id).state is S.APPROVED


def test_pr_13_who_changes_a_returned_draft_does_not_review_it(boards):
    """The clock stops with the return, and starts anew."""
    waiting = boards.submitted(is_urgent=True)
    assert waiting.review_due_at - waiting.changed_at == timedelta(hours=2)
    back = boards.xar.do(reviewing.send_back, REVIEWER, waiting.id, words="which court?")
    assert (back.state, back.review_due_at) == (S.DRAFT, None)
    new = NoticeDraft(
        form=back.form, colour=back.colour, record=back.record, alert=asked(), dossier=DOSSIER
    )
    both = actor("xar", "recorder", "reviewer", user="usr_reviewer")
    boards.xar.do(drafting.change, both, boards.board, back.id, new)
    again = boards.xar.do(drafting.submit, DRAFTER, boards.board, back.id)
    assert again.review_due_at - again.changed_at == timedelta(hours=48)
    for who in (REVIEWER, both):
        with pytest.raises(NotPermitted):
            boards.xar.do(reviewing.approve, who, back.id)
    assert boards.xar.do(reviewing.approve, SECOND, back.id).state is S.APPROVED


@pytest.mark.parametrize("flag", [Flag.POLITICAL, Flag.ASYLUM])
def test_pr_13_what_is_flagged_needs_two_reviewers(boards, flag):
    """Either side may raise the flag, and nobody takes it away."""
    for more in ({"flags": frozenset({flag})}, {}):
        waiting = boards.submitted(**more)
        first = boards.xar.do(
            reviewing.approve, REVIEWER, waiting.id, flags=frozenset({flag}) - waiting.flags
        )
        assert (first.state, first.endorsed_by) == (S.COMPLIANCE_REVIEW, "usr_reviewer")
        with pytest.raises(NotPermitted):
            boards.xar.do(reviewing.approve, REVIEWER, waiting.id)
        assert boards.xar.do(reviewing.approve, SECOND, waiting.id).state is S.APPROVED


def test_pr_57_who_was_refused_before_is_recognised_and_needs_two(fresh):
    """By the record, or by the person under another identifier."""
    refused = fresh.submitted()
    fresh.xar.do(
        reviewing.refuse, REVIEWER, refused.id, ground=RefusedGround.ART_3, words="political"
    )
    assert fresh.draft(kept(fresh, refused)).flags == {Flag.REPEAT}
    gone = fresh.record(person("Omid Danesh", birthDate="1980-01-01"))
    fresh.xar.do(
        bank.withdraw, DRAFTER, gone.id,
        expected=gone.version, ground=Ground.UNLAWFUL, reason="no basis", key=KEY,
    )  # fmt: skip
    again = fresh.draft(fresh.record(person("Danesh Omid", birthDate="1980-01-01")))
    assert again.flags == {Flag.REPEAT}


def test_a_refusal_is_appealed_once_to_another_reviewer(boards):
    """With its ground; who refused does not decide again."""
    waiting = boards.submitted()
    words = {"ground": RefusedGround.QUALITY, "words": "the photo is of somebody else"}
    refused = boards.xar.do(reviewing.refuse, REVIEWER, waiting.id, **words)
    assert refused.state is S.REFUSED
    boards.xar.do(drafting.appeal, DRAFTER, boards.board, waiting.id, words="it is not")
    with pytest.raises(NotPermitted):
        boards.xar.do(reviewing.approve, REVIEWER, waiting.id)
    boards.xar.do(reviewing.refuse, SECOND, waiting.id, **words)
    with pytest.raises(Conflict):
        boards.xar.do(drafting.appeal, DRAFTER, boards.board, waiting.id, words="and yet")
    assert kept(boards, waiting).alert is None


def test_pr_13_nothing_but_a_review_gives_a_record_a_colour(boards):
    """Not a report, not a correction, and what stands under a notice stays as it was reviewed."""
    coloured = asked(notice_type=NoticeType.RED)
    with pytest.raises(NotPermitted) as refused:
        boards.xar.do(bank.report, DRAFTER, person(birthDate="1971"), marking("xar"), coloured)
    assert refused.value.reasons == ("notice",)
    plain = boards.record()
    attempts: list[tuple[Any, dict[str, Any]]] = [(plain, {"alert": coloured})]
    out = boards.published(form=NoticeForm.DIFFUSION, recipients=("xbo",))
    under = kept(boards, out)
    attempts += [
        (under, {"alert": None}),
        (under, {"alert": replace(under.alert, facts="worse")}),
        (under, {"marking": replace(marking("xar"), verified_on=under.marking.verified_on)}),
    ]
    for record, changed in attempts:
        with pytest.raises(NotPermitted):
            boards.xar.do(
                bank.correct, DRAFTER, record.id, draft_of(record, **changed),
                expected=record.version, reason="spelling",
            )  # fmt: skip
    spelt = person("Zahra Karimzade", birthDate="1971-05-02")
    corrected = boards.xar.do(
        bank.correct, DRAFTER, under.id,
        draft_of(under, entity=replace(spelt, id=under.id)), expected=under.version, reason="name",
    )  # fmt: skip
    assert corrected.alert == under.alert


def test_a_review_that_is_late_is_told_to_the_supervisor_once(fresh):
    """After 48 hours, or two where it is urgent."""
    contact = Contact(
        authority="xar", post=Post.SUPERVISOR, channel=Channel.EMAIL, address="a@b.example"
    )
    fresh.xar.do(notifications.set_contact, actor("xar", "supervisor"), contact)
    fresh.submitted()
    fresh.submitted(is_urgent=True)
    assert (fresh.run(hours=1), fresh.run(hours=3), fresh.run(hours=3)) == (0, 1, 0)
    assert (fresh.run(hours=49), fresh.run(hours=49)) == (1, 0)
    told = fresh.xar.do(lambda tx: tx.scalars(select(notification.c.kind)).all())
    assert told.count(Notification.NOTICE_OVERDUE) == 2


# The gates ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "blocked"),
    [
        ({"max_penalty_months": 23}, {Block.PENALTY}),
        ({"max_penalty_months": 24}, set()),
        ({"basis": Basis.SENTENCE, "remaining_months": 5}, {Block.REMAINING}),
        ({"basis": Basis.SENTENCE, "remaining_months": 6, "max_penalty_months": None}, set()),
        ({"basis": None, "max_penalty_months": None}, {Block.BASIS, Block.PENALTY}),
        ({"extradition_assured": False}, {Block.EXTRADITION}),
        ({"extradition_assured": None}, {Block.EXTRADITION}),
        ({"refugee_check": RefugeeCheck.NOT_DONE}, {Block.REFUGEE_CHECK}),
        ({"refugee_check": RefugeeCheck.PROTECTED}, {Block.REFUGEE_CHECK}),
        ({"matters": frozenset({Matter.POLITICAL})}, {Block.MATTER}),
        ({"matters": frozenset({Matter.PRIVATE_DISPUTE})}, {Block.MATTER}),
        ({"offence": " "}, {Block.OFFENCE}),
        (
            {"document": JudicialDocument()},
            {Block.DOCUMENT_ID, Block.DOCUMENT_DATE, Block.DOCUMENT_AUTHORITY},
        ),
        (
            {"document": replace(DOSSIER.document, on=clock.today() + timedelta(days=1))},
            {Block.DOCUMENT_DATE},
        ),
    ],
)
def test_pr_14_red_type_thresholds_are_data_and_name_everything_at_once(boards, changed, blocked):
    """1 y 11 m is blocked and 2 y passes; 5 months remaining are blocked and 6 pass."""
    assert boards.barred(**changed) == blocked


def test_pr_14_a_blocked_draft_is_not_submitted_and_says_how_complete_it_is(boards):
    """The refusal names what is to be mended."""
    made = boards.draft(dossier=replace(DOSSIER, offence="", max_penalty_months=1))
    view = boards.xar.do(drafting.view, DRAFTER, made.id)
    assert 0 < view.completeness < 100
    with pytest.raises(NotPermitted) as refused:
        boards.xar.do(drafting.submit, DRAFTER, boards.board, made.id)
    assert refused.value.reasons == ("offence", "penalty")
    whole = boards.draft()
    assert boards.xar.do(drafting.view, DRAFTER, whole.id).completeness == 100


def test_pr_14_what_changed_since_the_review_is_asked_again_before_it_leaves(boards):
    """A record that was disputed meanwhile stays in."""
    ready = boards.approved()
    holder = actor("xar", "supervisor", user="usr_desk")
    boards.xar.do(disputes.dispute, holder, ready.record, by=DisputedBy.HOLDER, ground="not me")
    with pytest.raises(NotPermitted) as refused:
        boards.publish(ready)
    assert refused.value.reasons == ("record",)


@pytest.mark.parametrize(
    ("status", "blocked"),
    [("charged", False), ("convicted", False), ("suspect", True), ("witness", True)],
)
def test_pr_15_a_red_notice_is_about_who_is_charged_or_convicted(boards, status, blocked):
    """The status of the person is set, and fits the colour."""
    action = "locate" if status == "witness" else "arrest"
    made = boards.draft(alert=asked(status=status, action=action))
    found = boards.xar.do(drafting.view, DRAFTER, made.id).blocked
    assert (Block.STATUS in found) is blocked


@pytest.mark.parametrize("colour", [NoticeType.RED, NoticeType.GREEN])
def test_pr_17_no_red_or_green_notice_is_about_a_minor(boards, colour):
    """Of a birth year alone the youngest day counts."""
    young = boards.record(person("Mina Omidi", birthDate=str(clock.today().year - 17)))
    action = "arrest" if colour is NoticeType.RED else "inform"
    made = boards.draft(young, colour=colour, alert=asked(action=action))
    assert Block.MINOR in boards.xar.do(drafting.view, DRAFTER, made.id).blocked


def test_pr_17_a_yellow_notice_of_a_minor_names_who_consented(boards):
    """And then it leaves."""
    young = boards.record(person("Mina Omidi", birthDate=str(clock.today().year - 9)))
    missing = asked(action="locate", status="missing")
    made = boards.draft(young, colour=NoticeType.YELLOW, alert=missing)
    assert boards.xar.do(drafting.view, DRAFTER, made.id).blocked == (Block.GUARDIAN,)
    consented = asked(action="locate", status="missing", guardian_consent="her mother")
    assert boards.published(young, colour=NoticeType.YELLOW, alert=consented)


def test_pr_19_a_red_notice_says_more_than_a_name(boards):
    """A full date of birth, or a photo, beside the name."""
    for entity, is_blocked in (
        (person("Zahra Karimzadeh"), True),
        (person("Zahra Karimzadeh", birthDate="1971"), True),
        (person("Zahra Karimzadeh", birthDate="1971-05-02"), False),
    ):
        made = boards.draft(boards.record(entity))
        found = boards.xar.do(drafting.view, DRAFTER, made.id).blocked
        assert (Block.IDENTITY in found) is is_blocked


def test_pr_55_what_was_obtained_by_ill_treatment_is_no_notice(boards):
    """Whatever else is complete."""
    made = boards.draft(boards.record(is_tainted=True))
    assert boards.xar.do(drafting.view, DRAFTER, made.id).blocked == (Block.RECORD,)


def test_a_draft_is_about_an_own_record_and_bears_no_colour_of_its_own(boards):
    """And a diffusion names its recipients, a notice none."""
    theirs = boards.xar.do(bank.report, actor("xbo"), person(), marking("xbo"))
    with pytest.raises(NotPermitted):
        boards.draft(theirs)
    for more in (
        {"alert": asked(notice_type=NoticeType.RED)},
        {"recipients": ("xbo",)},
        {"form": NoticeForm.DIFFUSION},
        {"form": NoticeForm.DIFFUSION, "recipients": ("xno",)},
    ):
        with pytest.raises(InvalidInput):
            boards.draft(**more)
