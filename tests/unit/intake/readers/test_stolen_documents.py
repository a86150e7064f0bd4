"""Lists of stolen documents give documents and ranges, and refuse what cannot be."""

from __future__ import annotations

import pytest

from didban.errors import InvalidFile
from didban.model.documents import Document
from intake_help import read_list

HEADER = "issuing_state,document_type,number,number_to,status,reported_on\n"


def test_a_document_is_a_record_without_a_name(tmp_path):
    """Its id is made of what the row says, trimmed and in upper case."""
    outcome = read_list(
        "stolen-documents", HEADER + "UTO, p ,l898902c3,,stolen,2024-01-02\n", tmp_path
    )

    (record,) = outcome.records
    assert record.id == "doc-UTO-P-L898902C3"
    assert record.schema == "Passport"
    assert record.documents == (
        Document(number="l898902c3", issuer="uto", type="P", status="stolen"),
    )
    assert record.properties == {
        "number": ("l898902c3",),
        "country": ("uto",),
        "type": ("P",),
        "status": ("stolen",),
        "reportedAt": ("2024-01-02",),
    }


def test_a_range_of_blanks_is_one_record(tmp_path):
    """Both ends are in its document."""
    row = "XAR,P,A0001000,A0001999,stolen_blank,2023-05\n"

    (record,) = read_list("stolen-documents", HEADER + row, tmp_path).records

    assert record.documents[0].number_to == "A0001999"
    assert record.documents[0].status == "stolen_blank"


def test_other_documents_are_identifications(tmp_path):
    """Identity cards, visas."""
    outcome = read_list(
        "stolen-documents", HEADER + "XAR,I,123456,,lost,\nXAR,V,V7001,,revoked,\n", tmp_path
    )

    assert [record.schema for record in outcome.records] == ["Identification"] * 2


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("XAR,P,A200,A100,stolen_blank,", "runs backwards"),
        ("XAR,P,A100,B200,stolen_blank,", "differ before their last digits"),
        ("XAR,P,A100,A1000,stolen_blank,", "differ in length"),
        ("XAR,P,A100B,A100C,stolen_blank,", "must end with digits"),
        ("XAR,P,A123,,eaten,", "is none of stolen, lost"),
        ("XAR,P,A123,,,", "status must not be empty"),
        (",P,A123,,lost,", "issuing_state must not be empty"),
        ("XAR,,A123,,lost,", "document_type must not be empty"),
        ("Atlantis,P,A123,,lost,", "no state or issuer"),
        ("XAR,drivel,A123,,lost,", "no code such as P"),
        ("XAR,P,--,,lost,", "letters and digits"),
        ("XAR,P,A123,,lost,2024-01-01,more", "more cells"),
    ],
)
def test_a_row_that_cannot_be_is_rejected_with_its_reason(tmp_path, row, reason):
    """The rows around it are read."""
    good = "UTO,P,L898902C3,,stolen,\n"

    outcome = read_list(
        "stolen-documents", f"{HEADER}{good}{row}\n{good.replace('C3', 'C4')}", tmp_path
    )

    assert len(outcome.records) == 2
    assert [(reject.line, reason in reject.reason) for reject in outcome.rejects] == [(3, True)]


def test_an_unreadable_date_of_report_costs_only_itself(tmp_path):
    """The stolen document matters more."""
    outcome = read_list("stolen-documents", HEADER + "UTO,P,L898902C3,,stolen,soon\n", tmp_path)

    assert len(outcome.records) == len(outcome.notes) == 1
    assert "reportedAt" not in outcome.records[0].properties


def test_a_document_that_is_reported_again_does_not_replace_the_first_report(tmp_path):
    """Lost and then revoked are two reports; the same row twice is one."""
    rows = "UTO,P,L898902C3,,lost,\nUTO,P,L898902C3,,revoked,\nUTO,P,L898902C3,,lost,\n"

    records = read_list("stolen-documents", HEADER + rows, tmp_path).records

    assert [record.documents[0].status for record in records] == ["lost", "revoked"]
    assert records[1].id.startswith("doc-UTO-P-L898902C3-")
    assert records[0].id == "doc-UTO-P-L898902C3"


def test_columns_may_stand_in_another_order_and_two_may_be_absent(tmp_path):
    """A list without ranges is a list."""
    content = "number,status,issuing_state,document_type\nL898902C3,lost,UTO,P\n"

    assert read_list("stolen-documents", content, tmp_path).records[0].id == "doc-UTO-P-L898902C3"


def test_digits_of_other_scripts_are_digits(tmp_path):
    """A list from Arvand may be typed with Persian digits."""
    outcome = read_list("stolen-documents", HEADER + "XAR,P,A۱۲۳۴۵,,lost,۱۴۰۲/۰۱/۰۱\n", tmp_path)

    assert outcome.records[0].documents[0].number == "A12345"
    assert outcome.records[0].properties["reportedAt"] == ("2023-03-21",)


@pytest.mark.parametrize("content", ["", "name,born\nx,1965\n", "{}\n", "\x00\x00\x00"])
def test_a_file_with_another_header_is_refused_whole(tmp_path, content):
    """And told what the header must be."""
    with pytest.raises(InvalidFile, match=r"issuing_state|no row of it"):
        read_list("stolen-documents", content, tmp_path)
