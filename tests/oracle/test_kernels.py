"""The compiled kernels give the same answers as their plain Python twins, to the bit.

The twin of retrieval looks at every name that has one similar part, so these tests also show that
the compiled one, which reads far less, loses nothing.
"""

from __future__ import annotations

import random
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from didban.match import kernels
from didban.match.alphabets import SYMBOLS
from didban.match.building import SegmentBuilder
from didban.match.kernels import ReferenceIndex, constants
from didban.match.kernels.reference import Part, distance
from didban.match.keys import coarse_keys
from didban.match.phonemes import forms
from didban.match.segments import Segment
from didban.match.tokens import name_parts
from didban.model.records import Record

native = pytest.importorskip("didban.match.kernels._native", reason="no compiler was found")

SOUNDS = st.binary(min_size=0, max_size=16).map(lambda b: bytes(x % len(SYMBOLS) for x in b))
GIVEN = [
    "ali",
    "reza",
    "hassan",
    "hossein",
    "mohammad",
    "fatima",
    "zahra",
    "maryam",
    "omar",
    "yusuf",
    "anna",
    "piotr",
    "ivan",
    "olga",
]
GIVEN += [
    "علی",
    "رضا",
    "حسن",
    "حسین",
    "محمد",
    "فاطمة",
    "زهرا",
    "مریم",
    "عمر",
    "یوسف",
    "анна",
    "петр",
    "иван",
    "ольга",
]
FAMILY = [
    "karimi",
    "rahimi",
    "ahmadi",
    "haddad",
    "nasser",
    "petrov",
    "ivanov",
    "kowalski",
    "alvarado",
    "lindqvist",
    "o",
]
FAMILY += ["کریمی", "رحیمی", "احمدی", "حداد", "ناصر", "петров", "иванов", "ковальский"]


def segment(count: int, seed: int) -> Segment:
    """Return a segment of invented persons with one to nine name parts."""
    dice = random.Random(seed)
    file = BytesIO()
    builder = SegmentBuilder(file)
    for number in range(count):
        names = tuple(
            " ".join([*dice.choices(GIVEN, k=dice.choice((0, 1, 1, 2, 3, 7))), dice.choice(FAMILY)])
            for _ in range(dice.randint(1, 3))
        )
        year = dice.choice(((), (str(dice.randint(1950, 1999)),)))
        schema = dice.choice(("Person", "Person", "Organization"))
        record = Record(
            id=f"r{number}", schema=schema, properties={"name": names, "birthDate": year}
        )
        builder.add(record)
    builder.finish()
    return Segment(file.getvalue(), "a test segment")


@given(SOUNDS, SOUNDS, st.integers(0, 1))
def test_distance_is_the_same(a: bytes, b: bytes, table: int) -> None:
    """The weighted edit distance agrees for any two rows of sounds."""
    assert distance(a, b, table) == native.distance(a, b, table)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("floor", [0, 500, 715, 900])
def test_retrieval_is_the_same(seed: int, floor: int) -> None:
    """Expansion and search agree for names with typing errors, initials, gaps and any order."""
    made = segment(400, seed)
    fast, slow = native.Index(made.sections), ReferenceIndex(made.sections)
    dice = random.Random(seed * 1000 + floor)
    dead = bytes(dice.choice((0, 0, 0, 16)) for _ in range(50))
    for _ in range(60):
        words = dice.choices(GIVEN + FAMILY, k=dice.randint(1, 5))
        words[0] = dice.choice((words[0], words[0][:1], words[0][:-1], words[0][::-1]))
        prefix = dice.random() < 0.2
        parts: list[list[Part]] = [[], []]
        for word in name_parts(" ".join(words)):
            readings = [] if len(word) == 1 else [(f, coarse_keys(f)) for f in forms(word)]
            expansions = [
                index.expand(readings, cutoff=191, limit=100, prefix=prefix)
                for index in (fast, slow)
            ]
            assert expansions[0].tokens == expansions[1].tokens
            assert expansions[0].similarities == expansions[1].similarities
            assert expansions[0].frequencies == expansions[1].frequencies
            own = forms(word)
            initial = own[0].codes[0] + 1 if len(word) == 1 and own else 0
            rarity = dice.randint(constants.MIN_RARITY, constants.MAX_RARITY)
            for side, expansion in zip(parts, expansions, strict=True):
                side.append(Part(expansion, rarity, initial))
        years = dice.choice((None, (1960, 1960), (1980, 1990)))
        allowed = bytes(dice.choice((1, 1, 0)) for _ in made.meta["classes"])
        answers = [
            index.search(own, floor=floor, depth=12, allowed=allowed, dead=dead, years=years)
            for index, own in zip((fast, slow), parts, strict=True)
        ]
        assert answers[0] == answers[1]


def test_the_compiled_kernels_are_in_use() -> None:
    """Where they were built they are also what the matcher uses."""
    assert kernels.IMPLEMENTATION == "native"
