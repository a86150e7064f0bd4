"""Settings are checked as a whole and shown without what they hold in confidence."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from didban import cli, settings


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Return a function that runs a command with a settings file and variables."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments, file="", **variables):
        (tmp_path / "didban.toml").write_text(file, encoding="utf-8")
        monkeypatch.setattr("os.environ", {**variables, "HOME": str(tmp_path)})
        return CliRunner().invoke(cli.app, ["config", *arguments])

    return run


def test_everything_that_is_wrong_is_told_at_once(run):
    """An operator mends a file once, not five times."""
    done = run(
        "check", "--json",
        file='mod = 1\n[node]\nport = "x"\nworkers = 0\n[screening]\nlimit = 5\nlimt = 5\n',
        DIDBAN_NODE_CONNECTIONS="many", DIDBAN_NOTHING="1",
    )  # fmt: skip

    assert done.exit_code == 2
    assert {each["path"] for each in json.loads(done.stdout)} == {
        "mod", "node.port", "node.workers", "screening.limt", "DIDBAN_NODE_CONNECTIONS",
        "DIDBAN_NOTHING",
    }  # fmt: skip


def test_what_has_the_right_shape_is_tried_too(run):
    """A value may be a text and still be of no use."""
    done = run(
        "check", "--json", file='database_url = "mysql://here/db"\n[notify]\nsmtp_security = "no"\n'
    )
    assert {each["path"] for each in json.loads(done.stdout)} == {
        "database_url", "notify.smtp_security",
    }  # fmt: skip


def test_a_file_that_cannot_be_read_is_one_problem(run):
    """There is nothing more to be said of it."""
    done = run("check", "--json", file="this is not TOML")

    assert done.exit_code == 2
    assert len(json.loads(done.stdout)) == 1


def test_settings_that_can_be_used_are_said_to_be(run):
    """Exit code 0, for scripts."""
    done = run("check", file="[node]\nport = 8801\n")

    assert (done.exit_code, done.stdout) == (0, "the settings can be used\n")


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://didban:SECRET@db/bank",
        "postgresql://db/bank?user=didban&password=SECRET",
        "postgresql://didban:SECRET@:SECRET@db/bank",
        "postgresql://didban:SECRET@[::1]:5432/bank?x=1&password=SECRET",
    ],
)
def test_no_password_is_shown(run, address):
    """What is shown may be sent to somebody who helps."""
    done = run("show", DIDBAN_DATABASE_URL=address)

    assert done.exit_code == 0
    assert "SECRET" not in done.stdout
    assert "***" in done.stdout


def test_every_setting_is_shown_and_what_differs_is_marked(run):
    """Whoever reads it sees at once what was changed here."""
    done = run("show", file="[node]\nport = 8801\n")

    lines = done.stdout.splitlines()
    assert len(lines) == len(settings.keys())
    assert [line for line in lines if line.endswith("# changed")] == [
        "node.port = 8801   # changed"
    ]


def test_no_setting_is_a_secret_of_its_own():
    """Secrets have their own place (`guard.secrets`); an address may hold one and is redacted."""
    words = ("password", "secret", "token", "key")
    named = [key.path for key in settings.keys() if key.path.endswith(words)]  # noqa: SIM118

    assert named == []
