"""Rank a list by rapidfuzz over transliterated names, comparing with every name of the list.

Runs inside the peers' environment, as a script of its own: it imports nothing of ours. Input and
output are JSON lines; one output line for each query.

    python transliterated.py LIST QUERIES OUTPUT icu|anyascii jaro_winkler|token_sort|wratio
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from anyascii import anyascii
from icu import Transliterator
from logic_v2 import read
from rapidfuzz import fuzz, process
from rapidfuzz.distance import JaroWinkler

if TYPE_CHECKING:
    from collections.abc import Callable

_NAMES = ("name", "alias", "weakAlias", "previousName")
_SCORERS: dict[str, Callable[..., float]] = {
    "jaro_winkler": JaroWinkler.normalized_similarity,
    "token_sort": fuzz.token_sort_ratio,
    "wratio": fuzz.WRatio,
}


def plain(library: str) -> Callable[[str], str]:
    """Return the function that writes any name in lower-case ASCII."""
    if library == "anyascii":
        return lambda text: anyascii(text).casefold()
    icu = Transliterator.createInstance("Any-Latin; Latin-ASCII; Lower")
    return lambda text: str(icu.transliterate(text))


def names(record: dict[str, Any]) -> list[str]:
    """Return all names of a record."""
    return [v for name in _NAMES for v in record["properties"].get(name, ())]


def main(list_path: str, query_path: str, output_path: str, library: str, scorer: str) -> None:
    """Write one line for each query: id and the best ten of (id, score from 0 to 1)."""
    write = plain(library)
    listed = read(list_path)
    queries = read(query_path)
    rows = [(n, write(v)) for n, record in enumerate(listed) for v in names(record)]
    owners = np.array([n for n, _ in rows])
    asked = [write(names(query)[0]) for query in queries]
    scores = process.cdist(asked, [text for _, text in rows], scorer=_SCORERS[scorer])
    scale = 1.0 if scorer == "jaro_winkler" else 100.0
    with Path(output_path).open("w", encoding="utf-8") as out:
        for query, row in zip(queries, scores, strict=True):
            best = np.zeros(len(listed))
            np.maximum.at(best, owners, row)
            order = sorted(range(len(listed)), key=lambda n: (-best[n], listed[n]["id"]))[:10]
            results = [(listed[n]["id"], float(best[n]) / scale) for n in order]
            out.write(json.dumps({"id": query["id"], "results": results}) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:6])
