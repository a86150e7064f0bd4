"""One snapshot of the real lists, built, asked, updated and compared by the commands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from didban import Screener
from didban.match.snapshot import Snapshot
from didban.match.spelling.scripts import Script, script_of
from didban.model.records import Record
from didban.model.schemata import schema
from screening_help import run

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("real lists")]

_EVERY = 7  # every seventh person is asked about: enough to see a fault, quick enough to run always
_REFERENCE = re.compile(rb"<REFERENCE_NUMBER>\s*(.*?)\s*</REFERENCE_NUMBER>")


@pytest.fixture(scope="module")
def real(shared_data: Path, tmp_path_factory) -> Path:
    """Return a snapshot of all lists, made by the command."""
    lists = shared_data / "lists"
    out: Path = tmp_path_factory.mktemp("real") / "lists"
    sources = [
        f"un-sc={lists / 'un' / '2020-03-20.xml'}",
        f"ofac-sdn={lists / 'ofac' / '2021-04'}",
        f"us-csl={lists / 'csl' / 'consolidated_2022-05.csv.gz'}",
        f"uk-ofsi={lists / 'uk' / 'hmt_conlist_2020-04.csv.gz'}",
        *(
            f"ftm:{path.name.split('.')[0]}={path}"
            for path in sorted((lists / "ftm").glob("*.json"))
        ),
    ]
    ended = run("lists", "build", out, *(part for s in sources for part in ("--source", s)))
    assert ended.code == 0, ended.err
    return out


@pytest.fixture(scope="module")
def listed(real: Path) -> list[Record]:
    """Return every seventh person of the UN list."""
    people = (r for r in Snapshot.open(real).records() if r.schema == "Person")
    return [r for r in people if "un-sc" in r.datasets][::_EVERY]


def test_the_snapshot_holds_every_entry(real: Path):
    """All of the UN's 1,014, OFAC's 8,890, and the others; links are counted apart."""
    data = run("lists", "show", real, "--json").json
    things = {
        dataset["name"]: sum(
            count for name, count in dataset["quality"]["schemata"].items() if not _is_link(name)
        )
        for dataset in data["datasets"]
    }

    assert things["un-sc"] == 1_014
    assert things["ofac-sdn"] == 8_890
    assert things["us-csl"] == 14_160
    assert things["uk-ofsi"] == 2_114


def _is_link(name: str) -> bool:
    known = schema(name)
    return known is not None and known.is_link


def _found(real: Path, names: list[tuple[str, str]]) -> float:
    """Return the share of (id, name) of which the record is among the first ten."""
    with Screener(real, purpose="quality_test") as screener:
        answers = [(wanted, screener.check_person(names=[name]).matches) for wanted, name in names]
    return sum(any(m.id == wanted for m in found) for wanted, found in answers) / len(answers)


def test_listed_people_are_found_by_the_name_on_the_list(real: Path, listed: list[Record]):
    """The first name of nearly every entry leads back to it; some have a single, common part."""
    assert _found(real, [(r.id, r.values("name")[0]) for r in listed]) >= 0.9


def test_listed_people_are_found_by_their_original_script(real: Path, listed: list[Record]):
    """As a passport of their own state writes it."""
    names = [
        (record.id, name)
        for record in listed
        for name in record.values("name", "alias")[1:]
        if script_of(name) is not Script.LATIN
    ]

    assert len(names) > 30
    assert _found(real, names) >= 0.9


def test_a_newer_publication_lists_and_delists(shared_data: Path, tmp_path: Path):
    """From October 2018 to March 2020, by update and by comparison: the references say who."""
    files = {
        year: next((shared_data / "lists" / "un").glob(f"{year}*.xml")) for year in (2018, 2020)
    }
    ids = {
        year: {f"un-{ref.decode()}" for ref in _REFERENCE.findall(path.read_bytes())}
        for year, path in files.items()
    }
    old, new = tmp_path / "old", tmp_path / "new"
    for out in (old, new):
        run("lists", "build", out, "--source", f"un-sc={files[2018]}")
    run("lists", "update", new, "--source", f"un-sc={files[2020]}")
    found = run("lists", "diff", old, new, "--json").json["un-sc"]
    told = {
        sort: {entry["id"] for entry in found[sort] if not _is_link(entry["schema"])}
        for sort in ("listed", "delisted")
    }

    assert told["listed"] == ids[2020] - ids[2018]
    assert told["delisted"] == ids[2018] - ids[2020]
