"""Splink on DuckDB over records that Didban has prepared: clusters of the same person or thing.

    python splink_clusters.py RECORDS ANSWER

- RECORDS: JSON lines with `unique_id`, `source_dataset`, `kind`, and what is compared: `main` (the
  sounds of the first name, parts in order of the alphabet), `names` (all of them), `birth` (the first whole date), `births`, `years`,
  `countries`, `documents`, and `keys` (two parts of one name, by coarse sounds) to block by.
- ANSWER: JSON with `pairs` (two identifiers and the match weight in bits), `clusters` (what hangs
  together from a probability of 0.7 on) and the `seconds` of it all.

Everything is learned from the records alone, as Splink's guide says: chances by sampling, the rest
by expectation maximisation. `main` counts by its frequency.
"""

from __future__ import annotations

import json
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import duckdb
from splink import Linker, SettingsCreator, block_on
from splink import comparison_level_library as levels
from splink.backends.duckdb import DuckDBAPI
from splink.comparison_library import CustomComparison

_TYPES = {
    **dict.fromkeys(("unique_id", "source_dataset", "kind", "main", "birth"), "VARCHAR"),
    **dict.fromkeys(("names", "births", "years", "countries", "documents", "keys"), "VARCHAR[]"),
}
_THRESHOLD = 0.7
_LOOKED_FROM = 1e-4
_ALIKE = (0.95, 0.88)
_BLOCKS = (
    block_on("keys", "kind", arrays_to_explode=["keys"]),
    block_on("documents", "kind", arrays_to_explode=["documents"]),
)


def _names() -> CustomComparison:
    return CustomComparison(
        output_column_name="names",
        comparison_levels=[
            levels.NullLevel("main"),
            levels.ExactMatchLevel("main", term_frequency_adjustments=True),
            levels.ArrayIntersectLevel("names", min_intersection=2),
            levels.ArrayIntersectLevel("names", min_intersection=1),
            *(
                levels.PairwiseStringDistanceFunctionLevel("names", "jaro_winkler", t)
                for t in _ALIKE
            ),
            levels.ElseLevel(),
        ],
    )


def _births() -> CustomComparison:
    return CustomComparison(
        output_column_name="births",
        comparison_levels=[
            {"sql_condition": "len(years_l) = 0 or len(years_r) = 0", "is_null_level": True},
            levels.ArrayIntersectLevel("births", min_intersection=1),
            levels.ArrayIntersectLevel("years", min_intersection=1),
            levels.ElseLevel(),
        ],
    )


def _said(column: str) -> CustomComparison:
    """Return the comparison of what not every record says: one in common, or none."""
    unknown = f"len({column}_l) = 0 or len({column}_r) = 0"
    return CustomComparison(
        output_column_name=column,
        comparison_levels=[
            {"sql_condition": unknown, "is_null_level": True},
            levels.ArrayIntersectLevel(column, min_intersection=1),
            levels.ElseLevel(),
        ],
    )


def _trained(table: Any) -> Linker:
    settings = SettingsCreator(
        link_type="link_and_dedupe",
        comparisons=[_names(), _births(), _said("countries"), _said("documents")],
        blocking_rules_to_generate_predictions=list(_BLOCKS),
    )
    linker = Linker(table, settings)
    linker.training.estimate_probability_two_random_records_match(
        [block_on("main", "birth")],
        recall=0.5,
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    for rule in (block_on("main"), block_on("birth")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    return linker


def main() -> None:
    """Read the records, train, predict, and cluster as Splink does by itself."""
    records, output = map(Path, sys.argv[1:])
    started = time.perf_counter()
    connection = duckdb.connect()
    connection.execute("SET lambda_syntax = 'ENABLE_SINGLE_ARROW'")  # which this Splink writes
    connection.execute(
        f"create table records as select * from read_json('{records}', columns = {_TYPES})"
    )
    linker = _trained(DuckDBAPI(connection).register("records"))
    pairs = linker.inference.predict(threshold_match_probability=_LOOKED_FROM)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(
        pairs, threshold_match_probability=_THRESHOLD
    )
    seconds = time.perf_counter() - started
    groups = defaultdict(list)
    for row in clusters.as_record_list():
        groups[row["cluster_id"]].append(row["unique_id"])
    answer = {
        "seconds": seconds,
        "clusters": [sorted(group) for group in groups.values() if len(group) > 1],
        "pairs": [
            (row["unique_id_l"], row["unique_id_r"], row["match_weight"])
            for row in pairs.as_record_list()
        ],
    }
    output.write_text(json.dumps(answer), encoding="utf-8")


if __name__ == "__main__":
    main()
