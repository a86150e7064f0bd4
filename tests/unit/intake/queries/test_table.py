"""Queries as a table with a header."""

from __future__ import annotations

import pytest

from didban.model.documents import Document
from intake_help import read_asked


def test_plain_names_and_followthemoney_names_are_understood(tmp_path):
    """A document has three columns of its own."""
    content = (
        "id,name,birth_date,nationality,sex,document_number,document_issuer,document_type\n"
        "q1,Nadir Arvandi,2.3.1965,Arvand,M,A0012345,XAR,P\n"
    )

    (query,) = read_asked(content, tmp_path, "asked.csv").queries

    assert query.id == "q1"
    assert query.properties == {
        "name": ("Nadir Arvandi",),
        "birthDate": ("1965-03-02",),
        "nationality": ("xar",),
        "gender": ("male",),
    }
    assert query.documents == (Document(number="A0012345", issuer="xar", type="P"),)


@pytest.mark.parametrize("name", ["birthDate", "birth_date", "Birth Date", "BIRTHDATE", "dob"])
def test_the_header_is_read_generously(tmp_path, name):
    """Case, spaces and underscores do not matter."""
    asked = read_asked(f"name,{name}\nA B,1970\n", tmp_path, "asked.csv")

    assert asked.queries[0].properties["birthDate"] == ("1970",)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_seen_in_the_header(tmp_path, delimiter):
    """Spreadsheets of different countries write different ones."""
    content = delimiter.join(["name", "sex"]) + "\n" + delimiter.join(["A B", "F"]) + "\n"

    assert read_asked(content, tmp_path).queries[0].properties["gender"] == ("female",)


def test_a_cell_may_hold_several_values(tmp_path):
    """The n-th issuer goes with the n-th document."""
    content = "name,document_number,document_issuer\nA B; AB,N1234;N5678,XAR;XBO\n"

    (query,) = read_asked(content, tmp_path).queries

    assert query.properties["name"] == ("A B", "AB")
    assert [(d.number, d.issuer) for d in query.documents] == [("N1234", "xar"), ("N5678", "xbo")]


@pytest.mark.parametrize(
    ("issuers", "expected"),
    [
        ("XAR;XBO;XAR", ["xar", "xbo", "xar"]),
        (";XBO;", [None, "xbo", None]),
        ("XAR;XBO", ["xar", "xbo", None]),
        ("XAR", ["xar", "xar", "xar"]),
    ],
)
def test_issuers_keep_their_places(tmp_path, issuers, expected):
    """A number under the wrong state would be another document."""
    content = f"name,document_number,document_issuer\nA B,N1234;N5678;N9012,{issuers}\n"
    (query,) = read_asked(content, tmp_path, "asked.csv").queries

    issuer = {document.number: document.issuer for document in query.documents}
    assert [issuer[number] for number in ("N1234", "N5678", "N9012")] == expected


def test_without_an_id_the_line_is_the_id(tmp_path):
    """The header is line one."""
    assert read_asked("name\nA B\n", tmp_path, "people.csv").queries[0].id == "people.csv:2"


def test_a_column_that_is_not_searched_is_noted(tmp_path):
    """Once, by its name."""
    asked = read_asked("name,favourite colour\nA B,red\n", tmp_path)

    assert ["favourite colour" in note.reason for note in asked.notes] == [True]


def test_an_unreadable_value_is_noted_and_the_rest_is_asked(tmp_path):
    """A two-digit year is not guessed."""
    asked = read_asked("name,dob,document_number,document_issuer\nA B,2/3/65,N1234,Atlantis\n",
                       tmp_path)  # fmt: skip

    assert len(asked.queries) == 1
    assert [note.line for note in asked.notes] == [2, 2]
    assert asked.queries[0].documents[0].issuer == "atlantis"


@pytest.mark.parametrize(
    ("row", "reason"),
    [(",1970", "nothing to search for"), ("A B,1970,x", "more cells than the header")],
)
def test_a_row_that_cannot_be_asked_is_rejected(tmp_path, row, reason):
    """With its line."""
    asked = read_asked(f"name,dob\nA B,1970\n{row}\n", tmp_path)

    assert [(reject.line, reason in reject.reason) for reject in asked.rejects] == [(3, True)]


def test_a_crowd_of_ordinary_people_is_read_whole(shared_data, tmp_path):
    """Twenty-five thousand rows in many scripts, and not one reject."""
    path = shared_data / "benchmark" / "screen_negatives_global_dev.csv.gz"

    asked = read_asked(path.read_bytes(), tmp_path, "crowd.csv.gz")

    assert len(asked.queries) == 25_000
    assert asked.rejects == []
