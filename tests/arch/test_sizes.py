"""Files and functions stay small enough to be read in one sitting."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

LINES_OF_A_FILE = 500
LINES_OF_A_BODY = 45


def _bodies(path: Path) -> Iterator[tuple[str, int]]:
    """Yield the name of each function of a file, and its lines below signature and docstring."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            lines = (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
            yield node.name, lines


@pytest.fixture(scope="module")
def sources(root: Path) -> list[Path]:
    """Return every Python file that people write here: not what `tools.migration` drafts."""
    rooms = ("src", "tests", "benchmarks", "tools")
    found = (path for room in rooms for path in sorted((root / room).rglob("*.py")))
    return [path for path in found if path.parent.name != "versions"]


def test_no_file_is_longer_than_one_job_needs(root: Path, sources: list[Path]):
    """A longer file holds two jobs; tables of data belong into data files."""
    lengths = {p.relative_to(root): len(p.read_bytes().splitlines()) for p in sources}

    assert {p: n for p, n in lengths.items() if n > LINES_OF_A_FILE} == {}


def test_no_function_is_longer_than_a_screen(root: Path, sources: list[Path]):
    """A longer function tells several stories; each wants a name."""
    long = {
        f"{path.relative_to(root)}:{name}": length
        for path in sources
        for name, length in _bodies(path)
        if length > LINES_OF_A_BODY
    }

    assert long == {}
