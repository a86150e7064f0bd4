"""A bank of any age becomes one of today, and the other way, without losing what it holds."""

from __future__ import annotations

import threading

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import insert, inspect, select, text, update

from bank_help import actor, authority, fresh_bank, marking, person
from didban.errors import ConfigError, Conflict, Unavailable
from didban.intake import bank
from didban.store import records, schema
from didban.store.database import Database
from didban.store.schema import SCHEMA_VERSION
from didban.store.tables import catalogue
from didban.store.tables.operation import schema_version
from didban.store.visibility import open_to


@pytest.fixture
def empty(postgres):
    """Return a database without any table."""
    with fresh_bank(postgres, made_by="") as made:
        yield made


def steps(database):
    """Return every step, oldest first."""
    with database.connect() as connection:
        script = ScriptDirectory.from_config(schema.config(connection))
        return list(reversed(list(script.walk_revisions())))


def test_what_the_steps_make_is_what_the_tables_say(empty):
    """Nobody has to compare them by eye."""
    schema.upgrade(empty)

    with empty.begin() as tx:
        assert compare_metadata(MigrationContext.configure(tx), catalogue()) == []


# What a server itself says of its tables: also what a comparison of models does not see.
_SAID_BY_THE_SERVER = {
    "columns": "select table_name, column_name, data_type, udt_name, is_nullable, column_default,"
    " identity_generation, generation_expression, collation_name"
    " from information_schema.columns where table_schema = 'public'",
    "indexes": "select indexname, indexdef from pg_indexes where schemaname = 'public'",
    "constraints": "select conname, conrelid::regclass::text, pg_get_constraintdef(oid)"
    " from pg_constraint where connamespace = 'public'::regnamespace",
    "triggers": "select tgname, pg_get_triggerdef(oid) from pg_trigger where not tgisinternal",
    "functions": "select proname, pg_get_functiondef(p.oid) from pg_proc p where"
    " pronamespace = 'public'::regnamespace and not exists (select from pg_depend where"
    " objid = p.oid and deptype = 'e')",
    "extensions": "select extname from pg_extension",
}


@pytest.mark.parametrize("what", _SAID_BY_THE_SERVER)
def test_a_server_says_the_same_of_a_bank_that_was_migrated_as_of_one_that_was_made(
    empty, database, what
):
    """Expressions in indexes, defaults, triggers: down to the text."""
    schema.upgrade(empty)
    said = []
    for bank_of in (empty, database):
        with bank_of.begin() as tx:
            rows = tx.execute(text(_SAID_BY_THE_SERVER[what])).all()
        said.append({tuple(row) for row in rows if "alembic_version" not in str(row)})
    assert said[0] - said[1] == set()
    assert said[1] - said[0] == set()


def test_steps_are_numbered_without_a_gap_and_the_newest_is_the_code_s(empty):
    """The number is the version; there is no second count to keep equal."""
    numbers = [step.revision for step in steps(empty)]

    assert numbers == [f"{number:04}" for number in range(1, SCHEMA_VERSION + 1)]


def test_every_step_goes_up_and_down_and_says_where_it_is(empty):
    """After each, the version in the bank is the step's, and nothing is left at the bottom."""
    for step in steps(empty):
        number = int(step.revision)
        assert schema.upgrade(empty, number) == [number]
        with empty.begin() as tx:
            found = schema.state(tx)
        assert (found.version, found.compat) == (number, step.module.COMPAT)
    for number in reversed(range(SCHEMA_VERSION)):
        assert schema.upgrade(empty, number) == [number]
    with empty.begin() as tx:
        assert set(inspect(tx).get_table_names()) <= {"alembic_version"}


def test_what_a_bank_holds_survives_an_upgrade_that_has_nothing_to_do(empty):
    """Starting twice is starting once."""
    schema.upgrade(empty)
    entity = person()
    with empty.begin() as tx:
        authority(tx, "xar")
        bank.report(tx, actor("xar"), entity, marking("xar"))

    assert schema.upgrade(empty) == []
    with empty.begin() as tx:
        assert records.get(tx, entity.id, open_to(tx, actor("xar"))) is not None


def test_a_bank_of_a_newer_didban_is_refused(empty):
    """Old code would write what the newer one cannot read."""
    schema.upgrade(empty)
    newer = {"version": SCHEMA_VERSION + 2, "compat": SCHEMA_VERSION + 1}
    with empty.begin() as tx:
        tx.execute(update(schema_version).values(newer))

    with pytest.raises(ConfigError, match="install the newer Didban"):
        schema.upgrade(empty)


