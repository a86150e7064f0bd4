"""A service over a small snapshot of people, ships and what ties them, all invented."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from asgi_help import Client
from didban import clock
from didban.api.app import Service, create_app
from didban.guard.check_log import CheckLog
from didban.match.index.manifest import DatasetInfo
from didban.match.snapshot import SnapshotBuilder
from didban.model.records import Record
from didban.settings import Settings
from screening_help import REASON
from specimens import crowd, passport, person

TIED: tuple[Record, ...] = (
    replace(
        person(
            "Zahra Karimzadeh", id="zahra", datasets=("wanted",), birthDate="1971-05-02",
            nationality="ir", topics="wanted", addressEntity="street", referents=("old-7",),
            documents=(passport(),),
        ),
        caption="Zahra Karimzadeh", first_seen="2024-01-01", last_change="2025-06-01T08:30:00+00:00",
    ),
    person("Resa Tehrani", id="resa", datasets=("wanted",), nationality="de"),
    person("Karimzadeh Star", id="star", schema="Vessel", datasets=("ships",), flag="pa"),
    person("Karimzadeh Moon", id="moon", schema="Vessel", datasets=("ships",), flag="pa"),
    person("", id="owns-star", schema="Ownership", datasets=("ships",), owner="zahra", asset="star"),
    person("", id="owns-moon", schema="Ownership", datasets=("ships",), owner="zahra", asset="moon"),
    person("", id="street", schema="Address", datasets=("wanted",), full="1 Harbour Street"),
)  # fmt: skip


def tied(folder: Path) -> Path:
    """Build a snapshot of them in two datasets, with a crowd around, and return its folder."""
    builder = SnapshotBuilder(folder)
    for record in (*TIED, *(replace(one, datasets=("wanted",)) for one in crowd(60))):
        builder.add(record)
    for name in ("wanted", "ships"):
        builder.dataset(DatasetInfo(name=name, kind="ftm", read_at="2026-01-02T03:04:05+00:00"))
    builder.commit(built_at=clock.now())
    return folder


def serve(snapshot: Path, settings: Settings | None = None, **options: Any) -> Client:
    """Return a client of a service over a snapshot."""
    service = Service(
        snapshot=snapshot,
        settings=settings or Settings(),
        reason=REASON,
        log=CheckLog.beside(snapshot),
        **options,
    )
    return Client(create_app(service))
