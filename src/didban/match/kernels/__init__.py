"""The inner loops of retrieval: compiled where the build found a compiler, else in plain Python.

`reference` is the definition; `_native` (C++ behind Cython) must give the same answer to the bit,
and `tests/oracle` holds them to it. `Index` is the one in use. `assembly` and `_assembly` are such
twins too, for what a build does; so are `world` and `_world` for how common a part is, `_spelling`
and `spelling.phonemes` for how it is read, and `_names` and the rules of `didban.match.evidence` for the names of persons. A compiled module
that is there and cannot be used, being of other code or for another Python, is warned of.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Final

from didban.match.kernels import assembly, reference, world
from didban.match.kernels.reference import Expansion, Part
from didban.match.kernels.reference import Index as ReferenceIndex
from didban.match.spelling import keys, phonemes


def _unusable(module: str, error: ImportError) -> None:
    """Warn of a compiled module that is there: who built one does not expect to wait for its twin."""
    files = (path.name for path in Path(__file__).parent.glob(f"{module}.*"))
    if any(file.endswith((".so", ".pyd")) for file in files):
        message = (
            f"the compiled kernels of didban cannot be used ({error}): those in Python give the same"
            " answers, but slowly. Build them again: `python setup.py build_ext --inplace` where the"
            " sources are, else `pip install --force-reinstall didban`"
        )
        warnings.warn(message, RuntimeWarning, stacklevel=2)


try:
    from didban.match.kernels._native import Index, coarse_keys, distance, primary_key

    IMPLEMENTATION: Final = "native"
except ImportError as error:  # mostly: no compiler at installation
    _unusable("_native", error)
    Index = ReferenceIndex  # type: ignore[assignment, misc]
    distance = reference.distance
    coarse_keys, primary_key = keys.coarse_keys, keys.primary_key
    IMPLEMENTATION = "python"  # type: ignore[misc]

try:
    from didban.match.kernels._spelling import forms
except ImportError as error:
    _unusable("_spelling", error)
    forms = phonemes.forms

try:
    from didban.match.kernels._assembly import postings, sort_pairs
except ImportError as error:
    _unusable("_assembly", error)
    postings, sort_pairs = assembly.postings, assembly.sort_pairs

try:
    from didban.match.kernels._world import World
except ImportError as error:
    _unusable("_world", error)
    World = world.World  # type: ignore[assignment, misc]

try:
    from didban.match.kernels._names import Asked, Listed, Names
except ImportError as error:  # `didban.match.evidence` is the twin, and is used then
    _unusable("_names", error)
    Asked = Listed = Names = None  # type: ignore[assignment, misc]

__all__ = [
    "IMPLEMENTATION",
    "Asked",
    "Expansion",
    "Index",
    "Listed",
    "Names",
    "Part",
    "ReferenceIndex",
    "World",
    "coarse_keys",
    "distance",
    "forms",
    "postings",
    "primary_key",
    "sort_pairs",
]
