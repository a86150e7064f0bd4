"""What is erased is gone from every table, and stays gone when a backup is restored."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Text, cast, insert, select

from bank_help import actor, authority, marking, person
from didban import clock
from didban.intake import bank
from didban.model.disputes import Ground
from didban.model.retention import ErasureReason
from didban.store import erasure
from didban.store.tables import catalogue
from didban.store.tables.attached import attachment, blob
from didban.store.tables.records import change
from didban.store.tables.retention import tombstone

_WHY = ErasureReason.RETENTION_ENDED


@pytest.fixture
def reported(database):
    """Return a record of which there are two versions."""
    with database.begin() as tx:
        authority(tx, "xar")
        return bank.report(tx, actor("xar"), person("Zahra Karimzadeh"), marking("xar"))


def places_of(database, words: str) -> list[str]:
    """Return every column of the bank that holds these words, whatever its type."""
    with database.begin() as tx:
        return [
            f"{table.name}.{column.name}"
            for table in catalogue().sorted_tables
            for column in table.c
            if tx.scalar(select(column).where(cast(column, Text).contains(words)).limit(1))
        ]


def test_no_column_of_the_bank_holds_it_any_more(database, reported):
    """Versions too; what remains is a tombstone, and that followers are told."""
    now = clock.now()
    with database.begin() as tx:
        withdrawn = bank.withdraw(
            tx, actor("xar"), reported.id, expected=1, ground=Ground.ERROR, reason="no"
        )
    assert withdrawn.version == 2
    assert places_of(database, "Karimzadeh")

    with database.begin() as tx:
        told = len(tx.execute(select(change)).all())
        assert erasure.erase(tx, reported.id, _WHY, now)
        assert len(tx.execute(select(change)).all()) == told + 1
        stone = tx.execute(select(tombstone)).one()

    assert places_of(database, "Karimzadeh") == []
    assert (stone.reason, stone.erased_at) == (_WHY, now)
    assert places_of(database, reported.id) == ["audit_entry.subject"]


def test_the_same_photo_of_another_record_stays(database, reported):
    """A content is kept as long as one record has it."""
    with database.begin() as tx:
        other = bank.report(tx, actor("xar"), person("Bahram Novak"), marking("xar"))
        photo = {"content": b"a photo", "size": 7}
        tx.execute(insert(blob).values(sha256=bytes(32), **photo))
        tx.execute(insert(blob).values(sha256=b"1" * 32, **photo))
        for number, (record, sha256) in enumerate(
            [(reported.id, bytes(32)), (reported.id, b"1" * 32), (other.id, bytes(32))]
        ):
            values = {
                "id": f"att_{number}",
                "record": record,
                "sha256": sha256,
                "visibility": reported.visibility_number or 1,
                "role": "photo",
                "media_type": "image/jpeg",
                "title": "",
                "handling": "H0",
                "attached_at": clock.now(),
                "attached_by": "usr_xar",
            }
            tx.execute(insert(attachment).values(values))
        erasure.erase(tx, reported.id, _WHY, clock.now())

        assert [bytes(row) for row in tx.scalars(select(blob.c.sha256))] == [bytes(32)]


def test_erasing_what_is_not_there_changes_nothing(database):
    """Nor does it leave a tombstone."""
    with database.begin() as tx:
        assert not erasure.erase(tx, "rec_none", _WHY, clock.now())
        assert tx.execute(select(tombstone)).all() == []


def test_the_list_of_erasures_erases_again_what_a_restore_brings_back(
    database, reported, tmp_path: Path
):
    """The list holds no identifier, only keyed hashes; the reason and the time stay."""
    path = tmp_path / erasure.LIST_NAME
    now = clock.now() - timedelta(days=3)
    with database.begin() as tx:
        erasure.erase(tx, reported.id, _WHY, now)
    assert erasure.write_list(database, path, clock.now()) == 1
    assert erasure.write_list(database, path, clock.now()) == 0
    assert reported.id not in path.read_text()

    with database.begin() as tx:  # as an older backup has it
        tx.execute(tombstone.delete())
        bank.report(tx, actor("xar"), reported.entity, reported.marking)
        other = bank.report(tx, actor("xar"), person("Bahram Novak"), marking("xar"))
    with database.begin() as tx:
        assert erasure.reapply(tx, erasure.read_list(path)) == 1
        stone = tx.execute(select(tombstone)).one()

    assert places_of(database, "Karimzadeh") == []
    assert places_of(database, other.id)
    assert (stone.reason, stone.erased_at) == (_WHY, now)


def test_a_torn_line_of_the_list_is_written_again(database, reported, tmp_path: Path):
    """A line counts when it is whole and on the disk."""
    path = tmp_path / erasure.LIST_NAME
    path.write_text('{"hash": "00')
    with database.begin() as tx:
        erasure.erase(tx, reported.id, _WHY, clock.now())
    erasure.write_list(database, path, clock.now())

    assert len(list(erasure.read_list(path))) == 1
    assert len(path.read_text().splitlines()) == 1


def test_the_key_of_the_hashes_is_made_once(database):
    """Two banks hash one identifier differently; one bank always alike."""
    with database.begin() as tx:
        first = erasure.hash_of(tx, "rec_a")
        erasure.make_key(tx)
        assert erasure.hash_of(tx, "rec_a") == first
        assert erasure.hash_of(tx, "rec_b") != first
