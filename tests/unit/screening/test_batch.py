from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from didban import clock
from didban.errors import InvalidInput, SnapshotExpired
from didban.guard.check_log import CheckLog
from didban.guard.entries import Outcome
from didban.match.modes import Mode
from didban.match.snapshot import Snapshot
from didban.model.records import Record
from didban.screening import batch
from didban.screening.batch import Job, Summary
from didban.screening.check import Depth
from didban.screening.freshness import Limits, assess
from screening_help import LISTED, REASON, build_now, entries
from specimens import crowd, passport, person

_LIMITS = Limits(warn_after=timedelta(days=7), unknown_after=timedelta(days=30))


@pytest.fixture(scope="module")
def listed(tmp_path_factory) -> Path:
    """Return the folder of a snapshot."""
    return build_now(tmp_path_factory.mktemp("batch") / "lists")


@pytest.fixture
def screen(listed: Path, tmp_path: Path) -> Callable[..., Summary]:
    """Return what screens records into a file."""
    log = CheckLog(tmp_path / "log")

    def run(records: Iterable[Record], **job: Any) -> Summary:
        job = {
            "snapshot": listed,
            "output": tmp_path / "out",
            "depth": Depth(mode=Mode.BALANCED),
            **job,
        }
        built_at = Snapshot.open(job["snapshot"]).built_at
        return batch.screen(
            records,
            Job(**job),
            log=log,
            reason=REASON,
            freshness=assess(built_at, clock.now(), _LIMITS),
        )

    return run


def _people(count: int) -> list[Record]:
    """Return people to screen, of whom every tenth is listed."""
    return [
        person(LISTED, id=f"q{i}", documents=(passport(),)) if i % 10 == 0 else someone
        for i, someone in enumerate(crowd(count))
    ]


def _answers(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _cut(whole: Path, cut: Path, lines: bytes) -> None:
    """Leave what a kill leaves: these bytes, and the note of what made them."""
    cut.write_bytes(lines)
    shutil.copy(f"{whole}.run", f"{cut}.run")


def test_there_is_one_line_for_each_person_in_their_order(screen, tmp_path: Path):
    """Also for those of whom nothing was found."""
    people = _people(450)
    summary = screen(people)

    assert [answer["id"] for answer in _answers(tmp_path / "out")] == [p.id for p in people]
    assert summary.asked == 450


def test_the_bytes_are_the_same_whatever_the_number_of_workers(screen, tmp_path: Path):
    """Processes share the work, and nothing of that shows."""
    for workers in (1, 3):
        screen(_people(650), workers=workers, output=tmp_path / f"out{workers}")

    assert (tmp_path / "out1").read_bytes() == (tmp_path / "out3").read_bytes()


def test_a_result_says_what_it_found_and_why(screen, tmp_path: Path):
    """The shape is that of the command line's reference."""
    screen(_people(1))
    (result, *_) = _answers(tmp_path / "out")[0]["results"]

    assert list(result) == [
        *("id", "schema", "caption", "score", "match", "datasets", "properties"),
        *("prior", "documents", "explanations"),
    ]
    assert set(result["explanations"]["name"]) == {
        *("query", "candidate", "similarity", "weight", "detail"),
    }


@pytest.mark.parametrize("whole", [0, 1, 199, 200, 201, 449, 450])
def test_a_run_that_was_cut_off_is_resumed_to_the_same_bytes(screen, tmp_path: Path, whole: int):
    """Wherever it was cut, also within a line."""
    screen(_people(450), output=tmp_path / "at-once")
    lines = (tmp_path / "at-once").read_bytes().splitlines(keepends=True)
    torn = lines[whole][:-5] if whole < len(lines) else b""
    _cut(tmp_path / "at-once", tmp_path / "cut", b"".join(lines[:whole]) + torn)
    summary = screen(_people(450), output=tmp_path / "cut", resume=True)

    assert (tmp_path / "cut").read_bytes() == b"".join(lines)
    assert (summary.asked, summary.resumed_after) == (450, whole)


def test_a_resumed_run_counts_the_matches_of_the_whole_list(screen, tmp_path: Path):
    """Its exit code is about the list, not about the part that was left."""
    at_once = screen(_people(450), output=tmp_path / "at-once")
    lines = (tmp_path / "at-once").read_bytes().splitlines(keepends=True)
    _cut(tmp_path / "at-once", tmp_path / "cut", b"".join(lines[:300]))
    resumed = screen(_people(450), output=tmp_path / "cut", resume=True)

    assert resumed.matched == at_once.matched


def test_a_run_is_not_resumed_with_another_input(screen, tmp_path: Path):
    """The last id must be that of the same person."""
    screen(_people(30))

    with pytest.raises(InvalidInput, match="another input"):
        screen(list(reversed(_people(60))), resume=True)


def test_a_finished_run_is_not_resumed_with_newer_data(screen, tmp_path: Path):
    """Its answers would pass for those of the newer lists, where somebody may have been added."""
    screen(_people(30))
    before = (tmp_path / "out").read_bytes()
    newer = build_now(tmp_path / "newer")

    with pytest.raises(InvalidInput, match="another snapshot"):
        screen(_people(30), snapshot=newer, resume=True)
    assert (tmp_path / "out").read_bytes() == before


def test_the_run_leaves_one_entry(screen, tmp_path: Path):
    """How many were asked and matched, and how it ended."""
    summary = screen(_people(250), workers=2)
    (line,) = CheckLog(tmp_path / "log").lines()

    assert line is not None
    assert (line.entry.asked, line.entry.matched) == (250, summary.matched)
    assert line.entry.outcome is Outcome.DONE


def test_an_interrupted_run_says_so_and_keeps_what_it_wrote(screen, tmp_path: Path):
    """Ctrl-C leaves whole lines to go on from, and an entry."""

    def until_interrupted() -> Iterable[Record]:
        yield from _people(400)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        screen(until_interrupted())
    (line,) = CheckLog(tmp_path / "log").lines()

    assert line is not None
    assert line.entry.outcome is Outcome.INTERRUPTED
    assert line.entry.asked == len(_answers(tmp_path / "out")) == 400


def test_nothing_is_screened_against_an_expired_snapshot(tmp_path: Path):
    """Empty results would read as "nothing found"."""
    listed = build_now(tmp_path / "lists", age=timedelta(days=40))
    freshness = assess(Snapshot.open(listed).built_at, clock.now(), _LIMITS)
    job = Job(snapshot=listed, output=tmp_path / "out", depth=Depth(mode=Mode.BALANCED))

    with pytest.raises(SnapshotExpired):
        batch.screen(
            _people(3), job, log=CheckLog.beside(listed), reason=REASON, freshness=freshness
        )
    assert not (tmp_path / "out").exists()
    assert [entry.outcome for entry in entries(listed)] == [Outcome.UNKNOWN]
