"""Zones in whatever form scanners, keyboards and programs deliver them, and texts that are none."""

from __future__ import annotations

from datetime import date

import pytest

from didban.model.mrz import Format, parse, parse_all, parse_texts
from didban.model.mrz.zones import MAX_CHARACTERS

TODAY = date(2026, 3, 1)
FIRST = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"
SECOND = "L898902C36UTO7408122F1204159ZE184226B<<<<<10"
CARD = (
    "I<UTOD231458907<<<<<<<<<<<<<<<",
    "7408122F1204159UTO<<<<<<<<<<<6",
    "ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
)


@pytest.mark.parametrize(
    "text",
    [
        FIRST + "\n" + SECOND,
        FIRST + "\r" + SECOND + "\r",
        FIRST + "\r\n" + SECOND + "\r\n",
        FIRST + "\n\n\n" + SECOND,
        FIRST + "\u2028" + SECOND,
        FIRST + "\\n" + SECOND,
        FIRST + SECOND,
        FIRST + " " + SECOND,
        "\ufeff" + FIRST + "\n" + SECOND,
        "\x02" + FIRST + "\r" + SECOND + "\x03",
        FIRST.lower() + "\n" + SECOND.lower(),
        " ".join(FIRST) + "\n" + " ".join(SECOND),
        "\t" + FIRST + "  \n  " + SECOND,
        FIRST.replace("<<", "«") + "\n" + SECOND,
        FIRST.replace("<", "«") + "\n" + SECOND.replace("<", "«"),
        FIRST.replace("<", "‹") + "\n" + SECOND.replace("<", "＜"),
        FIRST.replace("<", "&lt;") + "\n" + SECOND.replace("<", "&lt;"),
        FIRST.replace("<", " ") + "\n" + SECOND.replace("<", " "),
        "UTOPIA\nPASSPORT / PASSEPORT\n" + FIRST + "\n" + SECOND + "\nread at gate 4",
        f'MRZ: "{FIRST}"\nand: "{SECOND}",',
        (FIRST + SECOND)[:20] + "\n" + (FIRST + SECOND)[20:60] + "\n" + (FIRST + SECOND)[60:],
    ],
)
def test_zone_is_read_from_any_text(text):
    """Line breaks, spaces, case, filler signs and text around the zone do not matter."""
    zone = parse(text, reference_date=TODAY)
    assert zone.format is Format.TD3
    assert zone.lines == (FIRST, SECOND)
    assert zone.is_valid


def test_lines_may_be_given_one_by_one():
    """A program need not join what it has as lines."""
    assert parse(iter(CARD), reference_date=TODAY).format is Format.TD1


def test_card_is_read_from_one_string_of_ninety_characters():
    """Ninety characters without a break are three lines of thirty."""
    assert parse("".join(CARD), reference_date=TODAY).lines == CARD


def test_line_of_the_right_length_above_the_zone_is_passed_over():
    """Of overlapping shapes, the one with right check digits is taken."""
    text = "\n".join(["REPUBLICOFUTOPIAIDENTITYCARDX1", *CARD])
    (zone,) = parse_all(text, reference_date=TODAY)
    assert zone.lines == CARD


def test_misread_zone_does_not_borrow_a_line_of_its_neighbour():
    """Two passports, the first misread throughout, are still two passports."""
    bad = "L8989O2C36UTO7408I22F12O4159ZE184226B<<<<<1O"
    found = parse_all((FIRST, bad, FIRST, SECOND), reference_date=TODAY)
    assert [zone.lines[1] for zone in found] == [bad, SECOND]


def test_spaces_taken_for_fillers_are_told():
    """An adapted text is warned of: it is less sure than a scan."""
    zone = parse(FIRST.replace("<", " ") + "\n" + SECOND, reference_date=TODAY)
    assert "adapted_text" in {warning.code for warning in zone.warnings}


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \r\n \x00",
        "hello",
        FIRST,
        SECOND,
        "\n".join(CARD[:2]),
        "<" * 10_000,
        "\n" * 10_000,
        "P" * (MAX_CHARACTERS + 1),
        "\ud800\udfff",
        "п" * 44 + "\n" + "п" * 44,
    ],
)
def test_text_that_is_no_zone_is_unreadable_with_reasons(text):
    """Nothing raises; there is no format, and a reason that a person understands."""
    zone = parse(text, reference_date=TODAY)
    assert zone.format is None
    assert not zone.is_valid
    assert zone.reasons
    assert set(zone.verdicts.values()) == {None}


