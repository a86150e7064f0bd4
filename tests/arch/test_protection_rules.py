"""Every protection rule has a test that carries its number."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

RULES = range(1, 59)


@pytest.fixture(scope="module")
def tests(root: Path) -> list[str]:
    """Return the names of all test functions."""
    return [
        node.name
        for path in (root / "tests").rglob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]


@pytest.mark.parametrize("number", RULES)
def test_a_rule_has_a_test_of_its_number(number: int, tests: list[str]):
    """`test_pr_09_...` is the test of PR-09."""
    assert [name for name in tests if name.startswith(f"test_pr_{number:02}_")]
