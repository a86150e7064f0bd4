"""A snapshot changes at once and as a whole; who reads an older state is not disturbed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from didban.errors import NotFound
from didban.match.index.manifest import DatasetInfo, Manifest
from didban.match.snapshot import Snapshot, SnapshotBuilder
from specimens import BUILT_AT, build, crowd, passport, person, question, snapshot_of

KOWAL = person("Piotr Kowalski", id="kowal")


def found(snapshot: Snapshot, name: str) -> list[str]:
    """Return the identifiers of those who may be meant by a name."""
    return [match.id for match in snapshot.match(question(name), limit=100)]


def contents(snapshot: Snapshot) -> dict[str, str]:
    """Return the main name of every record by its identifier."""
    return {record.id: record.properties["name"][0] for record in snapshot.records()}


# -- in memory -------------------------------------------------------------------------------------


def test_who_is_added_is_found_at_once(tmp_path):
    """Without a build, and not after the process has ended."""
    snapshot = snapshot_of(tmp_path, crowd(20))

    snapshot.add(KOWAL)

    assert found(snapshot, "Piotr Kowalski") == ["kowal"]
    assert snapshot.record("kowal") == KOWAL
    assert len(snapshot) == 21
    assert found(Snapshot.open(tmp_path), "Piotr Kowalski") == []


def test_who_is_withdrawn_is_not_found_any_more(tmp_path):
    """By name, by document and by identifier."""
    snapshot = snapshot_of(tmp_path, [*crowd(20), replace(KOWAL, documents=(passport(),))])

    assert snapshot.withdraw("kowal")

    assert found(snapshot, "Piotr Kowalski") == []
    assert snapshot.match(question(documents=(passport(),))) == []
    assert snapshot.record("kowal") is None
    assert len(snapshot) == 20
    assert not snapshot.withdraw("kowal")


def test_who_is_added_again_is_replaced(tmp_path):
    """An identifier stands for one record only."""
    snapshot = snapshot_of(tmp_path, [*crowd(20), KOWAL])

    snapshot.add(person("Pavel Novak", id="kowal"))

    assert found(snapshot, "Piotr Kowalski") == []
    assert found(snapshot, "Pavel Novak") == ["kowal"]
    assert len(snapshot) == 21


def test_a_document_is_found_as_soon_as_it_is_reported(tmp_path):
    """A passport stolen this morning must not pass at noon."""
    snapshot = snapshot_of(tmp_path, crowd(20))

    snapshot.add(person("", id="stolen", schema="Passport", documents=(passport(),)))

    assert [m.id for m in snapshot.match(question(documents=(passport(),)))] == ["stolen"]


def test_many_additions_make_few_layers(tmp_path):
    """Their number grows with the logarithm, so that a search stays as fast."""
    snapshot = snapshot_of(tmp_path, [])

    for record in crowd(100):
        snapshot.add(record)

    assert len(snapshot._layers) <= 8
    assert len(snapshot) == 100


def test_a_record_is_known_by_its_referents_too(tmp_path):
    """Its own identifier goes before one that another record only refers to."""
    merged = person("Pavel Novak", id="merged", referents=("kowal", "older"))
    snapshot = snapshot_of(tmp_path, [merged, KOWAL])

    assert snapshot.record("kowal") == KOWAL
    assert snapshot.record("older") == merged


def test_replacing_or_withdrawing_spares_a_record_that_only_refers(tmp_path):
    """Taking out one list's record must not take out the one that mentions it."""
    merged = person("Pavel Novak", id="merged", referents=("kowal",))
    snapshot = snapshot_of(tmp_path, [merged])

    snapshot.add(KOWAL)
    assert snapshot.withdraw("kowal")
    assert not snapshot.withdraw("kowal")

    assert contents(snapshot) == {"merged": "Pavel Novak"}


# -- on disk ---------------------------------------------------------------------------------------


def test_an_update_adds_replaces_and_withdraws(tmp_path):
    """One more file and a new manifest; the rest stays as it is."""
    first = build(tmp_path, [KOWAL, person("Pavel Novak", id="novak"), *crowd(30)])

    update = SnapshotBuilder(tmp_path, onto=first)
    update.add(person("Pavel Nowak", id="novak"))
    update.add(person("Zoltan Varghese", id="new"))
    assert update.withdraw("kowal")
    assert update.record("kowal") is None
    second = update.commit(built_at=BUILT_AT)

    assert second.segments[0] == replace(first.segments[0], withdrawn=(0, 1))
    assert contents(Snapshot.open(tmp_path)) == {
        **{record.id: record.properties["name"][0] for record in crowd(30)},
        "novak": "Pavel Nowak",
        "new": "Zoltan Varghese",
    }


