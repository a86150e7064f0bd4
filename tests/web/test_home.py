"""My desk: what waits, by deadline, for who may work on it; and how much of it, without a reload."""

from __future__ import annotations

import json
from dataclasses import replace

from sqlalchemy import func, select

from api_help import Api
from bank_help import actor, marking, person
from didban import clock
from didban.intake import bank
from didban.intake.drafts import Draft
from didban.model.retention import ErasureReason
from didban.store import erasure, shelf
from didban.store.tables.audit import audit_entry


def entered(api: Api) -> int:
    """Return how many entries the audit has."""
    with api.database.begin() as tx:
        return tx.scalar(select(func.count()).select_from(audit_entry)) or 0


def test_what_waits_stands_at_the_desk_of_who_may_work_on_it(api, pages):
    """A match that the gate passed on waits at the second line, in the margin and on its desk."""
    with api.database.begin() as tx:
        zahra = person("Zahra Karimzadeh", birthDate="1971-05-02")
        bank.report(tx, actor("xbo"), zahra, marking("xbo"))
    api.services.index.catch_up()
    gate, clerk = pages.as_("xar", "first_line"), pages.as_("xar", "second_line", language="fa")
    assert json.loads(clerk.get("/mine/waiting").response.body)["hits"] == 0
    page = gate.send("/checks", names="Zahra Karimzadeh")
    (refer,) = [one.get("action") for one in page.all(".//form") if "/refer" in one.get("action")]
    gate.send(refer.removeprefix("/desk"), held="yes")

    desk = clerk.get("/mine")
    assert [link for link in desk.links() if "/hits/hit_" in link]
    [count] = [one for one in desk.all(".//nav//span") if one.get("data-count") == "hits"]
    assert count.get("data-waiting") == "1"
    before = entered(api)
    assert json.loads(clerk.get("/mine/waiting").response.body)["hits"] == 1
    assert entered(api) == before
    assert "hits" not in json.loads(gate.get("/mine/waiting").response.body)
    assert [link for link in gate.get("/mine").links() if "/checks/chk_" in link]
    assert pages.as_("xbo", "second_line").get("/mine").text.count("Zahra") == 0


def test_a_file_that_is_watched_tells_what_changed_as_long_as_it_is_open(api, pages):
    """Opened files stand on the own shelf alone; what is closed or erased is not on it any more."""
    zahra = person("Zahra Karimzadeh", birthDate="1971-05-02")
    with api.database.begin() as tx:
        kept = bank.report(tx, actor("xbo"), zahra, marking("xbo"))
    file = f"/files/{kept.id}"
    clerk, other = pages.as_("xar", "second_line"), pages.as_("xar", "analyst", user="usr_other")
    assert f"/desk{file}" not in clerk.get("/mine").links()
    assert {"watch"} == ways(clerk.get(file))
    assert "You watch this file" in clerk.follow(clerk.send(f"{file}/watch")).text
    assert f"/desk{file}" in clerk.get("/mine").links()
    assert "What is new in them" not in clerk.get("/mine").text
    assert f"/desk{file}" not in other.get("/mine/files").links()

    with api.database.begin() as tx:
        draft = Draft(entity=kept.entity, marking=kept.marking)
        bank.correct(tx, actor("xbo"), kept.id, draft, expected=1, reason="spelt anew")
    assert "A record was changed" in clerk.get("/mine").text
    assert "A record was changed" in clerk.get("/mine/files").text
    assert {"unwatch"} == ways(clerk.get(file))
    assert "Nothing since then" in clerk.get("/mine/files").text

    with api.database.begin() as tx:
        closed = replace(kept.marking.visibility, excluded=("node:xar",))
        marked = replace(kept.marking, visibility=closed)
        draft = Draft(entity=kept.entity, marking=marked)
        bank.correct(tx, actor("xbo"), kept.id, draft, expected=2, reason="closed")
    assert f"/desk{file}" not in clerk.get("/mine/files").links()
    with api.database.begin() as tx:
        assert shelf.count_watched(tx, clerk.who.user, clock.now()) == 1
        erasure.erase(tx, kept.id, ErasureReason.RETENTION_ENDED, clock.now())
        assert shelf.count_watched(tx, clerk.who.user, clock.now()) == 0


def ways(page):
    """Return what the page of a file offers for the shelf."""
    actions = [one.get("action", "").rpartition("/")[2] for one in page.all(".//main//form")]
    return {one for one in actions if one in {"watch", "unwatch"}}
