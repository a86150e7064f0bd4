"""The link chart: one step around, from a table that says the same."""

from __future__ import annotations

from bank_help import actor, marking, person
from didban.intake import bank
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


def test_a_chart_of_many_shows_those_with_the_most_links():
    """More than a hundred and fifty things on a chart tell nothing."""
    from didban.analysis.links import Edge, Graph, Node
    from didban.model.marking import Handling

    count = chart.MOST + 10
    nodes = [Node(id=f"rec_{n}", owner="xar", shown=None) for n in range(count)]
    edges = [
        Edge(source="rec_0", target=f"rec_{n}", name="Associate", link=None, handling=Handling.H0)
        for n in range(1, count)
    ]
    made = chart.drawn(["rec_0"], [Graph(nodes=nodes, edges=edges, is_whole=True)])

    assert len(made.things) == chart.MOST
    assert made.left_out == 10
    assert made.things[0].is_centre
