"""Statements: each value with who says it, since when, and what took its place."""

from __future__ import annotations

from dataclasses import replace

from bank_help import actor, draft_of, marking, person
from didban.intake import bank


def test_a_correction_is_seen_value_by_value(pages, api):
    """What is said no more stays in the table, with when it was last recorded."""
    with api.database.begin() as tx:
        first = bank.report(
            tx, actor("xar"), person("Zahra Karimzadeh", birthDate="1971-05-02"), marking("xar")
        )
        new = replace(first.entity, properties={**first.entity.properties, "birthDate": ("1972",)})
        bank.correct(
            tx, actor("xar"), first.id, draft_of(first, entity=new), expected=1, reason="A misprint"
        )
    desk = pages.as_("xar", "second_line", language="fa")
    path = f"/records/{first.id}/statements"

    page = desk.get(path)
    identity = desk.get(path, field="identity", only="present")

    assert page.status == 200
    assert "1971-05-02" in page.text
    assert "A misprint" in page.text
    assert len(page.all(".//main//del")) == 1
    rows = identity.all(".//main//table[1]/tbody/tr")
    assert 0 < len(rows) < len(page.all(".//main//table[1]/tbody/tr"))
    assert len(identity.all(".//main//ul[@class='chips']/li")) == 2
    told = pages.as_("xbo", "second_line").get(path)
    assert told.status == 200
    assert "A misprint" not in told.text
