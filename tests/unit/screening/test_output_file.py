from __future__ import annotations

from pathlib import Path

import pytest

from didban.errors import InvalidInput
from didban.screening.output_file import OutputFile

_CONDITIONS = {"mode": "balanced", "limit": 5}
_ONE = b'{"id": "q1", "results": []}\n'
_TWO = b'{"id": "q2", "results": [{"id": "p1", "match": true}]}\n'


def _written(path: Path, lines: bytes) -> Path:
    """Return the path of a file with these bytes, and the note of what made them beside it."""
    file = OutputFile(path, _CONDITIONS, resume=False)
    file.write(lines)
    file.close()
    return path


def test_a_file_holds_the_lines_and_beside_it_lies_what_made_them(tmp_path: Path):
    """The note stays, so that old answers are not taken for those of newer data."""
    path = _written(tmp_path / "out", _ONE)

    assert path.read_bytes() == _ONE
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "out.run"]


@pytest.mark.parametrize("torn", [b"", b'{"id": "q3", "resu'])
def test_resuming_goes_on_after_the_last_whole_line(tmp_path: Path, torn: bytes):
    """What a kill tore off is written again."""
    path = _written(tmp_path / "out", _ONE + _TWO + torn)
    file = OutputFile(path, _CONDITIONS, resume=True)
    written = file.written
    file.write(_ONE)
    file.close()

    assert (written.lines, written.matched, written.last_id) == (2, 1, "q2")
    assert path.read_bytes() == _ONE + _TWO + _ONE


def test_without_resuming_the_file_begins_anew(tmp_path: Path):
    """Lines of an earlier run do not stay below those of this one."""
    path = tmp_path / "out"
    path.write_bytes(_ONE + _TWO)
    OutputFile(path, _CONDITIONS, resume=False).close()

    assert path.read_bytes() == b""


def test_a_run_is_not_continued_with_other_options(tmp_path: Path):
    """One file never holds the answers of two modes or two snapshots."""
    path = _written(tmp_path / "out", _ONE)

    with pytest.raises(InvalidInput, match="another mode"):
        OutputFile(path, {**_CONDITIONS, "mode": "border"}, resume=True)
    assert path.read_bytes() == _ONE


def test_lines_of_which_nobody_knows_what_made_them_are_not_continued(tmp_path: Path):
    """They may be older than the lists."""
    path = tmp_path / "out"
    path.write_bytes(_ONE)

    with pytest.raises(InvalidInput, match=r"out\.run is missing"):
        OutputFile(path, _CONDITIONS, resume=True)
    assert path.read_bytes() == _ONE


def test_a_file_without_a_whole_line_is_begun_whatever_was_asked_before(tmp_path: Path):
    """There is nothing in it that other options could have made."""
    path = _written(tmp_path / "out", _ONE[:5])
    file = OutputFile(path, {**_CONDITIONS, "mode": "border"}, resume=True)
    file.write(_TWO)
    file.close()

    assert path.read_bytes() == _TWO


def test_a_file_of_something_else_is_not_continued(tmp_path: Path):
    """Whole lines that no screening wrote are left as they are."""
    path = tmp_path / "notes.txt"
    path.write_bytes(b"remember the milk\n")

    with pytest.raises(InvalidInput, match="not one that"):
        OutputFile(path, _CONDITIONS, resume=True)
    assert path.read_bytes() == b"remember the milk\n"
