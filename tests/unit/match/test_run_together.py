from __future__ import annotations

import time

import pytest

from didban.match.index.run_together import pieces_of
from specimens import person, question, snapshot_of

KNOWN = {"zahra", "karim", "zadeh", "karimzadeh", "mohammad", "reza", "mohammadreza"}


@pytest.mark.parametrize(
    ("part", "pieces"),
    [
        ("zahrakarimzadeh", ("zahra", "karimzadeh")),
        ("mohammadrezakarimzadeh", ("mohammadreza", "karimzadeh")),
        ("zahrakarim", None),
        ("zahrakarimzadehi", None),
        ("zahra" * 9, None),
    ],
)
def test_a_part_is_as_few_known_pieces_as_it_can_be(part: str, pieces: tuple[str, ...] | None):
    """All of it, or none; a short one is one name, and an endless one is none."""
    assert pieces_of(part, KNOWN.__contains__) == pieces


def test_who_is_written_without_spaces_is_found(tmp_path):
    """In any order of the names."""
    listed = snapshot_of(tmp_path, [person("Zahra Mohammadreza Karimzadeh", id="zahra")])

    for written in ("zahramohammadrezakarimzadeh", "karimzadehzahra"):
        assert [found.id for found in listed.match(question(written))][:1] == ["zahra"]


@pytest.mark.parametrize("schema", ["Person", "Organization"])
def test_an_endless_part_is_not_tried_everywhere(tmp_path, schema: str):
    """A text of thousands of letters without a space is no name; it took most of a minute."""
    listed = snapshot_of(tmp_path, [person("Zahra Karimzadeh", id="zahra")])
    began = time.monotonic()

    assert listed.match(question("zahrakarim" * 800, schema=schema)) == []
    assert time.monotonic() - began < 10
