"""Run measurements and keep their tables: `python -m benchmarks [NAME ...]`.

Without names, everything that the material on this machine allows and that takes minutes; `--list`
tells the names. At the end the reference page is filled (`--no-report` leaves it alone).
"""

from __future__ import annotations

import argparse
import importlib
import sys
import time
from typing import TYPE_CHECKING

from benchmarks import figures, report
from benchmarks.material import MaterialMissing

if TYPE_CHECKING:
    from collections.abc import Iterable

MEASUREMENTS = {
    "machine": "what the figures are taken on",
    "names_and_crowds": "original-script names against Latin spellings, both crowds beside",
    "modes": "each mode's recall per script and alarms, as the service shows them",
    "calibration": "of the candidates of each score, how many are right",
    "development": "attested spellings, same persons over three lists, labelled pairs",
    "name_bench": "the peers' own judged name pairs and whole-entity checks",
    "altered": "listed persons with altered names, with and without birth dates",
    "organisations": "listed organisations by other and altered names, beside organisations not meant",
    "resolution": "the same person or organisation over three lists, Splink beside",
    "spark": "whole lists on Spark and by processes here: time, and the same bytes",
    "imports": "what a cold check loads",
    "speed": "checks, screening, service and build on the real lists",
    "bank": "a list of 1,000,000 into the bank, the index following, checks meanwhile",
    "checks": "whole checks on a bank of 100,000, one by one and many at once",
    "audit": "the audit log: written, sealed, proven, verified",
    "exchange": "two nodes: how soon an entry is a match at the other, how many go through",
    "blind": "blind questions about a flight, and the tags of a list",
    "devices": "carried devices: the size of what they are brought, and their checks",
    "desk": "pages of the desk: statements, first paint, bytes; from a scan to its painted answer",
    "generated": "invented lists of 100,000 and 1,000,000 records, rapidfuzz, tantivy and logic-v2 beside",
    "storage": "build, bytes by part, opening, documents and live additions of invented lists",
    "summary": "the figures that matter most, from the tables of all others",
}
"""Module -> what it measures. Each has `measure() -> Iterable[Table]`."""
BY_NAME = {
    "large": "ten million invented records, built, opened and searched: half an hour, 4 GB",
}
"""The same, of what is measured only when it is named."""
_ALL = MEASUREMENTS | BY_NAME


def main() -> int:
    """Run what was asked for; return 1 if something could not be measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", help="measurements to run (default: all)")
    parser.add_argument("--list", action="store_true", help="tell the names and end")
    parser.add_argument("--no-report", action="store_true", help="leave the reference page alone")
    options = parser.parse_args()
    if options.list:
        for name, words in _ALL.items():
            print(f"{name:14} {words}")
        return 0
    if unknown := set(options.names) - _ALL.keys():
        parser.error(f"unknown measurement: {', '.join(sorted(unknown))} (see --list)")
    missing = [name for name in options.names or MEASUREMENTS if not _run(name)]
    if not options.no_report:
        report.main()
    return 1 if missing else 0


def _run(name: str) -> bool:
    """Run one measurement, print and keep its tables; say so if its material is absent."""
    started = time.perf_counter()
    print(f"== {name}: {_ALL[name]}")
    tables: Iterable[figures.Table] = importlib.import_module(f"benchmarks.{name}").measure()
    try:
        for table in tables:
            print(table.text())
            figures.keep(table)
    except MaterialMissing as missing:
        print(f"left out: ../shared/data/{missing} is not on this machine")
        return False
    print(f"({time.perf_counter() - started:.0f} s)\n")
    return True


if __name__ == "__main__":
    sys.exit(main())
