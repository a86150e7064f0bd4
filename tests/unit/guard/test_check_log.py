from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from didban.errors import IntegrityFailure, Unavailable
from didban.guard import check_log
from didban.guard.check_log import CheckLog
from didban.guard.entries import FIRST_SEAL, Entry, Outcome
from screening_help import REASON


def _log(folder: Path) -> CheckLog:
    return CheckLog(folder / "lists.checks.jsonl")


def _entries(log: CheckLog) -> list[Entry]:
    return [line.entry for line in log.lines() if line is not None]


def _filled(folder: Path, count: int = 3) -> CheckLog:
    log = _log(folder)
    for number in range(count):
        log.append(REASON, command="check", asked=1, matched=number % 2)
    return log


def test_the_log_lies_beside_the_snapshot_by_whichever_path_it_is_reached(tmp_path: Path):
    """A link or a trailing slash leads to the same log."""
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")

    assert CheckLog.beside(tmp_path / "link").path == tmp_path / "real.checks.jsonl"


def test_entries_say_who_why_and_how_many(tmp_path: Path):
    """What is appended is what is read."""
    log = _filled(tmp_path, 2)
    one, two = _entries(log)

    assert (one.who, one.purpose, one.reference) == ("tester@here", "quality_test", "T-1")
    assert (one.entry, two.entry, two.asked, two.matched) == (1, 2, 1, 1)


def test_a_log_that_nobody_touched_is_whole(tmp_path: Path):
    """Verification finds nothing to say, and the seal to note down."""
    found = _filled(tmp_path).verify()

    assert (found.count, found.faults) == (3, ())
    assert found.seal != FIRST_SEAL


def test_no_log_is_an_empty_log(tmp_path: Path):
    """Before the first check there is nothing to verify, and no file is made."""
    assert _log(tmp_path).verify().count == 0
    assert list(tmp_path.iterdir()) == []


def test_only_the_owner_may_read_it(tmp_path: Path):
    """Who checked what for, and when, is itself sensitive."""
    log = _filled(tmp_path, 1)

    assert log.path.stat().st_mode & 0o777 == 0o600


def _change(lines: list[bytes]) -> list[bytes]:
    return [lines[0], lines[1].replace(b'"matched":1', b'"matched":0'), *lines[2:]]


TAMPERINGS = {
    "an entry is changed": _change,
    "the first entry is removed": lambda lines: lines[1:],
    "an entry in the middle is removed": lambda lines: [lines[0], *lines[2:]],
    "two entries change places": lambda lines: [lines[1], lines[0], *lines[2:]],
    "an entry is doubled": lambda lines: [lines[0], *lines],
    "the last entry is removed": lambda lines: lines[:-1],
    "all entries are removed": lambda _: [],
    "a line of noise is put in": lambda lines: [lines[0], b"noise\n", *lines[1:]],
}


@pytest.mark.parametrize("tampering", TAMPERINGS.values(), ids=TAMPERINGS)
def test_verification_shows_when(tmp_path: Path, tampering):
    """Every way of changing the file by hand leaves a fault."""
    log = _filled(tmp_path)
    lines = log.path.read_bytes().splitlines(keepends=True)
    log.path.write_bytes(b"".join(tampering(lines)))

    assert log.verify().faults != ()


def test_a_log_that_lost_its_end_takes_no_more_entries(tmp_path: Path):
    """Nothing is answered until an administrator has looked."""
    log = _filled(tmp_path)
    lines = log.path.read_bytes().splitlines(keepends=True)
    log.path.write_bytes(b"".join(lines[:-1]))

    with pytest.raises(IntegrityFailure, match="lost or changed its end"):
        log.append(REASON, command="check")


