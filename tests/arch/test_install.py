"""Installed as a user installs it: a wheel, an empty environment, only what the core needs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from didban.match.kernels import IMPLEMENTATION

pytestmark = pytest.mark.slow

_BUILT_FROM = ("pyproject.toml", "setup.py", "MANIFEST.in", "README.md", "LICENSE")
_KERNELS = Path("didban", "match", "kernels")
_COMPILED = Path("build", f"lib.{sysconfig.get_platform()}-{sys.implementation.cache_tag}")
_BUILD = "import sys, setuptools.build_meta as b; print(b.build_wheel(sys.argv[1]))"


def _run(*command: str | Path, cwd: Path, **environment: str) -> str:
    done = subprocess.run(
        command,
        cwd=cwd,
        env={k: v for k, v in os.environ.items() if not k.startswith("DIDBAN_")} | environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode in {0, 10}, f"{command}: {done.stdout}\n{done.stderr}"
    return done.stdout + done.stderr


def _wheel(root: Path, folder: Path, **environment: str) -> Path:
    """Build a wheel from a copy of the sources, so that nothing built before gets in.

    But for one thing: what `make` compiled is put where the build looks for what is newer than its
    sources. Compiling the same once more would take the better part of a minute.
    """
    source = folder / "source"
    built = shutil.ignore_patterns("*.so", "__pycache__", "*.egg-info")
    shutil.copytree(root / "src", source / "src", ignore=built)
    if not environment:
        compiled = source / _COMPILED / _KERNELS
        compiled.mkdir(parents=True)
        for extension in (root / "src" / _KERNELS).glob("*.so"):
            shutil.copy2(extension, compiled)
    for name in _BUILT_FROM:
        shutil.copy(root / name, source)
    _run(sys.executable, "-c", _BUILD, folder, cwd=source, **environment)
    (wheel,) = folder.glob("didban-*.whl")
    return wheel


def _install(root: Path, wheel: Path, folder: Path) -> Path:
    """Install a wheel and the locked core into an empty environment; return its `bin`."""
    uv, core = root / "tools" / "uv", root / "requirements" / "core.txt"
    _run(uv, "venv", "--python", sys.executable, folder, cwd=root)
    install = (uv, "pip", "install", "--python", folder)
    _run(*install, "--require-hashes", "-r", core, cwd=root)
    _run(*install, "--no-deps", wheel, cwd=root)
    return folder / "bin"


@pytest.fixture(scope="module")
def installed(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the commands of an environment with the wheel as this machine's compiler makes it."""
    folder = tmp_path_factory.mktemp("compiled")
    return _install(root, _wheel(root, folder), folder / "venv")


@pytest.fixture(scope="module")
def installed_without_compiler(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the commands of an environment with the wheel of a machine whose compiler fails."""
    folder = tmp_path_factory.mktemp("plain")
    return _install(root, _wheel(root, folder, CC="/bin/false", CXX="/bin/false"), folder / "venv")


def test_the_wheel_holds_every_data_file_and_no_source_of_the_extension(
    root: Path, installed: Path
):
    """Tables and demo lists are found where the package is installed."""
    (package,) = installed.parent.glob("lib/python*/site-packages/didban")
    sources = {".cpp", ".hpp", ".pyx", ".pxd", ".so", ".pyc"}

    here = {p.relative_to(root / "src/didban") for p in (root / "src/didban").rglob("*.*")}
    there = {p.relative_to(package) for p in package.rglob("*.*")}

    assert {p for p in here - there if p.suffix not in sources} == set()
    assert {p for p in there if p.suffix in sources - {".so", ".pyc"}} == set()


def test_the_core_alone_tells_its_help(installed: Path, tmp_path: Path):
    """Neither the service nor the tests' tools are needed to start."""
    assert "check" in _run(installed / "didban", "--help", cwd=tmp_path)


def test_the_core_alone_runs_the_demo(installed: Path, tmp_path: Path):
    """Lists are built and passengers screened with what the wheel holds."""
    assert _run(installed / "didban", "demo", cwd=tmp_path)


@pytest.mark.skipif(IMPLEMENTATION != "native", reason="this machine has no C++ compiler")
def test_the_wheel_holds_the_compiled_kernels(installed: Path, tmp_path: Path):
    """Where a compiler is, it is used."""
    assert "compiled kernels" in _kernels(installed, tmp_path)


def test_without_a_compiler_the_same_demo_runs(
    installed: Path, installed_without_compiler: Path, tmp_path: Path
):
    """The twins in Python answer the same."""
    assert _run(installed_without_compiler / "didban", "demo", cwd=tmp_path)
    assert "kernels in Python" in _kernels(installed_without_compiler, tmp_path)


def _kernels(folder: Path, cwd: Path) -> str:
    return _run(folder / "didban", "--version", cwd=cwd)