def test_an_update_of_an_update_keeps_what_both_said(tmp_path):
    """Withdrawals from every older file stay withdrawn."""
    manifest = build(tmp_path, [person(id=f"p{i}") for i in range(4)])
    for gone in ("p0", "p1", "p2"):
        update = SnapshotBuilder(tmp_path, onto=manifest)
        assert update.withdraw(gone)
        update.add(person("Pavel Novak", id=f"instead-of-{gone}"))
        manifest = update.commit(built_at=BUILT_AT)

    assert set(contents(Snapshot.open(tmp_path))) == {
        "p3", "instead-of-p0", "instead-of-p1", "instead-of-p2"
    }  # fmt: skip
    assert Manifest.read(tmp_path) == manifest


def test_many_updates_make_few_files(tmp_path):
    """Small segments are merged into the next one, so that a search stays as fast."""
    manifest = build(tmp_path, crowd(40))
    for number in range(40):
        manifest = build(tmp_path, [person(id=f"p{number % 20}")], onto=manifest)

    snapshot = Snapshot.open(tmp_path)
    assert len(manifest.segments) <= 6
    assert {entry.file for entry in manifest.segments} == {
        path.name for path in tmp_path.glob("segment-*")
    }
    assert sorted(contents(snapshot)) == sorted(
        [record.id for record in crowd(40)] + [f"p{number}" for number in range(20)]
    )


def test_a_record_that_is_replaced_often_does_not_become_ordinary(tmp_path):
    """What counts is how rare its name is among those that are listed now."""
    manifest = build(tmp_path, [*crowd(40), KOWAL])
    before = Snapshot.open(tmp_path).match(question("Piotr Kowalski"))[0].score
    for day in range(30):
        manifest = build(tmp_path, [replace(KOWAL, last_change=f"day {day}")], onto=manifest)

    after = Snapshot.open(tmp_path).match(question("Piotr Kowalski"))[0].score

    assert after == pytest.approx(before, abs=0.15)  # the last few replaced ones still count


def test_the_last_of_two_records_with_one_identifier_counts(tmp_path):
    """Also within one build."""
    snapshot = snapshot_of(tmp_path, [KOWAL, person("Pavel Novak", id="kowal")])

    assert contents(snapshot) == {"kowal": "Pavel Novak"}
    assert found(snapshot, "Piotr Kowalski") == []


def test_what_is_said_of_a_list_replaces_what_was_said(tmp_path):
    """Other lists keep their statement, in the order of names."""
    builder = SnapshotBuilder(tmp_path)
    builder.dataset(DatasetInfo(name="second", kind="ftm", records=1))
    builder.dataset(DatasetInfo(name="first", kind="ftm", records=1, quality={"a": [1]}))
    manifest = builder.commit(built_at=BUILT_AT)
    update = SnapshotBuilder(tmp_path, onto=manifest)
    update.dataset(DatasetInfo(name="second", kind="ftm", records=2))
    update.commit(built_at=BUILT_AT)

    snapshot = Snapshot.open(tmp_path)

    assert [(d.name, d.records) for d in snapshot.datasets] == [("first", 1), ("second", 2)]
    assert snapshot.datasets[0].quality == {"a": [1]}
    assert snapshot.built_at == BUILT_AT


def test_nothing_is_visible_before_commit_or_after_abandoning(tmp_path):
    """A half-read list is no list."""
    before = snapshot_of(tmp_path, [KOWAL])
    builder = SnapshotBuilder(tmp_path)
    builder.add(person("Pavel Novak", id="novak"))

    assert contents(Snapshot.open(tmp_path)) == contents(before)
    builder.abandon()

    assert contents(Snapshot.open(tmp_path)) == contents(before)
    assert len(list(tmp_path.iterdir())) == 2


def test_abandoning_after_commit_takes_nothing_away(tmp_path):
    """Who was interrupted while tidying up may still clean up after himself."""
    builder = SnapshotBuilder(tmp_path)
    builder.add(KOWAL)
    builder.commit(built_at=BUILT_AT)

    builder.abandon()

    assert contents(Snapshot.open(tmp_path)) == {"kowal": "Piotr Kowalski"}


