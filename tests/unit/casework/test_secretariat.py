"""A network's secretariat reviews what its members draft, writes to them, and owns nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from bank_help import actor, passport
from didban import clock
from didban.casework.notices import deadlines, drafting, handing_in, reviewing, secretariat
from didban.errors import Conflict, HandlingRefused, NotFound, NotPermitted
from didban.exchange import descriptors
from didban.model.bank import SuspensionCause
from didban.model.exchange.charters import Member, NetworkCharter
from didban.model.exchange.descriptors import NodeRole
from didban.model.exchange.kinds import Kind
from didban.model.exchange.messages import MessageState
from didban.model.exchange.notice_reviews import Case, Verdict
from didban.model.exchange.signed import Signed
from didban.model.notices import Flag, NoticeEvent, NoticeState, RefusedGround
from didban.store import notice_cases, notices, suspensions
from didban.store.exchange import charters, evidence, peers
from exchange_help import banks, item
from messages_help import Desks
from notices_help import DRAFTER, REVIEWER, Boards
from sharing_help import held, report

S = NoticeState
FIRST = actor("xsz", "reviewer", user="usr_first")
OTHER = actor("xsz", "supervisor", user="usr_other")


class Office(Boards):
    """Boards of xar and xbo, whose charter has xsz review what they draft."""

    def __init__(self, network: Any) -> None:
        super().__init__(network)
        self.office = network["xsz"]
        for code, one in network.items():
            one.handlers[Kind.NOTICE_CASE] = partial(secretariat.take_in, board=self.boards[code])
            one.handlers[Kind.NOTICE_VERDICT] = handing_in.take_verdicts
            one.do(self.charter)
            _let_own_nothing(one, self.office)

    def charter(self, tx: Any, office: str = "xsz", version: int = 1) -> None:
        """Let a charter be in force that names a secretariat, or none."""
        members = tuple(Member(node=c, root=b.root.public) for c, b in self.network.items())
        made = NetworkCharter(
            network="gulf", version=version, made_at=clock.now(), agreement="Memorandum of 2031",
            threshold=2, members=members, kinds=(FIRST.kind,), secretariat=office,
        )  # fmt: skip
        signed = Signed(payload=made.to_bytes(), signatures={})
        charters.add(tx, made, signed, by="usr_test", now=clock.now())

    def handed_in(self, **more: Any) -> Any:
        """Return a notice of xar whose case has come to the secretariat."""
        made = self.submitted(**more)
        self.network.carry()
        return made

    def decide(self, verb: Any, notice: Any, who: Any = FIRST, **said: Any) -> Any:
        """Let a reviewer of the secretariat decide, and its verdict come back; return the notice."""
        self.office.do(verb, who, self.boards["xsz"], notice.id, **said)
        self.network.carry()
        return self.now(notice)

    def now(self, notice: Any) -> Any:
        """Return a notice as xar has it."""
        return self.xar.do(notices.get, notice.id)

    def case(self, notice: Any) -> Any:
        """Return what the secretariat keeps of a notice."""
        return self.office.do(notice_cases.get, notice.id)

    def faults(self, code: str, node: str) -> list[str]:
        """Return what a node has against another."""
        return [one.fault for one in self.network[code].do(evidence.of_node, node)]


def _let_own_nothing(bank: Any, office: Any) -> None:
    """Let a bank know the secretariat by its role, as if it had been pinned so."""
    said = replace(office.descriptor, version=2, role=NodeRole.SECRETARIAT)
    bank.do(peers.add_descriptor, said, descriptors.sign(said, office.root), clock.now())
    if bank is not office:
        bank.do(peers.let_speak, "xsz", [], clock.now(), desks=["xsz"])


@pytest.fixture(scope="module")
def office(postgres):
    """Return the boards, which the tests of this module share."""
    with banks(postgres, "xar", "xbo", "xsz") as network:
        yield Office(network)


def test_a_notice_leaves_only_after_the_secretariat_approved_it(office):
    """Nobody of the drafting authority reviews it; who did there, is a number here."""
    made = office.handed_in()
    with pytest.raises(NotPermitted, match="xsz"):
        office.xar.do(reviewing.approve, REVIEWER, made.id)
    with pytest.raises(Conflict):
        office.publish(made)
    shown = office.office.do(secretariat.read, FIRST, made.id).case
    assert (shown.owner, shown.dossier, shown.alert) == ("xar", made.dossier, made.alert)
    assert shown.entity.values("name") == ("Zahra Karimzadeh",)
    assert office.decide(secretariat.approve, made).state is S.APPROVED
    assert office.publish(made).state is S.PUBLISHED
    [by] = {e.actor for e in office.xar.do(notices.history, made.id) if e.event == "approve"}
    assert by == "node:xsz/1"


def test_what_a_case_says_is_erased_with_its_verdict(office):
    """At the secretariat, which owns nothing."""
    made = office.handed_in()
    office.decide(secretariat.approve, made)
    assert (office.case(made).case, office.case(made).state) == (None, S.APPROVED)


def test_a_return_stops_the_clock_and_the_next_case_starts_it(office):
    """48 hours, or 2 where it is urgent; the supervisors of both nodes are told of a late one."""
    made = office.handed_in(is_urgent=True)
    assert office.case(made).due_at - clock.now() < timedelta(hours=2)
    back = office.decide(secretariat.send_back, made, words="which court?")
    assert (back.state, back.review_due_at, office.case(made).due_at) == (S.DRAFT, None, None)
    again = office.xar.do(drafting.submit, DRAFTER, office.board, made.id)
    office.network.carry()
    assert again.review_rev > made.review_rev
    assert office.case(made).state is S.COMPLIANCE_REVIEW
    later = clock.now() + timedelta(hours=3)
    assert deadlines.run_due(office.office.database, later, office.boards["xsz"]) == 1
    assert deadlines.run_due(office.office.database, later, office.boards["xsz"]) == 0
    office.decide(secretariat.approve, made)


def test_a_refusal_is_appealed_to_another_reviewer(office):
    """With its ground; the first reviewer does not decide again."""
    made = office.handed_in()
    said = {"ground": RefusedGround.ART_3, "words": "political"}
    assert office.decide(secretariat.refuse, made, **said).state is S.REFUSED
    office.xar.do(drafting.appeal, DRAFTER, office.board, made.id, words="it is a robbery")
    office.network.carry()
    with pytest.raises(NotPermitted):
        office.decide(secretariat.approve, made)
    assert office.decide(secretariat.approve, made, who=OTHER).state is S.APPROVED


def test_pr_13_a_flagged_notice_needs_two_reviewers_of_the_secretariat(office):
    """The drafter's node sees two numbers, or does not approve."""
    made = office.handed_in(flags=frozenset({Flag.ASYLUM}))
    assert office.decide(secretariat.approve, made).state is S.COMPLIANCE_REVIEW
    with pytest.raises(NotPermitted):
        office.decide(secretariat.approve, made)
    assert office.decide(secretariat.approve, made, who=OTHER).state is S.APPROVED
    lone = office.handed_in(flags=frozenset({Flag.ASYLUM}))
    _say(office, "xsz", lone, reviewer=1)
    assert office.now(lone).state is S.COMPLIANCE_REVIEW


