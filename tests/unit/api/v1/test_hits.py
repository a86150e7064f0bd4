"""Hits over HTTP: from a check to the owner's feedback, each step by who may take it."""

from __future__ import annotations

import dataclasses

import pytest

from api_help import Api
from bank_help import actor, authority, marking, person
from didban.intake import bank
from didban.model.alerts import Action, Alert, PersonStatus
from didban.screening.live import LiveIndex
from didban.settings import Casework, Settings

GATE = {"claim_for_protection": False, "refugee_papers": False, "flagged": False}
ASKED = {"names": ["Zahra Karimzadeh"], "birth_date": "1971-05-02"}
POST = "/contacts/duty_officer/webhook"


@pytest.fixture
def api(database, node_secrets, tmp_path):
    """Return a node with one record of Boreland's, and no dwell time."""
    with database.begin() as tx:
        authority(tx, "xar")
        authority(tx, "xbo")
        alert = Alert(action_requested=Action.ARREST, person_status=PersonStatus.CHARGED)
        zahra = person("Zahra Karimzadeh", birthDate="1971-05-02", notes="a note")
        bank.report(tx, actor("xbo"), zahra, marking("xbo"), alert)
    with LiveIndex.open(database, tmp_path / "index", follow=False) as index:
        made = Api(database, node_secrets, index)
        quick = dataclasses.replace(made.services.settings, casework=Casework(dwell_seconds=0))
        yield Api(database, node_secrets, index, settings=quick)


def taken_up(api):
    """Return a hit of a check at the gate."""
    gate = api.as_("xar", "first_line")
    match = gate.post("/checks", ASKED).json()["matches"][0]["match"]
    made = gate.post("/hits", {"match": match})
    assert made.status_code == 201
    hit = made.json()["id"]
    assert gate.post(f"/hits/{hit}/refer", {"is_held": True}).status_code == 200
    return hit


def test_a_hit_walks_its_whole_way(api: Api):
    """The gate, the second line, the owner, another person, the owner again."""
    hit = taken_up(api)
    clerk = api.as_("xar", "second_line", user="usr_clerk")
    other = api.as_("xar", "second_line", user="usr_other")
    owner = api.as_("xbo", "second_line", user="usr_owner")

    asked = clerk.post(f"/hits/{hit}/question", {"urgency": "U", "gate": GATE})
    assert asked.json()["state"] == "confirmation_requested"
    (question,) = owner.get("/questions").json()["items"]
    assert question["identity"]["properties"]["name"] == ["Zahra Karimzadeh"]
    owner.post(f"/questions/{question['id']}/answer", {"answer": "confirmed"})

    view = other.get(f"/hits/{hit}").json()
    assert (view["hit"]["state"], view["action_requested"]) == ("confirmed", "arrest")
    assert "notes" in view["record"]["content"]
    seen = other.post(f"/hits/{hit}/compare", {"seen": view["unseen"]}).json()
    assert seen["unseen"] == []
    decided = other.post(
        f"/hits/{hit}/decision", {"action": "arrest", "legal_basis": "Extradition Act, s. 4"}
    )
    assert decided.json()["state"] == "action_taken"
    clerk.post(f"/hits/{hit}/outcome", {"outcome": "arrested"})
    assert clerk.post(f"/hits/{hit}/feedback").json()["state"] == "closed"
    answered = owner.get("/questions?state=answered").json()["items"]
    assert [one["feedback"] for one in answered] == ["arrested"]
    assert clerk.get("/hits").json()["items"] == []
    assert len(clerk.get("/hits?state=closed").json()["items"]) == 1


def test_the_first_line_learns_where_its_hit_stands_and_no_more(api: Api):
    """It takes up, dismisses and refers; the file is another's."""
    hit = taken_up(api)
    gate = api.as_("xar", "first_line")

    told = gate.post(f"/hits/{hit}/dismiss", {"reason": "other_sex"})
    assert told.status_code == 409
    assert gate.get(f"/hits/{hit}").status_code == 403
    assert gate.get("/hits").status_code == 403


def test_another_authority_gets_the_answer_of_nothing_there(api: Api):
    """For a hit and for a question alike, and the owner sees no hit (PR-09, PR-53)."""
    hit = taken_up(api)
    api.as_("xar", "second_line").post(f"/hits/{hit}/question", {"urgency": "R", "gate": GATE})
    owner = api.as_("xbo", "second_line")
    stranger = api.as_("xca", "supervisor")
    question = owner.get("/questions").json()["items"][0]["id"]

    def told(who, path, body=None):
        answer = who.post(path, body) if body else who.get(path)
        return answer.status_code, {k: v for k, v in answer.json().items() if k != "instance"}

    never = "hit_never"
    for who in (owner, stranger):
        there, not_there = told(who, f"/hits/{hit}"), told(who, f"/hits/{never}")
        assert there[0] == not_there[0] == 404
        assert str(there[1]).replace(hit, never) == str(not_there[1])
    body = {"answer": "confirmed"}
    there = told(stranger, f"/questions/{question}/answer", body)
    not_there = told(stranger, "/questions/qst_never/answer", body)
    assert there[0] == not_there[0] == 404
    assert str(there[1]).replace(question, "qst_never") == str(not_there[1])


def test_pr_26_no_route_takes_an_action(api: Api):
    """The one route that records a decision is a person's, about a confirmed hit."""
    hit = taken_up(api)
    other = api.as_("xar", "second_line", user="usr_other")
    body = {"action": "arrest", "legal_basis": "Extradition Act, s. 4"}

    assert other.post(f"/hits/{hit}/decision", body).status_code == 409
    paths = api.client.get("/api/v1/openapi.json").json()["paths"]
    naming = {path for path in paths if any(word in path for word in ("arrest", "seize", "refuse"))}
    assert naming == set()


def test_refuted_pairs_are_silent_at_the_gate_and_counted_for_the_officer(api: Api):
    """The same traveller is not stopped twice (PR-25)."""
    hit = taken_up(api)
    clerk = api.as_("xar", "second_line", user="usr_clerk")
    view = clerk.get(f"/hits/{hit}").json()
    clerk.post(f"/hits/{hit}/compare", {"seen": view["unseen"]})
    clerk.post(f"/hits/{hit}/refute", {"reason": "namesake", "words": "another face"})

    again = api.as_("xar", "first_line").post("/checks", ASKED).json()
    assert (again["verdict"], again["matches"]) == ("no_match", [])
    officer = api.as_("xar", "data_protection_officer")
    assert officer.get("/non-match-tokens").json() == [
        {"authority": "xar", "living": 1, "revoked": 0}
    ]
    assert len(officer.get("/silenced-matches").json()) == 1


def test_a_supervisor_says_who_is_told(api: Api):
    """By channel, for the own authority; nothing leaves unencrypted."""
    head = api.as_("xar", "supervisor")

    assert head.send("PUT", POST, json={"address": "http://duty.example/"}).status_code == 422
    assert head.send("PUT", POST, json={"address": "https://duty.example/"}).status_code == 200
    (kept,) = head.get("/contacts").json()
    assert kept["address"] == "https://duty.example/"
    assert head.send("DELETE", POST).status_code == 204
    assert head.get("/contacts").json() == []
    assert head.get("/notifications/given-up").json() == []


def test_the_settings_of_a_desk_are_the_node_s():
    """Deadlines come from the settings in force."""
    assert Settings().casework.rounds == 3