def test_a_newer_bank_that_says_it_may_be_opened_is_left_as_it_is(empty):
    """A step that only added lets the version before be put back."""
    schema.upgrade(empty)
    newer = {"version": SCHEMA_VERSION + 1, "compat": SCHEMA_VERSION}
    with empty.begin() as tx:
        tx.execute(update(schema_version).values(newer))

    assert schema.upgrade(empty) == []
    with empty.begin() as tx:
        assert schema.state(tx).version == SCHEMA_VERSION + 1


def test_two_who_upgrade_at_once_do_it_once(empty):
    """The second waits, and finds nothing left to do."""
    passed: list[list[int]] = []
    both = [threading.Thread(target=lambda: passed.append(schema.upgrade(empty))) for _ in "ab"]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()

    assert sorted(passed) == [[], list(range(1, SCHEMA_VERSION + 1))]


def test_a_step_that_cannot_have_a_table_gives_up(empty, monkeypatch):
    """Whoever waits for a lock holds up everybody behind; so it does not wait for long."""
    schema.upgrade(empty)
    monkeypatch.setattr(schema, "_LOCK_SECONDS", 0.2)
    monkeypatch.setattr(schema, "SCHEMA_VERSION", SCHEMA_VERSION + 1)
    with empty.begin() as tx:
        tx.execute(text("lock table record in share mode"))
        with pytest.raises(Unavailable, match="others use the bank"):
            schema.upgrade(empty, 0)
    with empty.begin() as tx:
        assert schema.state(tx).version == SCHEMA_VERSION


def test_a_step_that_fails_leaves_nothing_of_itself(empty):
    """One step is one transaction."""
    with empty.begin() as tx:
        tx.execute(text("create table record (something int)"))

    with pytest.raises(Exception, match="already exists"):
        schema.upgrade(empty)
    with empty.begin() as tx:
        assert set(inspect(tx).get_table_names()) <= {"alembic_version", "record"}


def test_a_bank_without_any_schema_is_of_version_0(empty):
    """It is not an error to ask."""
    with empty.begin() as tx:
        assert schema.state(tx).version == 0
        assert not schema.state(tx).is_current


def test_only_one_row_says_the_version(empty):
    """Two would contradict each other."""
    schema.upgrade(empty)
    with pytest.raises(Conflict), empty.begin() as tx:
        tx.execute(insert(schema_version).values(version=1, compat=1))
    with empty.begin() as tx:
        assert len(tx.execute(select(schema_version)).all()) == 1


def test_a_server_that_is_too_old_is_refused(empty, monkeypatch):
    """The builtin locale provider came with PostgreSQL 17."""
    monkeypatch.setattr(schema, "_LEAST_SERVER", 190_000)
    with pytest.raises(ConfigError, match="PostgreSQL 18 is too old"), empty.begin() as tx:
        schema.require_fit(tx)


@pytest.mark.parametrize("locale", ["C", "POSIX"])
def test_a_database_that_knows_latin_letters_only_is_refused(postgres, locale):
    """It would find no Persian, Arabic or Cyrillic name by its parts, and say nothing about it."""
    made_by = f"template template0 locale_provider libc locale '{locale}'"
    with (
        fresh_bank(postgres, made_by) as made,
        pytest.raises(ConfigError, match="does not know Persian"),
        made.begin() as tx,
    ):
        schema.require_fit(tx)


def test_a_database_in_another_encoding_is_refused(postgres):
    """Most letters would have no place in it."""
    made_by = "template template0 encoding 'SQL_ASCII' locale_provider libc locale 'C'"
    with (
        fresh_bank(postgres, made_by) as made,
        pytest.raises(ConfigError, match="encoded in SQL_ASCII"),
        made.begin() as tx,
    ):
        schema.require_fit(tx)


def test_asking_whether_a_server_fits_can_be_undone(empty):
    """The extension that it tries goes with the transaction."""
    with empty.connect() as connection:
        schema.require_fit(connection)
        connection.rollback()
    with empty.begin() as tx:
        known = tx.execute(text("select count(*) from pg_extension where extname = 'pg_trgm'"))
        assert known.scalar_one() == 0


def test_what_is_no_address_of_a_postgresql_is_refused_without_repeating_it():
    """It may hold a password."""
    for wrong in ("mysql://didban:secret@here/bank", "not an address: secret"):
        with pytest.raises(ConfigError) as refused:
            Database(wrong)
        assert "secret" not in str(refused.value)
