"""What is declared is used: a setting that nothing reads, and a deed that nobody does, are promises."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from didban.model.deeds import Deed
from didban.model.exchange.kinds import Call, Kind
from didban.model.signals import SignalKind
from didban.settings.loading import keys


@pytest.fixture(scope="module")
def source(root: Path) -> str:
    """Return all that people write in `src`, but for what is declared only."""
    files = (path for path in (root / "src").rglob("*.py") if path.parent.name != "versions")
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


@pytest.mark.parametrize("words", [Deed, Kind, Call, SignalKind])
def test_every_word_of_the_protocol_and_of_the_trail_is_used(source: str, words):
    """A word that nobody says misleads who reads the list of them."""
    used = set(re.findall(rf"\b{words.__name__}\.([A-Z_0-9]+)\b", source))

    assert {one.name for one in words} - used == set()


def test_every_setting_is_read(source: str):
    """An option that changes nothing is worse than none."""
    read = set(re.findall(r"\.([a-z_0-9]+)\b", source))

    assert {key.path for key in keys() if key.path.rpartition(".")[2] not in read} == set()
