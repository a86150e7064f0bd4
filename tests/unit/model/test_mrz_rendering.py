"""Rendering: elements become lines with every check digit."""

from __future__ import annotations

from dataclasses import replace

import pytest

from didban.errors import InvalidInput
from didban.model.mrz import Fields, Format, render

PASSPORT = Fields(
    format=Format.TD3,
    document_code="P",
    issuing_state="UTO",
    primary_identifier="ERIKSSON",
    secondary_identifier="ANNA MARIA",
    document_number="L898902C3",
    nationality="UTO",
    birth_date="740812",
    sex="F",
    expiry_date="120415",
    optional_data="ZE184226B",
)


def test_passport_of_the_standard_is_rendered():
    """The specimen of Doc 9303-4, character by character."""
    assert render(PASSPORT) == (
        "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
        "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
    )


def test_card_with_a_long_number_is_rendered():
    """The specimen of Doc 9303-5 with a number of twelve characters."""
    fields = Fields(
        format=Format.TD1,
        document_code="I",
        issuing_state="UTO",
        primary_identifier="STEVENSON",
        secondary_identifier="PETER JOHN",
        document_number="D23145890734",
        nationality="UTO",
        birth_date="340712",
        sex="M",
        expiry_date="950712",
    )
    assert render(fields) == (
        "I<UTOD23145890<7349<<<<<<<<<<<",
        "3407127M9507122UTO<<<<<<<<<<<2",
        "STEVENSON<<PETER<JOHN<<<<<<<<<",
    )


@pytest.mark.parametrize("digit", ["0", "<"])
def test_empty_personal_number_gets_the_digit_that_the_state_likes(digit):
    """Zero or filler."""
    lines = render(replace(PASSPORT, optional_data=""), empty_digit=digit)
    assert lines[1][42] == digit


def test_unspecified_sex_and_unknown_dates_are_fillers():
    """What is not known is not printed."""
    second = render(replace(PASSPORT, sex="", birth_date="74<<<<"))[1]
    assert second[13:21] == "74<<<<" + "1" + "<"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"document_number": "1234567890"}, "document_number has 10"),
        ({"optional_data": "A" * 15}, "optional_data has 15"),
        ({"issuing_state": "uto"}, "issuing_state has characters"),
        ({"document_number": "12-45"}, "document_number has characters"),
        ({"primary_identifier": "MÜLLER"}, "letters A-Z"),
        ({"primary_identifier": "ER1KSSON"}, "letters A-Z"),
        ({"optional_data_2": "X"}, "TD3 has no optional_data_2"),
        ({"format": Format.FRID}, "FRID has no nationality"),
        (
            {"format": Format.TD1, "optional_data": "", "document_number": "1234567<<9"},
            "no filler",
        ),
    ],
)
def test_element_that_cannot_be_printed_is_refused(changes, words):
    """Nothing is cut or changed but a long name."""
    with pytest.raises(InvalidInput, match=words):
        render(replace(PASSPORT, **changes))
