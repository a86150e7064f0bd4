"""Notices and diffusions: what keeps them in, who lets them out, and how they end everywhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bank_help import actor, alert, draft_of, marking, person
from didban import clock
from didban.casework import notifications
from didban.casework.notices import arriving, deadlines, drafting, publishing, reviewing
from didban.casework.notices.drafting import NoticeDraft
from didban.errors import Conflict, InvalidFields, InvalidInput, NotFound, NotPermitted
from didban.intake import bank, disputes, status
from didban.model.alerts import NoticeType
from didban.model.bank import RecordState, SuspensionCause, standing
from didban.model.disputes import DisputedBy, Ground
from didban.model.exchange.kinds import Kind
from didban.model.exchange.notices import NoticeLetGo, NoticeSaid
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
from didban.store import erasure, notices, records
from didban.store.notifications import Contact
from didban.store.tables.notices import received_notice
from didban.store.tables.notify import notification
from didban.store.visibility import every_number
from exchange_help import banks, item
from notices_help import DOSSIER, DRAFTER, KEY, REVIEWER, SECOND, Boards, asked
from sharing_help import held, holders, settle

S = NoticeState


@pytest.fixture(scope="module")
def lasting(postgres):
    """Return a network that the tests of this module share: each looks at its own notices."""
    with banks(postgres, "xar", "xbo", "xca") as made:
        yield made


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


def kept(boards, notice):
    """Return the record of a notice, whoever may see it."""
    return boards.xar.do(lambda tx: records.get(tx, notice.record, every_number(tx)))


def heard(boards, code, notice):
    """Return where a node has heard that a notice of another stands, and of which version."""
    query = select(received_notice).where(received_notice.c.id == notice.id)
    row = boards.network[code].do(lambda tx: tx.execute(query).one_or_none())
    return (row.state, row.version) if row else None


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


# What is out ------------------------------------------------------------------------------------


def test_a_diffusion_reaches_whom_it_names_and_nobody_else(boards):
    """Nobody else hears that there is one."""
    out = boards.published(form=NoticeForm.DIFFUSION, recipients=("xbo",))
    boards.network.carry()
    assert (heard(boards, "xbo", out), heard(boards, "xca", out)) == (("published", 1), None)
    assert kept(boards, out).marking.visibility.audience == ("node:xbo",)


def test_pr_16_nobody_hears_of_a_notice_from_whom_the_person_is_protected(boards):
    """The record does not go there, and word of it does not either."""
    protected = boards.record(protected_from=("node:xca",))
    out = boards.published(protected)
    boards.network.carry()
    assert (heard(boards, "xbo", out), heard(boards, "xca", out)) == (("published", 1), None)


def test_what_achieved_its_purpose_is_cancelled_within_a_day_by_itself(fresh):
    """And its record withdrawn, as one whose purpose is achieved."""
    out = fresh.published()
    fresh.xar.do(publishing.achieve, DRAFTER, fresh.board, out.id, words="arrested in Caspia")
    assert (fresh.run(hours=23), fresh.run(hours=25), fresh.run(hours=25)) == (0, 1, 0)
    assert fresh.xar.do(notices.get, out.id).state is S.CANCELLED
    assert kept(fresh, out).state is RecordState.WITHDRAWN


def test_a_complaint_suspends_and_another_person_lifts(boards):
    """The record is found meanwhile, and asks nothing."""
    out = boards.published()
    more: dict[str, Any] = {"words": "the person complained"}
    boards.xar.do(publishing.suspend, REVIEWER, boards.board, out.id, **more)
    assert kept(boards, out).suspensions == {SuspensionCause.COMPLAINT}
    boards.network.carry()
    assert heard(boards, "xbo", out) == ("suspended", 1)
    both = actor("xar", "reviewer", user="usr_drafter")
    with pytest.raises(NotPermitted):
        boards.xar.do(publishing.lift, both, boards.board, out.id, **more)
    boards.xar.do(publishing.lift, SECOND, boards.board, out.id, **more)
    assert kept(boards, out).suspensions == frozenset()
    boards.network.carry()
    assert heard(boards, "xca", out) == ("published", 1)


def test_an_addendum_adds_and_changes_nothing_that_was_reviewed(boards):
    """The version rises at every reader; the action stays."""
    out = boards.published()
    added = boards.xar.do(
        publishing.add, DRAFTER, boards.board, out.id, warnings=("armed",), words="a witness"
    )
    assert (added.version, added.alert.warnings) == (2, ("armed",))
    assert kept(boards, out).alert == added.alert
    boards.network.carry()
    assert heard(boards, "xbo", out) == ("published", 2)


def test_pr_15_nothing_is_added_after_the_status_changed(boards):
    """An acquitted person does not become a charged one again by an addendum."""
    out = boards.published()
    boards.xar.do(
        status.change, DRAFTER, out.record, status.StatusEvent.ACQUITTED,
        expected=kept(boards, out).version, reason="court order",
    )  # fmt: skip
    with pytest.raises(Conflict):
        boards.xar.do(
            publishing.add, DRAFTER, boards.board, out.id, warnings=("armed",), words="late"
        )


def test_a_notice_ends_on_its_day_unless_another_person_extends_it(fresh):
    """The review is recorded; the drafter does not extend his own."""
    out, other = fresh.published(), fresh.published()
    until = clock.today() + timedelta(days=200)
    more: dict[str, Any] = {"until": until, "words": "still at large"}
    with pytest.raises(NotPermitted):
        fresh.xar.do(publishing.extend, DRAFTER, fresh.board, out.id, **more)
    fresh.xar.do(publishing.extend, REVIEWER, fresh.board, out.id, **more)
    assert fresh.run(days=91) == 1
    states = {
        one.id: one.state
        for one in fresh.xar.do(
            notices.listed, "xar", frozenset(range(99)), states=list(S), limit=9
        )
    }
    assert states == {out.id: S.PUBLISHED, other.id: S.EXPIRED}
    assert kept(fresh, other).state is RecordState.WITHDRAWN


def test_a_notice_without_its_record_is_cancelled_by_itself(fresh):
    """Whoever withdrew the record."""
    out = fresh.published()
    record = kept(fresh, out)
    fresh.xar.do(
        bank.withdraw, DRAFTER, record.id,
        expected=record.version, ground=Ground.ERROR, reason="wrong person",
    )  # fmt: skip
    assert fresh.run() == 1
    fresh.network.carry()
    assert heard(fresh, "xbo", out) == ("cancelled", 1)


def test_pr_34_a_missing_receipt_is_seen_and_one_that_nobody_owes_counts_nothing(fresh):
    """Told to everybody who was ever told; confirmed by each, once the record is gone there."""
    out = fresh.published()
    early = item(Kind.NOTICE_EVENT, NoticeLetGo(notice=out.id, rev=1).to_json())
    fresh.network["xbo"].publish("talk:xar", early)
    fresh.network.carry()
    fresh.xar.do(publishing.cancel, DRAFTER, fresh.board, out.id, words="found")
    fresh.network.pull("xbo", "xar")
    fresh.run("xbo")
    fresh.network.pull("xar", "xbo")
    late = clock.now() + timedelta(hours=73)
    missing = fresh.xar.do(deadlines.overdue_receipts, REVIEWER, fresh.board, late)
    assert [one.node for one in missing] == ["xca"]
    fresh.network.carry()
    fresh.run("xca")
    fresh.network.carry()
    assert fresh.xar.do(deadlines.overdue_receipts, REVIEWER, fresh.board, late) == []


def test_a_copy_that_is_still_there_is_not_confirmed_as_gone(fresh):
    """The receipt waits until the record has left too."""
    out = fresh.published()
    fresh.network.carry()
    xbo = fresh.network["xbo"]
    copy = kept(fresh, out)
    xbo.do(
        bank.report,
        actor("xar"),
        copy.entity,
        replace(copy.marking, visibility=marking().visibility),
    )
    fresh.xar.do(publishing.cancel, DRAFTER, fresh.board, out.id, words="found")
    fresh.network.carry()
    assert fresh.run("xbo") == 0
    xbo.do(
        bank.withdraw, actor("xar"), copy.id,
        expected=1, ground=Ground.PURPOSE_ACHIEVED, reason="withdrawn by its owner",
    )  # fmt: skip
    assert fresh.run("xbo") == 1


def test_a_published_notice_waits_for_each_receivers_review_and_ends_with_its_copies(shared):
    """The record travels with its colour, asks nothing there yet (PR-52), and goes with the end."""
    out = shared.published(form=NoticeForm.DIFFUSION, recipients=("xbo",))
    settle(shared.network)
    copy = held(shared.network["xbo"], out.record)
    assert copy.alert.notice_type is NoticeType.RED
    assert standing(copy, clock.today()).action is None
    assert held(shared.network["xca"], out.record) is None
    [there] = shared.network["xbo"].do(arriving.received, actor("xbo", "reviewer"), limit=9)
    assert (there.said.id, there.said.state) == (out.id, S.PUBLISHED)
    shared.xar.do(publishing.cancel, DRAFTER, shared.board, out.id, words="found")
    settle(shared.network)
    assert holders(shared.network, out.record) == []
    assert shared.run("xbo") == 1
    settle(shared.network)
    [reader] = shared.xar.do(notices.readers, out.id)
    assert reader.let_go_at is not None


def test_pr_13_a_draft_a_refusal_and_an_approval_leave_nothing(shared):
    """Until it is published, no other node holds the record or hears of a notice."""
    ready = shared.approved()
    refused = shared.submitted(shared.record(person("Omid Danesh", birthDate="1980-01-01")))
    more: dict[str, Any] = {"ground": RefusedGround.ART_3, "words": "political"}
    shared.xar.do(reviewing.refuse, REVIEWER, refused.id, **more)
    settle(shared.network)
    for notice in (ready, refused):
        assert holders(shared.network, notice.record) == ["xar"]
        assert heard(shared, "xbo", notice) is None


def test_pr_07_a_node_speaks_of_its_own_notices_alone(boards):
    """Another's are refused; an older word changes nothing."""
    out = boards.published()
    boards.network.carry()
    lie = NoticeSaid(
        id=out.id, owner="xar", form=out.form, colour=out.colour, record=out.record,
        state=S.CANCELLED, version=1, rev=99,
    )  # fmt: skip
    for said in (lie, replace(lie, owner="xca")):
        boards.network["xca"].publish("talk:xbo", item(Kind.NOTICE, said.to_json()))
    old = item(Kind.NOTICE, replace(lie, rev=1).to_json())
    boards.network["xar"].publish("talk:xbo", old)
    boards.network.carry()
    assert heard(boards, "xbo", out) == ("published", 1)


def test_pr_31_an_erased_record_leaves_a_notice_without_content(boards):
    """That it was remains, for the statistics."""
    made = boards.draft()
    boards.xar.do(erasure.erase, made.record, "retention", clock.now())
    left = boards.xar.do(notices.get, made.id)
    assert (left.alert, left.dossier) == (None, None)


def test_pr_09_others_do_not_find_a_notice_of_ours(boards):
    """Nor a colleague who is not cleared for its record."""
    made = boards.draft(boards.record(confidentiality=0))
    with pytest.raises(NotFound):
        boards.xar.do(drafting.view, actor("xbo", "recorder"), made.id)
    seen = boards.xar.do(arriving.received, REVIEWER, limit=10)
    assert seen == []


def test_validation_holds_for_what_a_notice_asks_too(boards):
    """The gates of the bank stand behind those of the notice."""
    until = clock.today() + timedelta(days=9)
    unset = alert("inform", None, facts="a new kind of hiding place", valid_until=until)
    with pytest.raises(InvalidFields):
        boards.published(colour=NoticeType.ORANGE, alert=unset)
