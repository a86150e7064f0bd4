from __future__ import annotations

import operator
import sys
from functools import partial

import pytest

from didban.errors import Unavailable
from didban.screening.spreading import spread

_TRIPLED = partial(partial, operator.mul, 3)
"""Prepares what multiplies by three."""


@pytest.mark.parametrize("workers", [1, 2])
def test_the_number_of_processes_changes_nothing(workers: int):
    """Here, or in others: the results come in order."""
    assert list(spread(range(9), _TRIPLED, workers=workers, spark=None)) == list(range(0, 27, 3))


def test_who_lacks_spark_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch):
    """It is half a gigabyte, and nobody has it by chance."""
    monkeypatch.delitem(sys.modules, "didban.screening.spark", raising=False)
    monkeypatch.setitem(sys.modules, "py4j.protocol", None)

    with pytest.raises(Unavailable, match=r"install Didban with Spark, didban\[spark\]"):
        list(spread([1], _TRIPLED, workers=1, spark="local[1]"))
