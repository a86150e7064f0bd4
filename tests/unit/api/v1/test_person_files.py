"""Person files over HTTP: suggested, judged, shown side by side, taken back."""

from __future__ import annotations

import pytest

from api_help import Api
from bank_help import actor, authority, marking, person
from didban.intake import bank
from didban.screening.live import LiveIndex


@pytest.fixture
def made(database, node_secrets, tmp_path):
    """Return a node, and the records of three owners about one person; one hidden from Arvand."""
    ids = []
    with database.begin() as tx:
        for code in ("xar", "xbo", "xca"):
            authority(tx, code)
        for code, born, excluded in (
            ("xar", "1971-05-02", ()),
            ("xbo", "1971-05-02", ()),
            ("xca", "1972-05-02", ("node:xar",)),
        ):
            entity = person("Zahra Karimzadeh", birthDate=born)
            kept = bank.report(tx, actor(code), entity, marking(code, excluded=excluded))
            ids.append(kept.id)
    with LiveIndex.open(database, tmp_path / "index", follow=False) as index:
        yield Api(database, node_secrets, index), ids


def test_a_file_is_suggested_judged_and_taken_back(made):
    """And everything is as it was."""
    api, (own, theirs, _) = made
    analyst = api.as_("xar", "analyst")
    before = analyst.get(f"/records/{own}/file").json()

    suggested = analyst.get(f"/records/{own}/suggestions?threshold=0").json()
    assert [one["record"] for one in suggested] == [theirs]
    judged = analyst.post(
        "/judgements", {"one": own, "other": theirs, "judgement": "same", "reason": "same scar"}
    )
    assert judged.status_code == 201
    file = analyst.get(f"/records/{theirs}/file").json()
    assert {one["owner"] for one in file["members"]} == {"xar", "xbo"}
    undone = analyst.post(f"/judgements/{judged.json()['id']}/undo", {"reason": "other parents"})
    assert undone.json()["undone_reason"] == "other parents"
    after = analyst.get(f"/records/{own}/file").json()
    assert after.pop("judgements") == [undone.json()]
    assert before.pop("judgements") == []
    assert after == before


def test_pr_09_a_hidden_member_is_in_no_answer(made):
    """What Caspia joined is not there for Arvand, nor is the identifier of its record."""
    api, (own, theirs, hidden) = made
    caspia = api.as_("xca", "analyst")
    for other in (own, theirs):
        body = {"one": hidden, "other": other, "judgement": "same", "reason": "same scar"}
        assert caspia.post("/judgements", body).status_code == 201

    assert len(caspia.get(f"/records/{own}/file").json()["members"]) == 3
    text = repr(api.as_("xar", "analyst").get(f"/records/{own}/file").json())
    assert hidden not in text
    assert theirs not in text
    assert api.as_("xar", "analyst").get(f"/records/{hidden}/file").status_code == 404
