from __future__ import annotations

import io
from datetime import timedelta

import pytest

from didban.cli.output import isolated, printable, span, table, width
from didban.cli.progress import Progress


@pytest.mark.parametrize(
    ("text", "columns"), [("abc", 3), ("علی", 3), ("é", 1), ("e\u0301", 1), ("東京", 4)]
)
def test_width_is_columns_not_code_points(text: str, columns: int):
    """Marks take no column, East Asian letters two."""
    assert width(text) == columns


def test_columns_line_up_in_any_script():
    """A right-to-left cell is isolated, and as wide as it looks."""
    lines = table(("a", "b"), [["علی", "x"], ["abcde", "y"]]).splitlines()

    assert lines[2].startswith("\u2068علی\u2069")
    assert width(lines[2].partition("x")[0]) == width(lines[3].partition("y")[0])


def test_latin_text_is_not_isolated():
    """Nothing is added where nothing is needed."""
    assert isolated("Zoltan") == "Zoltan"


def test_foreign_text_cannot_steer_the_terminal():
    """A name with an escape sequence is shown without it."""
    assert "\x1b" not in printable("\x1b[2Jname\u202e")
    assert "\u202e" not in printable("name\u202e")


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(seconds=5), "less than a minute"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(hours=30), "1 day"),
        (timedelta(hours=5), "5 hours"),
        (timedelta(days=12), "12 days"),
    ],
)
def test_a_span_is_told_in_the_largest_unit(age: timedelta, words: str):
    """An officer reads days, not seconds."""
    assert span(age) == words


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_tells_rate_and_time_left_on_a_terminal(monkeypatch):
    """One line that moves."""
    times = iter([0.0, 0.0, 10.0])
    monkeypatch.setattr("didban.cli.progress.monotonic", lambda: next(times))
    stream = _Terminal()
    progress = Progress("screened", total=400, stream=stream)
    progress.step(0)
    progress.step(100, "3 matches")

    assert "screened: 100 of 400 (25%), 10 a second, 0:30 left, 3 matches" in stream.getvalue()


def test_progress_into_a_file_is_sparse(monkeypatch):
    """A log is not filled with a moving line."""
    times = iter([0.0, 0.5, 1.0, 20.0])
    monkeypatch.setattr("didban.cli.progress.monotonic", lambda: next(times))
    stream = io.StringIO()
    progress = Progress("read", stream=stream)
    for done in (1, 2, 3):
        progress.step(done)

    assert len(stream.getvalue().splitlines()) == 1
    assert "\x1b" not in stream.getvalue()
