"""A transaction happens whole or not at all."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from didban.errors import Conflict


def test_every_test_has_a_bank_of_its_own(database):
    """The tables are there and empty."""
    with database.begin() as tx:
        assert tx.execute(text("select count(*) from record")).scalar() == 0


def test_what_another_one_entered_at_the_same_moment_is_a_conflict(database):
    """Whoever looked whether a name was free may still come second."""
    again = "insert into authority values ('xar', 'Arvand', 'border', null, '{}', now())"
    with database.begin() as tx:
        tx.execute(text(again))

    with pytest.raises(Conflict), database.begin() as tx:
        tx.execute(text(again))
