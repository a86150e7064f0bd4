"""Searches by words use their index."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from bank_help import actor, authority, marking, person
from didban.intake import bank
from didban.model.searches import Search
from didban.store import links, search
from plans_help import plans


@pytest.mark.parametrize(
    "asking",
    [
        lambda tx, sight: search.found(tx, Search(text="karimzadeh"), sight, limit=21),
        lambda tx, sight: search.counted(tx, Search(text='"zahra karimzadeh" ab*'), sight),
        lambda tx, sight: search.counted(tx, Search(country="xbo"), sight),
        lambda tx, sight: links.speaking_of(tx, ["rec_1"], sight.open_to, limit=20),
    ],
    ids=["rows", "counts", "country", "links"],
)
def test_a_search_by_words_goes_by_their_index(database, asking):
    """Without it, the words of every record would be made anew."""
    with database.begin() as tx:
        authority(tx, "xar")
        bank.report(tx, actor("xar"), person(), marking("xar"))
        # In a bank of one record every index is as good as the one that is looked for.
        tx.execute(text("set local enable_seqscan = off"))
        tx.execute(text("drop index record_visibility_idx"))
        sight = search.sight_of(tx, actor("xar"))

        [plan] = plans(tx, lambda: asking(tx, sight))

    assert "record_words_idx" in plan
