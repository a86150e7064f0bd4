"""Every format of the zone, on the specimens of ICAO Doc 9303 and on invented documents."""

from __future__ import annotations

from datetime import date

import pytest

from didban.model.mrz import Format, parse, parse_all

TODAY = date(2026, 3, 1)

TD3 = (
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
    "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
)
TD2 = ("I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6")
TD1 = (
    "I<UTOD231458907<<<<<<<<<<<<<<<",
    "7408122F1204159UTO<<<<<<<<<<<6",
    "ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
)
MRVA = (
    "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
    "L8988901C4XXX4009078F96121096ZE184226B<<<<<<",
)
MRVB = ("V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "L8988901C4XXX4009078F9612109<<<<<<<<")
FRID = ("IDFRADURANTIN<<<<<<<<<<<<<<<<<753042", "1012753060717ODILE<<MARIE<<8206141F7")


def test_passport_has_five_right_check_digits():
    """A TD3 carries a digit for the number, both dates, the optional data and the whole."""
    zone = parse(TD3, reference_date=TODAY)
    assert zone.format is Format.TD3
    assert zone.verdicts == {
        "docno": True,
        "dob": True,
        "exp": True,
        "optional": True,
        "composite": True,
    }
    assert zone.is_valid


def test_passport_fields_are_read():
    """The elements of a passport stand where part 4 of Doc 9303 says."""
    zone = parse(TD3, reference_date=TODAY)
    fields = zone.fields
    assert fields is not None
    assert fields.document_code == "P"
    assert fields.issuing_state == "UTO"
    assert fields.document_number == "L898902C3"
    assert fields.nationality == "UTO"
    assert fields.optional_data == "ZE184226B"
    assert (fields.primary_identifier, fields.secondary_identifier) == ("ERIKSSON", "ANNA MARIA")
    assert str(zone.birth_date) == "1974-08-12"
    assert str(zone.expiry_date) == "2012-04-15"
    assert zone.sex == "female"


@pytest.mark.parametrize(
    ("lines", "kind", "absent"),
    [
        (TD1, Format.TD1, {"optional"}),
        (TD2, Format.TD2, {"optional"}),
        (MRVA, Format.MRVA, {"optional", "composite"}),
        (MRVB, Format.MRVB, {"optional", "composite"}),
    ],
)
def test_format_reports_the_digits_it_has_as_right_and_the_others_as_absent(lines, kind, absent):
    """Visas have no composite digit; only passports have one for the optional data."""
    zone = parse(lines, reference_date=TODAY)
    assert zone.format is kind
    assert {name for name, verdict in zone.verdicts.items() if verdict is None} == absent
    assert zone.is_valid


def test_french_card_is_told_from_td2_and_read_by_its_own_layout():
    """The French card of 1988 has the given names and the birth date in the second line."""
    zone = parse(FRID, reference_date=TODAY)
    fields = zone.fields
    assert zone.format is Format.FRID
    assert fields is not None
    assert (fields.primary_identifier, fields.secondary_identifier) == ("DURANTIN", "ODILE MARIE")
    assert fields.document_number == "101275306071"
    assert fields.optional_data == "753042"
    assert fields.nationality == ""
    assert str(zone.birth_date) == "1982-06-14"
    assert zone.expiry_date is None


def test_french_card_has_three_check_digits():
    """Number, birth date and composite; the composite covers both lines."""
    assert parse(FRID, reference_date=TODAY).verdicts == {
        "docno": True,
        "dob": True,
        "exp": None,
        "optional": None,
        "composite": True,
    }


def test_td2_of_france_is_no_old_card_when_its_own_digits_are_right():
    """A TD2 may begin like the old card: the check digits decide."""
    lines = ("IDFRADURANTIN<<ODILE<<<<<<<<<<<<<<<<", "D231458907FRA7408122F1204159<<<<<<<6")
    assert parse(lines, reference_date=TODAY).format is Format.TD2


@pytest.mark.parametrize("code", ["PP", "PE", "PD", "PO", "PR", "PT", "PS", "PL", "PM", "PU", "PN"])
def test_passport_codes_with_a_second_letter_are_read(code):
    """From 2026 the second letter has a meaning; before, it was the state's own."""
    zone = parse((code + TD3[0][2:], TD3[1]), reference_date=TODAY)
    assert zone.fields is not None
    assert zone.fields.document_code == code
    assert "document_code" not in {warning.code for warning in zone.warnings}


@pytest.mark.parametrize("code", ["I<", "IP", "AC", "C<", "ID"])
def test_card_codes_are_accepted(code):
    """A, C and I begin the codes of cards."""
    zone = parse((code + TD1[0][2:], *TD1[1:]), reference_date=TODAY)
    assert "document_code" not in {warning.code for warning in zone.warnings}


@pytest.mark.parametrize("code", ["AI", "IV", "P<", "X<"])
def test_codes_that_a_card_may_not_have_are_warned_of(code):
    """AI, a second letter V, and other first letters are not allowed on cards."""
    zone = parse((code + TD1[0][2:], *TD1[1:]), reference_date=TODAY)
    assert zone.format is Format.TD1
    assert "document_code" in {warning.code for warning in zone.warnings}


def test_long_number_of_td1_goes_on_in_the_optional_data():
    """A filler in place of the digit: the rest of the number and its digit follow."""
    lines = (
        "I<UTOD23145890<7349<<<<<<<<<<<",
        "3407127M9507122UTO<<<<<<<<<<<2",
        "STEVENSON<<PETER<JOHN<<<<<<<<<",
    )
    zone = parse(lines, reference_date=TODAY)
    assert zone.is_valid
    assert zone.fields is not None
    assert zone.fields.document_number == "D23145890734"
    assert zone.fields.optional_data == ""
    docno = zone.checks[0]
    assert (docno.line, docno.column, docno.read) == (1, 19, "9")


def test_long_number_of_td2_goes_on_in_the_optional_data():
    """The same in the second line of a TD2."""
    lines = ("I<UTOSTEVENSON<<PETER<JOHN<<<<<<<<<<", "D23145890<UTO3407127M95071227349<<<8")
    zone = parse(lines, reference_date=TODAY)
    assert zone.is_valid
    assert zone.fields is not None
    assert zone.fields.document_number == "D23145890734"


def test_optional_data_after_a_long_number_is_kept():
    """What follows the filler after the number's digit is the optional data."""
    lines = (
        "I<UTOD23145890<7349<ABC1<<<<<<",
        "3407127M9507122UTO<<<<<<<<<<<6",
        "STEVENSON<<PETER<JOHN<<<<<<<<<",
    )
    fields = parse(lines, reference_date=TODAY).fields
    assert fields is not None
    assert (fields.document_number, fields.optional_data) == ("D23145890734", "ABC1")


def test_short_number_without_a_digit_is_unchecked_and_not_long():
    """A number that ends with a filler cannot go on elsewhere: its digit is simply missing."""
    lines = (
        "I<UTOD2314589<<7349<<<<<<<<<<<",
        "7408122F1204159UTO<<<<<<<<<<<9",
        "ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
    )
    zone = parse(lines, reference_date=TODAY)
    assert zone.verdicts["docno"] is None
    assert "number_unchecked" in {warning.code for warning in zone.warnings}
    assert zone.fields is not None
    assert (zone.fields.document_number, zone.fields.optional_data) == ("D2314589", "7349")


def test_full_number_with_its_digit_alone_in_the_optional_data_is_checked():
    """Some issuers displace the digit without need: right, and said."""
    lines = (
        "I<UTOD23145890<7<<<<<<<<<<<<<<",
        "3407127M9507122UTO<<<<<<<<<<<2",
        "STEVENSON<<PETER<JOHN<<<<<<<<<",
    )
    zone = parse(lines, reference_date=TODAY)
    assert zone.verdicts["docno"] is True
    assert "digit_displaced" in {warning.code for warning in zone.warnings}


def test_passport_number_never_goes_on_elsewhere():
    """TD3 has no rule for long numbers: a filler for its digit is a wrong digit."""
    lines = (TD3[0], "L898902C3<UTO7408122F1204159ZE184226B<<<<<10")
    assert parse(lines, reference_date=TODAY).verdicts["docno"] is False


@pytest.mark.parametrize("digit", ["0", "<"])
def test_empty_personal_number_may_have_a_zero_or_a_filler(digit):
    """The issuing state chooses; both are right, and the composite takes both for nothing."""
    lines = (TD3[0], f"L898902C36UTO7408122F1204159<<<<<<<<<<<<<<{digit}8")
    assert parse(lines, reference_date=TODAY).verdicts["optional"] is True


def test_personal_number_with_a_filler_for_its_digit_is_wrong():
    """Only an empty field may go without its digit."""
    lines = (TD3[0], "L898902C36UTO7408122F1204159ZE184226B<<<<<<0")
    assert parse(lines, reference_date=TODAY).verdicts["optional"] is False


def test_wrong_digit_is_reported_with_place_and_right_value():
    """The report says what was read, where, and what it must be."""
    zone = parse((TD3[0], TD3[1].replace("7408122", "7408123")), reference_date=TODAY)
    dob = next(check for check in zone.checks if check.name == "dob")
    assert (dob.verdict, dob.read, dob.expected) == (False, "3", "2")
    assert (dob.line, dob.column) == (2, 20)
    assert zone.verdicts["composite"] is False
    assert not zone.is_valid


@pytest.mark.parametrize("wrong", ["Z", "<"])
def test_letter_or_filler_in_place_of_a_digit_is_wrong(wrong):
    """Only digits are digits."""
    zone = parse((TD3[0], TD3[1][:43] + wrong), reference_date=TODAY)
    assert zone.verdicts["composite"] is False


def test_several_zones_in_one_text_are_read_in_order():
    """A scanner that reads a pile of documents sends them one after the other."""
    text = "\n".join([*TD3, *TD1, *TD2, *MRVA])
    found = [zone.format for zone in parse_all(text, reference_date=TODAY)]
    assert found == [Format.TD3, Format.TD1, Format.TD2, Format.MRVA]
