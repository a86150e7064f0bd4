"""In what order things happened, as exactly as it is known, and where nothing is known."""

from __future__ import annotations

from datetime import date

import pytest

from bank_help import actor, marking, person
from didban.intake import bank
from didban.model.records import Record
from didban.web.presenters.timeline import bounds_of


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("1971-05-02", date(1971, 5, 2), date(1971, 5, 2)),
        ("1971-02", date(1971, 2, 1), date(1971, 2, 28)),
        ("1965~", date(1965, 1, 1), date(1965, 12, 31)),
        ("1963/1968", date(1963, 1, 1), date(1968, 12, 31)),
    ],
)
def test_a_date_lies_between_days(text, first, last):
    """No date is made more exact than it is known."""
    assert bounds_of(text) == (first, last)
    assert bounds_of("XXXX-03-02") is None


def test_a_timeline_orders_dates_and_says_its_gaps(pages, api):
    """Events are dated by their own records; a strip chart stands above the table of the same."""
    with api.database.begin() as tx:
        entity = person("Zahra Karimzadeh", birthDate="1971~")
        own = bank.report(tx, actor("xar"), entity, marking("xar"))
        friend = bank.report(tx, actor("xar"), person("Yusef Dar"), marking("xar"))
        both = (own.id, friend.id)
        said = {"name": ("Crossing at Dara",), "involved": both, "date": ("2025-03",)}
        event = Record(id="rec_event000000000000000001", schema="Event", properties=said)
        bank.report(tx, actor("xar"), event, marking("xar"))
    desk = pages.as_("xar", "second_line", language="fa")

    page = desk.get(f"/files/{own.id}/timeline")
    only = desk.get(f"/files/{own.id}/timeline", what="birthDate")
    together = desk.get(f"/files/{own.id}/timeline", who=friend.id)

    whens = [row.find("th") for row in page.all(".//main//tbody/tr[@data-row]")]
    texts = ["".join(each.itertext()) for each in whens if each is not None]
    assert ["1971" in texts[0], "2025-03" in texts[1], len(texts)] == [True, True, 2]
    assert "Crossing at Dara" in page.text
    assert len(page.all(".//main//tr[@class='silence']")) == 1
    assert len(page.all(".//main//{*}svg")) == 1
    assert len(only.all(".//main//tbody/tr[@data-row]")) == 1
    assert "1971" not in together.text.split("2025-03")[0]
    assert pages.as_("xar", "first_line").get(f"/files/{own.id}/timeline").status == 403
