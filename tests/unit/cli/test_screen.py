from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from screening_help import LISTED, PURPOSE, build_now, run, write_queries


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory) -> Path:
    """Return a snapshot of a few invented people."""
    return build_now(tmp_path_factory.mktemp("screen") / "lists")


def _screen(snapshot: Path, source: Path, *more: object):
    out = source.with_name("out.jsonl")
    return run("screen", source, "--snapshot", snapshot, "--output", out, *PURPOSE, *more)


def test_a_list_with_a_listed_person_ends_with_10(snapshot: Path, tmp_path: Path):
    """The summary tells how many, and where the answers are."""
    ended = _screen(snapshot, write_queries(tmp_path / "in.jsonl", ["Nobody Known", LISTED]))

    assert ended.code == 10
    assert "2 screened, 1 with a possible match" in ended.out


def test_a_list_without_one_ends_with_0(snapshot: Path, tmp_path: Path):
    """Nothing was found, and that is a line for each all the same."""
    ended = _screen(snapshot, write_queries(tmp_path / "in.jsonl", ["Quirin Eggenfelder"]))

    assert ended.code == 0
    assert json.loads((tmp_path / "out.jsonl").read_text()) == {"id": "q0", "results": []}


def test_refused_rows_end_with_4(snapshot: Path, tmp_path: Path):
    """Who could not be screened is told, and is in the rejects file."""
    source = write_queries(tmp_path / "in.jsonl", ["Quirin Eggenfelder"])
    with source.open("a") as file:
        file.write("{broken\n")
    ended = _screen(snapshot, source, "--rejects", tmp_path / "rejects.jsonl")

    assert ended.code == 4
    assert "NOT screened" in ended.out
    assert len((tmp_path / "rejects.jsonl").read_text().splitlines()) == 1


def test_a_possible_match_is_graver_than_a_refused_row(snapshot: Path, tmp_path: Path):
    """Both are told in words; the code is the match's."""
    source = write_queries(tmp_path / "in.jsonl", [LISTED])
    with source.open("a") as file:
        file.write("{broken\n")

    assert _screen(snapshot, source).code == 10


def test_tables_and_compressed_files_are_read(snapshot: Path, tmp_path: Path):
    """The format is recognised by its content."""
    table = tmp_path / "in.csv.gz"
    table.write_bytes(gzip.compress(f"id,name,birth_date\n7,{LISTED},1970-01-01\n".encode()))
    ended = _screen(snapshot, table, "--json")

    assert ended.json == {
        "asked": 1, "matched": 1, "results": 1, "rejects": 0, "notes": 0,
        "breaks_off": False, "resumed_after": 0, "incomplete": [],
    }  # fmt: skip


def test_threshold_and_limit_shape_what_is_written(snapshot: Path, tmp_path: Path):
    """With 0 every scored candidate appears, up to the limit."""
    source = write_queries(tmp_path / "in.jsonl", ["Arvid Petar Kostner"])
    _screen(snapshot, source, "--threshold", 0, "--limit", 3)
    results = json.loads((tmp_path / "out.jsonl").read_text())["results"]

    assert [result["match"] for result in results] == [True, False, False]


@pytest.mark.parametrize(
    "options", [("--mode", "brave"), ("--limit", "0"), ("--threshold", "2"), ("--workers", "0")]
)
def test_bad_options_end_with_2(snapshot: Path, tmp_path: Path, options: tuple[str, str]):
    """Nothing is written."""
    source = write_queries(tmp_path / "in.jsonl", ["x"])

    assert _screen(snapshot, source, *options).code == 2
    assert not (tmp_path / "out.jsonl").exists()


def test_an_input_that_is_not_there_ends_with_2(snapshot: Path, tmp_path: Path):
    """The message names it."""
    ended = _screen(snapshot, tmp_path / "none.jsonl")

    assert ended.code == 2
    assert "none.jsonl" in ended.err


def test_an_input_that_is_refused_leaves_earlier_answers_alone(snapshot: Path, tmp_path: Path):
    """OUT is not touched before the first row was read."""
    (tmp_path / "out.jsonl").write_text("earlier answers\n")
    (tmp_path / "page.html").write_text("<html>504</html>\n")

    assert _screen(snapshot, tmp_path / "page.html").code == 2
    assert (tmp_path / "out.jsonl").read_text() == "earlier answers\n"


@pytest.mark.parametrize("name", ["in.jsonl", "out.jsonl"])
def test_the_list_is_never_written_over(snapshot: Path, tmp_path: Path, name: str):
    """Input, output and rejects are three files."""
    source = write_queries(tmp_path / "in.jsonl", [LISTED])
    content = source.read_text()

    assert _screen(snapshot, source, "--rejects", tmp_path / name).code == 2
    assert source.read_text() == content


@pytest.mark.parametrize("option", ["--output", "--rejects"])
@pytest.mark.parametrize("place", ["lists/manifest.json", "no/such/folder/file", "folder"])
def test_a_place_that_cannot_be_written_to_is_refused(tmp_path: Path, option: str, place: str):
    """Nothing in the snapshot is written over; a folder that is missing is told before the work."""
    lists = build_now(tmp_path / "lists")
    (tmp_path / "folder").mkdir()
    before = (lists / "manifest.json").read_bytes()
    ended = _screen(lists, write_queries(tmp_path / "in.jsonl", [LISTED]), option, tmp_path / place)

    assert ended.code == 2
    assert str(place) in ended.err or str((tmp_path / place).parent) in ended.err
    assert (lists / "manifest.json").read_bytes() == before


def test_an_input_that_breaks_off_is_said_in_words(snapshot: Path, tmp_path: Path):
    """The count of those screened looks as good as any other."""
    plain = write_queries(tmp_path / "plain.jsonl", [f"Quirin Eggenfelder {n}" for n in range(999)])
    source = tmp_path / "in.jsonl"
    source.write_bytes(gzip.compress(plain.read_bytes())[:-100])
    ended = _screen(snapshot, source)

    assert ended.code == 4
    assert "BREAKS OFF" in ended.out
    assert _screen(snapshot, source, "--json").json["breaks_off"]


def test_a_date_that_cannot_be_read_is_told_where_the_analyst_looks(snapshot: Path, tmp_path: Path):
    """The person is screened, without the date."""
    source = tmp_path / "in.csv"
    source.write_text("name,birth_date\nQuirin Eggenfelder,before the war\n")
    ended = _screen(snapshot, source)

    assert ended.code == 0
    assert "odd 1 time" in ended.out
