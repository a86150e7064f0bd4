"""PR-01, PR-56: every search has a purpose from a closed list; one without is refused and logged."""

from __future__ import annotations

from pathlib import Path

import pytest

from didban import Screener
from didban.errors import PurposeMissing
from didban.guard.entries import Outcome
from didban.model.purposes import CHECK_PURPOSES, Purpose
from screening_help import LISTED, build_now, entries, run, write_queries


@pytest.fixture
def snapshot(tmp_path: Path) -> Path:
    """Return a snapshot of a few invented people."""
    return build_now(tmp_path / "lists")


def _commands(snapshot: Path) -> dict[str, tuple[object, ...]]:
    source = write_queries(snapshot.parent / "in.jsonl", [LISTED])
    return {
        "check": ("check", "--snapshot", snapshot, "--name", LISTED),
        "screen": ("screen", source, "--snapshot", snapshot, "--output", source.parent / "out"),
        "serve": ("serve", "--snapshot", snapshot, "--port", 0),
    }


@pytest.mark.parametrize("command", ["check", "screen", "serve"])
def test_pr_01_a_command_without_a_purpose_is_refused_lists_the_codes_and_is_logged(
    snapshot: Path, command: str
):
    """Exit 2, every code, no answer, and an entry of who tried."""
    ended = run(*_commands(snapshot)[command])
    (entry,) = entries(snapshot)

    assert (ended.code, ended.out) == (2, "")
    assert all(purpose in ended.err for purpose in CHECK_PURPOSES)
    assert (entry.outcome, entry.purpose, entry.command) == (Outcome.REFUSED, None, command)


@pytest.mark.parametrize("purpose", ["targeting", "opinion", "", "Border_Control"])
def test_pr_56_a_purpose_that_is_not_on_the_list_is_none(snapshot: Path, purpose: str):
    """No purpose serves targeting, military operations or watching opinion."""
    assert run(*_commands(snapshot)["check"], "--purpose", purpose).code == 2


@pytest.mark.parametrize("purpose", CHECK_PURPOSES)
def test_pr_01_each_purpose_of_the_list_is_entered_with_its_reference(
    snapshot: Path, purpose: Purpose
):
    """The entry carries who, why and for which case."""
    run(*_commands(snapshot)["check"], "--purpose", purpose, "--reference", "Case 7")
    (entry,) = entries(snapshot)

    assert (entry.purpose, entry.reference) == (purpose, "Case 7")
    assert "@" in entry.who


@pytest.mark.parametrize("way", ["variables", "file"])
def test_pr_01_purpose_and_reference_may_come_from_settings(
    snapshot: Path, monkeypatch, tmp_path: Path, way: str
):
    """A post with one purpose sets it once."""
    if way == "variables":
        monkeypatch.setenv("DIDBAN_PURPOSE", "border_control")
        monkeypatch.setenv("DIDBAN_REFERENCE", "Gate 4")
    else:
        text = 'purpose = "border_control"\nreference = "Gate 4"\n'
        (tmp_path / "didban.toml").write_text(text)
        monkeypatch.chdir(tmp_path)
    run(*_commands(snapshot)["check"])

    assert [(e.purpose, e.reference) for e in entries(snapshot)] == [("border_control", "Gate 4")]


def test_pr_01_a_charter_may_require_a_reference_too(snapshot: Path, monkeypatch):
    """Then a purpose alone is refused."""
    monkeypatch.setenv("DIDBAN_REQUIRE_REFERENCE", "true")

    assert run(*_commands(snapshot)["check"], "--purpose", "border_control").code == 2


def test_pr_01_the_rule_holds_in_python_too(snapshot: Path):
    """There is no way in without it."""
    with pytest.raises(PurposeMissing):
        Screener(snapshot)
