"""Any table is read by a mapping, and a wrong mapping is told where it is wrong."""

from __future__ import annotations

import pytest

from didban.errors import InvalidFile, InvalidInput
from didban.model.documents import Document
from intake_help import read_list

MAPPING = """
schema = "Person"
id = "Ref"
delimiter = ";"
date_formats = ["%d.%m.%Y"]

[columns]
"Full name" = "name"
"Also known as" = { property = "alias", separator = "|" }
"Born" = "birthDate"
"State" = "nationality"
"Sex" = "gender"

[constants]
topics = ["wanted"]
country = "XAR"

[[documents]]
number_column = "Passport"
issuer_column = "Passport state"
type = "P"
"""
HEADER = "Ref;Full name;Also known as;Born;State;Sex;Passport;Passport state;Remarks\n"
ROW = "W-1;Nadir Arvandi;Nadir the Tall|نادر;02.03.1965;Arvand;m;A0012345;XAR;tall\n"


def test_a_row_becomes_a_record_by_the_mapping(tmp_path):
    """Columns, lists in cells, constants, documents; unmapped columns stay out."""
    outcome = read_list("csv", HEADER + ROW, tmp_path, mapping=MAPPING)

    (record,) = outcome.records
    assert record.id == "testlist-W-1"
    assert record.properties == {
        "name": ("Nadir Arvandi",),
        "alias": ("Nadir the Tall", "نادر"),
        "birthDate": ("1965-03-02",),
        "nationality": ("xar",),
        "gender": ("male",),
        "topics": ("wanted",),
        "country": ("xar",),
    }
    assert record.documents == (Document(number="A0012345", issuer="xar", type="P"),)
    assert outcome.rejects == outcome.notes == []


def test_a_name_is_made_of_its_parts(tmp_path):
    """A table with two columns of names can be searched too."""
    mapping = 'schema = "Person"\n[columns]\nfirst = "firstName"\nlast = "lastName"\n'

    (record,) = read_list("csv", "first,last\nNadir,Arvandi\n", tmp_path, mapping=mapping).records

    assert record.properties["name"] == ("Nadir Arvandi",)


def test_without_an_id_column_the_id_is_a_hash_of_the_row(tmp_path):
    """The same row has the same id in the next publication."""
    mapping = 'schema = "Person"\n[columns]\nname = "name"\n'

    records = read_list("csv", "name,x\nA B,1\nA B,2\nA B,1\n", tmp_path, mapping=mapping).records

    assert len({record.id for record in records}) == len(records) == 2
    assert records[0].id.startswith("testlist-")
    assert len(records[0].id) == len("testlist-") + 12


def test_an_id_that_comes_again_does_not_replace_the_first_row(tmp_path):
    """Both are kept, and it is noted."""
    outcome = read_list("csv", HEADER + ROW + ROW.replace("Nadir A", "N. A"), tmp_path,
                        mapping=MAPPING)  # fmt: skip

    assert [record.caption for record in outcome.records] == ["Nadir Arvandi", "N. Arvandi"]
    assert outcome.records[1].id.startswith("testlist-W-1-")
    assert ["given to an earlier row" in note.reason for note in outcome.notes] == [True]


def test_a_value_that_cannot_be_read_becomes_a_remark(tmp_path):
    """It is kept, and it is noted."""
    row = "W-2;Nadir Arvandi;;the year of the flood;Atlantis;m;;;\n"

    outcome = read_list("csv", HEADER + row, tmp_path, mapping=MAPPING)

    assert outcome.records[0].properties["notes"] == (
        "Born: the year of the flood",
        "State: Atlantis",
    )
    assert len(outcome.notes) == 2


def test_a_date_of_another_calendar_is_converted_and_kept_as_it_was(tmp_path):
    """So that an officer can check the conversion."""
    row = "W-2;Nadir Arvandi;;۱۳۵۹/۱۰/۱۲;;;;;\n"

    (record,) = read_list("csv", HEADER + row, tmp_path, mapping=MAPPING).records

    assert record.properties["birthDate"] == ("1981-01-02",)
    assert record.properties["notes"] == ("Born: ۱۳۵۹/۱۰/۱۲",)


def test_a_stated_encoding_is_used(tmp_path):
    """Arabic Windows text cannot be guessed."""
    mapping = 'schema = "Person"\nencoding = "cp1256"\n[columns]\nname = "name"\n'

    outcome = read_list("csv", "name\nنادر\n".encode("cp1256"), tmp_path, mapping=mapping)

    assert outcome.records[0].properties["name"] == ("نادر",)


