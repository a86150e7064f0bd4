"""The OFAC list in three layouts: told apart by content, read into the same records."""

from __future__ import annotations

import gzip
import shutil
from datetime import date

import pytest

from didban.errors import InvalidFile
from didban.intake.readers import ofac_sdn
from didban.intake.readers.base import Source
from intake_help import SPECIMENS, read_list, read_path

TRIPLE = SPECIMENS / "ofac_sdn"


@pytest.fixture(scope="module")
def triple():
    """Return the specimen folder as read."""
    return read_path("ofac-sdn", TRIPLE)


@pytest.fixture(scope="module")
def classic():
    """Return the classic XML specimen as read."""
    return read_path("ofac-sdn", SPECIMENS / "ofac_classic.xml")


@pytest.fixture(scope="module")
def enhanced():
    """Return the ENHANCED XML specimen as read."""
    return read_path("ofac-sdn", SPECIMENS / "ofac_enhanced.xml")


@pytest.fixture
def folder(tmp_path):
    """Return a copy of the specimen folder that a test may spoil."""
    return shutil.copytree(TRIPLE, tmp_path / "triple")


def _by_id(outcome):
    return {record.id: record for record in outcome.records}


@pytest.mark.parametrize("layout", ["triple", "classic", "enhanced"])
def test_every_layout_gives_the_same_person(request, layout):
    """Identifier, names, birth, sex, passport."""
    person = _by_id(request.getfixturevalue(layout))["ofac-102"]
    assert person.schema == "Person"
    assert person.caption.endswith("KUHANVAND")
    assert person.properties["previousName"] == ("Rostamin BAHRADOR", "BAHRADOR, Rostamin")
    assert person.properties["birthCountry"] == ("xar",)
    assert person.properties["nationality"] == ("xar",)
    assert person.properties["gender"] == ("male",)
    passport = person.documents[0]
    assert (passport.number, passport.issuer, passport.type) == ("X1234567", "xar", "P")
    assert passport.issued_on == "2020-01-02"


def test_a_name_is_given_in_natural_order_and_as_listed(triple):
    """And its parts; a suffix is not taken for a given name."""
    records = _by_id(triple)
    person = records["ofac-102"].properties
    assert person["name"] == ("Rostamin Bahrador KUHANVAND", "KUHANVAND, Rostamin Bahrador")
    assert (person["firstName"], person["lastName"]) == (("Rostamin Bahrador",), ("KUHANVAND",))
    assert records["ofac-105"].caption == "Jonquil DOE Jr."


def test_remarks_are_read_clause_by_clause_and_kept_whole(triple):
    """Dates, places, states, papers, weak aliases stand in one sentence."""
    person = _by_id(triple)["ofac-102"]
    assert person.properties["birthDate"] == ("1970-07-17", "1968~", "1963/1968")
    assert person.properties["citizenship"] == ("xbo",)
    assert person.properties["weakAlias"] == ("THE KEEPER",)
    assert [(d.number, d.issuer, d.expires_on) for d in person.documents] == [
        ("X1234567", "xar", "2030-01-02"),
        ("BO710026", None, None),
        ("71004", "xar", None),
    ]
    assert any(note.endswith("Linked To: NOBODY KNOWN.") for note in person.properties["notes"])


def test_aliases_and_addresses_are_joined_by_number(triple):
    """From the two other files."""
    records = _by_id(triple)
    assert records["ofac-102"].properties["alias"] == ("Rustamin KUHANVAND", "KUHANVAND, Rustamin")
    assert records["ofac-101"].properties["address"] == ("1 Beacon Row, Port Norn, Boreland",)
    assert records["ofac-102"].properties["country"] == ("xca",)


def test_vessels_and_aircraft_keep_their_marks(triple):
    """Call sign, flags, tonnage, IMO and serial numbers."""
    records = _by_id(triple)
    vessel = records["ofac-103"]
    assert vessel.schema == "Vessel"
    expected = {
        "callSign": ("XA1B2",),
        "flag": ("xbo",),
        "pastFlags": ("xca",),
        "tonnage": ("2597",),
        "imoNumber": ("9000001",),
        "mmsi": ("572000001",),
    }
    assert {name: vessel.properties[name] for name in expected} == expected
    aircraft = records["ofac-104"]
    assert (aircraft.schema, aircraft.properties["serialNumber"]) == ("Airplane", ("4711",))


def test_a_linked_name_becomes_a_relation_if_an_entry_bears_it(triple):
    """A name that no entry bears stays in the remarks alone."""
    relations = [record for record in triple.records if record.schema == "UnknownLink"]
    assert [(r.id, r.properties["object"]) for r in relations] == [
        ("ofac-rel-102-101", ("ofac-101",)),
        ("ofac-rel-103-101", ("ofac-101",)),
    ]


