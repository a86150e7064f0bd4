"""PR-26, PR-27: the machine compares and explains; nothing in it acts on a person."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from starlette.routing import Route

from asgi_help import Client
from didban.api.app import Service, create_app
from didban.guard.check_log import CheckLog
from didban.screening.check import Verdict
from didban.settings import Settings
from screening_help import LISTED, REASON, ask, build_now


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory) -> Path:
    """Return a snapshot of a few invented people."""
    return build_now(tmp_path_factory.mktemp("decision") / "lists")


def test_pr_26_the_service_has_no_path_that_takes_an_action(snapshot: Path):
    """Every path is known here: a new one has to be thought about."""
    service = Service(
        snapshot=snapshot, settings=Settings(), reason=REASON, log=CheckLog.beside(snapshot)
    )
    app = create_app(service)
    routes = [route for route in app.routes if isinstance(route, Route)]
    paths = {(route.path, *sorted((route.methods or set()) - {"HEAD"})) for route in routes}

    assert len(routes) == len(app.routes)
    assert paths == {
        ("/match/{scope}", "POST"),
        ("/check", "POST"),
        ("/bulk/{scope}", "POST"),
        ("/search/{scope}", "GET"),
        ("/entities/{id}", "GET"),
        ("/entities/{id}/adjacent", "GET"),
        ("/entities/{id}/adjacent/{property}", "GET"),
        ("/reconcile/{scope}", "GET"),
        ("/reconcile/{scope}", "POST"),
        ("/reconcile/{scope}/extend/property", "GET"),
        ("/reconcile/{scope}/suggest/entity", "GET"),
        ("/reconcile/{scope}/suggest/property", "GET"),
        ("/reconcile/{scope}/suggest/type", "GET"),
        ("/healthz", "GET"),
        ("/readyz", "GET"),
        ("/algorithms", "GET"),
        ("/catalog", "GET"),
        ("/manifest", "GET"),
        ("/metrics", "GET"),
        ("/openapi.json", "GET"),
        ("/updatez", "POST"),  # looks for newer lists, by a token
    }
    assert Client(app).post("/healthz", content=b"").status_code == 405


def test_pr_26_the_machine_knows_three_answers_and_none_is_an_order():
    """A possible match, no match, unknown."""
    assert {verdict.value for verdict in Verdict} == {"possible_match", "no_match", "unknown"}


def test_pr_26_a_match_is_told_as_a_similarity_that_a_person_judges(snapshot: Path):
    """The words are part of the answer."""
    words = ask(snapshot, "--name", LISTED).out

    assert "A computed similarity, not a hit" in words
    assert "A person decides; no machine does." in words


def test_pr_27_the_explanation_reproduces_the_score(snapshot: Path):
    """Prior and weights add up to the logit of every score that is told."""
    data = ask(
        snapshot,
        "--name",
        "Arvid Petar Kostner",
        "--birth-date",
        "1950",
        "--threshold",
        0,
        "--json",
    )
    results = data.json["results"]

    assert len(results) > 1
    for result in results:
        total = result["prior"] + sum(e["weight"] for e in result["explanations"].values())
        assert 1 / (1 + math.exp(-total)) == pytest.approx(result["score"], abs=2e-6)
