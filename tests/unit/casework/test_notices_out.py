"""What is out: whom a notice reaches, what may be added to it, and how it ends everywhere."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bank_help import actor, alert, marking, person, wait_for_the_dead
from didban import clock
from didban.casework.notices import arriving, deadlines, drafting, publishing, reviewing
from didban.errors import Conflict, InvalidFields, NotFound, NotPermitted
from didban.intake import bank, status
from didban.model.alerts import NoticeType
from didban.model.bank import RecordState, SuspensionCause, standing
from didban.model.disputes import Ground
from didban.model.exchange.kinds import Kind
from didban.model.exchange.notices import NoticeLetGo, NoticeSaid
from didban.model.notices import (
    NoticeForm,
    NoticeState,
    RefusedGround,
)
from didban.store import erasure, notices
from didban.store.tables.exchange_feeds import entry
from didban.store.tables.notices import notice as notice_table
from didban.store.tables.records import record
from exchange_help import item
from notices_help import DRAFTER, REVIEWER, SECOND, Boards, heard, kept
from sharing_help import held, holders, settle

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


_PUBLISHES = """
import sys
from notices_help import *
from didban.casework.notices.steps import Board
from didban.guard.crypto import dsse
from didban.store.database import Database

class Killed(Boards):
    def __init__(self, bank):
        self.xar, self.board = bank, Board(me=lambda tx: bank.identity, key=KEY)

me = Identity(node="xar", signing=dsse.SigningKey.generate("xar-sign-2"), sealing={})
database = Database(sys.argv[1])
bank_ = Bank(code="xar", database=database, root=me.signing, identity=me, descriptor=None)
while True:
    print(Killed(bank_).published().id, flush=True)
"""


@pytest.mark.slow
def test_a_notice_its_record_and_its_entries_stand_or_fall_together_after_a_kill(fresh, root):
    """Nobody hears of a notice that is not out, and no record bears the colour of one."""
    url = fresh.xar.database.url.render_as_string(hide_password=False)
    environment = {**os.environ, "PYTHONPATH": f"{root / 'src'}:{root / 'tests'}"}
    command = [sys.executable, "-c", _PUBLISHES, url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        told = [process.stdout.readline().strip() for _ in range(5)]
        process.kill()
        told += process.stdout.read().split()
    wait_for_the_dead(fresh.xar.database)
    out = fresh.xar.do(lambda tx: tx.execute(select(notice_table)).all())
    published = {row.id: row.record for row in out if row.state == S.PUBLISHED}
    assert set(told) <= set(published)
    coloured = select(record.c.id).where(record.c.alert["notice_type"].astext == "red")
    assert set(fresh.xar.do(lambda tx: tx.scalars(coloured).all())) == set(published.values())
    sent = fresh.xar.do(lambda tx: tx.scalars(select(entry.c.record)).all())
    assert sorted(sent) == sorted([*published, *published])  # once for each of two readers
