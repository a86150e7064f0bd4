# ruff: noqa: SIM905  (words read best as words)
"""What is compiled of the comparison of persons' names agrees with its definition to the bit.

The definition is `didban.match.evidence`; both are given invented names in all scripts, paired as
they sound and at random.
"""

from __future__ import annotations

import random
from array import array
from collections import Counter
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from didban.match.evidence import compiled, names, pairing
from didban.match.evidence.likeness import CUTOFF
from didban.match.evidence.names import QueryName
from didban.match.evidence.pairing import pair_parts
from didban.match.features import Name, Quality
from didban.match.kernels import Asked, Listed, Names
from didban.match.kernels.constants import BANDS, NONE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from didban.match.evidence.pairing import Traits

pytest.importorskip("didban.match.kernels._names", reason="no compiler was found")

PARTS = """michel michelle karima oleksandr oleksandrovich lidia ali reza hassan hossein husayn mohammad muhammad mohamed fatima zahra maryam omar yusuf anna
piotr ivan olga karimi rahimi ahmadi ahmadov petrov petrovich ivanovna pavlovich kowalski kovalskaya
hamidullah waliullah abd umm abdr abuu nowak npwaj abdrahim abdkarim abdulkarim karim abu abubakr ummkulthum nuruddin nour uddin bill
william sasha aleksandr pepe jose haji sheikh dr a b k m mk jrb wdg x xq al bin maria marai marya
zarrinpour zarrinbour ghazanfari jafarpourzadeh christodoulopoulos o omeara straße müller mueller
علی رضا حسن حسین محمد محمود محمدرضا فاطمة فاطمه زهرا مریم عمر یوسف کریمی رحیمی عبدالکریم عبدکریم
عبدرحیم ابوبکر نورالدین سید حاجی ع م иван петр петров петрович ивановна ольга абдуллаев абдулла
шамсутдин абурашид мулла м משה יוסף כהן לוי מ γιωργος παπαδοπουλος გიორგი ბერიძე արամ սարգսյան
王 小明 김 철수 ぁ 1 42 1985 é ॐ नरेंद्र""".split()

LETTERS = "abcdefghijklmnopqrstuvwxyzابتثجحدرسعفقكلمنهویабвгдежзиклмнопрстуфхאבגדהוκλμνπრსთქა"


def slip(part: str, dice: random.Random) -> str:
    """Return a part with a slip of the finger in it, or with less or more of it."""
    at = dice.randrange(len(part))
    kind = dice.randrange(7)
    slips = (
        part[:at] + dice.choice(LETTERS) + part[at + 1 :],
        part[:at] + part[at + 1 :],
        part[:at] + dice.choice(LETTERS) + part[at:],
        part[:at] + part[at : at + 2][::-1] + part[at + 2 :],
        part[: at + 1],
        part[0],
        part + dice.choice(PARTS),
    )
    return slips[kind] or part


def pieces(part: str, dice: random.Random) -> list[str]:
    """Return a part with spaces in wrong places."""
    cuts = sorted(dice.sample(range(1, len(part)), k=min(len(part) - 1, dice.randint(1, 3))))
    return [part[a:b] for a, b in pairwise([0, *cuts, len(part)])]


def variant(parts: Sequence[str], dice: random.Random) -> tuple[str, ...]:
    """Return a name made of another: slips, another order, parts joined, left out or added."""
    own = [slip(part, dice) if dice.random() < 0.4 else part for part in parts]
    own = [part for part in own if dice.random() < 0.9] or own
    if dice.random() < 0.3:
        dice.shuffle(own)
    if len(own) > 1 and dice.random() < 0.25:
        at = dice.randrange(len(own) - 1)
        own[at : at + 2] = [own[at] + own[at + 1]]
    if dice.random() < 0.25:
        at = dice.randrange(len(own))
        own[at : at + 1] = pieces(own[at], dice)
    if dice.random() < 0.2:
        own.insert(dice.randrange(len(own) + 1), dice.choice(PARTS))
    return tuple(own[:8])


def some_pairs(ours: Sequence[str], theirs: Sequence[str], dice: random.Random) -> bytes:
    """Return a pairing that no index would make: any places, however alike."""
    free = list(range(len(theirs)))
    dice.shuffle(free)
    pairs = bytearray()
    for _ in ours:
        if free and dice.random() < 0.7:
            pairs += bytes((free.pop(), dice.randint(CUTOFF - 8, 255)))
        else:
            pairs += bytes((NONE, 0))
    return bytes(pairs)


def listed(
    parts: Sequence[tuple[str, ...]], qualities: Sequence[Quality], organised: int = 0
) -> Listed:
    """Return a segment of these names, as far as it is read: all of persons, or of organisations."""
    own = [part for name in parts for part in name]
    vocabulary = {part: number for number, part in enumerate(dict.fromkeys(own))}
    texts = [part.encode(errors="surrogatepass") for part in vocabulary]
    sections = {
        "name_start": array("I", accumulate(map(len, parts), initial=0)),
        "name_token": array("I", [vocabulary[part] for part in own]),
        "name_quality": array("B", qualities),
        "name_organised": array("B", [organised] * len(parts)),
        "token_class": array("H", [0] * len(texts)),
        "token_text_start": array("I", accumulate(map(len, texts), initial=0)),
        "token_text": array("B", b"".join(texts)),
    }
    return Listed({name: memoryview(data) for name, data in sections.items()})


