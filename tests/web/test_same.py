"""Who may be the same: suggested by the machine, judged by a human, taken back with a reason."""

from __future__ import annotations

import pytest

from bank_help import actor, marking, person
from didban.intake import bank


@pytest.fixture
def two(api):
    """Return identifiers of two records about one woman, of two owners."""
    names = {"xar": "زهرا کریم‌زاده", "xbo": "Zahra Karimzadeh"}
    made = []
    with api.database.begin() as tx:
        for owner, name in names.items():
            entity = person(name, birthDate="1971-05-02", nationality="xar")
            made.append(bank.report(tx, actor(owner), entity, marking(owner)).id)
    api.services.index.catch_up()
    return made


def test_a_judgement_is_made_with_a_reason_and_taken_back(pages, two):
    """Nothing is chosen from the start; after it, the file has both records; undone, it has one."""
    own, theirs = two
    desk = pages.as_("xar", "analyst", language="fa")

    suggested = desk.get(f"/files/{own}/same")
    address = f"/desk/files/{own}/same?with={theirs}"
    assert address in suggested.links()

    pair = desk.get(f"/files/{own}/same", **{"with": theirs})
    assert {"reason", "judgement", "with"} <= pair.fields()
    assert "1971-05-02" in pair.text
    assert {f"/desk/records/{own}", f"/desk/records/{theirs}"} <= set(pair.links())
    bare = desk.send(f"/files/{own}/same", **{"with": theirs, "judgement": "same"})
    assert bare.status == 422
    reasons = {"with": theirs, "judgement": "same", "reason": "Same scar."}
    done = desk.follow(desk.send(f"/files/{own}/same", **reasons))
    assert "Same scar." in done.text
    again = desk.send(f"/files/{own}/same", **reasons)
    assert again.status == 409
    lots = desk.get("/judgements")
    assert "Same scar." in lots.text
    assert any("same?with=" in link for link in lots.links())

    addresses = [one.get("action", "") for one in done.all(".//main//form")]
    [undo] = [one.removeprefix("/desk") for one in addresses if one.endswith("/undo")]
    assert desk.send(undo).status == 422
    after = desk.follow(desk.send(undo, reason="Another mother."))
    assert "Another mother." in after.text
    assert len(desk.get(f"/files/{own}").all(".//main//h1")) == 1


def test_who_may_not_judge_sees_no_way_to(pages, two):
    """Judging is the analyst's (PR-24)."""
    desk = pages.as_("xar", "second_line")

    assert desk.get(f"/files/{two[0]}/same").status == 403
