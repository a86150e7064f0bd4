"""All the real lists together, as one snapshot for the measurements that need their size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.material import scratch, shared
from benchmarks.snapshots import build
from didban.intake.readers import READERS
from didban.intake.readers.base import Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from didban.intake.readers.base import Reject
    from didban.model.records import Record

SOURCES = (
    ("un-sc", "un-sc", "lists/un/2020-03-20.xml"),
    ("ofac-sdn", "ofac-sdn", "lists/ofac/2021-04"),
    ("us-csl", "us-csl", "lists/csl/consolidated_2022-05.csv.gz"),
    ("uk-ofsi", "uk-ofsi", "lists/uk/hmt_conlist_2020-04.csv.gz"),
    ("ftm", "zala", "lists/ftm/yente_zala.entities.ftm.json"),
    ("ftm", "parteispenden", "lists/ftm/yente_parteispenden.entities.ftm.json"),
    ("ftm", "donations", "lists/ftm/nomenklatura_donations.ijson"),
    ("ftm", "t1", "lists/ftm/yente_t1.entities.ftm.json"),
)
"""Kind, dataset and place of each list."""


def records(datasets: Sequence[str] = ()) -> Iterator[Record]:
    """Yield the records of these datasets (default: all), read as `didban lists build` reads."""
    for kind, dataset, relative in SOURCES:
        if not datasets or dataset in datasets:
            yield from read(kind, dataset, relative)


def read(kind: str, dataset: str, relative: str) -> Iterator[Record]:
    """Yield the records of one file of the shared data."""
    source = Source(kind=kind, name=dataset, path=shared(relative))
    for change in READERS[kind].read(source, _ignore):
        if change.record is not None:
            yield change.record


def source_options() -> list[str]:
    """Return the `--source` options of `didban lists build` for all lists."""
    options = []
    for kind, dataset, relative in SOURCES:
        word = f"{kind}:{dataset}" if kind == "ftm" else kind
        options += ["--source", f"{word}={shared(relative)}"]
    return options


def snapshot() -> Path:
    """Build a snapshot of all real lists in the folder for results, and return its path."""
    return build(scratch("real-lists"), records())


def _ignore(_reject: Reject) -> None:
    """Leave refused rows to the tests of the readers, which count them."""