@pytest.mark.parametrize("left", [None, b"", b"\0" * 78], ids=["gone", "emptied", "zeroed"])
def test_a_log_without_its_head_takes_no_more_entries(tmp_path: Path, left: bytes | None):
    """Who cuts the end and takes the head away is not covered by the next check."""
    log = _filled(tmp_path)
    log.path.write_bytes(log.path.read_bytes().splitlines(keepends=True)[0])
    head = Path(f"{log.path}.head")
    head.unlink()
    if left is not None:
        head.write_bytes(left)

    for write in (log.append, log.begin):
        with pytest.raises(IntegrityFailure, match="head file"):
            write(REASON, command="check")
    assert log.verify().faults == ("the head file is missing or damaged",)


def test_a_long_run_does_not_begin_on_a_log_that_lost_its_end(tmp_path: Path):
    """Otherwise its answers would be there before the log is asked."""
    log = _filled(tmp_path)
    os.truncate(log.path, 0)

    with pytest.raises(IntegrityFailure, match="lost or changed its end"):
        log.begin(REASON, command="screen")


@pytest.mark.parametrize("head", [b"", b"\0" * 78, b"\0" * 200], ids=["touched", "zeros", "long"])
def test_files_that_were_made_beforehand_are_begun(tmp_path: Path, head: bytes):
    """By an administrator for a group, or by a loss of power before the first entry."""
    log = _log(tmp_path)
    log.path.touch()
    Path(f"{log.path}.head").write_bytes(head)
    log.append(REASON, command="check")
    log.append(REASON, command="check")

    assert (log.verify().count, log.verify().faults) == (2, ())


def test_the_head_is_there_before_the_first_entry(tmp_path: Path, monkeypatch):
    """So a loss of power between entry and head leaves an old head, and never none."""
    log = _log(tmp_path)
    seen: list[bytes] = []
    write_all = check_log._write_all

    def look(file: int, data: bytes) -> None:
        seen.append(Path(f"{log.path}.head").read_bytes())
        write_all(file, data)

    monkeypatch.setattr(check_log, "_write_all", look)
    log.append(REASON, command="check")
    Path(f"{log.path}.head").write_bytes(seen[0])
    log.append(REASON, command="check")

    assert seen[0] == b"0" * 12 + b" " + FIRST_SEAL.encode() + b"\n"
    assert (log.verify().count, log.verify().faults) == (2, ())


@pytest.mark.parametrize("call", ["fsync", "pwrite", "ftruncate", "open", "close"])
@pytest.mark.parametrize("nth", range(1, 6))
def test_a_kill_at_any_step_of_the_first_entry_does_not_lock_the_post_out(
    tmp_path: Path, call: str, nth: int
):
    """The next check is answered, and the log is whole."""
    log = _log(tmp_path)
    subprocess.run([sys.executable, "-c", _KILLED_AT, str(log.path), call, str(nth)], check=False)
    log.append(REASON, command="check")

    assert log.verify().faults == ()


_KILLED_AT = """
import os, signal, sys
from pathlib import Path
from didban.guard.check_log import CheckLog
from didban.guard.reasons import reason_for
call, left = sys.argv[2], [int(sys.argv[3])]
real = getattr(os, call)
def counted(*args):
    left[0] -= 1
    if left[0] == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*args)
reason = reason_for("quality_test", "killed")
setattr(os, call, counted)
CheckLog(Path(sys.argv[1])).append(reason, command="check")
"""


def test_a_sync_does_not_stumble_over_the_unfinished_line_of_another(tmp_path: Path):
    """A kill of one process does not stop another that only waits for the disk."""
    log = _filled(tmp_path, 1)
    log.append(REASON, command="serve", is_synced=False)
    with log.path.open("ab") as file:
        file.write(b'{"entry":3,"at')
    log.sync()

    assert log.append(REASON, command="check").torn == 14
    assert (log.verify().count, log.verify().faults) == (3, ())


def test_a_log_whose_last_line_is_no_entry_takes_no_more(tmp_path: Path):
    """A whole line of something else is not a kill's doing."""
    log = _filled(tmp_path)
    with log.path.open("ab") as file:
        file.write(b"noise\n")

    with pytest.raises(IntegrityFailure, match="damaged"):
        log.append(REASON, command="check")


