from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from didban.analysis.resolving import job
from didban.analysis.resolving.job import Job, Summary
from didban.guard.check_log import CheckLog
from didban.model.documents import Document
from screening_help import REASON, build_now
from specimens import crowd, passport, person

TWICE = [
    person("Keyvan Behroozinia", id="a-1", datasets=("a",), birthDate="1984-02-11"),
    person("کیوان بهروزی‌نیا", id="b-7", datasets=("b",), birthDate="1984-02-11"),
    person("Behrouzinia, Kayvan", id="c-3", datasets=("c",), birthDate="1984"),
]
"""One invented man on three invented lists."""

BROTHERS = [
    person("Omar Sabrian Zolfani", id="a-2", datasets=("a",), birthDate="1970-01-20"),
    person("Bashar Sabrian Zolfani", id="a-3", datasets=("a",), birthDate="1971-06-17"),
    person("Omar Sabrian Zolfani", id="b-2", datasets=("b",), birthDate="1970-01-20"),
]
PAPER = person(
    "", id="d-1", schema="Passport", datasets=("d",), documents=(passport(),), number="L898902C3"
)
HOLDER = person("Ilse Quandtvik", id="a-9", datasets=("a",), documents=(passport(),))


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a snapshot of several lists."""
    folder = tmp_path_factory.mktemp("resolving") / "lists"
    return build_now(folder, [*TWICE, *BROTHERS, PAPER, HOLDER, *crowd(150)])


def _resolve(listed: Path, folder: Path, **how: Any) -> Summary:
    work = Job(snapshot=listed, output=folder / "out", pairs=folder / "pairs", **how)
    return job.resolve(work, log=CheckLog(folder / "log"), reason=REASON)


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_one_person_of_three_lists_is_one_cluster(listed: Path, tmp_path: Path):
    """Whatever the script and the spelling; brothers and the crowd stay what they are."""
    _resolve(listed, tmp_path)

    first, second = _lines(tmp_path / "out")
    assert first["cluster"] == "cluster-a-1"
    assert first["members"] == ["a-1", "b-7", "c-3"]
    assert second["members"] == ["a-2", "b-2"]
    assert all(0.7 <= found["score"] < 1 for found in (first, second))


def test_a_pair_explains_itself_as_a_match_does(listed: Path, tmp_path: Path):
    """Prior and weights add up; both sides are named, and the cluster that they are in."""
    _resolve(listed, tmp_path)

    pairs = _lines(tmp_path / "pairs")
    (pair,) = (p for p in pairs if {p["query"]["id"], p["candidate"]["id"]} == {"a-1", "b-7"})
    odds = pair["prior"] + sum(e["weight"] for e in pair["explanations"].values())
    assert pair["cluster"] == "cluster-a-1"
    assert {"name", "birth_date"} <= pair["explanations"].keys()
    assert (odds > 0) == (pair["score"] > 0.5)
    assert [p["score"] for p in pairs] == sorted((p["score"] for p in pairs), reverse=True)


def test_a_passport_is_not_its_holder(listed: Path, tmp_path: Path):
    """A person is found by a paper, and is no paper."""
    _resolve(listed, tmp_path)

    assert "d-1" not in (tmp_path / "pairs").read_text(encoding="utf-8")


def test_entries_of_one_list_are_shown_and_not_joined(tmp_path: Path):
    """Whose list it is says that they are two; a reviewer may see it otherwise."""
    paper = (Document(number="K7741209", issuer="xar", type="P"),)
    twins = [
        person("Keyvan Behroozinia", id=f"a-{n}", datasets=("a",), documents=paper) for n in (1, 2)
    ]
    listed = build_now(tmp_path / "lists", [*twins, *crowd(50)])

    _resolve(listed, tmp_path)
    (pair,) = _lines(tmp_path / "pairs")
    assert (_lines(tmp_path / "out"), pair["cluster"]) == ([], None)

    _resolve(listed, tmp_path, within_lists=True)
    (found,) = _lines(tmp_path / "out")
    assert found["members"] == ["a-1", "a-2"]


def test_the_same_bytes_whoever_works(listed: Path, tmp_path: Path):
    """The number of processes changes nothing, nor does the threshold of another run."""
    alone, together = tmp_path / "1", tmp_path / "2"
    for folder, workers in ((alone, 1), (together, 2)):
        folder.mkdir()
        _resolve(listed, folder, workers=workers)

    for name in ("out", "pairs"):
        assert (alone / name).read_bytes() == (together / name).read_bytes()


def test_a_run_is_entered_in_the_check_log(listed: Path, tmp_path: Path):
    """Who compared lists with each other, why, and how much came of it."""
    summary = _resolve(listed, tmp_path)

    (entry,) = [line.entry for line in CheckLog(tmp_path / "log").lines() if line]
    assert (entry.command, entry.outcome) == ("resolve", "done")
    assert entry.asked == summary.asked == len([*TWICE, *BROTHERS, PAPER, HOLDER]) + 150
    assert (summary.clusters, summary.members) == (2, 5)


def test_nothing_is_there_before_all_is_there(
    listed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """What breaks off leaves an older file as it was, and no half of a new one."""
    (tmp_path / "out").write_text("old\n")

    def gone(*_: object) -> None:
        raise KeyboardInterrupt

    work = Job(snapshot=listed, output=tmp_path / "out", pairs=tmp_path / "pairs")
    with pytest.raises(KeyboardInterrupt):
        job.resolve(work, log=CheckLog(tmp_path / "log"), reason=REASON, progress=gone)

    assert (tmp_path / "out").read_text() == "old\n"
    assert not (tmp_path / "pairs").exists()
    (entry,) = [line.entry for line in CheckLog(tmp_path / "log").lines() if line]
    assert entry.outcome == "interrupted"
