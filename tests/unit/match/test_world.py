"""How common a name part is in its culture, in whatever script it is written."""

from __future__ import annotations

import pytest

from didban.match.evidence.world import world_shares
from didban.match.kernels.constants import BANDS


@pytest.mark.parametrize(
    ("part", "least", "most"),
    [
        ("mohammad", 0.05, 0.3),
        ("محمد", 0.05, 0.3),
        ("мухаммад", 0.05, 0.3),
        ("karimi", 0.003, 0.03),
        ("maria", 0.005, 0.1),
        ("ivanov", 0.005, 0.05),
        ("иванов", 0.005, 0.05),
        ("nguyen", 0.1, 0.6),
        ("kim", 0.15, 0.25),
        ("chol", 0.01, 0.1),  # a syllable of many Korean given names
        ("zarrinpour", 0.0, 0.0),
        ("", 0.0, 0.0),
    ],
)
def test_a_part_is_as_common_as_among_those_who_bear_it(part, least, most):
    """Nguyen is not rare because the world is large; what nobody counted is rare."""
    nearly_the_same = world_shares(part)[2]

    assert least <= nearly_the_same <= most


def test_the_less_alike_the_more_names():
    """Bands are cumulative, as those of the index."""
    shares = world_shares("hussain")

    assert len(shares) == BANDS
    assert list(shares) == sorted(shares)