def test_nobody_else_gives_a_verdict_nor_is_one_given_twice(office):
    """Another member's, and one of what was handed in before, are put aside with the evidence."""
    made = office.handed_in()
    _say(office, "xbo", made)
    _say(office, "xsz", replace(made, review_rev=made.review_rev - 1))
    assert office.now(made).state is S.COMPLIANCE_REVIEW
    assert HandlingRefused.code in office.faults("xar", "xbo")
    office.decide(secretariat.approve, made)
    _say(office, "xsz", made, event=NoticeEvent.RETURN, words="after all")
    assert office.now(made).state is S.APPROVED


def test_pr_07_a_case_is_of_the_node_that_speaks_for_its_drafter(office):
    """Another's is not kept, nor one that is brought to a node that reviews nothing."""
    made = office.handed_in()
    case = replace(office.case(made).case, notice="ntc_foreign")
    for reader in ("talk:xsz", "talk:xar"):
        lie = item(Kind.NOTICE_CASE, case.to_json(), record=case.notice, rev=case.rev)
        office.network["xbo"].publish(reader, lie)
    office.network.carry()
    with pytest.raises(NotFound):
        office.office.do(secretariat.read, FIRST, "ntc_foreign")
    assert HandlingRefused.code in office.faults("xsz", "xbo")


