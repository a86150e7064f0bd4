"""However a list came to be what it is, it gives the answers of that list built anew."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from didban.match.index.candidates import Scope
from didban.match.index.layers import Layer
from didban.match.modes import Mode
from didban.match.search import Search
from didban.match.snapshot import Snapshot, SnapshotBuilder
from didban.model.documents import Document
from didban.model.records import Record
from specimens import BUILT_AT, build, crowd, person, question

NAMES = ["Dragan Nazarov", "Dragan Petar Nazarov", "Драган Назаров", "Nazarov", "علی کریمی"]
NAMES += ["Ali Karimi", "Ali Rahimi", "Goran Kostner", "D. Nazarov", "Mohammadreza Karimi"]
QUESTIONS = [
    *(question(name) for name in NAMES),
    question("Dragan Nazarov", birthDate="1965"),
    question("Ali Karimi", documents=(Document(number="L898902C3", issuer="uto"),)),
    question(documents=(Document(number="1500", issuer="uto"),)),
]
PAPERS = [
    (),
    (Document(number="L898902C3", issuer="uto"),),
    (Document(number="1000", number_to="1999", issuer="uto"),),
]
IDS = st.sampled_from([f"p{i}" for i in range(8)])
RECORDS = st.builds(
    person,
    st.lists(st.sampled_from(NAMES), max_size=2, unique=True),
    id=IDS,
    birthDate=st.sampled_from(["", "1965", "1970-03-12"]),
    documents=st.sampled_from(PAPERS),
)
BACKGROUND = crowd(60)
"""They never change, so that a few more or less do not make a name rare or frequent."""


WORTH_A_LOOK = 0.6


class LiveIndex(RuleBasedStateMachine):
    """A snapshot that is changed in memory, and on disk from time to time, beside a plain dict."""

    def __init__(self) -> None:
        """Begin in a folder of its own."""
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.expected: dict[str, Record] = {}
        self.unsaved: list[tuple[str, Record | None]] = []

    def teardown(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.folder)

    @initialize(records=st.lists(RECORDS, max_size=6))
    def open(self, records: list[Record]) -> None:
        """Build the first state; the last of two records with one identifier counts."""
        build(self.folder, [*BACKGROUND, *records])
        self.snapshot = Snapshot.open(self.folder)
        self.expected = {record.id: record for record in records}

    @rule(record=RECORDS)
    def add(self, record: Record) -> None:
        """Add somebody, or replace him."""
        self.snapshot.add(record)
        self.expected[record.id] = record
        self.unsaved.append((record.id, record))

    @rule(record_id=IDS)
    def withdraw(self, record_id: str) -> None:
        """Withdraw somebody who may be there."""
        assert self.snapshot.withdraw(record_id) == (record_id in self.expected)
        self.expected.pop(record_id, None)
        self.unsaved.append((record_id, None))

    @rule()
    def save(self) -> None:
        """Do the same to the files, and open them again."""
        update = SnapshotBuilder(self.folder, onto=Snapshot.open(self.folder).manifest)
        for record_id, record in self.unsaved:
            if record:
                update.add(record)
            else:
                update.withdraw(record_id)
        update.commit(built_at=BUILT_AT)
        self.unsaved = []
        self.snapshot = Snapshot.open(self.folder)

    @invariant()
    def it_holds_exactly_the_records_that_are_left(self) -> None:
        """By listing them and one by one."""
        others = {record.id: record for record in BACKGROUND}
        assert {r.id: r for r in self.snapshot.records()} == others | self.expected
        assert len(self.snapshot) == len(others) + len(self.expected)
        for number in range(8):
            assert self.snapshot.record(f"p{number}") == self.expected.get(f"p{number}")

    @invariant()
    def it_finds_whom_a_list_built_anew_finds(self) -> None:
        """Find all who are worth a look, with the same scores as long as nobody was withdrawn.

        - Names of withdrawn records count among the frequent ones until their layer is merged.
        - How rare a part is within its layer decides at the floor of retrieval, far below a match.
        """
        anew = Search([Layer.of_records([*BACKGROUND, *self.expected.values()])])
        is_whole = not any(layer.withdrawn for layer in self.snapshot._layers)
        for query in QUESTIONS:
            scope = Scope(query=query, mode=Mode.THOROUGH, datasets=None)
            expected = {m.id: m.score for m in anew.match(scope, limit=100, threshold=0)}
            matches = self.snapshot.match(query, limit=100, mode=Mode.THOROUGH)
            found = {match.id: match.score for match in matches}
            likely = {record_id for record_id, score in expected.items() if score > WORTH_A_LOOK}
            assert likely <= found.keys()
            if is_whole:
                both = expected.keys() & found.keys()
                assert {i: found[i] for i in both} == pytest.approx({i: expected[i] for i in both})


LiveIndex.TestCase.settings = settings(max_examples=15, stateful_step_count=10, deadline=None)
test_a_changed_index_answers_as_one_built_anew = LiveIndex.TestCase
