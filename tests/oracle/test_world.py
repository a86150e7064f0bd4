"""How common a part is in the world is told alike by the compiled kernel and its twin, to the bit."""

from __future__ import annotations

from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from didban.match.evidence import world
from didban.match.evidence.readings import readings
from didban.match.kernels.world import World
from didban.match.spelling.alphabets import SYMBOLS
from didban.match.spelling.keys import coarse_keys
from didban.match.spelling.phonemes import Form

compiled = pytest.importorskip("didban.match.kernels._world", reason="no compiler was found")

SOUNDS = st.text(SYMBOLS, min_size=1, max_size=16)
READ = st.builds(
    lambda sounds, unvocalised: Form(bytes(map(SYMBOLS.index, sounds)), unvocalised),
    SOUNDS,
    st.booleans(),
)
KEYS = st.integers(0, 3)
LINES = st.dictionaries(
    KEYS, st.lists(st.tuples(st.integers(0, 99_999), SOUNDS, st.sampled_from(("", "'"))))
)


def told(lines: dict[int, list[tuple[int, str, str]]]) -> str:
    """Return a table of these rows."""
    rows = {key: sorted(own, reverse=True) for key, own in lines.items()}
    made = (
        " ".join([str(key), *(f"{share}:{sounds}{mark}" for share, sounds, mark in own)])
        for key, own in rows.items()
    )
    return "# A table of a test.\n" + "".join(f"{line}\n" for line in made)


@given(LINES, st.lists(st.tuples(READ, st.lists(KEYS, max_size=3)), max_size=3), st.booleans())
def test_any_table_is_read_alike(lines, asked, lanes):
    """Whatever rows a key has, or none; also of forms of which one writes its vowels."""
    table = told(lines)

    assert compiled.World(table, lanes=lanes).shares(asked) == World(table).shares(asked)


@pytest.mark.parametrize("part", ["mohammad", "محمد", "мухаммад", "li", "kim", "zarrinpour"])
def test_the_table_of_the_world_is_read_alike(part):
    """Of common names, and of one that nobody counted."""
    text = (files("didban.match.evidence") / world.FILE).read_text(encoding="ascii")
    asked = [(form, coarse_keys(form)) for form, _ in readings(part)]

    assert compiled.World(text).shares(asked) == World(text).shares(asked)


@pytest.mark.parametrize("text", ["1 2\n", "1 2:a;\n", "1 :a 3\n"])
def test_a_table_that_is_cut_is_refused(text):
    """Not read as another one."""
    with pytest.raises(ValueError, match="row"):
        compiled.World(text)
