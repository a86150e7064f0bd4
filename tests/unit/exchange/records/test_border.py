"""What another node says is checked at the border: nothing foreign changes what it may not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bank_help import actor, alert, draft_of, marking, passport, person
from didban import clock
from didban.errors import NotPermitted
from didban.guard import corrections as telling
from didban.guard import sealing
from didban.intake import bank as intake
from didban.intake import disputes
from didban.model.disputes import DisputedBy
from didban.model.exchange import records as wire
from didban.model.exchange.kinds import Kind
from didban.model.exchange.sharing import next_rev
from didban.model.marking import InformationEvaluation as Information
from didban.model.marking import SourceEvaluation as Source
from didban.store import corrections
from didban.store.exchange import evidence
from didban.store.visibility import open_to
from exchange_help import item
from sharing_help import correct, held, holders, report, settle


def put(record, *, rev=None, **header):
    """Return an entry that says a record, whoever says it."""
    now = clock.now()
    values = {
        "record": record.id,
        "rev": rev or next_rev(0, now),
        "valid_until": now + timedelta(days=30),
        "handling": record.marking.handling,
    }
    return item(Kind.PUT, wire.to_json(record), **{**values, **header})


def refusals(bank, node):
    """Return the codes of what a bank put aside of a node."""
    return [one.fault for one in bank.do(evidence.of_node, node)]


def made(bank, entity, **more):
    """Return a record as a bank has it, without sharing it."""
    return report(bank, entity, audience=[f"node:{bank.code}"], **more)


def test_pr_07_only_the_owners_node_may_change_or_withdraw(sharing):
    """Another node's put, or withdrawal, of the record changes nothing and is kept as evidence."""
    xar, xbo, xca = (sharing[code] for code in ("xar", "xbo", "xca"))
    kept = report(xar, passport())
    settle(sharing)
    changed = replace(kept, marking=replace(kept.marking, legal_basis="none"))
    xca.publish("talk:xbo", put(changed, rev=next_rev(0, clock.now()) * 2))
    xca.publish(
        "talk:xbo",
        item(Kind.WITHDRAW, {"reason": "withdrawn"}, record=kept.id, rev=2**50),
    )
    settle(sharing)
    assert held(xbo, kept.id).marking.legal_basis == kept.marking.legal_basis
    assert refusals(xbo, "xca") == ["handling_refused", "handling_refused"]


def test_pr_07_a_record_that_was_entered_here_is_not_taken_over(sharing):
    """An identifier that is taken by one of our own refuses another node's record."""
    xar, xbo = sharing["xar"], sharing["xbo"]
    ours = report(xbo, person("Own Sample"), audience=["node:xbo"])
    theirs = made(xar, person())
    xar.publish("talk:xbo", put(replace(theirs, entity=replace(theirs.entity, id=ours.id))))
    settle(sharing)
    assert held(xbo, ours.id).owner == "xbo"
    assert refusals(xbo, "xar") == ["handling_refused"]


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param(lambda r: {"entity": replace(r.entity, schema="Nonsense")}, id="schema"),
        pytest.param(lambda r: {"alert": replace(alert("arrest", "witness"))}, id="pr_18"),
        pytest.param(
            lambda r: {"entity": replace(r.entity, properties={"religion": ("x",)})}, id="pr_12"
        ),
        pytest.param(
            lambda r: {
                "entity": replace(r.entity, properties={"name": ("A",), "country": ("fr",)})
            },
            id="pr_51",
        ),
        pytest.param(
            lambda r: {"marking": replace(r.marking, origin=("xar",))}, id="pr_11_own_origin"
        ),
    ],
)
def test_what_could_not_be_entered_here_is_not_kept(sharing, changed):
    """The rules of form, marking, alerts and specimens hold for whoever says it."""
    xar, xbo = sharing["xar"], sharing["xbo"]
    kept = made(xar, person())
    xar.publish("talk:xbo", put(replace(kept, **changed(kept))))
    settle(sharing)
    assert held(xbo, kept.id) is None
    assert refusals(xbo, "xar") == ["handling_refused"]


