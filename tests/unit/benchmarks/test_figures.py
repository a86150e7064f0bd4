"""Figures are reported as they are: no kind rounding, no table without its command."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.figures import Table, percent, quantile
from benchmarks.report import fill

NUMBERS = st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1)

TABLE = Table(
    name="seals",
    command="python -m benchmarks seals",
    columns=("seal", "weight"),
    rows=(("lead", "7 g"), ("wax", "2 g")),
    note="Weighed once.",
)


def test_the_ninety_ninth_percentile_of_a_hundred_is_the_ninety_ninth():
    """One slow answer in a hundred does not show in p99, two do."""
    assert quantile([*range(1, 101)], 0.99) == 99


def test_the_median_of_two_is_the_lower():
    """The nearest rank is a value that was measured, never one between two."""
    assert quantile([3.0, 9.0], 0.5) == 3.0


@given(NUMBERS)
def test_the_whole_share_is_the_worst(values: list[float]):
    """A quantile of 1 hides nothing."""
    assert quantile(values, 1.0) == max(values)


@given(NUMBERS, st.floats(min_value=0.01, max_value=1))
def test_at_least_the_share_lies_at_or_below_a_quantile(values: list[float], share: float):
    """What a quantile promises holds for any values."""
    below = sum(value <= quantile(values, share) for value in values)

    assert below >= share * len(values)


def test_a_quantile_of_nothing_is_refused():
    """A figure without measurements must not be made up."""
    with pytest.raises(ValueError, match="no values"):
        quantile([], 0.5)


def test_a_share_of_nothing_is_a_dash():
    """A group in which nobody was asked shows no percentage."""
    assert percent(0, 0) == "-"


def test_a_table_shows_its_command_its_rows_and_its_note():
    """A reader can repeat a figure and knows its circumstances."""
    assert TABLE.markdown().splitlines() == [
        "`python -m benchmarks seals`",
        "",
        "| seal | weight |",
        "| --- | --- |",
        "| lead | 7 g |",
        "| wax | 2 g |",
        "",
        "Weighed once.",
    ]


def test_the_page_keeps_its_own_words():
    """Only what stands between a table's markers is replaced."""
    page = "Before.\n<!-- table seals -->\nold\n<!-- end -->\nAfter."

    filled = fill(page, {"seals": TABLE})

    assert filled.startswith("Before.\n<!-- table seals -->\n`python -m benchmarks seals`")
    assert filled.endswith("Weighed once.\n<!-- end -->\nAfter.")
    assert "old" not in filled


def test_a_table_that_was_not_measured_stays():
    """Running one measurement does not empty the others' tables."""
    page = "<!-- table seals -->\nold\n<!-- end -->"

    assert fill(page, {}) == page


def test_filling_twice_changes_nothing():
    """The page does not grow with every run."""
    page = "<!-- table seals -->\nold\n<!-- end -->"
    once = fill(page, {"seals": TABLE})

    assert fill(once, {"seals": TABLE}) == once
