"""What is on a shelf that is not open to somebody changes no bit of what he is answered (PR-09)."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from didban.match import shelving as writing
from didban.match.index.building import SegmentBuilder
from didban.match.index.candidates import Scope
from didban.match.index.layers import Layer
from didban.match.index.segments import Segment
from didban.match.modes import Mode
from didban.match.scoring import FEWEST
from didban.match.search import Match, Search
from didban.match.shelves import EVERYONE, Shelves
from didban.match.shelving import Held, Shelving, write_merge
from didban.model.documents import Document
from didban.model.records import Record
from specimens import person, question

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
NAMES = ["Dragan Nazarov", "Драган Назаров", "Nazarov", "علی کریمی", "Ali Karimi", "Ali Rahimi"]
HIDDEN = "v9"
OPEN = "v1"
QUESTIONS = [
    *(question(name) for name in NAMES),
    question("Ali Karimi", birthDate="1970-03-12"),
    question(documents=(Document(number="L898902C3", issuer="uto"),)),
]
RECORDS = st.builds(
    person,
    st.lists(st.sampled_from(NAMES), min_size=1, max_size=2, unique=True),
    birthDate=st.sampled_from(["", "1965", "1970-03-12"]),
    documents=st.sampled_from([(), (Document(number="L898902C3", issuer="uto"),)]),
)
NUMBERS = st.integers(1, 12)
WRITINGS = st.lists(
    st.tuples(NUMBERS, st.sampled_from([EVERYONE, OPEN, HIDDEN, None]), RECORDS), max_size=25
)
"""What is written one after another: a record on a shelf, or (None) that it is gone."""


def held(number: int, version: int, shelf: str, record: Record) -> Held:
    """Return a record as a bank keeps it; identifiers follow the numbers."""
    named = replace(record, id=f"rec{number:02}")
    return Held(number=number, version=version, shelf=shelf, record=named)


class Index:
    """An index in a folder of its own, written as a bank changes."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.writer = Shelving.begin(self.folder, name="idx", now=NOW)
        self.version = 0

    def write(self, number: int, shelf: str | None, record: Record) -> None:
        """Put a record on a shelf, or take it out; then merge what is due."""
        self.version += 1
        new = [held(number, self.version, shelf, record)] if shelf else []
        self.writer.write(new, [] if shelf else [number], position="", now=NOW)
        while merge := self.writer.overdue():
            self.writer.adopt(merge, write_merge(self.folder, merge), now=NOW)

    def answers(self, *shelves: str) -> list[list[Match]]:
        """Return everything that can be asked and is answered."""
        seen = frozenset(shelves)
        return [
            self.writer.shelves.match(query, shelves=seen, limit=50, mode=mode)
            for query in QUESTIONS
            for mode in Mode
        ]

    def close(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.folder)


@settings(max_examples=40, deadline=None)
@given(WRITINGS, WRITINGS)
def test_a_hidden_record_changes_no_bit_of_an_answer(ours, theirs):
    """Identifiers, scores, priors and explanations, whatever is written on the hidden shelf."""
    without, beside = Index(), Index()
    hidden = [(number + 100, HIDDEN if shelf else None, record) for number, shelf, record in theirs]
    try:
        for at in range(max(len(ours), len(hidden))):
            for number, shelf, record in hidden[at : at + 1]:
                beside.write(number, shelf, record)
            for number, shelf, record in ours[at : at + 1]:
                for index in (without, beside):
                    index.write(number, shelf if shelf != HIDDEN else OPEN, record)
        assert beside.answers(OPEN) == _but_versions(without.answers(OPEN), beside)
        assert beside.answers() == _but_versions(without.answers(), beside)
    finally:
        without.close()
        beside.close()


def _but_versions(answers: list[list[Match]], other: Index) -> list[list[Match]]:
    """Return answers with the versions of another index, which counted other writings too."""
    versions = {
        match.id: match.version for matches in other.answers(OPEN, HIDDEN) for match in matches
    }
    return [
        [replace(match, version=versions[match.id]) for match in matches] for matches in answers
    ]


