"""Records are kept as they were given, and are there only for whom they are open."""

from __future__ import annotations

from sqlalchemy import select

from bank_help import actor, authority, marking, person
from didban.intake import bank
from didban.store import records
from didban.store.tables.records import record
from didban.store.visibility import open_to


def test_a_record_comes_back_as_it_was_reported(database):
    """Content, marking and alert survive the store."""
    entity = person(birthDate="1971-05-02")
    with database.begin() as tx:
        authority(tx, "xar")
        kept = bank.report(tx, actor("xar"), entity, marking("xar"))
        found = records.get(tx, entity.id, open_to(tx, actor("xar")))

    assert found is not None
    assert (found.entity, found.marking, found.alert) == (kept.entity, kept.marking, kept.alert)


def test_what_a_record_does_not_say_is_null(database):
    """Null as the database has it, not as JSON has it: duties and statistics ask for that."""
    with database.begin() as tx:
        authority(tx, "xar")
        kept = bank.report(tx, actor("xar"), person(), marking("xar"))
        unsaid = select(record.c.id).where(record.c.alert.is_(None), record.c.sensitive.is_(None))
        assert tx.scalar(unsaid.where(record.c.id == kept.id)) == kept.id


def test_who_is_excluded_finds_nothing(database):
    """Exclusion is stronger than an audience of everyone (PR-09)."""
    entity = person()
    with database.begin() as tx:
        authority(tx, "xar")
        authority(tx, "xbo")
        bank.report(tx, actor("xar"), entity, marking("xar", excluded=("node:xbo",)))

        assert records.get(tx, entity.id, open_to(tx, actor("xbo"))) is None
        assert records.get(tx, entity.id, open_to(tx, actor("xca"))) is not None
