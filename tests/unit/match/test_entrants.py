"""New records held against a question are found as a search of the index finds them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from didban.match.entrants import Entrants
from didban.match.modes import Mode
from didban.match.shelves import EVERYONE
from didban.match.shelving import Held, Shelving
from specimens import passport, person, question

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
OPEN = "v1"
ENTRANTS = {
    EVERYONE: [
        person("Alexander Zakharov", id="zakharov"),
        person("Wali Jan", id="jan"),
        person("Mohammad Alizadeh", id="alizadeh", documents=(passport(),)),
        person("Reza Karimi", id="karimi", birthDate="1971-03-06"),
    ],
    OPEN: [person("Sergei Vyacheslavovich", id="sergei")],
}
QUESTIONS = {
    "names written without spaces": question("alexandersergeivyacheslavovichzakharov"),
    "two parts written as one": question("Walijan"),
    "one part written as two": question("Mohammad Ali Zadeh"),
    "a document": question(documents=(passport(),)),
    "a birth day, and a name that no key brings together": question(
        "Rukza", birthDate="1971-03-06"
    ),
    "the same, with day and month in each other's place": question("Rukza", birthDate="1971-06-03"),
}


@pytest.mark.parametrize("asked", QUESTIONS.values(), ids=QUESTIONS)
def test_entrants_are_found_as_the_index_finds_them(tmp_path, asked):
    """No shortcut may lose one: an officer would not be told of a new entry."""
    records = [(shelf, record) for shelf, own in ENTRANTS.items() for record in own]
    held = [
        Held(number=n, version=1, shelf=shelf, record=record)
        for n, (shelf, record) in enumerate(records, 1)
    ]
    index = Shelving.begin(tmp_path, name="idx", now=NOW)
    index.write(held, [], position="", now=NOW)
    found, expected = (
        searched.match(asked, shelves=frozenset({OPEN}), limit=5, threshold=0.0, mode=Mode.THOROUGH)
        for searched in (Entrants(index.shelves, held), index.shelves)
    )
    assert found == expected
    assert found
