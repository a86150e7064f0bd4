from __future__ import annotations

from pathlib import Path

import pytest

from didban.errors import InvalidInput
from didban.screening.sources import read_source, read_sources


@pytest.fixture
def list_file(tmp_path: Path) -> Path:
    """Return a file that is there."""
    path = tmp_path / "list"
    path.touch()
    return path


def test_the_kind_is_the_name_of_an_official_list(list_file: Path):
    """`un-sc=FILE` is the dataset `un-sc`."""
    found = read_source(f"un-sc={list_file}", {})

    assert (found.kind, found.name, found.path) == ("un-sc", "un-sc", list_file)


def test_a_format_of_anybody_is_named_by_the_user(list_file: Path):
    """`ftm:police=FILE` is the dataset `police`."""
    assert read_source(f"ftm:police={list_file}", {}).name == "police"


def test_a_table_has_its_mapping(list_file: Path):
    """The mapping is found by the dataset's name, with or without its kind."""
    for name in ("own", "csv:own"):
        (found,) = read_sources([f"csv:own={list_file}"], [f"{name}={list_file}"])
        assert found.mapping == list_file


@pytest.mark.parametrize(
    "text", ["un-sc", "un-sc=", "nonsense={}", "ftm={}", "un-sc:mine={}", "ftm:default={}",
             "ftm:a/b={}", "csv:own={}", "un-sc={}.missing"],
)  # fmt: skip
def test_what_is_no_source_is_refused(list_file: Path, text: str):
    """The message says how to write one."""
    with pytest.raises(InvalidInput):
        read_source(text.format(list_file), {})


def test_a_mapping_without_its_source_is_refused(list_file: Path):
    """A misspelt name would leave the table unmapped."""
    with pytest.raises(InvalidInput, match="no source has the name"):
        read_sources([f"un-sc={list_file}"], [f"own={list_file}"])
