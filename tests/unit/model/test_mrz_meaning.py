"""What the elements mean: names, truncation, dates, sex, states, and what is warned of."""

from __future__ import annotations

from datetime import date

import pytest

from didban.model.mrz import Fields, Format, parse, render
from didban.model.mrz.names import read_identifiers, write_identifiers

TODAY = date(2026, 3, 1)


def passport(**changes):
    """Return an invented passport that is right in every check digit."""
    base = {
        "format": Format.TD3,
        "document_code": "P",
        "issuing_state": "XAR",
        "primary_identifier": "TAHMORES",
        "secondary_identifier": "PARVIN",
        "document_number": "A1234567",
        "nationality": "XAR",
        "birth_date": "740812",
        "sex": "F",
        "expiry_date": "300415",
    }
    return parse(render(Fields(**base | changes)), reference_date=TODAY)


def codes(zone):
    """Return the codes of a zone's warnings."""
    return {warning.code for warning in zone.warnings}


def test_passport_in_order_gives_no_warning():
    """Nothing is said where there is nothing to say."""
    assert passport().warnings == ()


@pytest.mark.parametrize(
    ("field", "primary", "secondary"),
    [
        ("ERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "ERIKSSON", "ANNA MARIA"),
        ("VAN<DER<BERG<<PIET<<<<<<<<<<<<<<<<<<<<<", "VAN DER BERG", "PIET"),
        ("ARKFREITH<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<", "ARKFREITH", ""),
        ("<<ANNA<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<", "", "ANNA"),
        ("ERIKSSON<<ANNA<<MARIA<<<<<<<<<<<<<<<<<<", "ERIKSSON", "ANNA MARIA"),
        ("AL<BASRI<<HUDA<MUHAMMAD<JAWAD<<<<<<<<<<", "AL BASRI", "HUDA MUHAMMAD JAWAD"),
        ("<" * 39, "", ""),
    ],
)
def test_identifiers_are_split_at_the_first_double_filler(field, primary, secondary):
    """Primary identifier, two fillers, secondary identifier; single fillers between components."""
    found = read_identifiers(field)
    assert tuple(part.text for part in found) == (primary, secondary)
    assert not any(part.is_truncated for part in found)


@pytest.mark.parametrize(
    "field",
    [
        "NILAVADHANANANDA<<CHAYAPA<DEJTHAMRONG<K",
        "BENNELONG<WOOLOOMOOLOO<WARRANDYTE<W<<DI",
        "BENNEL<WOOLOO<WARRAN<WARNAM<<DINGO<POTO",
        "PAPANDROPOULOUS<<JONATHON<WARREN<TREVOR",
    ],
)
def test_field_that_ends_with_a_letter_counts_as_truncated(field):
    """Even an exact fit: nobody can tell it from a name that was cut (Doc 9303-4)."""
    assert [part.is_truncated for part in read_identifiers(field)] == [True, True]


def test_missing_identifier_is_never_truncated():
    """A name of one identifier marks that one only."""
    found = read_identifiers("PAPANDROPOULOUSJONATHONWARRENTREVORABCD")
    assert [part.is_truncated for part in found] == [True, False]


def test_truncation_is_warned_of():
    """The officer learns that the name may go on."""
    zone = passport(primary_identifier="NILAVADHANANANDA", secondary_identifier="C" * 30)
    assert "name_truncated" in codes(zone)


@pytest.mark.parametrize(
    ("primary", "secondary", "field"),
    [
        ("ABCDEF", "GHIJKLMNOP", "ABCDEF<<GHIJ"),
        ("ABCDEFGHIJKLMN", "OPQ", "ABCDEFGHI<<O"),
        ("ABCDEFGHIJKLMN", "", "ABCDEFGHIJKL"),
        ("ABCD", "EFGHI JKLM", "ABCD<<EFGH<J"),
        ("ABCD", "EFGH I JKLM", "ABCD<<EFGH<I"),
        ("ABCD", "EFG H JKLM", "ABCD<<EFG<HJ"),
    ],
)
def test_long_name_is_cut_so_that_it_ends_with_a_letter(primary, secondary, field):
    """A letter in the last position tells that names may be missing."""
    assert write_identifiers(primary, secondary, 12) == field


def test_digits_in_a_name_are_warned_of_and_kept():
    """A misread, or a national alphabet: not ours to decide."""
    lines = (
        "P<XARTAHM0RES<<PARV1N<<<<<<<<<<<<<<<<<<<<<<<",
        "L898902C36UTO7408122F3004158<<<<<<<<<<<<<<<8",
    )
    zone = parse(lines, reference_date=TODAY)
    assert "digit_in_name" in codes(zone)
    assert zone.primary is not None
    assert zone.primary.text == "TAHM0RES"


@pytest.mark.parametrize(
    ("printed", "born"),
    [
        ("740812", "1974-08-12"),
        ("260301", "2026-03-01"),
        ("260302", "1926-03-02"),
        ("60<<<<", "1960"),
        ("6005<<", "1960-05"),
        ("600000", "1960"),
        ("<<<<<<", "XXXX"),
        ("991399", "1999"),
    ],
)
def test_birth_date_takes_the_latest_century_and_keeps_unknown_parts_unknown(printed, born):
    """The standard has no rule for the century: the birth is not in the future."""
    assert str(passport(birth_date=printed).birth_date) == born


def test_child_may_be_a_very_old_person():
    """Where both centuries give a living holder, both are kept."""
    assert str(passport(birth_date="190812").birth_date_older) == "1919-08-12"
    assert passport(birth_date="740812").birth_date_older is None


def test_impossible_day_is_warned_of():
    """The thirteenth month is left out, and said."""
    assert "birth_date_impossible" in codes(passport(birth_date="991399"))
    assert "birth_date_impossible" not in codes(passport(birth_date="60<<<<"))
    assert "birth_date_incomplete" in codes(passport(birth_date="60<<<<"))


@pytest.mark.parametrize(
    ("printed", "expires", "warned"),
    [
        ("300415", "2030-04-15", set()),
        ("260228", "2026-02-28", {"expired"}),
        ("260301", "2026-03-01", set()),
        ("760415", "2076-04-15", set()),
        ("770415", "1977-04-15", {"expired", "expiry_date_unlikely"}),
        ("999999", None, {"no_expiry"}),
        ("<<<<<<", None, {"no_expiry"}),
    ],
)
def test_expiry_date_is_up_to_fifty_years_ahead(printed, expires, warned):
    """Beyond that it is of the last century; some documents never expire."""
    zone = passport(expiry_date=printed)
    assert (str(zone.expiry_date) if zone.expiry_date else None) == expires
    assert codes(zone) == warned


@pytest.mark.parametrize(
    ("printed", "sex", "warned"),
    [
        ("M", "male", set()),
        ("F", "female", set()),
        ("", None, set()),
        ("X", "other", {"sex_x"}),
        ("R", None, {"sex_unreadable"}),
    ],
)
def test_sex_is_a_word_or_unknown(printed, sex, warned):
    """A filler says nothing; an X says something that the standard does not have."""
    zone = passport(sex=printed)
    assert (zone.sex, codes(zone)) == (sex, warned)


@pytest.mark.parametrize(
    ("issuer", "nationality", "warned"),
    [
        ("D", "D", set()),
        ("RKS", "RKS", set()),
        ("UNO", "XXB", set()),
        ("GBR", "GBD", set()),
        ("XPO", "FRA", set()),
        ("UTO", "XAR", {"specimen"}),
        ("XAR", "UTO", {"specimen"}),
        ("YUG", "YUG", {"deprecated_state"}),
        ("NTZ", "ANT", {"deprecated_state"}),
        ("UT0", "XAR", {"unknown_state"}),
        ("YTO", "YTO", {"unknown_state"}),
        ("XXA", "XXA", {"issuing_state"}),
        ("", "XAR", {"no_issuing_state"}),
    ],
)
def test_codes_of_states_are_judged(issuer, nationality, warned):
    """Special codes pass; specimens, states that are gone and unknown codes are warned of."""
    assert codes(passport(issuing_state=issuer, nationality=nationality)) == warned


def test_empty_name_and_number_are_warned_of():
    """A zone may be valid and say nothing."""
    assert codes(passport(primary_identifier="", secondary_identifier="")) == {"no_name"}
    assert codes(passport(primary_identifier="")) == {"no_primary_identifier"}
    assert codes(passport(document_number="")) == {"no_document_number"}
