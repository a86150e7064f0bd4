"""A person waits while a check starts: its path loads nothing that it does not need."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

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


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a snapshot of one invented person."""
    folder = tmp_path_factory.mktemp("start")
    stated = {"name": ["Keyvan Behrouzi"], "passportNumber": ["A1122334"], "nationality": ["xar"]}
    person = {"id": "p", "schema": "Person", "properties": stated}
    listed, built = folder / "list.json", folder / "lists"
    listed.write_text(json.dumps(person) + "\n", encoding="utf-8")
    build = [sys.executable, "-m", "didban", "lists", "build", str(built)]
    subprocess.run([*build, "--source", f"ftm:watchlist={listed}"], capture_output=True, check=True)
    return built


def test_a_cold_check_loads_nothing_heavy(snapshot: Path):
    """A whole check by name, nationality and document, in a fresh process."""
    arguments = [
        *("didban", "check", "--snapshot", str(snapshot), "--purpose", "quality_test"),
        *("--name", "Keyvan Behrouzi", "--birth-date", "1984", "--nationality", "XAR"),
        *("--document", "XAR:P:A1122334"),
    ]
    statement = (
        f"import atexit, sys; sys.argv = {arguments!r}\n"
        "atexit.register(lambda: print(*sorted({m.partition('.')[0] for m in sys.modules})))\n"
        "from didban.cli import main; main()"
    )

    done = subprocess.run(
        [sys.executable, "-c", statement], capture_output=True, text=True, check=False
    )
    loaded = set(done.stdout.splitlines()[-1].split())

    assert "POSSIBLE MATCH" in done.stdout
    assert {"didban", "typer"} <= loaded
    assert loaded.isdisjoint(HEAVY)


@pytest.mark.parametrize("module", ["didban", "didban.model.countries", "didban.match.snapshot"])
def test_a_module_of_the_core_loads_nothing_heavy(module: str):
    """Names of countries, tables of scripts and arrays cost their import only where they are used."""
    assert _modules_after(f"import {module}").isdisjoint(HEAVY)
