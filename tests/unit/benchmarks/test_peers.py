"""The peers are asked with what they compare, and asked again only when that changes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import material, peers
from benchmarks.material import json_lines, write_json_lines
from didban.model.records import Record

LISTED = Record(id="a", schema="Person", properties={"name": ("Nadir Shimal",)})
ASKED = replace(LISTED, id="q")


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Stand in for the peers' environment; return the scripts that were run."""
    scripts: list[str] = []

    def answer(command: list[str], *, is_polite: bool = False):
        scripts.append(Path(command[1]).name)
        queries = json_lines(Path(command[3]))
        write_json_lines(
            Path(command[4]), [{"id": q["id"], "results": [["a", 0.9]]} for q in queries]
        )

    monkeypatch.setattr(material, "SCRATCH", tmp_path / "scratch")
    monkeypatch.setattr(peers, "interpreter", lambda: Path("python"))
    monkeypatch.setattr(peers, "_run", answer)
    return scripts


def test_an_answer_is_ids_with_scores(runs: list[str]):
    """The best of the list come back under the query's id."""
    assert peers.logic_v2("seals", [LISTED], [ASKED]) == {"q": [("a", 0.9)]}


def test_the_same_question_is_asked_once(runs: list[str]):
    """A run of logic-v2 over a list takes minutes."""
    peers.logic_v2("seals", [LISTED], [ASKED])
    peers.logic_v2("seals", [LISTED], [ASKED])

    assert runs == ["logic_v2.py"]


def test_a_note_on_the_list_is_no_new_question(runs: list[str]):
    """What the peers do not look at does not cost a run."""
    noted = replace(LISTED, properties={**LISTED.properties, "notes": ("Checked.",)})
    peers.logic_v2("seals", [LISTED], [ASKED])
    peers.logic_v2("seals", [noted], [ASKED])

    assert len(runs) == 1


def test_a_new_birth_date_is_a_new_question(runs: list[str]):
    """An old answer would be compared with a new list."""
    dated = replace(LISTED, properties={**LISTED.properties, "birthDate": ("1970",)})
    peers.logic_v2("seals", [LISTED], [ASKED])
    peers.logic_v2("seals", [dated], [ASKED])

    assert len(runs) == 2


def test_pairs_keep_their_order(runs: list[str]):
    """The n-th score is the n-th pair's."""
    assert peers.logic_v2_pairs("seals", [(ASKED, LISTED)] * 3) == [0.9, 0.9, 0.9]
    assert runs == ["pairs.py"]
