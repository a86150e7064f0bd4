"""The link chart: one step around, from a table that says the same."""

from __future__ import annotations

from itertools import pairwise

from bank_help import actor, marking, person
from didban.analysis.links import Edge, Graph, Node
from didban.intake import bank
from didban.model.marking import Handling
from didban.model.records import Record
from didban.web.presenters import chart
from didban.web.rendering import STATIC


def test_the_rule_that_the_library_would_add_stands_in_our_style_sheet():
    """It adds none where its identifier is there already: the policy needs no exception."""
    library = (STATIC / "vendor" / "cytoscape.js").read_text(encoding="utf-8")

    assert '"__________cytoscape_stylesheet"' in library
    assert '" { position: relative; }"' in library
    ours = (STATIC / "css" / "chart.css").read_text(encoding="utf-8")
    assert ".__________cytoscape_container { position: relative; }" in ours


def test_a_chart_says_in_a_table_what_it_draws(pages, api):
    """Things that are not open bear no name; from any other, one steps on."""
    with api.database.begin() as tx:
        own = bank.report(tx, actor("xar"), person("Zahra Karimzadeh"), marking("xar"))
        hers = bank.report(tx, actor("xbo"), person("Yusef Dar"), marking("xbo"))
        ends = {"person": (own.id,), "associate": (hers.id,)}
        tie = Record(id="rec_link0000000000000000001", schema="Associate", properties=ends)
        bank.report(tx, actor("xar"), tie, marking("xar"))
    page = pages.as_("xar", "second_line", language="ru").get(f"/files/{own.id}/chart")

    rows = page.all(".//main//tr[@data-thing]")
    assert {row.get("data-thing") for row in rows} == {own.id, hers.id}
    [line] = page.all(".//main//tr[@data-from]")
    assert {line.get("data-from"), line.get("data-to")} == {own.id, hers.id}
    assert "Yusef Dar" not in page.response.body.decode()
    assert page.response.headers["content-security-policy"].count("unsafe") == 0
    assert pages.as_("xar", "first_line").get(f"/files/{own.id}/chart").status == 403


def test_a_chart_is_opened_out_hidden_and_narrowed_by_its_address(pages, api):
    """How much more there is, is told before; without a script the links of the table do the same."""
    with api.database.begin() as tx:
        names = ("Zahra Karimzadeh", "Yusef Dar", "Mina Dar")
        people = [bank.report(tx, actor("xar"), person(n), marking("xar")).id for n in names]
        for number, (one, other) in enumerate(pairwise(people)):
            said = {"person": (one,), "associate": (other,), "startDate": (f"{2010 + number}",)}
            tie = Record(id=f"rec_link{number:021}", schema="Associate", properties=said)
            bank.report(tx, actor("xar"), tie, marking("xar"))
    desk, (own, friend, beyond) = pages.as_("xar", "second_line"), people

    def things(**asked):
        page = desk.get(f"/files/{own}/chart", **asked)
        return page, {row.get("data-thing") for row in page.all(".//main//tr[@data-thing]")}

    page, shown = things()
    assert shown == {own, friend}
    assert "Open out: 1 more" in page.text
    assert "since 2010" in page.text
    page, shown = things(open=friend)
    assert shown == {own, friend, beyond}
    assert "Fold back" in page.text
    assert things(open=friend, hide=beyond)[1] == {own, friend}
    assert things(open=friend, until="2010")[1] == {own, friend}
    assert things(open=friend, since="2011", until="2030")[1] == {own, friend, beyond}


def test_a_chart_of_many_groups_those_with_the_fewest_links_by_their_kind():
    """More than a hundred and fifty things on a chart tell nothing."""
    count = chart.MOST + 10
    nodes = [Node(id=f"rec_{n}", owner="xar", shown=None) for n in range(count)]
    edges = [
        Edge(source="rec_0", target=f"rec_{n}", name="Associate", link=None, handling=Handling.H0)
        for n in range(1, count)
    ]
    made = chart.drawn(["rec_0"], [Graph(nodes=nodes, edges=edges, is_whole=True)])

    assert len(made.things) == chart.MOST
    assert [(group.count, group.on) for group in made.groups] == [(10, ["rec_0"])]
    assert made.things[0].is_centre
