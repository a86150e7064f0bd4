"""What a node finds out of another by asking: that a record exists, and whom to ask on (PR-03)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bank_help import passport, person
from didban import clock
from didban.errors import InvalidInput, PeerRefused
from didban.exchange.hit_no_hit import MEMBERS
from didban.model.exchange.kinds import Call
from didban.model.exchange.peer_checks import ALLOWED, Sought
from didban.model.records import Record
from didban.store.exchange import peer_checks as store
from questions_help import Asking, paper, somebody

NUMBER = "A12345678"


def question(sought: str = "document", **more: object) -> dict[str, object]:
    """Return a question as it stands on the wire."""
    asked = {"document": {"number": NUMBER, "issuer": "xar"},
             "person": {"name": "Zahra Karimzadeh", "birth_date": "1971-05-02"},
             "thing": {"schema": "Vehicle", "number": "12B345"}}[sought]  # fmt: skip
    return {
        "sought": sought,
        "purpose": "border_control",
        "authority": "xbo",
        "reference": "pck_1",
        "asked": asked,
        **more,
    }


def audited(asking: Asking, code: str, deed: str) -> list[tuple[str, str, str]]:
    """Return who did something, to what, with which facts, as a node's audit has it."""
    query = (
        f"select actor, subject, facts::text from audit_entry where deed = '{deed}' order by number"
    )
    rows = asking[code].do(lambda tx: tx.exec_driver_sql(query).all())
    return [(row[0], row[1], row[2]) for row in rows]


def test_pr_03_the_answer_has_four_members_and_no_others(asking: Asking):
    """Whether or not there is such a record."""
    asking.keep("xar", passport(NUMBER))
    hit = asking.network.ask("xbo", "xar", Call.ASK, question())
    none = asking.network.ask("xbo", "xca", Call.ASK, question())
    assert tuple(hit) == tuple(none) == MEMBERS
    assert (hit["exists"], none["exists"]) == (True, False)
    assert hit["owner"] == "xar"


def test_a_question_reaches_every_node_and_each_answers(asking: Asking):
    """A stolen passport of one is found from the bank of another; the third has nothing."""
    kept = asking.keep("xar", passport(NUMBER))
    answers = asking.put("xbo", paper(NUMBER))
    assert {node: one.exists for node, one in answers.items()} == {"xar": True, "xca": False}
    answered = asking["xar"].do(store.answered, answers["xar"].reference, "xbo")
    assert answered.records == (kept.id,)


def test_pr_09_who_may_not_know_of_a_record_is_answered_as_if_there_were_none(asking: Asking):
    """The two answers differ in nothing but the random reference."""
    asking.keep("xar", passport(NUMBER), excluded=("node:xbo",))
    excluded = asking.network.ask("xbo", "xar", Call.ASK, question())
    other = question(asked={"number": "B7654321", "issuer": "xar"})
    absent = asking.network.ask("xbo", "xar", Call.ASK, other)
    assert {**excluded, "ref": ""} == {**absent, "ref": ""}
    assert len(excluded["ref"]) == len(absent["ref"])


@pytest.mark.parametrize("sought", list(Sought))
def test_pr_42_a_question_holds_what_its_kind_needs_and_no_more(asking: Asking, sought: Sought):
    """A document search has no name: each field of another kind is refused."""
    whole = question(sought)
    asking.network.ask("xbo", "xar", Call.ASK, whole)
    others = frozenset().union(*ALLOWED.values()) - ALLOWED[sought]
    for name in others | {"facts", "photo"}:
        asked = {**whole["asked"], name: "Vehicle"}  # type: ignore[dict-item]
        with pytest.raises(PeerRefused) as refused:
            asking.network.ask("xbo", "xar", Call.ASK, {**whole, "asked": asked})
        assert refused.value.reason == "malformed"


_WRONG = (
    ({"purpose": "node_duty"}, "not_permitted"),
    ({"purpose": "targeting"}, "malformed"),
    ({"reference": ""}, "malformed"),
    ({"reference": "about Zahra K."}, "malformed"),
    ({"authority": "xca"}, "handling_refused"),
    ({"more": 1}, "malformed"),
    ({"asked": {"number": NUMBER}}, "malformed"),
    ({"asked": {"number": "A1", "issuer": "xar"}}, "malformed"),
)


