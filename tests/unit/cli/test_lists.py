from __future__ import annotations

import json
from pathlib import Path

import pytest

from intake_help import SPECIMENS
from screening_help import PURPOSE, build_now, run, write_queries
from specimens import person


@pytest.fixture
def police(tmp_path: Path) -> Path:
    """Return a list of two invented people in FollowTheMoney lines."""
    path = tmp_path / "police.jsonl"
    lines = [
        {"id": "a", "schema": "Person", "properties": {"name": ["Anna"], "birthDate": ["1970"]}},
        {"id": "b", "schema": "Person", "properties": {"name": ["Борис"]}},
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def test_build_tells_counts_per_dataset_and_kind(tmp_path: Path, police: Path):
    """What was read is said, and ends with 0 when nothing was refused."""
    ended = run("lists", "build", tmp_path / "s", "--source", f"ftm:police={police}")

    assert ended.code == 0
    assert "police: 2 Person" in ended.out


def test_refused_rows_end_with_4_and_land_in_their_file(tmp_path: Path, police: Path):
    """The rest of the file is there, and the row says why it is not."""
    with police.open("a", encoding="utf-8") as file:
        file.write("{broken\n")
    ended = run(
        *("lists", "build", tmp_path / "s", "--source", f"ftm:police={police}"),
        *("--rejects", tmp_path / "rejects.jsonl"),
    )
    (reject,) = map(json.loads, (tmp_path / "rejects.jsonl").read_text().splitlines())

    assert ended.code == 4
    assert "1 row was REFUSED" in ended.out
    assert (reject["source"], reject["line"], reject["row"].strip()) == ("police", 3, "{broken")


def test_a_source_that_is_not_what_it_claims_ends_with_2(tmp_path: Path, police: Path):
    """A clear error, and the old snapshot as it was."""
    run("lists", "build", tmp_path / "s", "--source", f"ftm:police={police}")
    before = run("lists", "show", tmp_path / "s", "--json").out
    ended = run("lists", "build", tmp_path / "s", "--source", f"un-sc={police}")

    assert ended.code == 2
    assert ended.err.startswith("didban: ")
    assert run("lists", "show", tmp_path / "s", "--json").out == before


@pytest.mark.parametrize(
    ("kind", "file"),
    [("un-sc", "un_sc.xml"), ("eu-fsf", "eu_fsf.xml"), ("uk-ofsi", "uk_new.csv"),
     ("us-csl", "us_csl.csv"), ("ofac-sdn", "ofac_sdn")],
)  # fmt: skip
def test_every_official_kind_builds(tmp_path: Path, kind: str, file: str):
    """Each reader is reached by the kind's name."""
    ended = run(
        "lists", "build", tmp_path / "s", "--source", f"{kind}={SPECIMENS / file}", "--json"
    )

    assert ended.code in {0, 4}
    assert ended.json["datasets"][kind]["records"] > 0


def test_update_tells_what_changed(tmp_path: Path, police: Path):
    """Added, changed, withdrawn."""
    run("lists", "build", tmp_path / "s", "--source", f"ftm:police={police}")
    police.write_text(police.read_text().splitlines()[0] + "\n")
    ended = run("lists", "update", tmp_path / "s", "--source", f"ftm:police={police}", "--json")

    assert ended.json["datasets"]["police"]["withdrawn"] == 1


def test_withdrawals_that_are_held_back_are_told(tmp_path: Path, police: Path):
    """In words, in JSON and by the exit code; an option carries them out."""
    update = ("lists", "update", tmp_path / "s", "--source", f"ftm:police={police}")
    run("lists", "build", tmp_path / "s", "--source", f"ftm:police={police}")
    police.write_text(police.read_text().splitlines()[0] + '\n{"id": "')
    words, data = run(*update), run(*update, "--json")
    done = run(*update, "--allow-withdrawals", "--json")

    assert (words.code, data.code, done.code) == (4, 4, 4)
    assert "police: 1 record not named by the new publication NOT WITHDRAWN" in words.out
    assert data.json["datasets"]["police"]["held_back"] == 1
    assert done.json["datasets"]["police"]["withdrawn"] == 1


def test_show_tells_datasets_age_and_quality(tmp_path: Path, police: Path):
    """What a screener must know of its own data (PR-23)."""
    run("lists", "build", tmp_path / "s", "--source", f"ftm:police={police}")
    words = run("lists", "show", tmp_path / "s", "--verify").out
    (dataset,) = run("lists", "show", tmp_path / "s", "--json").json["datasets"]

    assert "less than a minute old" in words
    assert "cyrillic 50%" in words
    assert words.endswith("\nEvery file is what was built.\n")
    assert dataset["quality"]["without_birth_date"] == 1


def test_diff_tells_listed_and_delisted(tmp_path: Path):
    """In words and as data."""
    old = build_now(tmp_path / "old", [person("Anna", id="a")])
    new = build_now(tmp_path / "new", [person("Boris", id="b")])

    data = run("lists", "diff", old, new, "--json").json["invented"]
    assert [entry["id"] for entry in data["listed"] + data["delisted"]] == ["b", "a"]
    assert "- a" in run("lists", "diff", old, new).out


def test_show_of_nothing_says_how_to_make_one(tmp_path: Path):
    """A path without a snapshot is bad input."""
    ended = run("lists", "show", tmp_path)

    assert ended.code == 2
    assert "didban lists build" in ended.err


@pytest.mark.parametrize("command", ["build", "update"])
def test_rejects_are_not_written_over_what_is_read(tmp_path: Path, police: Path, command: str):
    """A slip of the hand must not empty the list."""
    run("lists", "build", tmp_path / "s", "--source", f"ftm:police={police}")
    before = police.read_bytes()
    source = ("--source", f"ftm:police={police}")
    ended = run("lists", command, tmp_path / "s", *source, "--rejects", police)

    assert (ended.code, police.read_bytes()) == (2, before)
    assert "--rejects" in ended.err


def test_a_table_with_nothing_but_a_header_does_not_delist_everybody(tmp_path: Path):
    """What was saved or fetched wrongly is likelier than a list without anybody."""
    table, mapping = tmp_path / "port.csv", tmp_path / "port.toml"
    mapping.write_text('schema = "Person"\nid = "no"\n[columns]\nname = "name"\n')
    table.write_text("no,name\n1,Nadir Arvandi\n")
    source = ("--source", f"csv:port={table}", "--mapping", f"port={mapping}")
    run("lists", "build", tmp_path / "s", *source)
    table.write_text("no,name\n")
    ended = run("lists", "update", tmp_path / "s", *source)

    assert ended.code == 2
    assert "delist" in ended.err
    assert run("lists", "show", tmp_path / "s", "--json").json["records"] == 1
    assert run("lists", "build", tmp_path / "new", *source).code == 0


def test_an_official_table_without_a_row_is_refused(tmp_path: Path):
    """As an official XML without an entry is."""
    header = (SPECIMENS / "us_csl.csv").read_text(encoding="utf-8").splitlines()[0]
    (tmp_path / "us.csv").write_text(header + "\n")
    ended = run("lists", "build", tmp_path / "s", "--source", f"us-csl={tmp_path / 'us.csv'}")

    assert (ended.code, (tmp_path / "s").exists()) == (2, False)


def test_every_answer_says_which_lists_were_not_read_in_full(tmp_path: Path, police: Path):
    """Who stood in a refused row, or behind a break, is not found: that is no plain "no match"."""
    with police.open("a", encoding="utf-8") as file:
        file.write('{broken\n{"id": ')
    run("lists", "build", tmp_path / "s", "--source", f"ftm:police={police}")
    asked = ("check", "--snapshot", tmp_path / "s", "--name", "Quirin Eggenfelder", *PURPOSE)
    source = write_queries(tmp_path / "in.jsonl", ["Quirin Eggenfelder"])
    screen = ("screen", source, "--snapshot", tmp_path / "s", *PURPOSE, "--output")
    words = "INCOMPLETE: police (breaks off, 2 rows refused). Who stood there cannot be found."
    data = [{"dataset": "police", "breaks_off": True, "rejects": 2}]

    assert words in run("lists", "show", tmp_path / "s").out
    assert words in run(*asked).out
    assert words in run(*screen, tmp_path / "a").out
    assert run(*asked, "--json").json["snapshot"]["incomplete"] == data
    assert run(*screen, tmp_path / "b", "--json").json["incomplete"] == data
    assert run("lists", "show", tmp_path / "s", "--json").json["datasets"][0]["breaks_off"]