def test_one_sync_serves_all_entries_before_it(tmp_path: Path):
    """Entries are in the chain at once, and the head follows when the disk has them."""
    log = _filled(tmp_path, 1)
    for _ in range(3):
        log.append(REASON, command="serve", is_synced=False)
    before = Path(f"{log.path}.head").read_bytes()
    log.sync()

    assert (before[:12], Path(f"{log.path}.head").read_bytes()[:12]) == (b"%012d" % 1, b"%012d" % 4)
    assert (log.verify().count, log.verify().faults) == (4, ())


@pytest.mark.parametrize("cut", [1, 20, 200])
def test_an_unfinished_last_line_is_set_aside_and_the_chain_goes_on(tmp_path: Path, cut: int):
    """A kill in the middle of a write costs the entry that was not finished, and no other."""
    log = _filled(tmp_path, 2)
    head = Path(f"{log.path}.head").read_bytes()
    log.append(REASON, command="check")
    os.truncate(log.path, log.path.stat().st_size - cut)
    Path(f"{log.path}.head").write_bytes(head)  # it is written after the line

    torn = log.verify().torn_bytes
    entry = log.append(REASON, command="check")

    assert (entry.entry, entry.torn) == (3, torn)
    assert log.verify().faults == ()
    assert len(Path(f"{log.path}.torn").read_bytes()) == torn + 1


def test_an_unwritable_log_means_no_answer(tmp_path: Path):
    """The caller is told before it can answer."""
    log = CheckLog(tmp_path / "missing" / "lists.checks.jsonl")

    with pytest.raises(Unavailable, match="nothing is answered"):
        log.append(REASON, command="check")


def _append_many(path: Path, count: int) -> None:
    log = CheckLog(path)
    for _ in range(count):
        log.append(REASON, command="check")


def test_several_processes_write_one_chain(tmp_path: Path):
    """Entries of processes that write at once neither mix nor get lost."""
    log = _log(tmp_path)
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_append_many, args=(log.path, 15)) for _ in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert (log.verify().count, log.verify().faults) == (45, ())


def test_a_long_run_leaves_one_entry_with_its_last_counts(tmp_path: Path):
    """The entry comes when the run ends; its note goes."""
    log = _log(tmp_path)
    run = log.begin(REASON, command="screen")
    run.update(asked=200, matched=1)
    run.update(asked=350, matched=2)
    run.end(Outcome.DONE)
    (entry,) = _entries(log)

    assert (entry.asked, entry.matched, entry.outcome) == (350, 2, Outcome.DONE)
    assert log.verify().under_way == 0


_KILLED_RUN = """
import os, signal, sys
from pathlib import Path
from didban.guard.check_log import CheckLog
from didban.guard.reasons import reason_for
run = CheckLog(Path(sys.argv[1])).begin(reason_for("quality_test", "killed"), command="screen")
run.update(asked=400, matched=3)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_run_is_entered_as_interrupted_by_whoever_writes_next(tmp_path: Path):
    """A kill does not take the trace of what was searched."""
    log = _log(tmp_path)
    killed = subprocess.run([sys.executable, "-c", _KILLED_RUN, str(log.path)], check=False)
    log.append(REASON, command="check")
    lost, after = _entries(log)

    assert killed.returncode == -signal.SIGKILL
    assert (lost.outcome, lost.asked, lost.reference) == (Outcome.INTERRUPTED, 400, "killed")
    assert (after.command, log.verify().faults) == ("check", ())


def test_a_run_under_way_is_left_alone(tmp_path: Path):
    """Another's check does not enter a run whose process lives."""
    log = _log(tmp_path)
    run = log.begin(REASON, command="screen")
    log.append(REASON, command="check")

    assert [entry.command for entry in _entries(log)] == ["check"]
    run.end(Outcome.DONE)
    assert [entry.command for entry in _entries(log)] == ["check", "screen"]
