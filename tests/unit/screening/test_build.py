from __future__ import annotations

import fcntl
import gzip
import json
import os
from pathlib import Path
from typing import Any

import pytest

from didban import clock
from didban.errors import InvalidFile, InvalidInput, NotFound, Unavailable
from didban.intake.readers.base import Source
from didban.intake.rejects import Rejects
from didban.match.snapshot import Snapshot
from didban.screening.build import Report, build, update


def _entity(identifier: str, name: str, **more: Any) -> dict[str, Any]:
    return {"id": identifier, "schema": "Person", "properties": {"name": [name], **more}}


def _op(op: str, entity: dict[str, Any]) -> dict[str, Any]:
    return {"op": op, "entity": entity}


_files = iter(range(1_000))


def _source(folder: Path, *lines: dict[str, Any], name: str = "police") -> Source:
    path = folder / f"list-{next(_files)}.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return Source(kind="ftm", name=name, path=path)


def _build(out: Path, *sources: Source) -> Report:
    with Rejects() as rejects:
        return build(out, sources, rejects=rejects, now=clock.now())


def _update(out: Path, *sources: Source, allow_withdrawals: bool = False) -> Report:
    with Rejects() as rejects:
        return update(
            out,
            sources,
            rejects=rejects,
            now=clock.now(),
            allow_withdrawals=allow_withdrawals,
        )


def _names(out: Path) -> dict[str, str | None]:
    return {record.id: record.first("name") for record in Snapshot.open(out).records()}


_A, _B, _C = _entity("a", "Anna"), _entity("b", "Boris"), _entity("c", "Cyrus")


def test_a_build_holds_what_its_sources_say(tmp_path: Path):
    """Datasets, counts and records are there when it is done."""
    report = _build(tmp_path / "s", _source(tmp_path, _A, _B), _source(tmp_path, _C, name="port"))

    assert _names(tmp_path / "s") == {"a": "Anna", "b": "Boris", "c": "Cyrus"}
    assert {name: count.added for name, count in report.counts.items()} == {"police": 2, "port": 1}


def test_a_new_publication_adds_changes_and_withdraws(tmp_path: Path):
    """Who is no longer listed is no longer found."""
    _build(tmp_path / "s", _source(tmp_path, _A, _B))
    report = _update(tmp_path / "s", _source(tmp_path, _entity("a", "Annika"), _C))
    count = report.counts["police"]

    assert _names(tmp_path / "s") == {"a": "Annika", "c": "Cyrus"}
    assert (count.added, count.changed, count.withdrawn, count.unchanged) == (1, 1, 1, 0)


def test_the_same_publication_again_changes_nothing(tmp_path: Path):
    """Records that did not change stay where they are."""
    source = _source(tmp_path, _A, _B)
    _build(tmp_path / "s", source)

    assert _update(tmp_path / "s", source).counts["police"].unchanged == 2


def test_a_delta_does_only_what_it_says(tmp_path: Path):
    """Who is not in a delta stays listed."""
    _build(tmp_path / "s", _source(tmp_path, _A, _B))
    delta = _source(
        tmp_path, _op("DEL", {"id": "a"}), _op("ADD", _C), _op("MOD", _entity("b", "Borislav"))
    )
    _update(tmp_path / "s", delta)

    assert _names(tmp_path / "s") == {"b": "Borislav", "c": "Cyrus"}


def test_a_list_and_its_deltas_may_be_built_at_once(tmp_path: Path):
    """Files of one dataset are applied in their order."""
    _build(
        tmp_path / "s",
        _source(tmp_path, _A, _B),
        _source(tmp_path, _op("DEL", {"id": "a"})),
        _source(tmp_path, _op("ADD", _entity("a", "Anna again"))),
    )

    assert _names(tmp_path / "s") == {"a": "Anna again", "b": "Boris"}


def test_two_files_of_one_dataset_are_one_publication(tmp_path: Path):
    """The second part of a list does not withdraw the first."""
    _build(tmp_path / "s", _source(tmp_path, _A), _source(tmp_path, _B))
    report = _update(tmp_path / "s", _source(tmp_path, _A), _source(tmp_path, _B))

    assert _names(tmp_path / "s") == {"a": "Anna", "b": "Boris"}
    assert report.counts["police"].withdrawn == 0


