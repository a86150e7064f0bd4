"""A person waits while a check starts: its path loads nothing that it does not need."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("babel", "followthemoney", "numpy", "pydantic", "starlette", "uvicorn")
_LOADED = "import sys; print(*sorted({m.partition('.')[0] for m in sys.modules}))"


def _modules_after(statement: str) -> set[str]:
    """Return the top-level packages that a fresh interpreter holds after a statement."""
    done = subprocess.run(
        [sys.executable, "-c", f"{statement}\n{_LOADED}"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


@pytest.mark.parametrize("module", ["didban", "didban.model.countries", "didban.match.snapshot"])
def test_a_module_of_the_core_loads_nothing_heavy(module: str):
    """Names of countries, tables of scripts and arrays cost their import only where they are used."""
    assert _modules_after(f"import {module}").isdisjoint(HEAVY)