def test_pr_16_what_is_kept_from_the_secretariat_is_not_handed_in(office):
    """The person is protected from it: the notice stays a draft."""
    with pytest.raises(NotPermitted):
        office.submitted(office.record(protected_from=("node:xsz",)))


def test_an_approval_that_came_too_late_for_its_record_is_a_return(office):
    """What may not leave by then does not, and the drafter reads why."""
    made = office.handed_in()
    kept = held(office.xar, made.record)
    cause = SuspensionCause.COMPLAINT
    office.xar.do(suspensions.suspend, kept, cause, REVIEWER, at=clock.now(), reason="she called")
    assert office.decide(secretariat.approve, made).state is S.DRAFT
    *_, last = office.xar.do(notices.history, made.id)
    assert last.words == "approved; to mend since: record"


def test_cases_and_verdicts_read_as_they_were_written(office):
    """Whatever stands in them."""
    made = office.handed_in(flags=frozenset({Flag.POLITICAL}))
    case = office.case(made).case
    assert Case.from_json(case.to_json()) == case
    verdict = Verdict(
        notice=made.id, rev=7, event=NoticeEvent.REFUSE, reviewer=2,
        ground=RefusedGround.QUALITY, flags=frozenset({Flag.REPEAT}), words="no",
    )  # fmt: skip
    assert Verdict.from_json(verdict.to_json()) == verdict


def test_a_secretariat_writes_and_is_answered(office):
    """Its desk has its own deadlines and receipts, like every other."""
    desks = Desks(office.network)
    asked = desks["xsz"].send("xar")
    desks.carry()
    desks["xar"].taken(asked)
    desks["xar"].reply(asked)
    told = desks["xbo"].send("xsz")
    desks.carry()
    assert desks["xsz"].has(asked).state is MessageState.ANSWERED
    assert desks["xsz"].taken(told).state is MessageState.IN_WORK


def test_pr_07_a_secretariat_that_writes_still_owns_nothing(office):
    """Neither is its record kept, nor does it read what is for everybody."""
    for bank in office.network.values():
        bank.share()
    kept = report(office.office, passport("A12345678", issuer="xsz"))
    open_to_all = report(office.xar, passport("B12345678", issuer="xar"))
    office.network.carry()
    assert held(office.xar, kept.id) is None
    assert held(office.office, open_to_all.id) is None


def test_without_a_secretariat_another_person_of_the_authority_reviews(office):
    """Also what was handed in to one that the charter does not name any more."""
    made = office.handed_in()
    office.xar.do(office.charter, "", 2)
    try:
        assert office.xar.do(reviewing.approve, REVIEWER, made.id).state is S.APPROVED
        assert office.approved().state is S.APPROVED
    finally:
        office.xar.do(office.charter, version=3)  # the other tests share the network


def _say(office: Office, node: str, notice: Any, **more: Any) -> None:
    """Let a node send a verdict that nobody there reached."""
    values = {"event": NoticeEvent.APPROVE, "reviewer": 9, **more}
    said = Verdict(notice=notice.id, rev=notice.review_rev, **values)
    office.network[node].publish("talk:xar", item(Kind.NOTICE_VERDICT, said.to_json()))
    office.network.carry()
