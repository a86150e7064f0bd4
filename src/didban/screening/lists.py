"""What is in a snapshot, and what changed between two: as data for words and for JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from didban.screening.parts import parts_of

if TYPE_CHECKING:
    from didban.intake.rejects import Rejects
    from didban.match.snapshot import Snapshot
    from didban.model.records import Record
    from didban.screening.build import Report
    from didban.screening.freshness import Freshness


def describe(snapshot: Snapshot, freshness: Freshness) -> dict[str, Any]:
    """Return what `didban lists show --json` says."""
    return {
        "built_at": snapshot.built_at.isoformat(),
        "state": freshness.state.value,
        "records": len(snapshot),
        "datasets": [
            {
                "name": dataset.name,
                "kind": dataset.kind,
                "published_at": dataset.published_at,
                "read_at": dataset.read_at,
                "records": dataset.records,
                "rejects": dataset.rejects,
                "breaks_off": dataset.breaks_off,
                "quality": dict(dataset.quality),
            }
            for dataset in snapshot.datasets
        ],
    }


def report_json(report: Report, rejects: Rejects) -> dict[str, Any]:
    """Return what `didban lists build --json` and `update --json` say."""
    return {
        "built_at": report.manifest.built_at.isoformat(),
        "datasets": {
            name: {
                "records": next(d.records for d in report.manifest.datasets if d.name == name),
                "added": count.added,
                "changed": count.changed,
                "withdrawn": count.withdrawn,
                "unchanged": count.unchanged,
                "held_back": count.held_back,
                "rejects": rejects.refused[name],
                "notes": rejects.noted[name],
            }
            for name, count in report.counts.items()
        },
    }


def compare(old: Snapshot, new: Snapshot) -> dict[str, Any]:
    """Return, per dataset, what was listed, delisted and changed from `old` to `new`.

    Each entry has id, schema and caption; a changed one also the names of the properties that
    differ (with `documents` among them). Sorted by id.
    """
    before, after = _by_dataset(old), _by_dataset(new)
    return {
        name: _compare(before.get(name, {}), after.get(name, {}))
        for name in sorted(before.keys() | after.keys())
    }


def _by_dataset(snapshot: Snapshot) -> dict[str, dict[str, Record]]:
    datasets: dict[str, dict[str, Record]] = {dataset.name: {} for dataset in snapshot.datasets}
    for record in snapshot.records():
        for name, part in parts_of(record).items():
            datasets.setdefault(name, {})[record.id] = part
    return datasets


def _compare(before: dict[str, Record], after: dict[str, Record]) -> dict[str, Any]:
    both = sorted(before.keys() & after.keys())
    differing = [(after[key], _differences(before[key], after[key])) for key in both]
    return {
        "listed": [_entry(after[key]) for key in sorted(after.keys() - before.keys())],
        "delisted": [_entry(before[key]) for key in sorted(before.keys() - after.keys())],
        "changed": [
            {**_entry(record), "properties": names} for record, names in differing if names
        ],
        "unchanged": sum(1 for _, names in differing if not names),
    }


def _entry(record: Record) -> dict[str, str]:
    return {"id": record.id, "schema": record.schema, "caption": record.caption}


def _differences(one: Record, other: Record) -> list[str]:
    """Return the names of what differs; the order of values is no difference."""
    names = sorted(one.properties.keys() | other.properties.keys())
    found = [
        name
        for name in names
        if set(one.properties.get(name, ())) != set(other.properties.get(name, ()))
    ]
    if set(one.documents) != set(other.documents):
        found.append("documents")
    if one.schema != other.schema:
        found.append("schema")
    return found
