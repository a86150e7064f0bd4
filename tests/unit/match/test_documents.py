"""Document numbers: how they are looked up, and what two of them have in common."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from didban.match.documents import (
    Agreement,
    canonical,
    compare,
    hash64,
    in_range,
    normal,
    number_key,
    range_position,
)
from didban.model.documents import Document

NUMBERS = st.text(alphabet="ABCDGILOQSUVZ0125689", min_size=3, max_size=12)
TWINS = ["0OQD", "1IL", "2Z", "5S", "8B", "6G", "UV"]


def paper(number: str, issuer: str | None = "uto", *, until: str | None = None) -> Document:
    """Return a passport, or a range of them."""
    return Document(number=number, issuer=issuer, type="P", number_to=until)


@pytest.mark.parametrize("written", ["L898902C3", "l898902c3", "L 898 902-C3", " L898902C3<<"])
def test_spacing_and_case_of_a_number_do_not_matter(written):
    """Only capital letters and digits are left."""
    assert normal(written) == "L898902C3"


@pytest.mark.parametrize("digits", ["۱۲۳۴۵۶۷", "١٢٣٤٥٦٧", "１２３４５６７"])
def test_digits_of_any_script_are_digits(digits):
    """A Persian registry writes the number of a Persian passport with Persian digits."""
    assert normal(f"P{digits}") == "P1234567"


@pytest.mark.parametrize("twins", TWINS)
def test_what_readers_confuse_is_one_canonical_sign(twins):
    """A misread number is found by the same look-up as a true one."""
    assert len({canonical(f"A{sign}7") for sign in twins}) == 1
    assert len({number_key(f"A{sign}7") for sign in twins}) == 1


@given(NUMBERS)
def test_canonical_is_a_fixed_point(number):
    """Folding a folded number changes nothing."""
    assert canonical(canonical(number)) == canonical(number)


@pytest.mark.parametrize("number", ["", "1", "A2", "--", "№"])
def test_a_very_short_number_identifies_nothing(number):
    """It has no key and is not looked up, nor do two of them make one document."""
    assert number_key(number) is None
    assert compare(paper(number), paper(number)) is Agreement.NONE


def test_hashes_are_the_same_on_every_machine_and_day():
    """They stand in files: a change here makes every snapshot unreadable."""
    assert hash64("L898902C3") == 0x99329B0C47EBA569
    assert hash64("") == 0xB4B2797457A0A6E4
    assert hash64("کریمی") == 0x3B05EA4A8D6AF148


@pytest.mark.parametrize(
    ("asked", "listed", "agreement"),
    [
        (paper("L898902C3"), paper("L898902C3"), Agreement.SAME),
        (paper("l898902-c3"), paper("L898902C3"), Agreement.SAME),
        (paper("L898902C3", "gbd"), paper("L898902C3", "gb"), Agreement.SAME),
        (paper("L898902C3", None), paper("L898902C3"), Agreement.SAME_NO_ISSUER),
        (paper("L898902C3"), paper("L898902C3", None), Agreement.SAME_NO_ISSUER),
        (paper("LB98902C3"), paper("L898902C3"), Agreement.CONFUSABLE),
        (paper("LB98902C3", None), paper("L898902C3"), Agreement.CONFUSABLE_NO_ISSUER),
        (paper("L898902C3", "xar"), paper("L898902C3"), Agreement.OTHER_ISSUER),
        (paper("LB98902C3", "xar"), paper("L898902C3"), Agreement.NONE),
        (paper("L898902C4"), paper("L898902C3"), Agreement.NONE),
        (paper("1005"), paper("1000", until="1010"), Agreement.SAME),
        (paper("1005", None), paper("1000", until="1010"), Agreement.SAME_NO_ISSUER),
        (paper("1005", "xar"), paper("1000", until="1010"), Agreement.OTHER_ISSUER),
        (paper("1011"), paper("1000", until="1010"), Agreement.NONE),
    ],
)
def test_two_documents_have_this_in_common(asked, listed, agreement):
    """Number, issuing state, and what a reader may have confused."""
    assert compare(asked, listed) is agreement


@given(NUMBERS, NUMBERS, st.sampled_from([None, "uto", "xar"]), st.sampled_from([None, "uto"]))
def test_it_does_not_matter_which_document_is_listed(one, other, issuer, other_issuer):
    """Comparing single documents is symmetric."""
    a, b = paper(one, issuer), paper(other, other_issuer)
    assert compare(a, b) is compare(b, a)


@given(NUMBERS, st.data())
def test_any_misreading_of_twins_is_confusable(number, data):
    """One sign read as its twin never makes a document disappear."""
    at = data.draw(st.integers(0, len(number) - 1))
    twins = next((t for t in TWINS if number[at] in t), number[at])
    misread = number[:at] + data.draw(st.sampled_from(twins)) + number[at + 1 :]

    assert compare(paper(misread), paper(number)) >= Agreement.CONFUSABLE


@pytest.mark.parametrize(
    ("number", "inside"),
    [
        ("A0100", True),
        ("A0150", True),
        ("A0199", True),
        ("a 0150", True),
        ("A0099", False),
        ("A0200", False),
        ("A150", False),
        ("A00150", False),
        ("B0150", False),
        ("0150", False),
        ("A0150X", False),
        ("", False),
    ],
)
def test_a_range_holds_the_numbers_of_its_prefix_and_width(number, inside):
    """Both borders belong to it; a number of another width is another document."""
    assert in_range(number, paper("A0100", until="A0199")) is inside


def test_a_single_document_is_no_range():
    """Without an end there is nothing between."""
    assert not in_range("A0100", paper("A0100"))


@pytest.mark.parametrize("until", ["B0199", "A199", "AXXXX"])
def test_a_range_whose_ends_do_not_fit_holds_nothing(until):
    """Readers refuse such rows; if one comes through it alarms for nobody."""
    assert not in_range("A0150", paper("A0100", until=until))


@given(st.text(alphabet="AB01", max_size=3), st.integers(0, 10**18 - 1))
def test_prefix_and_running_number_of_a_range(prefix, value):
    """A number has one place among the ranges of its prefix and width."""
    position = range_position(f"{prefix}X{value:018}")

    assert position is not None
    assert position[1] == value


@given(st.integers(19, 6000))
def test_a_very_long_number_has_a_place_too(width):
    """What does not fit in 64 bits counts as prefix, and nothing overflows."""
    position = range_position("7" * width)

    assert position is not None
    assert position[1] == int("7" * 18)


def test_a_number_without_final_digits_has_no_place():
    """It can not lie between two running numbers."""
    assert range_position("A12K") is None


@pytest.mark.parametrize("misread", ["B73OO412", "87300412", "B7300A12"])
def test_a_misread_number_is_found_within_a_range(misread):
    """Letters that readers confuse are folded in ranges as in single numbers."""
    blanks = passport_range("B7300100", "B7300599")

    expected = Agreement.NONE if "A" in misread else Agreement.CONFUSABLE

    assert compare(Document(number=misread, issuer="uto"), blanks) == expected


def test_a_series_in_cyrillic_is_the_same_in_latin_letters_that_look_alike():
    """What is printed AB may be typed in either alphabet; another series is another number."""
    printed = Document(number="АВ 123456", issuer="ua")

    assert compare(Document(number="AB123456", issuer="ua"), printed) == Agreement.SAME
    assert compare(Document(number="МР123456", issuer="ua"), printed) == Agreement.NONE


def passport_range(low, high):
    """Return a range of stolen blanks of Utopia."""
    return Document(number=low, number_to=high, issuer="uto", type="P", status="stolen_blank")
