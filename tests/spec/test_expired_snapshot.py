"""PR-43: older than the soft limit says so; older than the hard limit answers "unknown"."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from screening_help import LISTED, PURPOSE, ask, build_now, entries, run, write_queries

NOBODY = "Quirin Eggenfelder"


def _snapshot(folder: Path, days: float) -> Path:
    return build_now(folder / "lists", age=timedelta(days=days))


@pytest.mark.parametrize("name", [LISTED, NOBODY])
@pytest.mark.parametrize("days", [31, 3650, -1], ids=["month", "ten years", "from the future"])
def test_pr_43_an_expired_snapshot_never_says_no_match(tmp_path: Path, days: float, name: str):
    """Exit 20, in words and in JSON, whatever was found; a clock set back does not help."""
    snapshot = _snapshot(tmp_path, days)
    words, data = ask(snapshot, "--name", name), ask(snapshot, "--name", name, "--json")

    assert (words.code, data.code, data.json["answer"]) == (20, 20, "unknown")
    assert "=== UNKNOWN" in words.out
    assert "NO MATCH" not in words.out


def test_pr_43_a_whole_list_is_not_screened_against_it(tmp_path: Path):
    """Exit 20, and not one line that could be read as "nothing found"."""
    snapshot = _snapshot(tmp_path, 31)
    source = write_queries(tmp_path / "in.jsonl", [LISTED, NOBODY])
    ended = run("screen", source, "--snapshot", snapshot, "--output", tmp_path / "out", *PURPOSE)

    assert ended.code == 20
    assert not (tmp_path / "out").exists()


def test_pr_43_old_data_answers_and_says_how_old_it_is(tmp_path: Path):
    """Past the soft limit the age is written large."""
    ended = ask(_snapshot(tmp_path, 8), "--name", NOBODY)

    assert ended.code == 0
    assert "8 days OLD" in ended.out


def test_pr_43_the_limits_are_settings(tmp_path: Path, monkeypatch):
    """A post whose lists change daily sets them lower."""
    monkeypatch.setenv("DIDBAN_STALENESS_UNKNOWN_AFTER_HOURS", "12")

    assert ask(_snapshot(tmp_path, 0.6), "--name", NOBODY).code == 20


def test_pr_21_every_answer_shows_the_age_of_the_data(tmp_path: Path):
    """Also a fresh one."""
    assert "2 hours old" in ask(_snapshot(tmp_path, 2 / 24), "--name", NOBODY).out


def test_pr_43_the_log_says_that_the_answer_was_unknown(tmp_path: Path):
    """So that it is never counted as a check that found nothing."""
    snapshot = _snapshot(tmp_path, 31)
    ask(snapshot, "--name", NOBODY)

    assert [entry.outcome for entry in entries(snapshot)] == ["unknown"]
