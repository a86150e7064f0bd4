"""A record goes to the nodes of its audience and to no other, and follows when that changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from bank_help import actor, alert, draft_of, marking, passport, person
from didban import clock
from didban.guard import assessments
from didban.model.assessments import AssessmentVerdict, Assurance, Harm
from didban.model.exchange.peers import PeerState
from didban.store import authorities, records
from didban.store.exchange import peers
from didban.store.visibility import every_number
from sharing_help import copy_of, correct, held, holders, open_receipts, report, settle, withdraw


@pytest.mark.parametrize(
    ("marked", "nodes"),
    [
        ({"audience": ["*"]}, ["xar", "xbo", "xca"]),
        ({"audience": ["node:xbo"]}, ["xar", "xbo"]),
        ({"audience": ["*"], "excluded": ["node:xca"]}, ["xar", "xbo"]),
        ({"audience": ["kind:military"]}, ["xar"]),
        ({"audience": ["*"], "protected_from": ["node:xbo"]}, ["xar", "xca"]),
        ({"audience": ["*"], "confidentiality": 2}, ["xar"]),
    ],
)
def test_pr_09_a_record_is_at_the_nodes_of_its_audience_alone(sharing, marked, nodes):
    """Who is left out does not even learn that there is something: no entry, no header (PR-16)."""
    kept = report(sharing["xar"], passport(), **marked)
    sharing.carry()
    assert holders(sharing, kept.id) == nodes
    for code in {"xbo", "xca"} - set(nodes):
        assert sharing[code].do(entries) == 0


def entries(tx):
    """Return how many entries a bank keeps."""
    return tx.exec_driver_sql("select count(*) from entry").scalar()


def test_pr_55_what_was_got_by_ill_treatment_never_leaves(sharing):
    """Not when it is reported, and what turns out to be so is withdrawn."""
    kept = report(sharing["xar"], person(), is_tainted=True)
    clean = report(sharing["xar"], person())
    sharing.carry()
    correct(sharing["xar"], clean, draft_of(clean, marking=replace(clean.marking, is_tainted=True)))
    sharing.carry()
    assert held(sharing["xbo"], kept.id) is None
    assert held(sharing["xbo"], clean.id) is None


def assess(bank, partner, verdict):
    """Enter what a bank holds of a partner."""
    draft = assessments.Draft(
        partner=partner,
        harm=Harm.TORTURE,
        verdict=verdict,
        reason="as reported",
        review_due=clock.today() + timedelta(days=30),
    )
    bank.do(assessments.record, actor(bank.code, "data_protection_officer"), draft)


def test_pr_55_data_on_persons_wait_for_assurances(sharing):
    """Documents go on; a person's record goes with an assurance that a second person accepted."""
    xar = sharing["xar"]
    before = report(xar, person("Yusuf Sample"), alert=alert())
    sharing.carry()
    assess(xar, "xbo", AssessmentVerdict.ASSURANCES)
    paper, kept = report(xar, passport()), report(xar, person(), alert=alert())
    settle(sharing)
    assert holders(sharing, paper.id) == ["xar", "xbo", "xca"]
    assert holders(sharing, before.id) == holders(sharing, kept.id) == ["xar", "xca"]

    draft = Assurance(
        id="", partner="xbo", harm=Harm.TORTURE, record=kept.id, words="None will be used.",
        valid_until=clock.today(), recorded_at=clock.now(), recorded_by="",
    )  # fmt: skip
    made = xar.do(assessments.record_assurance, actor("xar", "liaison_officer"), draft)
    second = actor("xar", "supervisor", user="usr_second")
    xar.do(assessments.accept_assurance, second, made.id)
    settle(sharing)
    assert holders(sharing, kept.id) == ["xar", "xbo", "xca"]
    assert holders(sharing, before.id) == ["xar", "xca"]


def test_a_record_that_is_marked_anew_moves(sharing):
    """Who may not see it any more loses it and says so; who may still keeps it all the while."""
    xar = sharing["xar"]
    kept = report(xar, passport())
    sharing.carry()
    narrow = marking("xar", audience=["node:xca"], verified_on=kept.marking.verified_on)
    correct(xar, kept, draft_of(kept, marking=narrow))
    first = copy_of(sharing["xca"], kept.id)
    settle(sharing)
    assert holders(sharing, kept.id) == ["xar", "xca"]
    assert copy_of(sharing["xca"], kept.id).feed != first.feed
    assert len(sharing["xca"].do(held_versions, kept.id)) == 2
    assert open_receipts(xar) == []


