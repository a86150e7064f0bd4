"""Checks over HTTP: the first line asks and is told; what lies behind is another step."""

from __future__ import annotations

import dataclasses

import pytest

from api_help import Api
from bank_help import actor, authority, marking, person
from didban.intake import bank
from didban.model.documents import Document
from didban.model.records import Record
from didban.screening.live import LiveIndex


@pytest.fixture
def api(database, node_secrets, tmp_path):
    """Return a node with an index and two records of Arvand's."""
    with database.begin() as tx:
        authority(tx, "xar")
        zahra = person("Zahra Karimzadeh", birthDate="1971-05-02", notes="a note")
        bank.report(tx, actor("xar"), zahra, marking("xar"))
        passport = Record(
            id="rec_stolen",
            schema="Passport",
            properties={},
            documents=(Document(number="L898902C3", issuer="uto", type="P", status="stolen"),),
        )
        bank.report(tx, actor("xar"), passport, marking("xar"))
        car = Record(
            id="rec_car",
            schema="Vehicle",
            properties={"registrationNumber": ("12 B 345",), "country": ("xar",)},
        )
        bank.report(tx, actor("xar"), car, marking("xar"))
    with LiveIndex.open(database, tmp_path / "index", follow=False) as index:
        yield Api(database, node_secrets, index)


@pytest.mark.parametrize(
    "asked",
    [
        {"names": ["Zahra Karimzadeh"], "birth_date": "1971-05-02"},
        {"documents": [{"number": "L898902C3", "issuer": "UTO", "type": "P"}]},
        {"vehicle": {"number": "12B345", "country": "xar"}},
    ],
)
def test_a_person_a_document_and_a_plate_are_found(api: Api, asked):
    """By one route."""
    answer = api.as_("xar", "first_line").post("/checks", asked)

    assert answer.status_code == 201
    assert answer.json()["verdict"] == "possible_match"


def test_the_first_line_gets_no_file(api: Api):
    """Neither in the answer nor when it reads its check again."""
    gate = api.as_("xar", "first_line")
    made = gate.post("/checks", {"names": ["Zahra Karimzadeh"], "birth_date": "1971-05-02"})
    again = gate.get(f"/checks/{made.json()['check']}")

    assert again.status_code == 200
    assert "a note" not in made.body.decode() + again.body.decode()
    (match,) = made.json()["matches"]
    assert gate.post(f"/matches/{match['match']}/open", {"reason": "x"}).status_code == 403


def test_the_second_line_opens_the_record_for_a_reason(api: Api):
    """And sees which evidence makes the score."""
    made = api.as_("xar", "first_line").post("/checks", {"names": ["Zahra Karimzadeh"]})
    (match,) = made.json()["matches"]
    desk = api.as_("xar", "second_line")

    opened = desk.post(f"/matches/{match['match']}/open", {"reason": "compare the photo"})

    assert opened.status_code == 200
    assert opened.json()["record"]["id"].startswith("rec_")
    assert opened.json()["evidence"][0]["feature"] == "name"
    assert desk.post(f"/matches/{match['match']}/open", {}).status_code == 422


def test_one_reads_ones_own_checks_and_the_second_line_all_of_the_authority(api: Api):
    """Nobody reads those of another authority."""
    gate, other = api.as_("xar", "first_line"), api.as_("xar", "first_line", user="usr_other")
    made = gate.post("/checks", {"names": ["Nobody Anywhere"]}).json()["check"]

    assert gate.get(f"/checks/{made}").status_code == 200
    assert other.get(f"/checks/{made}").status_code == 404
    assert api.as_("xar", "second_line").get(f"/checks/{made}").status_code == 200
    assert api.as_("xbo", "second_line").get(f"/checks/{made}").status_code == 404
    assert [row["id"] for row in gate.get("/checks").json()["items"]] == [made]
    assert other.get("/checks").json()["items"] == []


def test_what_cannot_be_read_is_refused(api: Api):
    """A check that silently drops a detail would look more thorough than it was."""
    gate = api.as_("xar", "first_line")

    assert gate.post("/checks", {}).status_code == 422
    assert gate.post("/checks", {"names": ["A B"], "birth_date": "no date"}).status_code == 422
    assert gate.post("/checks", {"mrz": ["nonsense"]}).status_code == 422


def test_a_process_without_an_index_says_so(api: Api):
    """503, never "no match"."""
    services = dataclasses.replace(api.services, index=None)
    api.app.state.services = services

    assert api.as_("xar", "first_line").post("/checks", {"names": ["A B"]}).status_code == 503


def test_who_watches_over_tokens_sees_what_was_silenced(api: Api):
    """And nobody else does; there is nothing at first."""
    overseer = api.as_("xar", "data_protection_officer", purpose="data_protection")

    assert overseer.get("/silenced-matches").json() == []
    assert api.as_("xar", "second_line").get("/silenced-matches").status_code == 403
