from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from asgi_help import Client
from didban.guard.entries import Outcome
from screening_help import LISTED, ZONE, ask, build_now, entries
from serve_help import serve


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory) -> Path:
    """Return the invented snapshot."""
    return build_now(tmp_path_factory.mktemp("check") / "lists")


@pytest.fixture(scope="module")
def client(snapshot: Path) -> Client:
    """Return a client of a service over it."""
    return serve(snapshot)


def test_a_zone_is_answered_with_its_evidence(client: Client):
    """The holder and the document, each repair apart."""
    answer = client.post("/check", json={"mrz": "\n".join(ZONE)}).json()

    assert answer["answer"] == "possible_match"
    assert answer["results"][0]["id"] == "p1"
    assert {"name", "document", "birth_date"} <= set(answer["results"][0]["explanations"])
    assert answer["asked"][0]["origin"] == "zone 1"


def test_the_answer_is_that_of_the_command(client: Client, snapshot: Path):
    """To the byte, but for spaces."""
    told = client.post("/check", json={"names": [LISTED], "birth_date": "1970"}).json()

    assert told == ask(snapshot, "--name", LISTED, "--birth-date", "1970", "--json").json


@pytest.mark.parametrize("document", ["UTO:P:L898902C3", {"issuer": "UTO", "number": "L898902C3"}])
def test_a_document_is_a_text_or_its_parts(client: Client, document: Any):
    """One may stand without its list."""
    answer = client.post("/check", json={"documents": document}).json()

    assert [result["id"] for result in answer["results"]] == ["p1"]


def test_mode_limit_and_threshold_say_how_far_to_look(client: Client):
    """As the options of the command."""
    body = {"names": "Arvid Petar Kostner", "mode": "thorough", "limit": 2, "threshold": 0}
    answer = client.post("/check", json=body).json()

    assert (answer["mode"], len(answer["results"])) == ("thorough", 2)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ([], 422),
        ({"name": LISTED}, 422),
        ({"names": [7]}, 422),
        ({"names": ["x"] * 21}, 422),
        ({"names": ["x" * 1_001]}, 422),
        ({"names": LISTED, "birth_date": "1" * 1_001}, 422),
        ({"names": LISTED, "birth_date": 1970}, 422),
        ({"names": LISTED, "birth_date": "lately"}, 400),
        ({"names": LISTED, "limit": 0}, 422),
        ({"names": LISTED, "threshold": "high"}, 422),
        ({"names": LISTED, "threshold": 7}, 400),
        ({"names": LISTED, "mode": "gentle"}, 400),
        ({"names": LISTED, "mode": 7}, 422),
        ({"documents": "L898902C3"}, 400),
        ({"documents": {"issuer": ["UTO"]}}, 422),
        ({"mrz": "not a zone"}, 400),
    ],
)
def test_what_cannot_be_read_is_refused(client: Client, body: Any, status: int):
    """A detail that is dropped would make a check look more thorough than it was."""
    answer = client.post("/check", json=body)

    assert answer.status_code == status
    assert LISTED not in answer.body.decode()


def test_old_data_answers_unknown_and_that_is_entered(tmp_path: Path):
    """As the command does: an answer, not an error."""
    listed = build_now(tmp_path / "lists", age=timedelta(days=31))
    answer = serve(listed).post("/check", json={"names": LISTED})

    assert (answer.status_code, answer.json()["answer"]) == (200, "unknown")
    assert [entry.outcome for entry in entries(listed)] == [Outcome.UNKNOWN]


@pytest.mark.parametrize(
    ("path", "body", "place", "meant"),
    [
        ("/check", {"name": "x"}, ["body", "name"], "names"),
        (
            "/check",
            {"documents": {"nummber": "L898902C3"}},
            ["body", "documents", "nummber"],
            "number",
        ),
        ("/check?mode=border", {"names": "x"}, ["query", "mode"], None),
    ],
)
def test_a_part_that_there_is_not_is_told_with_the_one_that_is_meant(
    client: Client, path: str, body: Any, place: list[str], meant: str | None
):
    """Left aside, it would make a check look more thorough than it was."""
    (fault,) = client.post(path, json=body).json()["detail"]

    assert fault["loc"] == place
    assert fault["msg"].endswith(f"; did you mean '{meant}'?" if meant else "no such parameter")
