from __future__ import annotations

import json
from pathlib import Path

import pytest

from screening_help import LISTED, PURPOSE, Ended, build_now, run
from specimens import crowd, person


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a snapshot of two lists that have one man in common."""
    twice = [person(LISTED, id=f"{name}-1", datasets=(name,), birthDate="1970") for name in "ab"]
    return build_now(tmp_path_factory.mktemp("resolve") / "lists", [*twice, *crowd(40)])


def _resolve(snapshot: Path, folder: Path, *more: object) -> Ended:
    return run(
        "resolve", snapshot, "--output", folder / "out.jsonl", "--workers", 1, *PURPOSE, *more
    )


def test_what_is_proposed_is_counted_and_called_a_proposal(snapshot: Path, tmp_path: Path):
    """The last line says who decides."""
    ended = _resolve(snapshot, tmp_path)

    assert ended.code == 0
    assert "42 records asked: 1 pair; 1 cluster of 2." in ended.out
    assert "a person judges it" in ended.out


def test_a_program_is_told_the_same(snapshot: Path, tmp_path: Path):
    """With a threshold that nothing reaches, nothing is proposed."""
    ended = _resolve(snapshot, tmp_path, "--json", "--threshold", 0.9999)

    assert ended.json == {"asked": 42, "pairs": 0, "clusters": 0, "members": 0}
    assert (tmp_path / "out.jsonl").read_text() == ""


def test_pairs_are_written_where_they_are_wanted(snapshot: Path, tmp_path: Path):
    """One line for each, explained."""
    assert _resolve(snapshot, tmp_path, "--pairs", tmp_path / "pairs.jsonl").code == 0

    (pair,) = map(json.loads, (tmp_path / "pairs.jsonl").read_text().splitlines())
    assert [pair[side]["id"] for side in ("query", "candidate")] == ["a-1", "b-1"]
    assert pair["explanations"]["name"]["weight"] > 0


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--pairs", "{}/out.jsonl"], "different files"),
        (["--pairs", "{}"], "is a folder"),
    ],
)
def test_files_that_cannot_be_are_refused_before_the_work(
    snapshot: Path, tmp_path: Path, more: list[str], words: str
):
    """Nobody waits for an hour to be told that."""
    ended = _resolve(snapshot, tmp_path, *(word.format(tmp_path) for word in more))

    assert (ended.code, words in ended.err) == (2, True)
    assert not (tmp_path / "out.jsonl").exists()


def test_a_purpose_is_required(snapshot: Path, tmp_path: Path):
    """Lists are not compared without a reason, either."""
    assert run("resolve", snapshot, "--output", tmp_path / "out.jsonl").code == 2