@settings(max_examples=40, deadline=None)
@given(WRITINGS)
def test_an_index_that_followed_finds_whom_one_made_anew_finds(writings):
    """And in files opened by somebody else; what was moved or taken out is found nowhere else."""
    index = Index()
    expected: dict[int, Held] = {}
    try:
        for number, shelf, record in writings:
            index.write(number, shelf, record)
            expected.pop(number, None)
            if shelf:
                expected[number] = held(number, index.version, shelf, record)
        opened = Shelves.open(index.folder)
        assert len(opened) == len(expected)
        for shelves in (frozenset(), frozenset({OPEN}), frozenset({OPEN, HIDDEN})):
            anew = _anew(expected, shelves)
            for query in QUESTIONS:
                found = opened.match(query, shelves=shelves, limit=50, mode=Mode.THOROUGH)
                wanted = anew(query)
                assert {m.id for m in found if m.score > 0.2} == {
                    m.id for m in wanted if m.score > 0.2
                }
                assert {m.id: m.version for m in found} == {
                    f"rec{h.number:02}": h.version
                    for h in expected.values()
                    if f"rec{h.number:02}" in {m.id for m in found}
                }
    finally:
        index.close()


def _anew(expected: dict[int, Held], shelves: frozenset[str]):
    """Return how an index answers that holds exactly these records, in one layer each shelf."""
    layers = {
        shelf: Layer.of_held(
            (h.record, (h.number, h.version)) for h in expected.values() if h.shelf == shelf
        )
        for shelf in (EVERYONE, *shelves)
    }
    beside = [layers[shelf] for shelf in sorted(shelves)]
    search = Search([layers[EVERYONE]], beside, least=FEWEST)
    return lambda query: search.match(
        Scope(query=query, mode=Mode.THOROUGH, datasets=None), limit=50, threshold=0
    )


@settings(max_examples=40, deadline=None)
@given(st.lists(RECORDS, min_size=1, max_size=8), st.integers(0, 8), st.sets(st.integers(0, 7)))
def test_absorbing_segments_is_adding_their_records(records, first, dead):
    """To the byte, without what was withdrawn."""
    numbered = [held(at + 1, 1, OPEN, record) for at, record in enumerate(records)]
    merged, anew = BytesIO(), BytesIO()
    builder = SegmentBuilder(merged)
    for part, offset in ((numbered[:first], 0), (numbered[first:], first)):
        if not part:
            continue
        layer = Layer.of_held((h.record, (h.number, h.version)) for h in part)
        layer.withdraw(at - offset for at in dead if offset <= at < offset + len(part))
        builder.absorb(layer.segment, layer.withdrawn)
    builder.finish()
    plain = SegmentBuilder(anew)
    for at, one in enumerate(numbered):
        if at not in dead:
            plain.add(one.record, (one.number, one.version))
    plain.finish()

    assert _content(merged) == _content(anew)


def _content(file: BytesIO) -> dict[str, bytes]:
    segment = Segment(file.getvalue(), "a test")
    return {name: bytes(section) for name, section in segment.sections.items()}


def test_what_was_taken_out_leaves_the_files(tmp_path):
    """Once its segment is written anew (PR-31)."""
    writer = Shelving.begin(tmp_path, name="idx", now=NOW)
    people = [held(n, 1, EVERYONE, person(f"Unmistakable{n} Name")) for n in (1, 2, 3)]
    writer.write(people, [], position="", now=NOW)
    writer.write([], [2], position="", now=NOW)
    while merge := writer.overdue(with_dead=True):
        writer.adopt(merge, write_merge(tmp_path, merge), now=NOW)

    content = b"".join(path.read_bytes() for path in tmp_path.iterdir()).lower()
    assert b"unmistakable1" in content
    assert b"unmistakable2" not in content


def test_what_is_taken_out_during_a_merge_stays_out(tmp_path, monkeypatch):
    """And what is written meanwhile stays in."""
    monkeypatch.setattr(writing, "SMALL", 0)
    writer = Shelving.begin(tmp_path, name="idx", now=NOW)
    for n in range(1, 8 * writing.FAN_OUT):
        block = [held(100 * n + i, 1, EVERYONE, person("Ali Karimi")) for i in range(33)]
        writer.write(block, [], position="", now=NOW)
    merge = writer.overdue()
    assert merge is not None
    entry = write_merge(tmp_path, merge)
    before = len(writer.shelves)
    writer.write([held(9_999, 1, EVERYONE, person("Ali Karimi"))], [100, 201], position="", now=NOW)
    writer.adopt(merge, entry, now=NOW)

    shelves = Shelves.open(tmp_path)
    assert len(shelves) == before - 1
    assert shelves.find(100) is None
    assert shelves.find(201) is None
    assert shelves.find(9_999) is not None