def test_who_has_the_old_files_open_goes_on_reading_them(tmp_path):
    """A new build replaces the folder's files under running services."""
    old = snapshot_of(tmp_path, [*crowd(20), KOWAL])
    expected = repr(old.match(question("Piotr Kowalski")))

    build(tmp_path, [person("Pavel Novak", id="novak")])

    assert repr(old.match(question("Piotr Kowalski"))) == expected
    assert contents(Snapshot.open(tmp_path)) == {"novak": "Pavel Novak"}


@pytest.mark.parametrize("name", ["segment-x.didban", "segment-.didban", "segment-1-2.didban"])
def test_a_file_that_only_looks_like_ours_does_not_stop_a_build(tmp_path, name):
    """It has no number, and goes like whatever an interrupted build left."""
    (tmp_path / name).write_bytes(b"a stray copy")
    build(tmp_path, [KOWAL])

    assert not (tmp_path / name).exists()
    assert len(contents(Snapshot.open(tmp_path))) == 1


def test_a_new_build_removes_files_that_nobody_names(tmp_path):
    """What an interrupted build left behind does not pile up."""
    build(tmp_path, [KOWAL])
    (tmp_path / "segment-7.didban").write_bytes(b"half a segment")

    manifest = build(tmp_path, [KOWAL])

    assert {path.name for path in tmp_path.iterdir()} == {
        "manifest.json",
        manifest.segments[0].file,
    }


def test_opening_while_a_build_replaces_the_files_gives_one_of_both(tmp_path, monkeypatch):
    """Between reading the manifest and its files the manifest may become old."""
    build(tmp_path, [KOWAL])
    read = Manifest.read
    stale = [read(tmp_path)]
    build(tmp_path, [person("Pavel Novak", id="novak")])
    monkeypatch.setattr(Manifest, "read", lambda folder: stale.pop() if stale else read(folder))

    assert contents(Snapshot.open(tmp_path)) == {"novak": "Pavel Novak"}


def test_a_closed_snapshot_does_not_say_that_nobody_was_found(tmp_path):
    """It has let go of its files and cannot know."""
    with snapshot_of(tmp_path, [KOWAL]) as snapshot:
        assert len(snapshot) == 1

    with pytest.raises(RuntimeError, match="closed"):
        found(snapshot, "Piotr Kowalski")


@pytest.mark.parametrize("records", [[], [KOWAL], [person("", id="nameless")]], ids=len)
def test_the_smallest_lists_are_lists(tmp_path, records):
    """Nobody, one person, somebody without a name: built, opened, asked."""
    snapshot = snapshot_of(tmp_path, records)

    assert list(snapshot.records()) == records
    assert found(snapshot, "Piotr Kowalski") == [r.id for r in records if r.properties]
    assert snapshot.match(question(documents=(passport(),))) == []
    snapshot.verify()


def test_a_folder_without_a_snapshot_says_so(tmp_path):
    """And how to make one."""
    with pytest.raises(NotFound, match="didban lists build"):
        Snapshot.open(tmp_path)


def test_others_search_while_somebody_is_added_and_withdrawn(tmp_path):
    """Each answer is that of one moment: with him or without him, never half."""
    snapshot = snapshot_of(tmp_path, crowd(100))
    with_him = {(), ("kowal",)}

    def search(_: int) -> set[tuple[str, ...]]:
        return {tuple(found(snapshot, "Piotr Kowalski")) for _ in range(60)}

    with ThreadPoolExecutor(3) as pool:
        answers = pool.map(search, range(3))
        for _ in range(40):
            snapshot.add(KOWAL)
            snapshot.withdraw("kowal")
        seen = set().union(*answers)

    assert seen <= with_him
    assert found(snapshot, "Piotr Kowalski") == []


def test_who_is_replaced_is_never_missing(tmp_path):
    """A search at that moment finds the old record or the new one, and one of them only."""
    snapshot = snapshot_of(tmp_path, [*crowd(100), KOWAL])

    def search(_: int) -> set[tuple[str, ...]]:
        return {tuple(found(snapshot, "Piotr Kowalski")) for _ in range(60)}

    with ThreadPoolExecutor(3) as pool:
        answers = pool.map(search, range(3))
        for day in range(40):
            snapshot.add(replace(KOWAL, last_change=f"day {day}"))
        seen = set().union(*answers)

    assert seen == {("kowal",)}