@pytest.mark.parametrize("archive", ["cut.xml", "cut.xml.gz"])
def test_a_publication_that_breaks_off_withdraws_nobody(tmp_path: Path, archive: str):
    """A download that was cut short must not delist those behind the cut."""
    entry = (
        "<INDIVIDUAL><REFERENCE_NUMBER>XAi.{0}</REFERENCE_NUMBER>"
        "<FIRST_NAME>Tester {0}</FIRST_NAME></INDIVIDUAL>"
    )
    entries = "".join(entry.format(number) for number in range(3_000))
    whole = f"<CONSOLIDATED_LIST>{entries}</CONSOLIDATED_LIST>".encode()
    data = gzip.compress(whole) if archive.endswith(".gz") else whole
    source = Source(kind="un-sc", name="un-sc", path=tmp_path / archive)
    source.path.write_bytes(data)
    _build(tmp_path / "s", source)
    source.path.write_bytes(data[: len(data) // 2])
    with Rejects(tmp_path / "rejects.jsonl") as rejects:
        report = update(tmp_path / "s", [source], rejects=rejects, now=clock.now())

    assert len(_names(tmp_path / "s")) == 3_000
    assert (report.counts["un-sc"].withdrawn, rejects.refused["un-sc"]) == (0, 1)
    assert "stay listed" in (tmp_path / "rejects.jsonl").read_text(encoding="utf-8")


def _crowd(count: int) -> list[dict[str, Any]]:
    return [_entity(f"crowd-{number}", f"Tester {number}") for number in range(count)]


def test_lines_that_break_off_withdraw_nobody(tmp_path: Path):
    """A plain file has no end mark: its last line, cut in two, tells."""
    source = _source(tmp_path, *_crowd(20))
    _build(tmp_path / "s", source)
    data = source.path.read_bytes()
    source.path.write_bytes(data[: len(data) // 2 - 20])
    held = _update(tmp_path / "s", source).counts["police"]

    assert len(_names(tmp_path / "s")) == 20
    assert (held.withdrawn, held.held_back) == (0, 11)


@pytest.mark.parametrize(
    ("count", "left", "refused", "withdrawn"),
    [(20, 15, 1, 5), (20, 14, 1, 0), (20, 14, 0, 6), (100, 90, 1, 10), (100, 89, 1, 0)],
)
def test_refused_rows_make_many_withdrawals_doubtful(
    tmp_path: Path, count: int, left: int, refused: int, withdrawn: int
):
    """More than five, and more than a tenth of the list, are held back."""
    _build(tmp_path / "s", _source(tmp_path, *_crowd(count)))
    source = _source(tmp_path, *_crowd(left))
    with source.path.open("a", encoding="utf-8") as file:
        file.write("{broken\n" * refused)
    done = _update(tmp_path / "s", source).counts["police"]

    assert (done.withdrawn, done.held_back) == (withdrawn, count - left - withdrawn)


def test_what_was_held_back_can_be_carried_out(tmp_path: Path):
    """Some publications are meant so, though a row of them cannot be read."""
    _build(tmp_path / "s", _source(tmp_path, *_crowd(20)))
    source = _source(tmp_path, _A)
    with source.path.open("a", encoding="utf-8") as file:
        file.write("{broken")
    _update(tmp_path / "s", source)
    held = len(_names(tmp_path / "s"))
    _update(tmp_path / "s", source, allow_withdrawals=True)

    assert (held, _names(tmp_path / "s")) == (21, {"a": "Anna"})


def test_only_a_whole_publication_makes_a_list_whole_again(tmp_path: Path):
    """A delta does not fill the gaps of the publication before it."""
    source = _source(tmp_path, *_crowd(3))
    with source.path.open("a", encoding="utf-8") as file:
        file.write("{broken")
    infos = [
        make(tmp_path / "s", given).manifest.datasets[0]
        for make, given in [
            (_build, source),
            (_update, _source(tmp_path, _op("ADD", _A))),
            (_update, _source(tmp_path, _A, *_crowd(3))),
        ]
    ]

    assert [(i.breaks_off, i.rejects, i.is_whole) for i in infos] == [
        (True, 1, False),
        (True, 1, False),
        (False, 0, True),
    ]


@pytest.mark.parametrize("allow_withdrawals", [False, True])
def test_an_entry_whose_row_is_refused_stays(tmp_path: Path, *, allow_withdrawals: bool):
    """It is listed still: only its row is damaged."""
    _build(tmp_path / "s", _source(tmp_path, _A, *_crowd(3)))
    damaged = {"id": "crowd-2", "properties": {"name": ["Tester 2"]}}
    source = _source(tmp_path, _A, *_crowd(1), damaged)
    _update(tmp_path / "s", source, allow_withdrawals=allow_withdrawals)

    assert _names(tmp_path / "s").keys() == {"a", "crowd-0", "crowd-2"}


def test_an_entry_whose_refused_row_only_names_it_stays(tmp_path: Path):
    """Where identifiers are made of the row, or the damage is in it."""
    _build(tmp_path / "s", _source(tmp_path, _A, _B, _entity("n-1", "Xenia Blake")))
    source = _source(tmp_path, _A)
    with source.path.open("a", encoding="utf-8") as file:
        file.write('{"properties": {"name": ["Xenia Blake"]}}\n')
    _update(tmp_path / "s", source)

    assert _names(tmp_path / "s").keys() == {"a", "n-1"}


def test_other_datasets_stay_as_they_are(tmp_path: Path):
    """An update is about the datasets that it names."""
    _build(tmp_path / "s", _source(tmp_path, _A), _source(tmp_path, _C, name="port"))
    _update(tmp_path / "s", _source(tmp_path, _B))

    assert _names(tmp_path / "s") == {"b": "Boris", "c": "Cyrus"}


def test_a_record_that_comes_twice_counts_once_as_it_came_last(tmp_path: Path):
    """A list that repeats an id does not double a person."""
    _build(tmp_path / "s", _source(tmp_path, _A, _entity("a", "Annika")))

    assert _names(tmp_path / "s") == {"a": "Annika"}


def test_one_id_in_two_datasets_is_one_record_with_both_names(tmp_path: Path):
    """What two lists say of one thing stands together, and each can take its part back."""
    one = _entity("x", "Xenia", nationality=["uto"])
    other = _entity("x", "Xenia Blake")
    _build(tmp_path / "s", _source(tmp_path, one), _source(tmp_path, other, name="port"))
    (joined,) = Snapshot.open(tmp_path / "s").records()
    _update(tmp_path / "s", _source(tmp_path, _op("DEL", {"id": "x"})))
    (rest,) = Snapshot.open(tmp_path / "s").records()

    assert (joined.values("name"), joined.datasets) == (
        ("Xenia", "Xenia Blake"),
        ("police", "port"),
    )
    assert (rest.datasets, rest.properties) == (("port",), {"name": ("Xenia Blake",)})


@pytest.mark.parametrize("in_deltas", [False, True])
def test_a_correction_takes_back_what_only_that_dataset_said(tmp_path: Path, *, in_deltas: bool):
    """The old alias and the old birth date are gone, and the other dataset's values stand."""
    one = _entity("x", "Xenia", alias=["Old"], birthDate=["1970"])
    other = _entity("x", "Xenia Blake", birthDate=["1971"])
    mended = _entity("x", "Xenia", birthDate=["1972"])
    _build(tmp_path / "s", _source(tmp_path, one, _A), _source(tmp_path, other, name="port"))
    again = [mended, _A] if not in_deltas else [_op("MOD", mended)]
    count = _update(tmp_path / "s", _source(tmp_path, *again)).counts["police"]
    record = Snapshot.open(tmp_path / "s").record("x")

    assert record is not None
    assert (record.values("alias"), record.values("birthDate")) == ((), ("1972", "1971"))
    assert (count.changed, count.unchanged) == (1, 1)


def test_the_same_publication_of_a_shared_record_changes_nothing(tmp_path: Path):
    """What the other dataset says is no change of this one."""
    source = _source(tmp_path, _A)
    _build(tmp_path / "s", source, _source(tmp_path, _entity("a", "Annika"), name="port"))

    assert _update(tmp_path / "s", source).counts["police"].unchanged == 1


def test_a_source_that_is_refused_leaves_the_snapshot_as_it_was(tmp_path: Path):
    """An error page saved as a list does not empty the snapshot."""
    _build(tmp_path / "s", _source(tmp_path, _A))
    before = sorted((p.name, p.read_bytes()) for p in (tmp_path / "s").iterdir())
    wrong = tmp_path / "page.html"
    wrong.write_text("<html>504</html>\n", encoding="utf-8")

    for make in (_build, _update):
        with pytest.raises(InvalidFile):
            make(tmp_path / "s", Source(kind="un-sc", name="un-sc", path=wrong))
    assert sorted((p.name, p.read_bytes()) for p in (tmp_path / "s").iterdir()) == before


def test_a_first_build_that_fails_leaves_no_folder(tmp_path: Path):
    """What was not there before is not there afterwards."""
    wrong = tmp_path / "page.html"
    wrong.write_text("<html>504</html>\n", encoding="utf-8")

    with pytest.raises(InvalidFile):
        _build(tmp_path / "s", Source(kind="un-sc", name="un-sc", path=wrong))
    assert not (tmp_path / "s").exists()


def test_a_folder_of_other_files_is_not_built_into(tmp_path: Path):
    """A mistyped path does not mix a snapshot into somebody's documents."""
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "letter.txt").touch()

    with pytest.raises(InvalidInput, match=r"letter\.txt"):
        _build(tmp_path / "home", _source(tmp_path, _A))


def test_only_a_snapshot_can_be_updated(tmp_path: Path):
    """There is nothing to bring up to date."""
    with pytest.raises(NotFound):
        _update(tmp_path / "none", _source(tmp_path, _A))


def test_one_build_or_update_at_a_time(tmp_path: Path):
    """The second is told, instead of undoing the first."""
    _build(tmp_path / "s", _source(tmp_path, _A))
    handle = os.open(tmp_path / "s", os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        with pytest.raises(Unavailable, match="under way"):
            _update(tmp_path / "s", _source(tmp_path, _B))
    finally:
        os.close(handle)


def test_quality_is_counted_as_if_built_anew(tmp_path: Path):
    """After updates the counts are those of the records that stand."""
    whole = [_entity("a", "Anna", birthDate=["1970"]), _C]
    _build(tmp_path / "s", _source(tmp_path, _A, _B))
    updated = _update(tmp_path / "s", _source(tmp_path, *whole))
    anew = _build(tmp_path / "t", _source(tmp_path, *whole))

    assert updated.manifest.datasets[0].quality == anew.manifest.datasets[0].quality