@pytest.mark.parametrize("name", ["UTF-16", "utf_16", "utf-16-le", "U16"])
def test_a_stated_encoding_may_be_spelt_in_any_way(tmp_path, name):
    """As Python, the web and Windows spell it."""
    mapping = f'schema = "Person"\nencoding = "{name}"\n[columns]\nname = "name"\n'
    encoding = "utf-16-le" if name == "utf-16-le" else "utf-16"

    outcome = read_list("csv", "name\nنادر\n".encode(encoding), tmp_path, mapping=mapping)

    assert outcome.records[0].properties["name"] == ("نادر",)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (";No Id;;;;;;;\n", "the id column 'Ref' is empty"),
        ("W-3;;;;;;;;\n", "none of the mapped columns"),
        ("W-4;N;;;;;;;;;;\n", "more cells"),
    ],
)
def test_a_row_that_says_nothing_is_rejected(tmp_path, row, reason):
    """And the others are read."""
    outcome = read_list("csv", HEADER + row + ROW, tmp_path, mapping=MAPPING)

    assert [record.id for record in outcome.records] == ["testlist-W-1"]
    assert [(reject.line, reason in reject.reason) for reject in outcome.rejects] == [(2, True)]


@pytest.mark.parametrize(
    ("mapping", "complaint"),
    [
        ("[columns]\nx = 'name'", "schema: is missing"),
        ("schema = 'Persom'", "schema: there is no 'Persom'; did you mean 'Person'?"),
        ("schema = 'Person'", "columns: names no column"),
        (
            "schema = 'Person'\n[columns]\nDOB = 'birthdate'",
            "columns.\"DOB\": Person has no property 'birthdate'; did you mean 'birthDate'?",
        ),
        ("schema = 'Person'\ncolumn = 1", "column: is no setting of a mapping; did you mean"),
        ("schema = 'Person'\ndelimiter = ';;'", "delimiter: must be one character"),
        ("schema = 'Person'\nencoding = 'klingon'", "encoding: 'klingon' is none we know"),
        ("schema = 'Person'\nday_first = 'no'", "day_first: must be true or false"),
        ("schema = 'Person'\ndate_formats = '%d'", "date_formats: must be a list of texts"),
        ("schema = 'Person'\ncolumns = 'x'", "columns: must be a table"),
        ("schema = 'Person'\n[columns]\nx = 1", 'columns."x": must be a property'),
        ("schema = 'Person'\n[constants]\nname = 1", "constants.name: must be text or a list"),
        ("schema = 'Person'\n[[documents]]\ntype = 'P'", "documents[1]: needs number_column"),
        (
            "schema = 'Person'\n[[documents]]\nnumber_column = 'n'\nissuer = 'Atlantis'",
            "documents[1].issuer: 'Atlantis' is no state we know",
        ),
        (
            "schema = 'Person'\n[[documents]]\nnumber_column = 'n'\nstatus = 'eaten'",
            "documents[1].status: 'eaten' is none of stolen",
        ),
        (
            "schema = 'Person'\n[[documents]]\nnumber_column = 'n'\ntype = 'P'\ntype_column = 't'",
            "documents[1]: has both type and type_column",
        ),
        ("schema = ", "is not TOML"),
    ],
)
def test_a_wrong_mapping_is_told_where_it_is_wrong(tmp_path, mapping, complaint):
    """Before a row is read, with the nearest right name."""
    with pytest.raises(InvalidInput) as caught:
        read_list("csv", "x\n1\n", tmp_path, mapping=mapping)

    assert complaint in str(caught.value)
    assert "mapping.toml" in str(caught.value)


def test_all_faults_of_a_mapping_are_told_at_once(tmp_path):
    """Nobody wants to mend them one by one."""
    mapping = "schema = 'Person'\nseperator = ';'\n[columns]\na = 'nam'\nb = 'birthdate'\n"

    with pytest.raises(InvalidInput) as caught:
        read_list("csv", "a,b\n", tmp_path, mapping=mapping)

    assert str(caught.value).count("\n") == 3


def test_a_column_that_the_file_lacks_is_named(tmp_path):
    """With the one that was probably meant."""
    with pytest.raises(InvalidFile) as caught:
        read_list("csv", HEADER.replace("Born", "Birth") + ROW, tmp_path, mapping=MAPPING)

    assert "the file has no column 'Born'" in str(caught.value)


def test_a_column_that_the_file_has_twice_is_named(tmp_path):
    """It would be unclear which is meant."""
    with pytest.raises(InvalidFile, match="several columns 'name'"):
        read_list(
            "csv", "name,name\na,b\n", tmp_path, mapping="schema='Person'\n[columns]\nname='name'"
        )


def test_a_table_without_mapping_is_refused(tmp_path):
    """And told how to give one."""
    with pytest.raises(InvalidInput, match="--mapping testlist=FILE"):
        read_list("csv", HEADER + ROW, tmp_path)
