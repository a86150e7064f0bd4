"""The rejects file holds one line of JSON for each row that was refused or odd."""

from __future__ import annotations

import json

from didban.intake.readers.base import MAX_REJECTED_ROW, Reject
from didban.intake.rejects import Rejects

REFUSED = Reject(source="un-sc", line=7, reason="no name", row="نادر,1965")
ODD = Reject(source="un-sc", line=None, reason="odd", row="", is_note=True)


def test_each_reject_is_a_line_and_a_note_says_that_its_row_was_kept(tmp_path):
    """With source, line, reason and row."""
    path = tmp_path / "rejects.jsonl"

    with Rejects(path) as rejects:
        rejects(REFUSED)
        rejects(ODD)

    assert [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] == [
        {"source": "un-sc", "line": 7, "reason": "no name", "row": "نادر,1965"},
        {"source": "un-sc", "line": None, "reason": "odd", "row": "", "kept": True},
    ]


def test_refused_rows_and_notes_are_counted_apart_by_source():
    """Only refused rows change the exit code; no file is needed for counting."""
    rejects = Rejects()
    for reject in (REFUSED, REFUSED, ODD):
        rejects(reject)

    assert rejects.refused == {"un-sc": 2}
    assert rejects.noted == {"un-sc": 1}


def test_a_huge_row_is_cut():
    """The rejects file must not grow as large as the source."""
    reject = Reject(source="x", line=1, reason="too long", row="y" * 1_000_000)

    assert len(reject.row) == MAX_REJECTED_ROW + 1


def test_half_a_character_does_not_break_the_file(tmp_path):
    """It is written as its code."""
    path = tmp_path / "rejects.jsonl"
    with Rejects(path) as rejects:
        rejects(Reject(source="x", line=1, reason="odd", row="\ud800"))

    assert path.read_text(encoding="utf-8").count("\n") == 1
