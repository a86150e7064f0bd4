"""Measurements beside the peers: accuracy with the price it has, speed with the recall it has.

Nothing here is imported by `didban`. One command runs everything (`python -m benchmarks`); each
module is one measurement and may be run by itself. Figures land in `.benchmarks/`, which git
ignores, and the table of `docs/reference/benchmarks.md` is written from them.

Real persons' names are read from the shared data, printed to the terminal at most, and never kept
in the repository.
"""
