"""Which kernels are used, and what is said where it is not those that were expected."""

from __future__ import annotations

import importlib.util
import sys
import warnings
from pathlib import Path
from shutil import copy
from typing import TYPE_CHECKING

import pytest

from didban.match import kernels

if TYPE_CHECKING:
    from types import ModuleType


@pytest.fixture(autouse=True)
def of_other_code(monkeypatch: pytest.MonkeyPatch):
    """Let no compiled module be imported."""
    for module in ("_native", "_assembly"):
        monkeypatch.setitem(sys.modules, f"didban.match.kernels.{module}", None)


def _started(folder: Path) -> ModuleType:
    """Return the package's front as it starts in this folder."""
    copy(kernels.__file__, folder)
    spec = importlib.util.spec_from_file_location("front", folder / "__init__.py")
    assert spec
    assert spec.loader
    front = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(front)
    return front


def test_where_nothing_was_compiled_the_kernels_in_python_are_used_without_a_word(tmp_path: Path):
    """Nobody expected others."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert _started(tmp_path).IMPLEMENTATION == "python"


def test_compiled_kernels_that_cannot_be_used_are_warned_of(tmp_path: Path):
    """They were built; and the words say how to build them again."""
    (tmp_path / "_native.cpython-39-x86_64-linux-gnu.so").touch()
    with pytest.warns(RuntimeWarning, match="build_ext --inplace"):
        assert _started(tmp_path).IMPLEMENTATION == "python"
