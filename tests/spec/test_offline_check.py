"""A check needs no connection: the snapshot on the device answers alone, and at once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from screening_help import PURPOSE, ZONE, build_now, environment

# Any attempt to open a connection, or to load what a check has no use for, ends the process.
_CUT_OFF = """
import sys
def refuse(event, arguments):
    if event in ("socket.connect", "socket.bind", "socket.getaddrinfo"):
        raise SystemExit(99)
sys.addaudithook(refuse)
from didban.cli import main
try:
    main()
finally:
    loaded = {name.partition(".")[0] for name in sys.modules}
    heavy = {"numpy", "pydantic", "followthemoney", "babel", "rich", "starlette", "asyncio"} & loaded
    if heavy:
        print("loaded", sorted(heavy))
        raise SystemExit(98)
"""


def _check(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", _CUT_OFF, "check", "--snapshot", "lists", *PURPOSE, *arguments],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Return a folder with a snapshot and, where it is needed, a list to screen."""
    folder: Path = tmp_path_factory.mktemp("offline")
    build_now(folder / "lists")
    return folder


def test_a_listed_passport_is_found_without_any_connection(folder: Path):
    """Scanned, searched, explained."""
    done = _check(folder, "--mrz", ZONE[0], "--mrz", ZONE[1])

    assert done.returncode == 10, done.stdout + done.stderr
    assert "POSSIBLE MATCH" in done.stdout


def test_a_stolen_blank_is_found_by_its_range(folder: Path):
    """The number lies between the ends of a range; the name says nothing."""
    done = _check(folder, "--document", "XBO:P:B7300412", "--json")

    assert done.returncode == 10, done.stdout + done.stderr
    assert '"within a range' in done.stdout or "within a range" in done.stdout


def test_an_unlisted_traveller_passes(folder: Path):
    """Nothing was found, and the data is fresh enough to say so."""
    done = _check(folder, "--name", "Quirin Eggenfelder", "--birth-date", "1990-05-17")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "NO MATCH" in done.stdout
