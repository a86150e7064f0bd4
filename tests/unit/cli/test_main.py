from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import didban
from didban import cli, errors
from didban.cli.exits import Exit, exit_of
from screening_help import environment, run


def test_the_version_is_told():
    """One line, and done."""
    assert run("--version").out.startswith(f"didban {didban.__version__}")


@pytest.mark.parametrize(
    "arguments", [(), ("--nonsense",), ("nonsense",), ("check", "--limit", "x")]
)
def test_bad_usage_ends_with_2(arguments: tuple[str, ...]):
    """As every bad input does."""
    assert run(*arguments).code == 2


def test_a_wrong_setting_ends_with_2(monkeypatch):
    """The message has the setting's path."""
    monkeypatch.setenv("DIDBAN_PURPOS", "x")
    ended = run("check", "--name", "x")

    assert ended.code == 2
    assert "DIDBAN_PURPOS" in ended.err


def test_a_defect_ends_with_3_and_not_with_pythons_1(monkeypatch):
    """A script can tell a defect from an answer."""

    def broken() -> None:
        raise RuntimeError("a defect")

    monkeypatch.setattr(cli, "app", broken)
    ended = run("check")

    assert ended.code == 3
    assert "a defect" in ended.err


@pytest.mark.parametrize("error", [KeyboardInterrupt(), BrokenPipeError()])
def test_an_interruption_ends_with_3(monkeypatch, error: BaseException):
    """Nothing is known then."""

    def interrupted() -> None:
        raise error

    monkeypatch.setattr(cli, "app", interrupted)

    assert run("check").code == 3


def test_every_error_has_its_exit_code():
    """Those that the caller must mend end with 2, an expired snapshot with 20, the rest with 3."""
    raised = [
        errors.InvalidFile("x"),
        errors.PurposeMissing("x"),
        errors.NotFound("x"),
        errors.ConfigError("x", path="y"),
        errors.SnapshotExpired("x"),
        errors.IntegrityFailure("x"),
        errors.Unavailable("x"),
    ]
    codes = {type(error).__name__: exit_of(error) for error in raised}

    assert codes == {
        "InvalidFile": Exit.BAD_INPUT,
        "PurposeMissing": Exit.BAD_INPUT,
        "NotFound": Exit.BAD_INPUT,
        "ConfigError": Exit.BAD_INPUT,
        "SnapshotExpired": Exit.UNKNOWN,
        "IntegrityFailure": Exit.FAILED,
        "Unavailable": Exit.FAILED,
    }


@pytest.mark.slow
def test_the_demo_tells_its_story(tmp_path: Path):
    """Each scene ends as the story says, and the files can be kept; the README shows the other."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "didban", "demo"),
            *("--story", "post", "--keep", str(tmp_path / "kept")),
        ],
        capture_output=True,
        text=True,
        env=environment(),
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert all(word in done.stdout for word in ("POSSIBLE MATCH", "NO MATCH", "UNKNOWN"))
    assert (tmp_path / "kept" / "answers.jsonl").exists()


def test_the_demo_does_not_write_over_settings(tmp_path: Path):
    """Those of a working office may lie in the folder that was named."""
    (tmp_path / "didban.toml").write_text('purpose = "border_control"\n')

    assert run("demo", "--keep", tmp_path).code == 2
    assert [path.name for path in tmp_path.iterdir()] == ["didban.toml"]
