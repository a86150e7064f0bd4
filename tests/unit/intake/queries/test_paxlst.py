"""PAXLST messages of every dialect give passengers and crew with their documents."""

from __future__ import annotations

from datetime import date

import pytest

from didban.model.documents import Document
from intake_help import read_asked

TODAY = date(2026, 1, 1)
HEAD = "UNB+UNOA:4+XARAIR+XARBORDER+260101:0600+1'UNH+PAX001+PAXLST:D:05B:UN:IATA+F1+01:F'BGM+745'"
FLIGHT = "TDT+20+XA123+++XA'LOC+125+AAA'LOC+87+BBB'"
NADIR = (
    "NAD+FL+++ARVANDI:NADIR:KARIM+1 HARBOUR ROAD+PORT ARVAND+++XAR'ATT+2++M'DTM+329:650302'"
    "LOC+174+XBO'LOC+180+XAR:::PORT ARVAND'NAT+2+XAR'RFF+AVF:ABC123'"
    "DOC+P:110:111+A0012345'DTM+36:300101'DTM+182:200101'LOC+91+XAR'"
)
TAIL = "CNT+42:1'UNT+20+PAX001'UNZ+1+1'"


def _asked(content, folder, name="flight.edi"):
    return read_asked(content, folder, name, today=TODAY)


def _reasons(asked):
    return [note.reason for note in asked.notes]


def test_a_passenger_is_a_query_with_all_that_identifies(tmp_path):
    """Names, birth, sex, states, document with its issuer and dates."""
    (query,) = _asked(HEAD + FLIGHT + NADIR + TAIL, tmp_path).queries

    assert query.id == "flight.edi:PAX001:1"
    assert query.properties == {
        "name": ("NADIR KARIM ARVANDI",),
        "firstName": ("NADIR",),
        "middleName": ("KARIM",),
        "lastName": ("ARVANDI",),
        "birthDate": ("1965-03-02",),
        "gender": ("male",),
        "nationality": ("xar",),
        "country": ("xbo",),
        "birthCountry": ("xar",),
        "birthPlace": ("PORT ARVAND",),
        "address": ("1 HARBOUR ROAD, PORT ARVAND, XAR",),
        "notes": ("passenger XA123",),
    }
    assert query.documents == (
        Document(
            number="A0012345",
            issuer="xar",
            type="P",
            issued_on="2020-01-01",
            expires_on="2030-01-01",
        ),
    )


@pytest.mark.parametrize(
    ("code", "role"),
    [("FL", "passenger"), ("FM", "crew"), ("DDU", "passenger in transit"),
     ("DDT", "crew in transit")],
)  # fmt: skip
def test_crew_and_transit_are_travellers_too(tmp_path, code, role):
    """Contacts (MS) are not."""
    content = f"{HEAD}NAD+MS+++CONTACT:DESK'NAD+{code}+++ARVANDI:NADIR'UNT+5+PAX001'"

    (query,) = _asked(content, tmp_path).queries

    assert query.properties["notes"] == (role,)


def test_a_traveller_may_hold_a_passport_and_a_visa(tmp_path):
    """Each with the dates and the state that follow it."""
    visa = "DOC+V:110:111+V7001'DTM+36:270101'LOC+91+XBO'"

    (query,) = _asked(HEAD + NADIR + visa + TAIL, tmp_path).queries

    assert [(d.type, d.number, d.issuer, d.expires_on) for d in query.documents] == [
        ("P", "A0012345", "xar", "2030-01-01"),
        ("V", "V7001", "xbo", "2027-01-01"),
    ]


@pytest.mark.parametrize(
    "content",
    [
        HEAD + NADIR + TAIL,
        "UNA:+.? '" + HEAD + NADIR + TAIL,
        "UNA:*.? $" + (HEAD + NADIR + TAIL).replace("+", "*").replace("'", "$"),
        (HEAD + NADIR + TAIL).replace("+", "*").replace("'", "~\n"),
        (HEAD + NADIR + TAIL).replace("'", "'\r\n"),
        "\n  UNA:+.? ' " + (HEAD + NADIR + TAIL).replace("'", "' "),
        HEAD[HEAD.index("UNH") :] + NADIR + "UNT+13+PAX001'",
        (HEAD + NADIR + TAIL).replace("UNH+", "UNH +").replace("BGM+", "BGM +"),
        (HEAD + NADIR + TAIL).replace("ARVANDI:NA", "ARVANDI:N\r\nA"),
        "\x01QU XARBDXA\r\n.XAAIRXA 010600\r\n\x02" + HEAD + NADIR + TAIL,
        (HEAD + NADIR + TAIL).replace("+", "\x1d").replace(":", "\x1f").replace("'", "\x1c"),
    ],
    ids=["plain", "una", "own signs", "own signs unannounced", "lines", "spaces", "no envelope",
         "space in tags", "folded", "telex", "control characters"],
)  # fmt: skip
def test_every_dialect_gives_the_same_traveller(tmp_path, content):
    """Separators, line ends, spaces and envelopes vary between carriers."""
    (query,) = _asked(content, tmp_path).queries

    assert query.properties["name"] == ("NADIR KARIM ARVANDI",)
    assert query.documents[0].number == "A0012345"
    assert query.documents[0].issuer == "xar"


def test_released_separators_are_part_of_the_text(tmp_path):
    """O?'NADIR is O'NADIR; two question marks are one."""
    content = f"{HEAD}NAD+FL+++O?'NADIR?+SON:KA??RIM'UNT+4+PAX001'"

    (query,) = _asked(content, tmp_path).queries

    assert query.properties["lastName"] == ("O'NADIR+SON",)
    assert query.properties["firstName"] == ("KA?RIM",)


