"""Two records compared without a list."""

from __future__ import annotations

import math

import pytest

from didban.match.modes import Mode
from didban.match.pairs import PRIOR, compare
from didban.model.records import Record


def person(name: str, schema: str = "Person", **facts: str) -> Record:
    """Return a record of somebody of whom this is known."""
    properties = {"name": (name,)} | {key: (value,) for key, value in facts.items()}
    return Record(id=name, schema=schema, properties=properties)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (person("Dariush Zarrinpour"), person("داریوش زرین‌پور")),
        (person("Wali Jan Khostai"), person("Walijan Khostai")),
        (person("Walijan Khostai"), person("Wali Jan Khostai")),
        (
            person("Maria Silva", birthDate="1971-03-09"),
            person("Silva Maria", birthDate="1971-03-09"),
        ),
        (person("Maria Silva", birthDate="1971-03-09"), person("Maria Silva", "LegalEntity")),
    ],
)
def test_a_pair_explains_its_score(one, other):
    """Prior and weights are the logit of the score: in any script, in other parts, with a date."""
    found = compare(one, other)

    assert found.record is other
    assert found.score == pytest.approx(
        1 / (1 + math.exp(-PRIOR - sum(e.weight for e in found.explanations.values()))), abs=1e-6
    )
    assert found.match == (found.score >= Mode.BALANCED.threshold)


def test_a_common_name_alone_says_little_and_a_date_much():
    """Thousands are called so; not many of them were born on this day."""
    bare = compare(person("Mohammad Karimi"), person("محمد کریمی")).score
    dated = compare(
        person("Mohammad Karimi", birthDate="1971-03-09"),
        person("محمد کریمی", birthDate="1971-03-09"),
    ).score

    assert bare < Mode.BALANCED.threshold < Mode.BORDER.threshold < dated


def test_a_rare_name_is_worth_a_look_by_itself():
    """As it would be on a list of that size."""
    assert compare(person("Dariush Zarrinpour"), person("Daryush Zarinpur")).match


def test_a_person_and_a_ship_are_not_compared():
    """Nothing but the prior is left."""
    found = compare(person("Zarrin"), person("Zarrin", "Vessel"))

    assert found.explanations == {}
    assert not found.match
