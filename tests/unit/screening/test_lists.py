from __future__ import annotations

from pathlib import Path

from didban.match.snapshot import Snapshot
from didban.model.records import Record
from didban.screening.lists import compare
from didban.screening.quality import Quality
from screening_help import build_now
from specimens import passport, person


def _snapshot(folder: Path, *records: Record) -> Snapshot:
    return Snapshot.open(build_now(folder, records))


def test_a_difference_tells_listed_delisted_and_changed(tmp_path: Path):
    """Per dataset, with the names of what differs."""
    old = _snapshot(
        tmp_path / "old",
        person("Anna", id="a"),
        person("Boris", id="b", birthDate="1970"),
        person("Cyrus", id="c"),
    )
    new = _snapshot(
        tmp_path / "new",
        person("Boris", id="b", birthDate="1971", documents=(passport(),)),
        person("Cyrus", id="c"),
        person("Dora", id="d"),
    )
    found = compare(old, new)["invented"]

    assert [entry["id"] for entry in found["listed"]] == ["d"]
    assert [entry["id"] for entry in found["delisted"]] == ["a"]
    assert [(e["id"], e["properties"]) for e in found["changed"]] == [
        ("b", ["birthDate", "documents"])
    ]
    assert found["unchanged"] == 1


def test_the_order_of_values_is_no_difference(tmp_path: Path):
    """A list that is sorted anew did not change."""
    old = _snapshot(tmp_path / "old", person("A", id="a", alias=("x", "y")))
    new = _snapshot(tmp_path / "new", person("A", id="a", alias=("y", "x")))

    assert compare(old, new)["invented"]["changed"] == []


def test_quality_counts_what_a_list_leaves_out():
    """Missing dates, years alone, missing states and documents, and scripts."""
    quality = Quality()
    for record in (
        person("Anna"),
        person(("Boris", "Борис"), birthDate="1970", nationality="uto"),
        person("Cyrus", birthDate=("1970", "1970-03-02"), documents=(passport(),)),
        person("Utopian Bank", schema="Company"),
    ):
        quality.add(record)

    assert quality.to_json() == {
        "schemata": {"Company": 1, "Person": 3},
        "people": 3,
        "without_name": 0,
        "without_birth_date": 1,
        "year_of_birth_only": 1,
        "without_nationality": 2,
        "without_document": 2,
        "scripts": {"cyrillic": 1, "latin": 3},
    }


def test_what_was_counted_can_be_taken_back():
    """A withdrawn record leaves no trace in the counts."""
    quality = Quality()
    quality.add(person("Anna"))
    quality.add(person("Борис", birthDate="1963/1968"))
    quality.add(person("Борис", birthDate="1963/1968"), times=-1)
    other = Quality()
    other.add(person("Anna"))

    assert quality.to_json() == other.to_json()
