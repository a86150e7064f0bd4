"""Snapshots in words: what was built, what is in it, what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from didban.cli.age_words import age_in_words
from didban.cli.output import counted, printable, table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from didban.intake.rejects import Rejects
    from didban.match.index.manifest import DatasetInfo
    from didban.match.snapshot import Snapshot
    from didban.screening.build import Report
    from didban.screening.freshness import Freshness

_SHOWN = 20  # entries of each sort in a difference; --json has them all


def report_in_words(report: Report, out: Path, rejects: Rejects) -> str:
    """Return what `lists build` and `lists update` say at the end."""
    rows = []
    for name, count in report.counts.items():
        info = next(d for d in report.manifest.datasets if d.name == name)
        numbers = (count.added, count.changed, count.withdrawn, info.records)
        rows.append([name, *(f"{n:,}" for n in numbers), f"{rejects.refused[name]:,}"])
    total = sum(info.records for info in report.manifest.datasets)
    lines = [
        table(("dataset", "added", "changed", "withdrawn", "records", "refused rows"), rows),
        "",
        *_kinds(report),
        "",
        f"{out}: {total:,} records of {len(report.manifest.datasets)} datasets.",
    ]
    lines += [
        f"{name}: {counted(count.held_back, 'record', 'records')} not named by the new publication"
        " NOT WITHDRAWN, for it could not be read in full.\n"
        "Fetch it again; if it is right as it is, --allow-withdrawals withdraws all but refused entries."
        for name, count in report.counts.items()
        if count.held_back
    ]
    if rejects.noted.total():
        kept = counted(rejects.noted.total(), "row was", "rows were")
        lines.append(f"{kept} kept although something was odd; --rejects FILE tells what.")
    if rejects.refused.total():
        refused = counted(rejects.refused.total(), "row was", "rows were")
        lines.append(f"{refused} REFUSED; --rejects FILE tells why.")
    return "\n".join(lines)


def _kinds(report: Report) -> list[str]:
    """Return a line for each dataset: how many of which kind of thing."""
    return [
        f"{info.name}: "
        + ", ".join(f"{n:,} {schema}" for schema, n in info.quality.get("schemata", {}).items())
        for info in report.manifest.datasets
        if info.name in report.counts
    ]


def in_words(snapshot: Snapshot, freshness: Freshness) -> str:
    """Return what `lists show` says."""
    head = ("dataset", "kind", "published", "read", "records", "people", "refused rows")
    rows = [
        [
            info.name,
            info.kind,
            info.published_at or "not stated",
            info.read_at or "",
            f"{info.records:,}",
            f"{info.quality.get('people', 0):,}",
            f"{info.rejects:,}",
        ]
        for info in snapshot.datasets
    ]
    lines = [
        f"Snapshot {snapshot.folder}: {len(snapshot):,} records.",
        age_in_words(freshness),
        "",
        table(head, [[*row[:3], row[3][:16].replace("T", " "), *row[4:]] for row in rows]),
        "",
        "How well the lists describe people:",
        _quality(snapshot.datasets),
    ]
    return "\n".join(lines)


def _quality(datasets: tuple[DatasetInfo, ...]) -> str:
    head = ("dataset", "no birth date", "year only", "no nationality", "no document", "scripts")
    facts = (
        "without_birth_date", "year_of_birth_only", "without_nationality", "without_document"
    )  # fmt: skip
    rows = []
    for info in datasets:
        people = info.quality.get("people", 0)
        scripts = info.quality.get("scripts", {})
        shares = [_share(info.quality.get(fact, 0), people) for fact in facts]
        written = ", ".join(f"{name} {_share(n, people)}" for name, n in scripts.items())
        rows.append([info.name, *(shares if people else ["-"] * len(facts)), written or "-"])
    return table(head, rows)


def _share(count: int, of: int) -> str:
    return f"{count / of:.0%}" if of else "-"


def difference_in_words(found: Mapping[str, Mapping[str, Any]]) -> str:
    """Return what `lists diff` says: counts per dataset, then the first entries of each sort."""
    lines = []
    for name, dataset in found.items():
        listed, delisted, changed = (dataset[k] for k in ("listed", "delisted", "changed"))
        lines.append(
            f"{name}: {len(listed):,} listed, {len(delisted):,} delisted, {len(changed):,} changed,"
            f" {dataset['unchanged']:,} as before."
        )
        for mark, sort in (("+", listed), ("-", delisted), ("~", changed)):
            lines += [f"  {mark} {_line(entry)}" for entry in sort[:_SHOWN]]
            if len(sort) > _SHOWN:
                lines.append(f"  {mark} ... and {len(sort) - _SHOWN:,} more (--json has all)")
        lines.append("")
    return "\n".join(lines).rstrip() or "The snapshots hold no datasets."


def _line(entry: Mapping[str, Any]) -> str:
    what = f"{entry['id']}  {entry['schema']}  {printable(entry['caption'])}"
    properties = entry.get("properties")
    return f"{what}: {', '.join(properties)}" if properties else what