@pytest.mark.parametrize(("wrong", "reason"), _WRONG, ids=str)
def test_a_question_without_purpose_reference_or_right_is_refused(asking: Asking, wrong, reason):
    """Each is needed, and an authority that the node does not speak for is none."""
    with pytest.raises(PeerRefused) as refused:
        asking.network.ask("xbo", "xar", Call.ASK, question(**wrong))
    assert refused.value.reason == reason


def test_what_another_owner_said_is_not_answered_for_it(asking: Asking):
    """A copy of a record of xca in the bank of xar is no answer of xar."""
    asking.keep("xca", passport(NUMBER))
    copy = passport(NUMBER)
    asking.keep("xar", copy, owner="xca")
    assert asking.network.ask("xbo", "xar", Call.ASK, question())["exists"] is False


def test_pr_16_from_whom_a_person_sought_protection_it_hears_of_no_record(asking: Asking):
    """The answer is that of a node that has none."""
    entity = person("Zahra Karimzadeh", birthDate="1971-05-02", nationality="xar")
    asking.keep("xar", entity, protected_from=("node:xbo",))
    whole = question("person")
    assert asking.network.ask("xbo", "xar", Call.ASK, whole)["exists"] is False
    whole = {**whole, "authority": "xca"}
    assert asking.network.ask("xca", "xar", Call.ASK, whole)["exists"] is True


def test_a_node_asks_no_more_than_its_quota_and_the_refusal_stays(asking: Asking):
    """The data-protection officer of the other side is told."""
    asking.limited(asked_per_day=2)
    for _ in range(2):
        asking.network.ask("xbo", "xar", Call.ASK, question())
    with pytest.raises(PeerRefused) as refused:
        asking.network.ask("xbo", "xar", Call.ASK, question())
    assert refused.value.reason == "limit_reached"
    signals = 'select kind, "user" from signal'
    rows = asking["xar"].do(lambda tx: [tuple(r) for r in tx.exec_driver_sql(signals)])
    assert rows == [("peer_limit", "node:xbo")]
    asking.network.ask("xca", "xar", Call.ASK, question(authority="xca"))


def test_both_sides_keep_who_asked_why_and_of_what_kind_and_never_for_whom(asking: Asking):
    """The reference of the question joins the two logs; no name and no number is in either."""
    asking.keep("xar", passport(NUMBER))
    asking.put("xbo", paper(NUMBER, nodes=("xar",)), reference="case-77")
    ours, theirs = audited(asking, "xbo", "peer.asked"), audited(asking, "xar", "peer.answered")
    [check], [answered] = ours[-1:], theirs[-1:]
    assert answered[0] == "node:xbo"
    assert check[1] in answered[2]
    assert NUMBER not in f"{ours}{theirs}"
    assert "case-77" not in f"{theirs}"


def test_a_reference_is_known_to_none_but_who_was_answered(asking: Asking):
    """Another node that learns it finds nothing behind it, and an erased record leaves it."""
    kept = asking.keep("xar", passport(NUMBER))
    reference = asking.put("xbo", paper(NUMBER))["xar"].reference
    assert asking["xar"].do(store.answered, reference, "xca") is None
    asking["xar"].do(store.forget, kept.id)
    assert asking["xar"].do(store.answered, reference, "xbo").records == ()


def test_what_was_asked_is_kept_for_a_year_at_most(asking: Asking):
    """Ours and theirs."""
    asking.put("xbo", paper(NUMBER))
    for code in ("xbo", "xar"):
        assert asking[code].do(store.delete_older, clock.now(), most=10) == 1


def test_a_person_is_asked_about_by_what_identifies_and_nothing_else(asking: Asking):
    """What would not leave is refused before anything leaves."""
    entity = Record(id="q", schema="Person", properties={"name": ("Z K",), "address": ("Hill 3",)})
    with pytest.raises(InvalidInput):
        asking.begin("xbo", replace(somebody("Z K"), asked=(entity,)))
