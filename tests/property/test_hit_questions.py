"""What nodes say about hits: written and read to the same value, and nothing else is read."""

from __future__ import annotations

import contextlib
import json
import string
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from didban.errors import Malformed
from didban.model.casework import QuestionKind
from didban.model.documents import Document
from didban.model.exchange.questions import (
    Encounter,
    Feedback,
    PutQuestion,
    Putting,
    Reply,
    Said,
)
from didban.model.hits import Outcome, Urgency
from didban.model.identity import identity_of
from didban.model.records import Record

words = st.text(string.ascii_letters + "é ،-", min_size=1, max_size=40)
codes = st.text(string.ascii_lowercase, min_size=2, max_size=8)
moments = st.timedeltas(timedelta(0), timedelta(days=20_000)).map(
    lambda since: datetime(1990, 1, 1, tzinfo=UTC) + since
)
identities = st.builds(
    Record,
    id=codes,
    schema=st.just("Person"),
    caption=words,
    properties=st.dictionaries(
        st.sampled_from(["name", "birthDate", "nationality"]),
        st.lists(words, min_size=1, max_size=3).map(tuple),
    ),
    documents=st.lists(st.builds(Document, number=words, issuer=codes), max_size=2).map(tuple),
)
encounters = st.builds(
    Encounter,
    authority=codes,
    place=st.just("") | words,
    met_at=moments,
    urgency=st.sampled_from(Urgency),
)
opened = st.builds(
    PutQuestion,
    id=codes,
    step=st.sampled_from(Putting),
    kind=st.sampled_from(QuestionKind),
    record=codes,
    version=st.integers(0, 2**31),
    round=st.integers(1, 9),
    identity=st.none() | identities,
    words=st.just("") | words,
    encounter=encounters,
)
withheld = st.builds(
    PutQuestion,
    id=codes,
    step=st.just(Putting.PUT),
    kind=st.just(QuestionKind.CONFIRMATION),
    record=codes,
    version=st.integers(0, 2**31),
    round=st.just(1),
    identity=st.none() | identities,
)
replies = st.builds(
    Reply, question=codes, said=st.sampled_from(Said), words=words, until=moments
) | st.builds(Reply, question=codes, said=st.sampled_from([Said.CONFIRMED, Said.NO_RECORD]))
feedbacks = st.builds(Feedback, question=codes, outcome=st.sampled_from(Outcome))
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


def wire(value: Any) -> Any:
    """Return what arrives of what was sent."""
    return json.loads(json.dumps(value.to_json()))


@given(said=opened | withheld | replies | feedbacks)
def test_what_is_said_is_read_to_the_same_value(said):
    """Whatever kind of question, reply or feedback it is."""
    assert type(said).from_json(wire(said)) == said


@given(said=opened | withheld | replies | feedbacks, extra=anything)
def test_a_member_that_is_not_laid_down_is_refused(said, extra):
    """So that nothing travels unseen beside what is read."""
    with pytest.raises(Malformed):
        type(said).from_json({**wire(said), "beside": extra})


@given(
    said=opened, name=st.sampled_from(["id", "step", "kind", "record", "encounter"]), bad=anything
)
def test_whatever_stands_in_a_member_reading_ends_with_a_value_or_malformed(said, name, bad):
    """No other error leaves the reader."""
    with contextlib.suppress(Malformed):
        PutQuestion.from_json({**wire(said), name: bad})


@given(data=anything)
def test_whatever_another_node_sends_is_read_or_malformed(data):
    """For each of the three."""
    for shape in (PutQuestion, Reply, Feedback):
        with pytest.raises(Malformed):
            shape.from_json(data)


@given(said=opened, step=st.sampled_from([step for step in Putting if step is not Putting.PUT]))
def test_pr_53_what_withholds_the_encounter_is_put_once_and_says_no_more(said, step):
    """A repetition, an escalation, words or a supplement would tell something by coming."""
    bare = {name: value for name, value in wire(said).items() if name != "encounter"}
    with pytest.raises(Malformed):
        PutQuestion.from_json({**bare, "step": step})
    with pytest.raises(Malformed):
        PutQuestion.from_json({**bare, "step": Putting.PUT, "kind": QuestionKind.SUPPLEMENT})


@given(who=identities)
def test_pr_42_the_least_is_the_least_of_itself(who):
    """What the asking side reduced, the owner's side finds reduced."""
    once = identity_of(who)
    assert identity_of(Record.from_json(json.loads(json.dumps(once.to_json())))) == once
