"""Whatever happens to a list on its way, reading it ends in records, rejects or a clear refusal."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from didban.errors import InvalidFile
from didban.intake.readers.grouping import Groups
from didban.intake.readers.names import names_in_cell, person_name
from didban.intake.readers.papers import papers
from didban.intake.readers.states import states
from didban.intake.readers.text import clean, numbered
from intake_help import SPECIMENS, read_list, read_path

FILES = [
    ("un-sc", "un_sc.xml"),
    ("ofac-sdn", "ofac_classic.xml"),
    ("ofac-sdn", "ofac_enhanced.xml"),
    ("us-csl", "us_csl.csv"),
    ("uk-ofsi", "uk_old.csv"),
    ("eu-fsf", "eu_fsf.xml"),
]
CELLS = st.text(st.sampled_from("ab1 ()[].,;:-/'\"\n\x00Arvandi passport no رس№"), max_size=60)


def _read(kind, data):
    with tempfile.TemporaryDirectory() as folder:
        return read_list(kind, data, Path(folder))


@pytest.mark.parametrize(("kind", "name"), FILES)
@given(data=st.data())
def test_a_list_cut_off_anywhere_gives_a_beginning_of_its_records(kind, name, data):
    """Nothing that was whole before the cut is lost, and the cut does not pass unsaid."""
    whole = (SPECIMENS / name).read_bytes()
    end = data.draw(st.integers(0, len(whole) - 1))
    every = {record.id for record in read_path(kind, SPECIMENS / name).records}
    try:
        outcome = _read(kind, whole[:end])
    except InvalidFile:
        return
    if name.endswith("xml"):
        assert {record.id for record in outcome.records} <= every
        assert outcome.rejects or whole[end:].isspace()


@pytest.mark.parametrize(("kind", "name"), FILES)
@given(data=st.data())
def test_a_list_with_a_damaged_stretch_never_crashes(kind, name, data):
    """Any bytes may stand anywhere."""
    whole = (SPECIMENS / name).read_bytes()
    start = data.draw(st.integers(0, len(whole)))
    length = data.draw(st.integers(0, 40))
    stretch = data.draw(st.binary(max_size=40))
    try:
        outcome = _read(kind, whole[:start] + stretch + whole[start + length :])
    except InvalidFile:
        return
    ids = [record.id for record in outcome.records]
    assert len(ids) == len(set(ids))


@given(CELLS)
def test_any_cell_can_be_read(cell):
    """What is not understood gives nothing; it does not raise."""
    assert clean(clean(cell)) == clean(cell)
    assert all(piece == clean(piece) for piece in numbered(cell))
    for name in (*person_name(cell).forms, *names_in_cell(cell)):
        assert name == clean(name)
    assert all(code == code.lower() for code in states(cell))
    for paper in papers(cell, default="P"):
        assert any(character.isdigit() for character in paper.number)


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.lists(CELLS, max_size=3)), max_size=30))
def test_groups_are_the_same_in_memory_and_on_disk(rows):
    """Only their order may differ; the rows of each keep theirs."""

    def grouped(limit):
        with Groups(limit) as groups:
            for line, (key, cells) in enumerate(rows):
                groups.add(key, line, cells)
            return {key: [(line, list(cells)) for line, cells in group] for key, group in groups}

    assert grouped(limit=5) == grouped(limit=10**9)
