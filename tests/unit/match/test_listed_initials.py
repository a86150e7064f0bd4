"""A list that gives only the first letter of a name is met by the whole name."""

from __future__ import annotations

import pytest

from specimens import person, question, snapshot_of


@pytest.mark.parametrize("asked", ["Piotr Kowalskievich", "Петр Ковальскиевич"])
def test_a_listed_initial_is_found_by_the_name_it_stands_for(asked, tmp_path):
    """The letter agrees with the sound that the name begins with, in any script."""
    listed = snapshot_of(
        tmp_path, [person("P. Kowalskievich", id="p"), person("Anna Nazarova", id="n")]
    )

    found = listed.match(question(asked))

    assert [match.id for match in found][:1] == ["p"]


def test_another_first_letter_is_no_initial(tmp_path):
    """A name with another initial is another name."""
    listed = snapshot_of(tmp_path, [person("P. Kowalskievich", id="p")])
    assert listed.match(question("Piotr Kowalskievich"))
    assert not any(found.match for found in listed.match(question("Adam Kowalskievich")))
