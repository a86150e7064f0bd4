"""What is installed is what was compiled: exact versions, each with its hashes, no addresses."""

from __future__ import annotations

import json
import re
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

LOCKS = ("build", "core", "dev", "device", "installer", "node", "npm", "peers", "serve", "spark")
_PIN = re.compile(
    r"^([a-z0-9-]+)==(\S+)((?: ; [^\\]+)?)((?: \\\n    --hash=sha256:[0-9a-f]{64})+)$", re.MULTILINE
)


@pytest.fixture(scope="module")
def project(root: Path) -> dict[str, Any]:
    """Return what pyproject.toml says."""
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


def _pins(root: Path, lock: str) -> dict[str, str]:
    text = (root / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
    return {m[1]: m[2] for m in _PIN.finditer(text)}


def _assert_pinned(wanted: list[str], pins: dict[str, str]) -> None:
    for line in wanted:
        requirement = Requirement(line)
        assert requirement.specifier.contains(pins[requirement.name]), line


@pytest.mark.parametrize("lock", LOCKS)
def test_every_line_of_a_lock_is_a_hashed_pin(root: Path, lock: str):
    """Nothing else is in a lock file: no address, no option, no unpinned line."""
    text = (root / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")

    assert _PIN.sub("", text).strip() == ""


def test_the_build_requirements_are_said_the_same_twice(project: dict[str, Any]):
    """Foreign tools read `build-system`, our locks are compiled from the group `build`."""
    assert project["build-system"]["requires"] == project["dependency-groups"]["build"]


@pytest.mark.parametrize("group", ["build", "installer", "npm"])
def test_a_lock_covers_its_group(root: Path, project: dict[str, Any], group: str):
    """A bound that was raised without `make lock` is noticed here."""
    _assert_pinned(project["dependency-groups"][group], _pins(root, group))


def test_the_locks_cover_the_dependencies(root: Path, project: dict[str, Any]):
    """The core, the device, the service, Spark and the tests each find what pyproject.toml asks for."""
    table = project["project"]
    serve = table["dependencies"] + table["optional-dependencies"]["serve"]
    device = table["dependencies"] + table["optional-dependencies"]["device"]
    spark = table["dependencies"] + table["optional-dependencies"]["spark"]
    groups = project["dependency-groups"]

    _assert_pinned(table["dependencies"], _pins(root, "core"))
    _assert_pinned(device, _pins(root, "device"))
    _assert_pinned(serve, _pins(root, "serve"))
    _assert_pinned(spark, _pins(root, "spark"))
    _assert_pinned(serve + groups["lint"] + groups["tests"] + groups["build"], _pins(root, "dev"))


def test_the_locks_agree_with_each_other(root: Path):
    """What is tested is what is shipped."""
    dev = _pins(root, "dev")

    for lock in ("build", "core", "device", "node", "serve", "spark"):
        assert _pins(root, lock).items() <= dev.items()


def test_the_core_stays_small(project: dict[str, Any]):
    """The budget of direct dependencies: under ten for the core."""
    assert len(project["project"]["dependencies"]) < 10


def test_every_lower_bound_has_its_reason(root: Path):
    """A bound without a reason is never lowered and never questioned."""
    lines = (root / "pyproject.toml").read_text(encoding="utf-8").splitlines()

    bare = [
        line
        for before, line in pairwise(lines)
        if re.match(r'\s+"[a-z-]+(\[[a-z]+\])?[<>=]', line)
        and "#" not in line
        and not before.lstrip().startswith("#")
    ]

    assert bare == []


def test_what_pages_load_is_locked_by_its_content(root: Path):
    """The lock file of npm names versions and hashes; where they come from is each machine's own."""
    text = (root / "package-lock.json").read_text(encoding="utf-8")
    packages = json.loads(text)["packages"]

    assert "resolved" not in text
    assert all(lock["integrity"].startswith("sha512-") for name, lock in packages.items() if name)
