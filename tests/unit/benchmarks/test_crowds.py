"""The crowds are drawn by frequency, reproducibly, and hold only what a passport shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import crowds

pytestmark = pytest.mark.usefixtures("shared_data")


def test_the_same_seed_draws_the_same_people():
    """An alarm rate can be repeated."""
    assert crowds.crowds(50) == crowds.crowds(50)


def test_namesakes_have_a_name_of_two_or_three_parts_a_date_and_one_country():
    """They are people of one naming culture, not mixtures."""
    for person in crowds.namesakes(200):
        assert person.properties.keys() == {"name", "birthDate", "nationality"}
        assert len(person.properties["name"][0].split()) >= 2


def test_namesakes_come_in_both_scripts():
    """About half stand in the script of their passport's visual zone, half in Latin."""
    arabic = sum(not p.caption.isascii() for p in crowds.namesakes(400))

    assert 120 < arabic < 280


def test_frequent_names_are_drawn_often(shared_data: Path):
    """The most frequent given name of the table comes up many times in a thousand."""
    counts: dict[str, int] = {}
    for culture in crowds.cultures().values():
        for part, count in culture.parts("given"):
            counts[part.arabic] = counts.get(part.arabic, 0) + count
    first = max(counts, key=counts.__getitem__)
    drawn = [p for p in crowds.namesakes(1000, seed=3) if first in p.caption.split()]

    assert len(drawn) > 1000 * 0.5 * counts[first] / sum(counts.values())


def test_ordinary_people_have_coded_nationalities():
    """They are asked as a passport's machine-readable zone would ask them."""
    states = [p.first("nationality") for p in crowds.ordinary(300)]

    assert {len(state) for state in states if state} == {2}


def test_a_name_alone_is_nothing_but_the_name():
    """The second asking of each crowd leaves all facts out."""
    for person in crowds.by_name_alone(crowds.namesakes(20)):
        assert person.properties.keys() == {"name"}