def test_pr_07_a_document_is_its_issuers_word(sharing):
    """Arvand's node does not report that a passport of Boreland was stolen."""
    xar = sharing["xar"]
    kept = made(xar, passport())
    other = replace(kept.entity, documents=(replace(kept.entity.documents[0], issuer="xbo"),))
    xar.publish("talk:xca", put(replace(kept, entity=other)))
    settle(sharing)
    assert refusals(sharing["xca"], "xar") == ["handling_refused"]


def test_pr_30_nothing_is_kept_longer_than_our_own_rules_allow(sharing):
    """What its owner may keep for longer is cut to our maximum."""
    xar, xbo = sharing["xar"], sharing["xbo"]
    kept = made(xar, person())
    until = clock.today() + timedelta(days=20 * 365)
    xar.publish(
        "talk:xbo", put(replace(kept, marking=replace(kept.marking, retention_until=until)))
    )
    settle(sharing)
    copy = held(xbo, kept.id)
    assert (copy.marking.retention_until - clock.today()).days <= 5 * 366


def test_pr_10_a_node_does_not_raise_the_grade_of_anothers_information(sharing):
    """Not its own bank's rules alone: the border of each other node refuses it too."""
    xar, xbo = sharing["xar"], sharing["xbo"]
    graded = {"origin": ("xca",), "information_evaluation": Information.UNKNOWN}
    kept = report(xar, person(), **graded)
    settle(sharing)
    raised = replace(
        kept.marking, information_evaluation=Information.KNOWN_TRUE, source_evaluation=Source.A
    )
    xar.publish("talk:xbo", put(replace(kept, marking=raised)))
    settle(sharing)
    assert held(xbo, kept.id).marking.information_evaluation is Information.UNKNOWN
    assert refusals(xbo, "xar") == ["handling_refused"]


def test_pr_11_what_comes_back_to_its_source_corroborates_nothing(sharing):
    """A told B, B tells C and C tells A: A's grade does not rise from 4 to 3 by it."""
    xar = sharing["xar"]
    kept = report(xar, person())
    circular = report(sharing["xca"], person(), origin=("xar", "xbo"))
    settle(sharing)
    assert holders(sharing, circular.id) == ["xar", "xbo", "xca"]
    better = replace(kept.marking, information_evaluation=Information.CORROBORATED)
    with pytest.raises(NotPermitted):
        xar.do(
            intake.correct,
            actor("xar"),
            kept.id,
            draft_of(kept, marking=better),
            expected=1,
            reason="heard again",
            corroborated_by=[circular.id],
        )


def test_pr_47_who_received_a_copy_hears_of_its_correction(sharing):
    """The disclosure log of the other bank is followed there, and its owner learns nothing."""
    xar, xbo = sharing["xar"], sharing["xbo"]
    kept = report(xar, person())
    settle(sharing)
    xbo.do(intake.read, actor("xbo"), kept.id)
    correct(xar, kept, draft_of(kept, alert=alert()))
    settle(sharing)
    sealing.run_due(xbo.database, clock.now())
    assert telling.run_due(xbo.database, clock.now()) == 1
    [notice] = xbo.do(corrections.listed, "xbo", after=None, limit=10)
    assert (notice.record, notice.owner, notice.change) == (kept.id, "xar", "record.corrected")


def test_pr_48_counter_evidence_and_disputes_travel_with_the_record(sharing):
    """Whoever holds a copy is shown what speaks against it, and that it is disputed."""
    xar, xbo = sharing["xar"], sharing["xbo"]
    kept = report(xar, person())
    settle(sharing)
    xar.do(disputes.give_counter_evidence, actor("xar"), kept.id, text="He was elsewhere.")
    xar.do(
        disputes.dispute, actor("xar"), kept.id, by=DisputedBy.HOLDER, ground="it is another one"
    )
    settle(sharing)
    copy = held(xbo, kept.id)
    assert [one.text for one in copy.counter_evidence] == ["He was elsewhere."]
    assert copy.is_disputed
    assert copy.state == "under_review"


def test_who_sees_a_copy_is_whom_its_owner_lets(sharing):
    """Within the other bank the audience holds for each authority."""
    xar, xbo = sharing["xar"], sharing["xbo"]
    kept = report(xar, person(), audience=["node:xbo"])
    settle(sharing)
    number = held(xbo, kept.id).visibility_number
    assert number in xbo.do(open_to, actor("xbo"))
    assert number not in xbo.do(open_to, actor("xbo-customs"))
    assert marking("xar").visibility.owner == "xar"