def test_foreign_sign_is_named_with_its_place():
    """A sign that the zone does not have is pointed out."""
    zone = parse(FIRST + "\n" + SECOND.replace("C3", "Ç3"), reference_date=TODAY)
    assert zone.format is None
    assert zone.reasons == ("line 2, column 8: 'Ç' is not a character of the zone (A-Z, 0-9, <)",)


def test_lengths_are_named_when_they_fit_no_format():
    """The reason says what was found and what there is."""
    (reason,) = parse(FIRST[:40] + "\n" + SECOND[:30], reference_date=TODAY).reasons
    assert "40, 30" in reason
    assert "two lines of 44" in reason


def test_line_that_lost_fillers_is_refused_with_a_proposal():
    """A lost filler at the end is the usual fault: proposed, not assumed."""
    zone = parse(FIRST[:-1] + "\n" + SECOND, reference_date=TODAY)
    assert zone.format is None
    (repair,) = zone.repairs
    assert repair.lines == (FIRST, SECOND)
    assert [(c.line, c.column, c.read, c.proposed) for c in repair.changes] == [(1, 44, "", "<")]


def test_filler_lost_in_the_second_line_is_found_by_the_check_digits():
    """Wherever the filler was, only its own place makes every digit right."""
    short = SECOND.replace("B<<<<<1", "B<<<<1")
    zone = parse(FIRST + "\n" + short, reference_date=TODAY)
    assert [repair.lines for repair in zone.repairs] == [(FIRST, SECOND)]


def test_filler_too_many_is_refused_with_a_proposal():
    """A doubled filler is proposed to be taken out."""
    zone = parse(FIRST + "<\n" + SECOND, reference_date=TODAY)
    assert zone.format is None
    assert zone.repairs[0].lines == (FIRST, SECOND)
    assert zone.repairs[0].changes[0].proposed == ""


def test_joined_text_with_a_character_too_many_is_refused_with_a_proposal():
    """Eighty-nine characters are nearly a passport."""
    zone = parse(FIRST + "<" + SECOND, reference_date=TODAY)
    assert zone.format is None
    assert zone.repairs[0].lines == (FIRST, SECOND)


def test_half_a_zone_beside_a_whole_one_is_not_lost():
    """Of a pile, each document is answered, also the one that was not read whole."""
    found = parse_all((FIRST, SECOND, FIRST, SECOND[:-1]), reference_date=TODAY)
    assert [zone.format for zone in found] == [Format.TD3, None]
    assert found[1].reasons
    assert parse((FIRST[:30], FIRST, SECOND), reference_date=TODAY).format is Format.TD3


def test_texts_that_are_zones_are_read_each_by_itself():
    """Whole documents need not be joined."""
    found = parse_texts([FIRST + SECOND, "\n".join(CARD)], reference_date=TODAY)
    assert [zone.format for zone in found] == [Format.TD3, Format.TD1]


def test_texts_that_are_lines_are_read_together():
    """A program may pass the lines as it has them."""
    found = parse_texts([FIRST, SECOND, *CARD], reference_date=TODAY)
    assert [zone.format for zone in found] == [Format.TD3, Format.TD1]


def test_text_of_which_nothing_is_in_a_zone_is_answered():
    """Nothing that was given is lost."""
    found = parse_texts(["rubbish", FIRST, SECOND], reference_date=TODAY)
    assert [zone.format for zone in found] == [Format.TD3, None]
    assert "7 characters" in found[1].reasons[0]


def test_lines_that_lost_a_filler_are_mended_together():
    """Proposals need all the lines of the zone."""
    (zone,) = parse_texts([FIRST[:-1], SECOND], reference_date=TODAY)
    assert zone.format is None
    assert zone.repairs[0].lines == (FIRST, SECOND)
