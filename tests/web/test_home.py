"""My desk: what waits, by deadline, for who may work on it; and how much of it, without a reload."""

from __future__ import annotations

import json

from sqlalchemy import func, select

from api_help import Api
from bank_help import actor, marking, person
from didban.intake import bank
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