def held_versions(tx, record_id):
    """Return the versions of a record in a bank."""
    return records.versions(tx, record_id, every_number(tx))


def test_a_member_that_is_removed_is_refused_at_once_and_destroys_what_it_has(sharing):
    """It finds nothing from then on, its receipt says how much it erased; the others go on."""
    xar = sharing["xar"]
    for code in ("xbo", "xca"):
        xar.do(authorities.change_groups, code, ("sea",))
    kept = [report(xar, passport(f"A1234567{n}"), audience=["group:sea"]) for n in range(3)]
    settle(sharing)
    xar.do(authorities.change_groups, "xbo", ())
    later = report(xar, passport("B7654321"), audience=["group:sea"])
    assert open_receipts(xar) == ["xbo"]
    settle(sharing)
    assert [holders(sharing, one.id) for one in kept] == [["xar", "xca"]] * 3
    assert holders(sharing, later.id) == ["xar", "xca"]
    assert open_receipts(xar) == []


def test_a_member_that_comes_later_gets_what_is_live(sharing):
    """And what was withdrawn before it came is never told to it."""
    xar = sharing["xar"]
    xar.do(authorities.change_groups, "xca", ("sea",))
    kept = [report(xar, passport(f"A1234567{n}"), audience=["group:sea"]) for n in range(3)]
    settle(sharing)
    xar.do(authorities.change_groups, "xbo", ("sea",))
    settle(sharing)
    assert [holders(sharing, one.id) for one in kept] == [["xar", "xbo", "xca"]] * 3
    xar.do(authorities.change_groups, "xbo", ())
    settle(sharing)
    xar.do(authorities.change_groups, "xbo", ("sea",))
    settle(sharing)
    assert [holders(sharing, one.id) for one in kept] == [["xar", "xbo", "xca"]] * 3


def test_a_peer_that_is_removed_is_sent_nothing_more(sharing):
    """Removing it ends its reading of every feed in the same transaction, and says so to it."""
    xar = sharing["xar"]
    kept = report(xar, passport())
    settle(sharing)
    xar.do(peers.set_state, "xbo", PeerState.REMOVED, by="usr_test", now=clock.now())
    later = report(xar, passport("B7654321"))
    settle(sharing)
    assert holders(sharing, later.id) == ["xar", "xca"]
    assert holders(sharing, kept.id) == ["xar", "xca"]
    assert open_receipts(xar) == []


def test_what_was_there_before_anybody_was_pinned_is_sent(network):
    """A bank that comes into a network shares what it has, without anybody reporting it again."""
    for bank in network.values():
        bank.share()
    xar = network["xar"]
    for code in ("xbo", "xca"):
        xar.do(peers.set_state, code, PeerState.PROPOSED, by="", now=clock.now())
    kept = report(xar, passport())
    for code in ("xbo", "xca"):
        xar.do(peers.set_state, code, PeerState.PINNED, by="", now=clock.now())
    settle(network)
    assert holders(network, kept.id) == ["xar", "xbo", "xca"]


def test_a_member_that_leaves_and_comes_back_unheard_keeps_nothing_too_much(sharing):
    """What was withdrawn while it was no reader is gone, though it never heard that it had left."""
    xar = sharing["xar"]
    xar.do(authorities.change_groups, "xbo", ("sea",))
    papers = [passport(f"A1234567{n}") for n in range(3)]
    kept, early, gone = (report(xar, paper, audience=["group:sea"]) for paper in papers)
    settle(sharing)
    withdraw(xar, early)
    xar.do(authorities.change_groups, "xbo", ())
    withdraw(xar, gone)
    xar.do(authorities.change_groups, "xbo", ("sea",))
    settle(sharing)
    xbo = sharing["xbo"]
    xbo.sharing.mend(xbo.database, clock.now(), ask=partial(sharing.ask, "xbo"))
    assert holders(sharing, kept.id) == ["xar", "xbo"]
    assert held(xbo, early.id) is held(xbo, gone.id) is None
    assert open_receipts(xar) == []
