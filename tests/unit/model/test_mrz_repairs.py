"""Misread characters: what is proposed, that it is checked again, and what is left alone."""

from __future__ import annotations

from datetime import date

import pytest

from didban.model.mrz import parse

TODAY = date(2026, 3, 1)
FIRST = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"
SECOND = "L898902C36UTO7408122F1204159ZE184226B<<<<<10"


def passport(second, first=FIRST):
    """Return a passport with this second line."""
    return parse((first, second), reference_date=TODAY)


def test_right_zone_has_no_proposals():
    """Nothing is proposed where nothing is wrong."""
    assert passport(SECOND).repairs == ()


def test_fields_stay_as_they_were_read():
    """A proposal changes nothing: not the lines, not the fields, not the verdicts."""
    zone = passport(SECOND.replace("L898902C3", "L8989O2C3"))
    assert zone.fields is not None
    assert zone.fields.document_number == "L8989O2C3"
    assert zone.verdicts["docno"] is False
    assert not zone.is_valid
    assert zone.repairs


@pytest.mark.parametrize(
    ("true", "read"),
    [
        ("7408122F", "74O8122F"),
        ("7408122F", "74081Z2F"),
        ("7408122F", "740812ZF"),
        ("1204159Z", "I204159Z"),
        ("1204159Z", "12O4IS9Z"),
        ("L898902C36", "L89B902C36"),
        ("L898902C36", "L8989O2C36"),
        ("L898902C36", "L898902C3G"),
        ("10", "IO"),
    ],
)
def test_usual_misreading_is_found(true, read):
    """The true line is the first proposal, and every check digit of it is right."""
    zone = passport(SECOND.replace(true, read))
    best = zone.repairs[0]
    assert best.lines == (FIRST, SECOND)
    assert best.is_confirmed
    assert parse(best.lines, reference_date=TODAY).is_valid


def test_change_says_what_where_and_to_what():
    """Line and column count from 1, as an officer counts."""
    (change,) = passport(SECOND.replace("7408122", "74O8122")).repairs[0].changes
    assert (change.line, change.column) == (2, 16)
    assert (change.read, change.proposed, change.element) == ("O", "0", "birth_date")


def test_name_and_states_are_mended_together_with_the_rest():
    """Digits cannot stand in a name or in the code of a state."""
    misread = passport(
        "L898902C36UTO740BIZZF12041S9ZE184226B<<<<<1O",
        first="P<UT0ERIK55ON<<ANNA<MAR1A<<<<<<<<<<<<<<<<<<<",
    )
    assert misread.repairs[0].lines == (FIRST, SECOND)


def test_digit_in_a_name_is_proposed_though_no_check_digit_sees_it():
    """The zone is valid, and yet misread; the reason says that nothing confirms it."""
    zone = passport(SECOND, first=FIRST.replace("MARIA", "MAR1A"))
    assert zone.is_valid
    (repair,) = zone.repairs
    assert repair.lines == (FIRST, SECOND)
    assert "no check digit covers it" in repair.reason


def test_swapped_digits_are_found():
    """People who type a zone swap neighbours."""
    zone = passport(SECOND.replace("7408122F", "4708122F"))
    assert (FIRST, SECOND) in {repair.lines for repair in zone.repairs}


def test_proposed_date_is_a_date():
    """No thirteenth month, however well it would fit the check digit."""
    zone = passport(SECOND.replace("7408122F", "7408127F"))
    for repair in zone.repairs:
        month, day = int(repair.lines[1][15:17]), int(repair.lines[1][17:19])
        assert month <= 12
        assert day <= 31


def test_what_the_composite_digit_refutes_is_not_proposed():
    """A number that fits its own digit and spoils the composite is no solution."""
    zone = passport(SECOND.replace("L898902C36", "L898902C34"))
    assert all(repair.is_confirmed for repair in zone.repairs)


def test_proposals_are_few():
    """A visa has no composite digit to choose by: only the likeliest are shown."""
    zone = parse(
        ("V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "0000000009UTO4009078F9612109<<<<<<<<"),
        reference_date=TODAY,
    )
    assert 0 < len(zone.repairs) <= 5


def test_letter_that_weighs_like_the_digit_in_its_place_is_no_wrong_digit():
    """The digits are right; that the birth date is no date is warned of."""
    zone = passport(SECOND.replace("7408122F", "74U8122F"))
    assert zone.verdicts["dob"] is True
    assert "birth_date_impossible" in {warning.code for warning in zone.warnings}
    assert zone.repairs[0].lines == (FIRST, SECOND)


def test_name_of_a_russian_internal_passport_is_left_alone():
    """Its digits are letters of Russia's own alphabet."""
    lines = (
        "PNRUSPRIMEROV<<4OTA<<<<<<<<<<<<<<<<<<<<<<<<<",
        "L898902C36RUS7408122F1204159ZE184226B<<<<<10",
    )
    assert parse(lines, reference_date=TODAY).repairs == ()


def test_zone_that_is_wrong_throughout_gets_no_fancies():
    """Where most digits are wrong it was no misread character: nothing is made up."""
    lines = (FIRST, "Q123456784UTO1111119F2222225ABCDEFGHIJKLM<77")
    assert parse(lines, reference_date=TODAY).repairs == ()