def test_letters_beyond_ascii_are_read_in_the_stated_character_set(tmp_path):
    """UNOE is Cyrillic; and it is noted that this is taken on trust."""
    content = HEAD.replace("UNOA", "UNOE") + "NAD+FL+++СЕВЕР:ИВАН'UNT+4+PAX001'"

    asked = _asked(content.encode("iso8859-5"), tmp_path)

    assert asked.queries[0].properties["name"] == ("ИВАН СЕВЕР",)
    assert any("letters may be wrong" in reason for reason in _reasons(asked))


def test_totals_that_disagree_are_noted_and_nobody_is_dropped(tmp_path):
    """Carriers miscount; officers should know."""
    content = f"{HEAD}{NADIR}CNT+42:136'UNT+99+PAX001'"

    asked = _asked(content, tmp_path)

    assert len(asked.queries) == 1
    assert _reasons(asked) == [
        "message PAX001 states 99 segments (UNT), but holds 15",
        "message PAX001 states 136 passengers (CNT+42), but holds 1",
    ]


def test_right_totals_are_not_noted(tmp_path):
    """Silence means agreement."""
    content = f"{HEAD}{NADIR}CNT+42:1'UNT+15+PAX001'"

    assert _asked(content, tmp_path).notes == []


def test_a_message_that_breaks_off_gives_its_travellers_and_a_reject(tmp_path):
    """Also one whose last segment is cut. Who stood behind the break was not screened."""
    asked = _asked(HEAD + NADIR + "NAD+FL+++BOREL:SEV", tmp_path)

    assert [query.caption for query in asked.queries] == ["NADIR KARIM ARVANDI", "SEV BOREL"]
    assert [(reject.is_end, "breaks off" in reject.reason) for reject in asked.rejects] == [
        (True, True)
    ]


def test_messages_of_one_reference_keep_their_travellers_apart(tmp_path):
    """Some carriers number every message alike."""
    message = f"{HEAD}{NADIR}UNT+13+PAX001'"

    asked = _asked(message * 2, tmp_path)

    assert [query.id for query in asked.queries] == ["flight.edi:PAX001:1", "flight.edi:PAX001.2:1"]


def test_a_message_of_another_kind_is_rejected_and_the_next_is_read(tmp_path):
    """An answer to the carrier, in the same file."""
    content = f"UNH+9+CUSRES:D:05B:UN:IATA'BGM+962'UNT+3+9'{HEAD}{NADIR}{TAIL}"

    asked = _asked(content, tmp_path)

    assert len(asked.queries) == 1
    assert ["is CUSRES, not PAXLST" in reject.reason for reject in asked.rejects] == [True]


def test_a_traveller_without_name_and_document_is_rejected(tmp_path):
    """An empty answer would look like an all-clear."""
    asked = _asked(f"{HEAD}NAD+FL+++:'ATT+2++M'DOC++'{NADIR}{TAIL}", tmp_path)

    assert len(asked.queries) == len(asked.rejects) == 1
    assert asked.queries[0].id == "flight.edi:PAX001:2"


def test_a_segment_without_end_is_skipped(tmp_path):
    """And what follows it is read."""
    asked = _asked(f"{HEAD}FTX+{'x' * 400_000}'{NADIR}{TAIL}", tmp_path)

    assert len(asked.queries) == 1
    assert any("longer than" in reject.reason for reject in asked.rejects)


@pytest.mark.parametrize(
    ("segment", "expected"),
    [
        ("DTM+329:19650302:102", "1965-03-02"),
        ("DTM+329:650302", "1965-03-02"),
        ("DTM+329:260102", "1926-01-02"),
        ("DTM+329:650000", "1965"),
    ],
)
def test_births_of_two_and_four_digit_years_are_read(tmp_path, segment, expected):
    """A birth is not in the future."""
    content = f"{HEAD}NAD+FL+++ARVANDI:NADIR'{segment}'UNT+5+PAX001'"

    assert _asked(content, tmp_path).queries[0].properties["birthDate"] == (expected,)


def test_what_cannot_be_read_of_a_traveller_is_noted(tmp_path):
    """The rest of the traveller is searched."""
    content = f"{HEAD}NAD+FL+++ARVANDI:NADIR'DTM+329:SOON'NAT+2+QQQ1'UNT+6+PAX001'"

    asked = _asked(content, tmp_path)

    assert len(asked.queries) == 1
    assert len(asked.notes) == 2


@pytest.mark.parametrize(
    ("name", "travellers"),
    [
        ("Test1.txt", 8),
        ("Test3.txt", 260),
        ("airline2.edi", 10),
        ("iata_sample_multileg_05B.edi", 1),
        ("multiple_flight_leg_apis.txt", 2),
        ("typeb_klm_02B_single_line.edi", 1),
        ("wco_sample_2pax_02B.edi", 2),
    ],
)
def test_messages_of_real_systems_lose_nobody(shared_data, tmp_path, name, travellers):
    """Each traveller has a name, a birth and a document with its issuer."""
    content = (shared_data / "messages" / "paxlst" / name).read_bytes()

    asked = _asked(content, tmp_path, name)

    assert len(asked.queries) == travellers
    assert asked.rejects == []
    for query in asked.queries:
        assert query.properties["name"]
        assert query.properties["birthDate"]
        assert query.documents[0].issuer
