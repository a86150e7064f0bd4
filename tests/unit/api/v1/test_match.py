"""`POST /match` on the bank: what existing clients send and expect, for who may see it."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from api_help import Api
from bank_help import actor, authority, marking, person
from didban.intake import bank
from didban.screening.live import LiveIndex
from didban.store.tables.checks import check_made, match_made

ASKED = {
    "queries": {
        "q1": {"schema": "Person", "properties": {"name": ["Zahra Karimzadeh"]}},
        "q2": {"schema": "Person", "properties": {"name": ["Ulrike Vandenberg"]}},
    }
}


@pytest.fixture
def api(database, node_secrets, tmp_path):
    """Return a node with a record that Arvand shows to Boreland alone."""
    with database.begin() as tx:
        authority(tx, "xar")
        authority(tx, "xbo")
        zahra = person("Zahra Karimzadeh", birthDate="1971-05-02", notes="a note")
        bank.report(tx, actor("xar"), zahra, marking("xar", audience=("node:xbo",)))
    with LiveIndex.open(database, tmp_path / "index", follow=False) as index:
        yield Api(database, node_secrets, index)


def match(api, code, *roles, path="/match/default"):
    """Ask both queries."""
    who = api.as_(code, *(roles or ("first_line",)))
    headers = {"authorization": f"ApiKey {who.secret}"}
    return who.client.send("POST", path, json=ASKED, headers=headers)


def test_the_answer_has_the_known_shape(api: Api):
    """By query: status, results with scores and explanations, total."""
    answer = match(api, "xbo")

    assert answer.status_code == 200
    responses = answer.json()["responses"]
    assert [len(responses[key]["results"]) for key in ("q1", "q2")] == [1, 0]
    (result,) = responses["q1"]["results"]
    assert result["match"] is True
    assert result["datasets"] == ["xar"]
    assert "name" in result["explanations"]


def test_the_first_line_sees_identity_and_the_second_the_record(api: Api):
    """PR-02 holds here too."""
    assert b"a note" not in match(api, "xbo").body
    assert b"a note" in match(api, "xbo", "second_line").body


def test_who_may_not_see_gets_the_answer_of_nothing_there(api: Api):
    """In every byte, but for what was asked (PR-09)."""
    with api.database.begin() as tx:
        authority(tx, "xca")
    responses = match(api, "xca").json()["responses"]

    first, second = ({**responses[key], "query": None} for key in ("q1", "q2"))
    assert first == second


def test_each_query_is_a_check_that_is_kept(api: Api):
    """With its match."""
    match(api, "xbo")

    with api.database.begin() as tx:
        assert tx.scalar(select(func.count()).select_from(check_made)) == 2
        assert tx.scalar(select(func.count()).select_from(match_made)) == 1


def test_a_scope_that_nobody_may_see_is_not_there(api: Api):
    """A dataset is known to whom one of its records is open."""
    with api.database.begin() as tx:
        authority(tx, "xca")
    assert match(api, "xbo", path="/match/xar").status_code == 200
    assert match(api, "xca", path="/match/xar").status_code == 404
    assert match(api, "xca", path="/match/nothing").status_code == 404
