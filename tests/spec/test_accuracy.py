"""The matcher does not get worse unnoticed: a slice of `make bench` with floors.

The material is judged by others and nothing is fitted to it (docs/reference/benchmarks.md); a floor
is a little below what was measured, so that a change of rules has room and a fall has not.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import altered, labelled, name_bench, real_lists, resolution
from benchmarks.name_bench import Verdicts
from benchmarks.pair_scores import scores
from didban.match.modes import Mode

pytestmark = pytest.mark.slow

NAME_PAIRS, ENTITY_CHECKS = 0.86, 0.89
ALTERED, MISTYPED = 0.95, 0.97
CLUSTERS = 0.97
THRESHOLD = Mode.BALANCED.threshold


def share(table, row, column):
    """Return a share that a table tells in per cent."""
    [cells] = [cells for cells in table.rows if cells[0] == row]
    return float(cells[table.columns.index(column)].removesuffix("%")) / 100


def test_judged_name_pairs(shared_data: Path):
    """F1 of the verdicts on name pairs."""
    pairs = labelled.judged_names()
    assert Verdicts.of(pairs, scores(pairs), THRESHOLD).f1 >= NAME_PAIRS


def test_checks_of_whole_entities(shared_data: Path):
    """The share that is judged as the authors of the checks do."""
    pairs = list(name_bench.entity_checks())
    verdicts = Verdicts.of(pairs, scores(pairs), THRESHOLD)
    assert verdicts.right / verdicts.all >= ENTITY_CHECKS


def test_altered_names_of_listed_persons(shared_data: Path):
    """Told by name alone after what befalls names, and mistyped with the birth date."""
    by_name, with_birth_date = altered.measure(is_alone=True)
    assert share(by_name, "all, Didban", "told") >= ALTERED
    assert share(with_birth_date, "Didban", "told") >= MISTYPED


def test_clusters_over_lists(shared_data: Path):
    """F1 of pairs, for the records that analysts judged among a tenth of the others."""
    records = {record.id: record for record in real_lists.records(resolution.LISTS)}
    judged = resolution.Truth.of(records).owner.keys()
    kept = {
        i: record for n, (i, record) in enumerate(records.items()) if i in judged or n % 10 == 0
    }
    assert resolution.pairwise_f1(kept) >= CLUSTERS
