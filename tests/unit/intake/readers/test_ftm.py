"""FollowTheMoney files are read as they are, and documents find their holders."""

from __future__ import annotations

import json
from typing import Any

import pytest

from didban.errors import InvalidFile
from didban.intake.readers import ftm
from intake_help import read_list

NADIR: dict[str, Any] = {
    "id": "NK-nadir",
    "caption": "Nadir Arvandi",
    "schema": "Person",
    "properties": {
        "name": ["Nadir Arvandi", "نادر اروندی"],
        "birthDate": ["1965-03-02"],
        "nationality": ["xar"],
        "gender": ["male"],
    },
    "referents": ["un-XAi.001"],
    "datasets": ["inner"],
    "first_seen": "2024-05-01T10:00:00",
    "target": True,
}
PASSPORT: dict[str, Any] = {
    "id": "NK-nadir-passport",
    "schema": "Passport",
    "properties": {
        "holder": ["NK-nadir"],
        "number": ["A0012345"],
        "country": ["xar"],
        "endDate": ["2030-01-01"],
    },
}


def _lines(*objects):
    return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in objects)


def test_a_record_keeps_its_id_names_and_referents(tmp_path):
    """The dataset becomes the name that the source was given."""
    outcome = read_list("ftm", _lines(NADIR), tmp_path)

    (record,) = outcome.records
    assert (record.id, record.schema, record.caption) == ("NK-nadir", "Person", "Nadir Arvandi")
    assert record.properties["name"] == ("Nadir Arvandi", "نادر اروندی")
    assert record.datasets == ("testlist",)
    assert record.referents == ("un-XAi.001",)
    assert record.first_seen == "2024-05-01T10:00:00"
    assert outcome.rejects == outcome.notes == []


@pytest.mark.parametrize("order", [(NADIR, PASSPORT), (PASSPORT, NADIR)])
def test_a_passport_becomes_a_document_of_its_holder_and_stays_a_record(tmp_path, order):
    """In whichever order they come."""
    records = {r.id: r for r in read_list("ftm", _lines(*order), tmp_path).records}

    (document,) = records["NK-nadir"].documents
    assert (document.number, document.issuer, document.type) == ("A0012345", "xar", "P")
    assert document.expires_on == "2030-01-01"
    assert records["NK-nadir-passport"].documents == (document,)


def test_documents_beyond_the_bound_stay_records_and_that_is_noted(tmp_path, monkeypatch):
    """Memory must not grow with the file."""
    monkeypatch.setattr(ftm, "MAX_JOINED_DOCUMENTS", 1)
    second = {**PASSPORT, "id": "p2", "properties": {**PASSPORT["properties"], "number": ["B2"]}}

    outcome = read_list("ftm", _lines(NADIR, PASSPORT, second), tmp_path)

    assert [len(record.documents) for record in outcome.records] == [1, 1, 1]
    assert ["only 1 of 2 documents" in note.reason for note in outcome.notes] == [True]


def test_a_passport_number_on_the_person_is_a_document_without_issuer(tmp_path):
    """Unless a passport record, or brackets, say which state issued it."""
    stated = {**NADIR["properties"], "passportNumber": ["A0012345", "B99 (XBO)", "C77"]}

    records = read_list("ftm", _lines({**NADIR, "properties": stated}, PASSPORT), tmp_path).records

    issuers = {document.number: document.issuer for document in records[0].documents}
    assert issuers == {"A0012345": "xar", "B99": "xbo", "C77": None}


def test_an_id_that_comes_again_in_a_dataset_is_noted(tmp_path):
    """One of the two records will not be in the snapshot."""
    outcome = read_list("ftm", _lines(NADIR, NADIR), tmp_path)

    assert ["the later record counts" in note.reason for note in outcome.notes] == [True]


def test_a_delta_adds_modifies_and_deletes(tmp_path):
    """A deletion has only an id."""
    delta = _lines(
        {"op": "ADD", "entity": NADIR},
        {"op": "MOD", "entity": {**NADIR, "caption": "N. Arvandi"}},
        {"op": "DEL", "entity": {"id": "NK-gone"}},
    )

    changes = read_list("ftm", delta, tmp_path).changes

    assert [(c.op, c.id) for c in changes] == [
        ("add", "NK-nadir"),
        ("mod", "NK-nadir"),
        ("del", "NK-gone"),
    ]
    assert changes[2].record is None


def test_an_empty_file_is_an_empty_delta(tmp_path):
    """Publishers write one when nothing changed."""
    assert read_list("ftm", "", tmp_path).changes == []


