from __future__ import annotations

from pathlib import Path

import pytest

from didban.errors import InvalidInput
from didban.screening.output_file import OutputFile

_CONDITIONS = {"mode": "balanced", "limit": 5}
_ONE = b'{"id": "q1", "results": []}\n'
_TWO = b'{"id": "q2", "results": [{"id": "p1", "match": true}]}\n'


def test_a_finished_file_holds_the_lines_and_nothing_lies_beside_it(tmp_path: Path):
    """The note of an unfinished run goes when the run is finished."""
    file = OutputFile(tmp_path / "out", _CONDITIONS, resume=False)
    file.write(_ONE)
    file.finish()

    assert (tmp_path / "out").read_bytes() == _ONE
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("torn", [b"", b'{"id": "q3", "resu'])
def test_resuming_goes_on_after_the_last_whole_line(tmp_path: Path, torn: bytes):
    """What a kill tore off is written again."""
    path = tmp_path / "out"
    path.write_bytes(_ONE + _TWO + torn)
    file = OutputFile(path, _CONDITIONS, resume=True)
    written = file.written
    file.write(_ONE)
    file.finish()

    assert (written.lines, written.matched, written.last_id) == (2, 1, "q2")
    assert path.read_bytes() == _ONE + _TWO + _ONE


def test_without_resuming_the_file_begins_anew(tmp_path: Path):
    """Lines of an earlier run do not stay below those of this one."""
    path = tmp_path / "out"
    path.write_bytes(_ONE + _TWO)
    OutputFile(path, _CONDITIONS, resume=False).finish()

    assert path.read_bytes() == b""


def test_a_run_is_not_continued_with_other_options(tmp_path: Path):
    """One file never holds the answers of two modes or two snapshots."""
    path = tmp_path / "out"
    file = OutputFile(path, _CONDITIONS, resume=False)
    file.write(_ONE)
    file.close()

    with pytest.raises(InvalidInput, match="another mode"):
        OutputFile(path, {**_CONDITIONS, "mode": "border"}, resume=True)


def test_a_file_of_something_else_is_not_continued(tmp_path: Path):
    """Whole lines that no screening wrote are left as they are."""
    path = tmp_path / "notes.txt"
    path.write_bytes(b"remember the milk\n")

    with pytest.raises(InvalidInput, match="not one that"):
        OutputFile(path, _CONDITIONS, resume=True)
    assert path.read_bytes() == b"remember the milk\n"
