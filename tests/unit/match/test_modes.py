"""The operating modes trade missed persons against false alarms, in one direction."""

from __future__ import annotations

import pytest

from didban.match.kernels.constants import TOP
from didban.match.modes import Mode

ORDER = [Mode.BORDER, Mode.BALANCED, Mode.THOROUGH]


def test_there_are_three_by_name():
    """They are words of the command line."""
    assert [Mode("border"), Mode("balanced"), Mode("thorough")] == ORDER == list(Mode)


@pytest.mark.parametrize("of", [lambda m: m.threshold, lambda m: m.floor, lambda m: -m.depth])
def test_each_mode_looks_deeper_than_the_one_before(of):
    """A lower threshold, a lower floor, more candidates."""
    values = [of(mode) for mode in ORDER]

    assert values == sorted(set(values), reverse=True)


@pytest.mark.parametrize("mode", ORDER)
def test_what_a_mode_says_is_within_bounds(mode):
    """Scores are shares; retrieval scores end at the top of the scale."""
    assert 0 < mode.threshold < 1
    assert 0 < mode.floor < TOP


def test_each_mode_tells_what_it_finds_and_whom_it_alarms_about():
    """By script and by crowd, as measured; at the border fewer than one namesake in a hundred."""
    namesakes = [mode.measured.alarms["namesakes, name only"] for mode in ORDER]

    assert namesakes[0] < 0.01
    assert namesakes == sorted(namesakes)
    assert all(set(mode.measured.recall) == {"Arabic", "Cyrillic", "Latin"} for mode in ORDER)
