"""The compiled kernels give the same answers as their plain Python twins, to the bit.

The twin of retrieval looks at every name that has one similar part, so these tests also show that
the compiled one, which reads far less, loses nothing.
"""

from __future__ import annotations

import random
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from didban.match import kernels
from didban.match.index import readings
from didban.match.index.building import SegmentBuilder
from didban.match.index.segments import Segment
from didban.match.kernels import ReferenceIndex, constants
from didban.match.kernels.reference import Part, distance
from didban.match.spelling.alphabets import SYMBOLS
from didban.match.spelling.keys import coarse_keys, primary_key
from didban.match.spelling.phonemes import Form, forms
from didban.match.spelling.tokens import name_parts
from didban.model.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterable

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


def vocabulary(read: Iterable[Form]) -> Segment:
    """Return a segment of names of one part each, which are said to be read so."""
    letters = str.maketrans("0123456789", "bcdfghklmn")
    made = {str(1000 + number).translate(letters): (form,) for number, form in enumerate(read)}
    file = BytesIO()
    builder = SegmentBuilder(file)
    builder.add(Record(id="r", schema="Person", properties={"name": tuple(made)}))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(readings, "forms", made.__getitem__)
        builder.finish()
    return Segment(file.getvalue(), "a test segment")


@given(SOUNDS, st.booleans())
def test_keys_are_the_same(codes: bytes, unvocalised: bool) -> None:  # noqa: FBT001
    """The one without alternatives, and all keys of any row of sounds, in their order."""
    form = Form(codes, unvocalised)
    assert primary_key(form) == native.primary_key(form)
    assert coarse_keys(form) == native.coarse_keys(form)


@given(st.lists(SOUNDS.filter(bool), min_size=1, max_size=40), SOUNDS.filter(bool), st.data())
def test_what_is_known_is_the_same(rows: list[bytes], codes: bytes, data: st.DataObject) -> None:
    """And it is what an expansion to the same sound alone finds."""
    made = vocabulary(Form(row, data.draw(st.booleans())) for row in [*rows, codes[::-1]])
    asked = data.draw(st.sampled_from([codes, codes[::-1], *rows]))
    form = Form(asked, data.draw(st.booleans()))
    reading = [(form, coarse_keys(form))]
    index, twin = native.Index(made.sections), ReferenceIndex(made.sections)
    assert index.knows(reading) == twin.knows(reading)
    assert index.knows(reading) == bool(index.expand(reading, cutoff=255, limit=1).tokens)


@given(SOUNDS, SOUNDS, st.integers(0, 1))
def test_distance_is_the_same(a: bytes, b: bytes, table: int) -> None:
    """The weighted edit distance agrees for any two rows of sounds."""
    assert distance(a, b, table) == native.distance(a, b, table)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("floor", [0, 500, 715, 900])
@pytest.mark.parametrize("lanes", [True, False])
def test_retrieval_is_the_same(seed: int, floor: int, *, lanes: bool) -> None:
    """Expansion and search agree for names with typing errors, initials, gaps and any order."""
    made = segment(400, seed)
    fast, slow = native.Index(made.sections, lanes=lanes), ReferenceIndex(made.sections)
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
        records = sorted(dice.sample(range(400), 40))
        pairs = [
            index.pair(own, records, cutoff=191, allowed=allowed, dead=dead, years=years)
            for index, own in zip((fast, slow), parts, strict=True)
        ]
        assert pairs[0] == pairs[1]


@given(
    listed=st.lists(SOUNDS.filter(bool), min_size=1, max_size=80),
    asked=SOUNDS.filter(bool),
    unvocalised=st.booleans(),
)
def test_forms_compared_many_at_a_time_come_out_the_same(
    listed: list[bytes], asked: bytes, *, unvocalised: bool
) -> None:
    """Also forms of sixteen consonants, whose distance is more than a byte can hold."""
    made = vocabulary(Form(codes, bool(sum(codes) % 2)) for codes in listed)
    form = Form(asked, unvocalised)
    found = [
        index.expand([(form, coarse_keys(form))], cutoff=cutoff, limit=2_048)
        for cutoff in (1, 191)
        for index in (
            native.Index(made.sections),
            native.Index(made.sections, lanes=False),
            ReferenceIndex(made.sections),
        )
    ]
    for one, other in ((0, 2), (1, 2), (3, 5), (4, 5)):
        assert found[one].tokens == found[other].tokens
        assert found[one].similarities == found[other].similarities
        assert found[one].frequencies == found[other].frequencies


def test_the_compiled_kernels_are_in_use() -> None:
    """Where they were built they are also what the matcher uses."""
    assert kernels.IMPLEMENTATION == "native"
