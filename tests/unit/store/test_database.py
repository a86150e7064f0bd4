"""A transaction happens whole or not at all."""

from __future__ import annotations

from sqlalchemy import text


def test_every_test_has_a_bank_of_its_own(database):
    """The tables are there and empty."""
    with database.begin() as tx:
        assert tx.execute(text("select count(*) from record")).scalar() == 0
