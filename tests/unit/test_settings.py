from __future__ import annotations

from pathlib import Path

import pytest

from didban import settings
from didban.errors import ConfigError
from didban.settings import Settings


def _file(folder: Path, text: str) -> Path:
    path = folder / "didban.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_file_or_variables_the_defaults_hold(tmp_path: Path, monkeypatch):
    """Didban works without any setting."""
    monkeypatch.chdir(tmp_path)

    assert settings.load(environment={}) == Settings()


def test_a_file_wins_over_the_defaults_and_a_variable_over_the_file(tmp_path: Path):
    """The later source wins."""
    path = _file(tmp_path, 'purpose = "border_control"\n[staleness]\nwarn_after_hours = 24\n')

    found = settings.load(path, {"DIDBAN_STALENESS_WARN_AFTER_HOURS": "12"})

    assert (found.purpose, found.staleness.warn_after_hours) == ("border_control", 12.0)


def test_the_file_in_the_working_directory_is_used(tmp_path: Path, monkeypatch):
    """A post keeps its settings beside its data."""
    _file(tmp_path, 'reference = "Gate 4"\n')
    monkeypatch.chdir(tmp_path)

    assert settings.load(environment={}).reference == "Gate 4"


def test_a_variable_names_another_file(tmp_path: Path):
    """DIDBAN_SETTINGS points to the file wherever the process runs."""
    path = _file(tmp_path, "[serving]\nport = 9000\n")

    assert settings.load(environment={"DIDBAN_SETTINGS": str(path)}).serving.port == 9000


@pytest.mark.parametrize(
    ("variable", "text", "path", "expected"),
    [
        ("DIDBAN_REQUIRE_REFERENCE", "true", "require_reference", True),
        ("DIDBAN_REQUIRE_REFERENCE", "0", "require_reference", False),
        ("DIDBAN_SNAPSHOT", "lists.snapshot", "snapshot", Path("lists.snapshot")),
        ("DIDBAN_SERVING_ORIGINS", "https://a.xar, https://b.xar", "serving.origins", None),
        ("DIDBAN_SCREENING_LIMIT", "9", "screening.limit", 9),
    ],
)
def test_a_variable_is_read_as_the_type_of_its_setting(
    variable: str, text: str, path: str, expected: object
):
    """Text of the environment becomes what the file would have held."""
    found: object = settings.load(environment={variable: text})
    for name in path.split("."):
        found = getattr(found, name)

    wanted = ("https://a.xar", "https://b.xar") if expected is None else expected
    assert found == wanted


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ('purpos = "border_control"', "purpos"),
        ("[staleness]\nwarn_after_days = 3", "staleness.warn_after_days"),
        ("[serving]\nport = '8000'", "serving.port"),
        ("[serving]\nport = true", "serving.port"),
        ("staleness = 3", "staleness"),
        ("[serving]\nhosts = 'a'", "serving.hosts"),
    ],
)
def test_what_is_not_a_setting_is_refused_with_its_dotted_path(
    tmp_path: Path, text: str, path: str
):
    """A misspelt key or a wrong type stops the program instead of being passed over."""
    with pytest.raises(ConfigError) as caught:
        settings.load(_file(tmp_path, text), {})

    assert caught.value.path == path


def test_a_misspelt_variable_is_refused_with_the_nearest_name():
    """Who writes DIDBAN_PURPOS learns what it should have been."""
    with pytest.raises(ConfigError, match="did you mean 'DIDBAN_PURPOSE'"):
        settings.load(environment={"DIDBAN_PURPOS": "border_control"})


@pytest.mark.parametrize(
    ("variable", "text"),
    [("DIDBAN_SERVING_PORT", "many"), ("DIDBAN_REQUIRE_REFERENCE", "perhaps")],
)
def test_a_variable_of_the_wrong_type_is_refused(variable: str, text: str):
    """The message names the variable and what it should hold."""
    with pytest.raises(ConfigError, match=variable):
        settings.load(environment={variable: text})


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("DIDBAN_SCREENING_LIMIT", "0"),
        ("DIDBAN_SCREENING_WORKERS", "-1"),
        ("DIDBAN_STALENESS_UNKNOWN_AFTER_HOURS", "nan"),
        ("DIDBAN_STALENESS_UNKNOWN_AFTER_HOURS", "inf"),
        ("DIDBAN_SERVING_MAX_QUERIES", "0"),
    ],
)
def test_a_number_with_which_nothing_could_be_answered_is_refused(variable: str, text: str):
    """No results shown, or no process to look, would read as an all-clear."""
    with pytest.raises(ConfigError, match="expected a number from"):
        settings.load(environment={variable: text})


def test_a_named_file_that_is_not_there_is_an_error(tmp_path: Path):
    """Only the default file may be absent."""
    with pytest.raises(ConfigError, match="cannot be read"):
        settings.load(tmp_path / "none.toml", {})


def test_every_setting_says_why_one_would_change_it():
    """The reference page is made of these words."""
    assert [key.path for key in settings.keys() if not key.why] == []  # noqa: SIM118  # a function, not a dict
