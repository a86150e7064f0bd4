"""Queries as JSON lines."""

from __future__ import annotations

import json

import pytest

from didban.model.documents import Document
from intake_help import read_asked

QUERY = {
    "id": "q1",
    "schema": "Person",
    "properties": {
        "name": ["Nadir Arvandi"],
        "birthDate": ["1970"],
        "nationality": ["XAR"],
        "passportNumber": ["A0012345"],
    },
    "documents": [{"issuer": "UTO", "type": "P", "number": "L898902C3"}],
}


def _lines(*objects):
    return "".join(json.dumps(each) + "\n" for each in objects)


def test_a_query_is_a_record(tmp_path):
    """States are codes, and a passport number is a document too."""
    (query,) = read_asked(_lines(QUERY), tmp_path).queries

    assert (query.id, query.schema) == ("q1", "Person")
    assert query.properties["nationality"] == ("xar",)
    assert query.documents == (
        Document(number="L898902C3", issuer="uto", type="P"),
        Document(number="A0012345", type="P"),
    )


def test_without_an_id_the_line_is_the_id(tmp_path):
    """So that an answer can be traced to its question."""
    lines = _lines({"properties": {"name": "A B"}}, {"properties": {"name": "C D"}})

    asked = read_asked(lines, tmp_path, "people.jsonl")

    assert [query.id for query in asked.queries] == ["people.jsonl:1", "people.jsonl:2"]


def test_a_misspelt_property_is_noted(tmp_path):
    """Else a typing mistake would look like an all-clear."""
    query = {"properties": {"name": ["A B"], "birthdate": ["1970"]}}

    asked = read_asked(_lines(query), tmp_path)

    assert ["no property 'birthdate'" in note.reason for note in asked.notes] == [True]


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ({"id": "x"}, "nothing to search for"),
        ({"properties": {"birthDate": ["1970"]}}, "nothing to search for"),
        ({"properties": {"nmae": ["A B"]}}, "nothing to search for"),
        ({"properties": ["A B"]}, "not an object"),
        ({"schema": "Persom", "properties": {"name": ["A B"]}}, "no schema 'Persom'"),
        ({"properties": {"name": ["A"]}, "documents": "x"}, "not a list of objects"),
        ({"properties": {"name": ["A"]}, "documents": [{"type": "P"}]}, "has no number"),
    ],
)
def test_what_cannot_be_asked_is_rejected(tmp_path, query, reason):
    """Never answered with nothing."""
    asked = read_asked(_lines(QUERY, query), tmp_path)

    assert len(asked.queries) == 1
    assert [(reject.line, reason in reject.reason) for reject in asked.rejects] == [(2, True)]


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_what_a_table_writes_for_nothing_is_no_name(tmp_path, number):
    """Python's JSON reads it as a number, which is not one."""
    asked = read_asked(f'{{"properties": {{"name": [{number}, "Nadir Arvandi"]}}}}\n', tmp_path)

    assert [query.properties["name"] for query in asked.queries] == [("Nadir Arvandi",)]


def test_a_document_alone_can_be_asked_about(tmp_path):
    """Stolen documents have no names."""
    (query,) = read_asked(_lines({"documents": [{"number": "A0012345"}]}), tmp_path).queries

    assert query.documents == (Document(number="A0012345"),)


@pytest.mark.parametrize("properties", [{"name": ["!!!"]}, {"passportNumber": ["12"]}])
def test_what_the_index_cannot_look_up_is_refused(tmp_path, properties):
    """An empty answer to it would look like an all-clear."""
    asked = read_asked(_lines(QUERY, {"id": "q2", "properties": properties}), tmp_path)

    assert [query.id for query in asked.queries] == ["q1"]
    assert "nothing to search for" in asked.rejects[0].reason