def asked(parts: tuple[str, ...], dice: random.Random) -> QueryName:
    """Return a name that is asked for, with shares and all as an index might tell them."""
    shares = tuple(
        tuple(accumulate(dice.choice((0.0, 1e-5, 3e-4, 0.02, 0.4)) for _ in range(BANDS)))
        for _ in parts
    )
    spared = tuple(dice.choice((0.0, 0.3, 1.7)) for _ in parts) if dice.random() < 0.8 else ()
    return QueryName(Name(text="", parts=parts), shares, dice.random() < 0.8, spared)


def hold(query: QueryName, names_listed: Sequence[tuple[str, ...]], dice: random.Random) -> None:
    """Compare a name with listed ones, compiled and by definition."""
    qualities = [dice.choice((Quality.STRONG, Quality.WEAK)) for _ in names_listed]
    segment, ours = listed(names_listed, qualities), names.ready(query)
    assert ours
    for number, (parts, quality) in enumerate(zip(names_listed, qualities, strict=True)):
        name = Name(text="", parts=parts, quality=quality)
        for pairs in (
            pair_parts(query.name.parts, parts),
            some_pairs(query.name.parts, parts, dice),
        ):
            told = (query.name.parts, parts, list(pairs))
            found = compiled.pair_names(query.name, name, pairs)
            assert found == pairing.pair_names(query.name, name, pairs), told
            weight = ours.weight(segment, number, pairs)
            assert weight == names.find(query, name, pairs).weight, told


def test_invented_names_are_weighed_alike() -> None:
    """Names of one to eight parts in all scripts, against their variants and against others."""
    dice = random.Random(7)
    for _ in range(400):
        parts = tuple(dice.choices(PARTS, k=dice.choice((1, 2, 2, 3, 3, 4, 5, 8))))
        others = [variant(parts, dice) for _ in range(8)]
        others.append(tuple(dice.choices(PARTS, k=dice.randint(1, 8))))
        hold(asked(parts, dice), others, dice)


WORDS = st.text(LETTERS + "-é1١王😀\udc80", min_size=1, max_size=20)
NAMES = st.lists(st.sampled_from(PARTS) | WORDS, min_size=1, max_size=8).map(tuple)


@given(NAMES, NAMES, st.randoms(use_true_random=False))
def test_any_names_are_weighed_alike(
    ours: tuple[str, ...], theirs: tuple[str, ...], dice: random.Random
) -> None:
    """Whatever stands in them."""
    hold(asked(ours, dice), [theirs, variant(ours, dice), ours], dice)


def test_a_name_of_no_person_is_left_to_others() -> None:
    """Only the names of persons are weighed so."""
    dice = random.Random(1)
    ours = names.ready(asked(("anna",), dice))
    assert ours
    person = listed([("anna",)], [Quality.STRONG])
    organisation = listed([("anna",)], [Quality.STRONG], organised=1)
    assert ours.weight(person, 0, bytes((0, 255))) is not None
    assert ours.weight(organisation, 0, bytes((0, 255))) is None


@pytest.mark.parametrize(
    "pairs", [b"", bytes((1, 255)), bytes((NONE, 200)), bytes((0, 255, 0, 255))]
)
def test_a_pairing_beyond_the_name_is_refused(pairs: bytes) -> None:
    """Nothing is read beyond its end."""
    ours = names.ready(asked(("anna",), random.Random(1)))
    assert ours
    with pytest.raises(ValueError, match="pairs"):
        ours.weight(listed([("anna",)], [Quality.STRONG]), 0, pairs)


def test_what_is_forgotten_is_asked_again() -> None:
    """When too many parts are known all are forgotten, and the answers stay the same."""
    telling, dice = Counting(), random.Random(3)
    few = Names(compiled.RULES, compiled.WEIGHTS, telling, most=3, weak=Quality.WEAK)
    others = [tuple(dice.choices(PARTS, k=3)) for _ in range(20)]
    segment = listed(others, [Quality.STRONG] * 20)
    query = asked(("ali", "reza"), dice)
    one, other = Asked(few, query), names.ready(query)
    assert other
    for _ in range(2):
        for number, parts in enumerate(others):
            pairs = pair_parts(query.name.parts, parts)
            assert one.weight(segment, number, pairs) == other.weight(segment, number, pairs)
    assert telling.asked["ali"] > 1


class Counting(compiled.Telling):
    """Counts how often it is asked for a part."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()

    def traits(self, part: str) -> Traits:
        """Count and tell."""
        self.asked[part] += 1
        return compiled.Telling.traits(part)


def test_an_error_of_what_is_asked_is_passed_on() -> None:
    """And nothing is remembered of it."""

    class Failing(compiled.Telling):
        @staticmethod
        def is_common(part: str) -> bool:
            raise LookupError(part)

    compared = Names(compiled.RULES, compiled.WEIGHTS, Failing(), most=9, weak=Quality.WEAK)
    for _ in range(2):
        with pytest.raises(LookupError):
            compared.pair(("karim",), ("salim",), bytes((0, 220)))
