"""PR-36, PR-37: each run leaves one entry, never the content; altering any entry is detected."""

from __future__ import annotations

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from didban import Screener
from didban.guard.check_log import CheckLog
from screening_help import (
    LISTED,
    PURPOSE,
    REASON,
    ZONE,
    ask,
    build_now,
    entries,
    run,
    write_queries,
)

NOBODY = "Quirin Eggenfelder"


def test_each_run_leaves_one_entry_with_how_many_were_asked_and_matched(tmp_path: Path):
    """A check, a list, a screener in Python."""
    snapshot = build_now(tmp_path / "lists")
    ask(snapshot, "--name", LISTED)
    source = write_queries(tmp_path / "in.jsonl", [LISTED, NOBODY, NOBODY])
    run("screen", source, "--snapshot", snapshot, "--output", tmp_path / "out", *PURPOSE)
    with Screener(snapshot, purpose="quality_test") as screener:
        screener.check_mrz(*ZONE)
        screener.check_person(names=[NOBODY])

    assert [(e.command, e.asked, e.matched) for e in entries(snapshot)] == [
        ("check", 1, 1),
        ("screen", 3, 1),
        ("python", 2, 1),
    ]


def test_pr_37_nothing_of_what_was_asked_or_found_is_in_the_log(tmp_path: Path):
    """No name, date, number or identifier, of the query or of the record."""
    snapshot = build_now(tmp_path / "lists")
    ask(snapshot, "--name", LISTED, "--birth-date", "1970-01-01", "--document", "UTO:P:L898902C3")
    ask(snapshot, "--mrz", *ZONE[:1], "--mrz", *ZONE[1:])
    source = write_queries(tmp_path / "in.jsonl", [LISTED])
    run("screen", source, "--snapshot", snapshot, "--output", tmp_path / "out", *PURPOSE)
    files = [path for path in tmp_path.iterdir() if ".checks." in path.name]
    text = b"".join(path.read_bytes() for path in files).lower()

    assert files
    for content in ("zoltan", "varghese", "1970", "l898902c3", '"p1"', '"q0"', "in.jsonl"):
        assert content.encode() not in text


@given(data=st.data())
def test_pr_36_changing_any_byte_of_the_log_is_detected(tmp_path_factory, data: st.DataObject):
    """Wherever it is, and whatever it becomes."""
    log = CheckLog(tmp_path_factory.mktemp("log") / "checks.jsonl")
    for _ in range(3):
        log.append(REASON, command="check", asked=1)
    raw = bytearray(log.path.read_bytes())
    at = data.draw(st.integers(0, len(raw) - 2))  # the very last byte is a line end, not content
    raw[at] ^= data.draw(st.integers(1, 255))
    log.path.write_bytes(raw)

    assert log.verify().faults != ()


def test_the_words_of_a_run_do_not_leave_its_own_output(tmp_path: Path):
    """Errors name what is wrong, and not who was looked for."""
    snapshot = build_now(tmp_path / "lists")
    (snapshot / "manifest.json").write_text(json.dumps({"format": 0}))
    ended = ask(snapshot, "--name", LISTED)

    assert ended.code == 3
    assert LISTED not in ended.out + ended.err
