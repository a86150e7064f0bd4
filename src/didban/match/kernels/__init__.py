"""The inner loops of retrieval: compiled where the build found a compiler, else in plain Python.

`reference` is the definition; `_native` (C++ behind Cython) must give the same answer to the bit,
and `tests/oracle` holds them to it. `Index` is the one in use. `assembly` and `_assembly` are such
twins too, for what a build does.
"""

from __future__ import annotations

from typing import Final

from didban.match.kernels import assembly, reference
from didban.match.kernels.reference import Expansion, Part, row_of
from didban.match.kernels.reference import Index as ReferenceIndex

try:
    from didban.match.kernels._native import Index, distance, first_near

    IMPLEMENTATION: Final = "native"
except ImportError:  # no compiler at installation
    Index = ReferenceIndex  # type: ignore[assignment, misc]
    distance, first_near = reference.distance, reference.first_near
    IMPLEMENTATION = "python"  # type: ignore[misc]

try:
    from didban.match.kernels._assembly import postings, sort_pairs
except ImportError:
    postings, sort_pairs = assembly.postings, assembly.sort_pairs

__all__ = [
    "IMPLEMENTATION",
    "Expansion",
    "Index",
    "Part",
    "ReferenceIndex",
    "distance",
    "first_near",
    "postings",
    "row_of",
    "sort_pairs",
]
