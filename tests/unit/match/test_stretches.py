"""Work that is shared comes out as work that is not."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest

from didban.errors import Unavailable
from didban.match.index import building
from didban.match.index.building import SegmentBuilder
from didban.match.index.stretches import Stretches
from didban.screening.workers import Helper
from specimens import passport, person

if TYPE_CHECKING:
    from collections.abc import Callable


class _Now:
    """A helper who takes every second piece."""

    def __init__(self) -> None:
        self.asked = 0

    def take(self, work: Callable[[Any], Any], piece: object) -> Callable[[], Any] | None:
        """Do it at once."""
        self.asked += 1
        result = work(piece) if self.asked % 2 else None
        return (lambda: result) if self.asked % 2 else None


def test_results_come_in_the_order_of_the_pieces():
    """Whoever did them."""
    stretches: Stretches[int, int] = Stretches(abs, _Now())

    results = [result for n in range(-30, 0) for result in stretches.do(n)]

    assert 0 < len(results) < 30
    assert results + stretches.rest() == list(range(30, 0, -1))


def test_a_segment_is_the_same_to_the_byte_with_help(monkeypatch):
    """However the records and the parts of their names were cut into stretches."""
    monkeypatch.setattr(building, "ALONE", 3)
    records = [
        person(name, id=f"p{n}", birthDate="1965", documents=(passport(),) * (n % 2))
        for n, name in enumerate(["Ali Karimi", "علی کریمی", "Zoltan", "Olga Petrova"] * 3)
    ]
    written = set()
    with Helper() as helper:
        for size, help_ in [(5, None), (1, helper), (2, helper), (100, helper)]:
            monkeypatch.setattr(building, "STRETCH", size)
            file = BytesIO()
            builder = SegmentBuilder(file, help_)
            for record in records:
                builder.add(record)
            builder.finish()
            written.add(file.getvalue())

    assert len(written) == 1


def test_a_helper_that_dies_ends_the_work():
    """Nothing is left out in silence."""
    with Helper() as helper:
        wait = helper.take(_end_here, None)
        assert wait
        with pytest.raises(Unavailable):
            wait()


def _end_here(_: object) -> None:
    raise SystemExit(1)
