from __future__ import annotations

import time

import pytest

from didban.match.features import Name
from didban.match.index.run_together import parted, pieces_of
from didban.match.spelling.tokens import name_parts
from specimens import person, question, snapshot_of

KNOWN = {
    "zahra",
    "karim",
    "zadeh",
    "karimzadeh",
    "mohammad",
    "reza",
    "mohammadreza",
    "abdhadi",
    "zarrin",
    "kuh",
}


def ways(text: str) -> list[tuple[str, ...]]:
    """Return the other ways to read a name of which some parts are not known."""
    name = Name(text=text, parts=name_parts(text))
    return [one.parts for one in parted(name, KNOWN.__contains__)]


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


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Zarrinkuh Reza", ("zarrin", "kuh", "reza")),
        ("Karimbin Zahra", ("karim", "zahra")),
        ("Abdul Hadikarim", ("abdhadi", "karim")),
        ("Zahra Karimabd al-Hadi", ("zahra", "karim", "abdhadi")),
    ],
)
def test_a_word_may_be_two_that_are_known(text: str, parts: tuple[str, ...]):
    """A name, an article or "son of", which then do with their neighbours what they always do."""
    assert parts in ways(text)


def test_a_word_that_is_known_is_one():
    """And one of which a piece is not known."""
    assert ways("Mohammadreza Karimzadeh") == []
    assert ways("Zahraqux Karim") == []


def test_abd_may_stand_alone():
    """Its second half was left out, or another word put in between."""
    assert ways("Abdul Karim") == [("abd", "karim")]


def test_who_is_asked_for_by_abd_and_the_last_name_is_found(tmp_path):
    """Though nobody bears the two as one name."""
    people = [person("Abdul Rahman Behroozinia", id="right"), person("Abdul Karimi", id="other")]
    listed = snapshot_of(tmp_path, people)
    assert [found.id for found in listed.match(question("Abdul Behroozinia"))][:1] == ["right"]


def test_who_is_written_without_spaces_is_found(tmp_path):
    """In any order of the names."""
    listed = snapshot_of(tmp_path, [person("Zahra Mohammadreza Karimzadeh", id="zahra")])

    for written in ("zahramohammadrezakarimzadeh", "karimzadehzahra"):
        assert [found.id for found in listed.match(question(written))][:1] == ["zahra"]


@pytest.mark.parametrize("schema", ["Person", "Organization"])
def test_an_endless_part_is_not_tried_everywhere(tmp_path, schema: str):
    """A text of thousands of letters without a space is no name; it took most of a minute."""
    listed = snapshot_of(tmp_path, [person("Zahra Karimzadeh", id="zahra")])
    began = time.process_time()

    assert listed.match(question("zahrakarim" * 800, schema=schema)) == []
    assert time.process_time() - began < 10
