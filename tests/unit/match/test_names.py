"""What two names say: which parts agree, how rare they are, which contradict each other."""

from __future__ import annotations

import math

import pytest

from didban.match.evidence import parameters as p
from didban.match.evidence.names import QueryName, explain, find
from didban.match.evidence.pairing import pair_parts
from didban.match.features import Name, Quality
from didban.match.kernels.constants import BANDS, NONE
from didban.match.spelling.tokens import name_parts

SHARE = 0.01
SAME = -math.log(SHARE) * p.NAME_SHARE[0] + p.SPELLED
"""What one part says that is so frequent and the same on both sides, to the letter."""


def name(text: str, quality: Quality = Quality.STRONG) -> Name:
    """Return a name as a list states it."""
    return Name(text=text, parts=name_parts(text), quality=quality)


def asked(text: str, *, of_person: bool = True, share: float = SHARE) -> QueryName:
    """Return a name that is looked for, of which each part is so frequent, similar ones more so."""
    own = name(text)
    shares = tuple(share * (band + 1) for band in range(BANDS))
    return QueryName(own, (shares,) * len(own.parts), of_person)


def weight(query: str, listed: str, quality: Quality = Quality.STRONG) -> float:
    """Return the evidence of two names."""
    pairs = pair_parts(name_parts(query), name_parts(listed))
    return find(asked(query), name(listed, quality), pairs).weight


def findings(query: str, listed: str):
    """Return what two names have in common."""
    return find(asked(query), name(listed), pair_parts(name_parts(query), name_parts(listed)))


def words(query: str, listed: str) -> str:
    """Return the explanation of two names in words."""
    return explain(
        asked(query), name(listed), pair_parts(name_parts(query), name_parts(listed))
    ).detail


@pytest.mark.parametrize(
    ("one", "other", "positions"),
    [
        ("Piotr Kowalski", "Kowalski Piotr", [1, 0]),
        ("Piotr Jan Kowalski", "Kowalski Piotr", [1, NONE, 0]),
        ("Piotr", "Pavel Novak", [NONE]),
        ("P Kowalski", "Piotr Kowalski", [0, 1]),
        ("Piotr Kowalski", "P Kowalski", [0, 1]),
        ("Ali Ali", "Ali Karimi", [0, NONE]),
        ("Hasan Hassan", "Hassan Hasan", [0, 1]),
    ],
)
def test_parts_are_paired_each_once_whatever_their_order(one, other, positions):
    """The most similar pair first; an initial fits a part that begins with it."""
    assert list(pair_parts(name_parts(one), name_parts(other))[::2]) == positions


def test_an_agreement_counts_as_much_as_the_part_is_rare():
    """The negative logarithm of the share of names that have it, and something for the whole."""
    expected = 2 * SAME + p.SAME_CULTURE + p.WHOLE["PERSON"]
    assert weight("Piotr Kowalski", "Piotr Kowalski") == pytest.approx(expected)


def test_nothing_is_rarer_than_the_list_can_know():
    """A name that the list does not have at all is not infinitely rare."""
    pairs = pair_parts(("piotr",), ("piotr",))
    found = find(asked("Piotr", share=0.0), name("Piotr"), pairs)

    same = -math.log(p.RAREST) * p.NAME_SHARE[0] + p.SPELLED
    expected = same + p.SAME_CULTURE + p.WHOLE["SINGLE"]
    assert found.weight == pytest.approx(expected)


def test_a_similar_part_counts_less_than_the_same():
    """And a less similar one less."""
    weights = [weight("Hasan", other) for other in ("Hasan", "Hasen", "Hosein")]

    assert weights == sorted(set(weights), reverse=True)


def test_a_contradicted_part_weighs_more_than_a_missing_one():
    """Ali Karimi is not Ali Rahimi, but Ali Reza Karimi may be Ali Karimi."""
    same = weight("Ali Nazarov", "Ali Nazarov")

    missing = weight("Ali Nazarov", "Ali Petar Nazarov")
    assert same > missing > 0
    assert same - missing < same - SAME - weight("Ali Nazarov", "Ali Haddad")
    assert weight("Ali Petar Nazarov", "Ali Nazarov") > weight(
        "Ali Petar Nazarov", "Ali Umar Nazarov"
    )


def test_a_fathers_name_that_is_left_out_costs_little_and_another_one_much():
    """Papers of some states have it and those of others do not; but nobody has two fathers."""
    same = weight("Piotr Kowalski", "Piotr Kowalski")
    without = weight("Piotr Kowalski", "Piotr Markovich Kowalski")

    assert same > without > weight("Piotr Kowalski", "Piotr Marek Kowalski")
    assert weight("Piotr Ivanovich Kowalski", "Piotr Markovich Kowalski") < without - 5


def test_a_byname_contradicts_a_name_and_costs_little_alone():
    """Karim Abu Hadi may be Karim; but with another name in its place he is somebody else."""
    alone = weight("Karim Haddad", "Karim Haddad Abu Hadi")

    assert weight("Karim Haddad Kowalski", "Karim Haddad Abu Hadi") < alone - 5


def test_father_and_son_are_two():
    """Hadi bin Karim is not Karim bin Hadi, though all the parts agree."""
    same = weight("Hadi bin Karim Haddad", "Hadi bin Karim Haddad")

    assert weight("Karim bin Hadi Haddad", "Hadi bin Karim Haddad") < same - 6