def test_damaged_rows_of_the_triple_are_refused_one_by_one(triple):
    """Too few columns, a second entry of one number, an alias of nobody."""
    reasons = [(reject.line, reject.reason) for reject in triple.rejects]
    assert reasons == [
        (6, "sdn.csv: is not a row of 12 columns that begins with a number"),
        (7, "102 has an entry already"),
        (3, "there is no entry 999"),
    ]
    assert {reject.source for reject in triple.rejects} == {"testlist"}


def test_remarks_that_are_cut_off_state_nothing_in_their_last_clause(triple):
    """Half a passport number would be a wrong number."""
    (note,) = triple.notes
    assert "cut off" in note.reason
    assert _by_id(triple)["ofac-105"].documents == ()


def test_the_comments_file_continues_what_was_cut_off(folder):
    """Then the last clause is whole again."""
    (folder / "SDN_COMMENTS.CSV").write_text('105,"; Passport A7654321 (Arvand)."\r\n\x1a')
    outcome = read_path("ofac-sdn", folder)
    assert outcome.notes == []
    assert _by_id(outcome)["ofac-105"].documents[-1].number == "A7654321"


def test_a_missing_file_of_the_triple_refuses_the_folder(folder):
    """Without alt.csv all aliases would be lost in silence."""
    (folder / "alt.csv").unlink()
    with pytest.raises(InvalidFile, match=r"has no alt\.csv"):
        read_path("ofac-sdn", folder)


def test_packed_files_of_the_triple_are_read(folder, triple):
    """Each may be packed by itself."""
    plain = folder / "sdn.csv"
    (folder / "sdn.csv.gz").write_bytes(gzip.compress(plain.read_bytes()))
    plain.unlink()
    assert read_path("ofac-sdn", folder).records == triple.records


def test_the_enhanced_layout_gives_original_scripts_and_typed_relations(enhanced):
    """Without the marks that steer the direction of display."""
    records = _by_id(enhanced)
    assert records["ofac-102"].properties["name"][-1] == "رستمین کوهانوند"
    assert records["ofac-102"].properties["weakAlias"] == ("THE KEEPER",)
    assert records["ofac-rel-31"].schema == "Representation"
    assert records["ofac-rel-35"].properties["owner"] == ("ofac-102",)
    assert records["ofac-rel-35"].properties["asset"] == ("ofac-101",)
    assert records["ofac-rel-33"].properties["relative"] == ("ofac-105",)
    assert records["ofac-rel-34"].schema == "UnknownLink"


def test_a_person_is_controlled_but_owned_by_nobody(enhanced):
    """Such a relation has no schema of its own."""
    relation = _by_id(enhanced)["ofac-rel-32"]
    assert (relation.schema, relation.properties["role"]) == (
        "UnknownLink",
        ("Owned or Controlled By",),
    )


def test_the_enhanced_layout_says_what_is_not_valid_or_not_confirmed(enhanced):
    """A document may be listed as invalid, a birth date as merely reported."""
    person = _by_id(enhanced)["ofac-102"]
    assert person.documents[0].note == "not valid"
    assert person.documents[0].expires_on == "2030"
    assert "Birthdate circa 1968: Reported" in person.properties["notes"]


@pytest.mark.parametrize(("layout", "line"), [("classic", 36), ("enhanced", 43)])
def test_an_entry_without_a_name_is_refused(request, layout, line):
    """With the line at which it begins."""
    (refused,) = request.getfixturevalue(layout).rejects
    assert refused.line == line


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("ofac_sdn", None),
        ("ofac_classic.xml", date(2031, 5, 6)),
        ("ofac_enhanced.xml", date(2031, 8, 28)),
    ],
)
def test_the_date_of_the_publication_is_read(name, day):
    """The classic layout writes the month first; the triple has no date."""
    source = Source(kind="ofac-sdn", name="ofac-sdn", path=SPECIMENS / name)
    assert ofac_sdn.source_date(source) == day


def test_the_advanced_layout_is_refused_with_advice(tmp_path):
    """It is another format of the same publisher."""
    with pytest.raises(InvalidFile, match="ENHANCED"):
        read_list("ofac-sdn", "<Sanctions/>", tmp_path)


def test_one_file_of_the_triple_asks_for_its_folder():
    """Its neighbours hold the other names, which must not be missed."""
    with pytest.raises(InvalidFile, match="name the folder"):
        read_path("ofac-sdn", TRIPLE / "sdn.csv")