def test_dates_and_states_are_brought_into_our_form(tmp_path):
    """FollowTheMoney's own cleaner would read the year 1359 after Christ."""
    stated = {"name": ["N"], "birthDate": ["1359/10/12"], "country": ["suhh"], "gender": ["M"]}

    (record,) = read_list("ftm", _lines({**NADIR, "properties": stated}), tmp_path).records

    assert record.properties["birthDate"] == ("1981-01-02",)
    assert record.properties["notes"] == ("birthDate as listed: 1359/10/12",)
    assert record.properties["country"] == ("su",)
    assert record.properties["gender"] == ("male",)


def test_an_unknown_property_or_schema_is_kept_and_noted_once(tmp_path):
    """The vocabulary grows faster than we do."""
    odd = {**NADIR, "properties": {"name": ["N"], "shoeSize": ["43"]}}
    newer = {"id": "x", "schema": "Spaceship", "properties": {"name": ["Argo"]}}

    outcome = read_list("ftm", _lines(odd, {**odd, "id": "y"}, newer), tmp_path)

    assert outcome.records[0].properties["shoeSize"] == ("43",)
    assert outcome.records[2].schema == "Spaceship"
    assert len(outcome.notes) == 2


def test_a_value_that_cannot_be_read_is_kept_and_noted(tmp_path):
    """An officer may still make sense of it."""
    stated = {"name": ["N"], "birthDate": ["in the year of the flood"], "country": ["Atlantis"]}

    outcome = read_list("ftm", _lines({**NADIR, "properties": stated}), tmp_path)

    assert outcome.records[0].properties["birthDate"] == ("in the year of the flood",)
    assert outcome.records[0].properties["country"] == ("Atlantis",)
    assert len(outcome.notes) == 2


def test_nested_records_become_records_of_their_own(tmp_path):
    """The value that remains is their id."""
    address = {"id": "addr-1", "schema": "Address", "properties": {"full": ["1 Harbour Road"]}}
    stated = {"name": ["N"], "addressEntity": [address]}

    outcome = read_list("ftm", _lines({**NADIR, "properties": stated}), tmp_path)

    assert [record.id for record in outcome.records] == ["NK-nadir", "addr-1"]
    assert outcome.records[0].properties["addressEntity"] == ("addr-1",)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"id": "x", "properties": {}}', "no schema"),
        ('{"schema": "Person", "properties": {}}', "no id"),
        ('{"id": "x", "schema": "Person", "properties": []}', "not an object"),
        ('{"op": "EAT", "entity": {}}', "none of ADD, MOD, DEL"),
        ('{"op": "ADD"}', "no entity"),
        ('{"id": "x"', "not JSON"),
        ("[1]", "not a JSON object"),
        ("[" * 100_000, "nested too deep"),
    ],
)
def test_a_damaged_line_is_rejected_and_the_others_are_read(tmp_path, line, reason):
    """With its number and what it lacks."""
    outcome = read_list("ftm", f"{_lines(NADIR)}{line}\n{_lines(PASSPORT)}", tmp_path)

    assert [record.id for record in outcome.records] == ["NK-nadir", "NK-nadir-passport"]
    assert [(reject.line, reason in reject.reason) for reject in outcome.rejects] == [(2, True)]


@pytest.mark.parametrize(
    "content",
    [
        '{\n "versions": {\n  "1": "2"\n }\n}\n',
        "id,name\n1,x\n",
        "<xml></xml>",
        "\x00\x01\x02\n" * 1000,
    ],
)
def test_another_kind_of_file_is_refused_whole(tmp_path, content):
    """An index of deltas, a table, XML, rubbish."""
    with pytest.raises(InvalidFile, match="is not a FollowTheMoney file"):
        read_list("ftm", content, tmp_path)


def test_half_characters_do_not_reach_the_records(tmp_path):
    """JSON can name half of a pair; no file could be written with it."""
    line = '{"id": "x", "schema": "Person", "properties": {"name": ["N\\ud800 \\u0000A"]}}\n'

    (record,) = read_list("ftm", line, tmp_path).records

    assert record.properties["name"][0].encode()
    assert "\x00" not in record.properties["name"][0]


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("nomenklatura_donations.ijson", 474),
        ("yente_parteispenden.entities.ftm.json", 475),
        ("yente_zala.entities.ftm.json", 91),
        ("yente_t1.entities.ftm.json", 7),
    ],
)
def test_published_files_are_read_without_a_reject(shared_data, tmp_path, name, count):
    """Every line gives a record, and the vocabulary knows all they say."""
    content = (shared_data / "lists" / "ftm" / name).read_bytes()

    outcome = read_list("ftm", content, tmp_path)

    assert len(outcome.records) == count
    assert outcome.rejects == outcome.notes == []