def test_relatives_share_much_and_are_others():
    """However rare the names are that a family shares, a contradicted one speaks against it."""
    rest = "Zarrin Ardeshir Parvaneh Behzad"

    assert weight(f"{rest} Haddad", f"{rest} Kowalski") <= p.RELATIVES + p.CONTRADICTED


def test_short_forms_of_a_given_name_speak_for_it_a_little():
    """Bill for William, Sasha for Aleksandr; a name that is no form of it contradicts."""
    other = weight("Marek Kowalski", "William Kowalski")

    short = weight("Bill Kowalski", "William Kowalski")
    assert other + 5 < short < weight("Will", "Will") + SAME


def test_a_title_that_is_left_out_says_nothing():
    """Papers and lists use them as they like."""
    assert weight("Amir Nazarov", "Nazarov") == weight("Nazarov", "Nazarov")


def test_a_name_that_is_spelled_the_same_says_more():
    """Who shares a sound writes it in another way as often; across scripts nobody can tell."""
    counts = {
        written: (found.spelled, found.respelled)
        for written in ("Yusuf", "Yousuf", "Юсуф")
        if (found := findings(f"{written} Karim", "Yusuf Karim"))
    }
    assert counts == {"Yusuf": (2, 0), "Yousuf": (1, 1), "Юсуф": (1, 0)}
    assert p.SPELLED > 0 > p.RESPELLED


def test_a_slip_contradicts_less_than_another_name():
    """Two letters from a name that is known, and no name itself; not two names that are known."""
    assert findings("Hadi Nowak Karim", "Hadi Npwaj Karim").mistyped == 1
    assert findings("Hadi Karim Nowak", "Hadi Rahim Nowak").contradicted == 1
    assert findings("Hadi Nowak Xi", "Hadi Nowak Qo").mistyped == 0


def test_abd_without_its_second_half_contradicts_nothing():
    """What follows is another part; of itself it says next to nothing."""
    asked = Name(text="Abdul Karimov", parts=("abd", "karimov"))
    other = name("Abdul Rahman Karimov")
    shares = ((SHARE,) * BANDS,) * 2
    pairs = pair_parts(asked.parts, other.parts)
    found = find(QueryName(asked, shares, of_person=True), other, pairs)
    assert (found.cut, found.missing, found.contradicted) == (1, 0, 0)

    stranger = find(QueryName(asked, shares, of_person=True), name("Hadi Karimov"), pairs)
    assert (stranger.cut, stranger.extra, stranger.missing) == (0, 0, 1)


def test_an_initial_says_a_little():
    """One letter in twenty or so fits by chance."""
    expected = SAME + p.SAME_CULTURE + p.INITIAL
    assert weight("P Kowalski", "Piotr Kowalski") == pytest.approx(expected)


def test_a_weak_alias_counts_for_less_but_never_for_more():
    """Also evidence against is not made smaller."""
    assert 0 < weight("Piotr", "Piotr", Quality.WEAK) < weight("Piotr", "Piotr")
    assert weight("Petar Nazarov", "Karim Haddad", Quality.WEAK) == weight(
        "Petar Nazarov", "Karim Haddad"
    )


def test_the_words_name_every_part_and_what_was_found():
    """An officer reads why; the original script stands beside."""
    assert words("Piotr Kowalski", "Kowalski Piotr") == "piotr is the same; kowalski is the same"
    assert words("Ali Karimi", "علی کریمی") == "ali sounds like علی; karimi sounds like کریمی"
    assert words("Ali Jan Karimi", "Ali Karimi Shah") == (
        "ali is the same; karimi is the same; only in the query: jan; only in the list: shah"
    )
    assert words("Hasan", "Hosen") == "hasan is similar to hosen"
    assert words("P Kowalski", "Piotr Kowalski").startswith("p and piotr: initials agree")
    assert words("Bill Kowalski", "William Kowalski").endswith(
        "bill and william are forms of one name"
    )


def test_an_explanation_shows_both_names_as_their_sources_write_them():
    """Not their parts, not their sounds."""
    found = explain(asked("KARIMI, Ali"), name("علی كريمي"), bytes([1, 240, 0, 240]))

    assert (found.query, found.candidate) == ("KARIMI, Ali", "علی كريمي")
    assert 0.0 <= found.similarity <= 1.0


def test_the_same_father_on_both_sides_says_more_than_two_parts():
    """Strangers of these two names may as well have them the other way round."""
    untold = weight("Hadi Karim", "Hadi bin Karim")

    assert weight("Hadi bin Karim", "Hadi ibn Karim") == pytest.approx(untold + p.FATHER)
    assert weight("Karim bin Hadi", "Hadi bin Karim") < untold - 5


def test_a_link_in_a_line_of_fathers_may_be_left_out():
    """Where both sides tell a line; another name that is left out costs more."""
    line = weight("Hadi bin Karim", "Hadi bin Piotr bin Karim")

    assert line == pytest.approx(
        weight("Hadi bin Karim", "Hadi bin Karim") + p.BYNAME - p.WHOLE["PERSON"]
    )
    assert line > weight("Hadi bin Karim", "Hadi Piotr bin Karim")


def test_who_is_called_by_a_title_and_one_name_may_have_others():
    """President Kowalski has given names; Kowalski alone is not known to have any."""
    called = weight("President Kowalski", "Marek Piotr Kowalski")

    assert called - weight("Kowalski", "Marek Piotr Kowalski") == -2 * p.EXTRA_IN_CANDIDATE
    assert weight("President Nowak", "Marek Piotr Kowalski") < 0
