"""The life of a message as data, and what one node says read by another."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from didban import clock
from didban.errors import Malformed
from didban.model.documents import Document
from didban.model.exchange.letters import (
    ALLOWED,
    SCHEMATA,
    Letter,
    Moved,
    Part,
    PartKind,
    fields_beyond,
    kinds_of_parts,
    reduced,
)
from didban.model.exchange.messages import (
    BY,
    MESSAGE,
    MOVED_BY_REPLY,
    PUNCTUALITY,
    SHARE,
    TOLD,
    ClockEvent,
    MessageEvent,
    MessageGuard,
    MessageKind,
    MessageState,
    MessageUrgency,
    Punctuality,
    RefusalGround,
    Side,
    Topic,
    is_awaited,
)
from didban.model.marking import Handling, InformationEvaluation, SourceEvaluation
from didban.model.purposes import Purpose
from didban.model.records import Record
from didban.model.sensitive import SENSITIVE_PROPERTIES

S, E = MessageState, MessageEvent


def test_every_state_can_be_reached_and_every_event_happens_somewhere():
    """No word is idle."""
    assert MESSAGE.reachable() == set(S)
    assert {arrow.event for arrow in MESSAGE.transitions} == set(E) == set(BY)
    assert {guard for arrow in MESSAGE.transitions for guard in arrow.guards} == set(MessageGuard)


def test_nothing_is_read_that_was_not_accepted_and_nothing_answered_that_was_not_read():
    """Take an event away, and what stands behind it is out of reach."""
    assert S.READ not in MESSAGE.reachable(without=frozenset({E.ACCEPT}))
    behind = {S.IN_WORK, S.ANSWERED, S.PARTIALLY_ANSWERED, S.REFUSED, S.CLOSED, S.REOPENED}
    assert not behind & MESSAGE.reachable(without=frozenset({E.OPEN}))


def test_quarantined_and_recalled_are_ends_and_nothing_else_is():
    """Nothing leaves them; from everywhere else something may still follow."""
    assert {state for state in S if not MESSAGE.events(state)} == MESSAGE.final


def test_whatever_left_can_be_recalled_until_it_is_put_aside():
    """Any --recall by sender--> recalled."""
    recallable = {state for state in S if E.RECALL in MESSAGE.events(state)}
    assert recallable == set(S) - {S.COMPOSING, S.QUARANTINED, S.RECALLED}


def test_each_event_is_one_sides_and_is_told_or_carried_by_a_reply():
    """What the other side must know of is told by itself or comes with a message of its own."""
    silent = {E.SEAL, E.EXPIRE, E.DELIVER}
    assert TOLD | set(MOVED_BY_REPLY.values()) | silent == set(E)
    assert {event for event in E if BY[event] is Side.SENT} == {
        E.SEAL, E.EXPIRE, E.CLOSE, E.REOPEN, E.RECALL,
    }  # fmt: skip


def test_lateness_goes_one_way():
    """Due soon after three quarters of the time, overdue after all, escalated after half as much."""
    assert PUNCTUALITY.reachable() == set(Punctuality)
    assert [SHARE[event] for event in ClockEvent] == [0.75, 1.0, 1.5]


def test_the_clock_runs_from_acceptance_to_the_reply():
    """A request is awaited until it is replied to; everything else until it is read."""
    awaited = {state for state in S if is_awaited(MessageKind.REQUEST, state)}
    assert awaited == {S.ACCEPTED, S.READ, S.IN_WORK, S.PARTIALLY_ANSWERED, S.REOPENED}
    for kind in set(MessageKind) - {MessageKind.REQUEST}:
        assert [state for state in S if is_awaited(kind, state)] == [S.ACCEPTED]


def test_pr_42_each_topic_has_its_fields_and_a_search_for_a_document_has_no_name():
    """The allow-list per type; what PR-12 calls sensitive is in none."""
    assert set(ALLOWED) == set(SCHEMATA) == set(Topic)
    assert not {"name", "alias", "firstName", "lastName", "holder"} & ALLOWED[Topic.DOCUMENT]
    assert not any(set(SENSITIVE_PROPERTIES) & fields for fields in ALLOWED.values())
    assert kinds_of_parts(MessageKind.REQUEST, Topic.DOCUMENT) == {PartKind.ENTITY}


@pytest.mark.parametrize("topic", sorted(SCHEMATA))
def test_pr_42_what_was_reduced_says_nothing_beyond_its_topic(topic):
    """And what was not, does."""
    for schema in SCHEMATA[topic]:
        said = dict.fromkeys(("name", "address", "religion", "number", "notes"), ("x",))
        paper = Document(number="A1", issuer="xar", note="held by Zahra Karimzadeh")
        whole = Record(
            id="rec_1", schema=schema, caption="Zahra", properties=said, documents=(paper,)
        )
        part = Part(kind=PartKind.ENTITY, owner="xar", entity=reduced(whole, topic))
        assert fields_beyond(part, topic) == frozenset()
        bare = Part(kind=PartKind.ENTITY, owner="xar", entity=whole)
        assert {"religion", "note"} <= fields_beyond(bare, topic)


_TEXT = st.text(min_size=1, max_size=20)
_CODES = st.from_regex(r"x[a-z]{2}", fullmatch=True)
_ENTITIES = st.builds(
    Record,
    id=_TEXT,
    schema=st.sampled_from(["Person", "Passport"]),
    caption=st.text(max_size=20),
    properties=st.dictionaries(_TEXT, st.lists(_TEXT, max_size=3).map(tuple), max_size=3),
    documents=st.lists(st.builds(Document, number=_TEXT, issuer=_CODES), max_size=2).map(tuple),
)


@st.composite
def parts(draw) -> Part:
    """Draw a part of any kind."""
    handling = draw(st.sampled_from(Handling))
    common = {
        "owner": draw(_CODES),
        "handling": handling,
        "conditions": "not before the trial" if handling is Handling.H3 else "",
        "source_evaluation": draw(st.sampled_from(SourceEvaluation)),
        "information_evaluation": draw(st.sampled_from(InformationEvaluation)),
        "origin": tuple(draw(st.lists(_CODES, max_size=3))),
        "consent": draw(st.none() | _TEXT),
    }
    kind = draw(st.sampled_from(PartKind))
    of_kind = {
        PartKind.TEXT: {"text": draw(_TEXT)},
        PartKind.ENTITY: {
            "entity": draw(_ENTITIES),
            "record": draw(st.none() | _TEXT),
            "version": draw(st.none() | st.integers(1, 9)),
        },
        PartKind.FILE: {"name": draw(_TEXT), "media_type": "image/jpeg", "data": draw(st.binary())},
    }[kind]
    return Part(kind=kind, **common, **of_kind)


_IDS = st.from_regex(r"[a-z]{3}_[a-z2-7]{1,24}", fullmatch=True)
_LETTERS = st.builds(
    Letter,
    id=_IDS,
    thread=_IDS,
    kind=st.sampled_from(MessageKind),
    topic=st.sampled_from(Topic),
    urgency=st.sampled_from(MessageUrgency),
    sender=_CODES,
    recipient=_CODES,
    purpose=st.sampled_from(Purpose),
    sent_at=st.just(clock.now()),
    parts=st.lists(parts(), max_size=4).map(tuple),
    in_reply_to=st.none() | _IDS,
    ground=st.none() | st.sampled_from(RefusalGround),
)


@given(_LETTERS)
def test_what_was_written_is_read_to_the_same(letter):
    """Through JSON as it travels; the strictest code of its parts holds for the whole."""
    assert Letter.from_json(json.loads(json.dumps(letter.to_json()))) == letter
    assert all(part.handling <= letter.handling for part in letter.parts)


@given(_LETTERS, st.data())
def test_a_member_too_many_or_too_few_is_refused(letter, data):
    """What is not understood is not accepted."""
    said = letter.to_json()
    with pytest.raises(Malformed):
        Letter.from_json({**said, "urgent": True})
    gone = data.draw(st.sampled_from(["id", "sender", "recipient", "topic", "purpose", "parts"]))
    with pytest.raises(Malformed):
        Letter.from_json({name: value for name, value in said.items() if name != gone})


@pytest.mark.parametrize(
    "part",
    [
        {"kind": "text"},
        {"kind": "text", "text": "a", "entity": {"id": "a", "schema": "Person", "properties": {}}},
        {"kind": "file", "name": "a", "media_type": "b", "data": "?"},
        {"kind": "text", "text": "a", "handling": "H3"},
        {"kind": "text", "text": "a", "handling": "H0", "conditions": "never"},
        {"kind": "entity", "entity": {"id": "a", "schema": "Person", "properties": {"name": "x"}}},
        {"kind": "entity", "entity": {"id": "a", "schema": "Person", "properties": {"a": [1]}}},
        {"kind": "text", "text": "a", "origin": ["x"] * 21},
    ],
)
def test_a_part_that_does_not_hold_what_it_says_is_refused(part):
    """No part without its code, no code without its conditions."""
    common = {"owner": "xar", "handling": "H0", "source": "A", "information": "1"}
    whole = {
        "id": "msg_1", "thread": "thr_1", "kind": "request", "topic": "case", "urgency": "normal",
        "sender": "xar", "recipient": "xbo", "purpose": "border_control", "confidentiality": 0,
        "sent_at": "2026-01-01T00:00:00Z",
    }  # fmt: skip
    with pytest.raises(Malformed):
        Letter.from_json({**whole, "parts": [{**common, **part}]})


def test_an_event_names_the_message_and_nobody():
    """What is told of a message has no room for a name."""
    moved = Moved(message="msg_1", event=E.OPEN)
    assert moved.to_json() == {"message": "msg_1", "event": "open"}
    assert Moved.from_json(moved.to_json()) == moved
    with pytest.raises(Malformed):
        Moved.from_json({**moved.to_json(), "by": "Zahra Karimzadeh"})
