"""Score pairs of records by logic-v2.

Runs inside the peers' environment, as a script of its own: it imports nothing of ours.

    python pairs.py LEFT RIGHT OUTPUT

LEFT and RIGHT are JSON lines of records, the n-th of one against the n-th of the other; one output
line for each pair.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from logic_v2 import proxy, read
from nomenklatura.matching import get_algorithm


def main(left_path: str, right_path: str, output_path: str) -> None:
    """Write id and score of each pair."""
    algorithm = get_algorithm("logic-v2")
    if algorithm is None:
        raise SystemExit("this nomenklatura has no logic-v2")
    config = algorithm.default_config()
    left = read(left_path)
    right = read(right_path)
    with Path(output_path).open("w", encoding="utf-8") as out:
        for query, candidate in zip(left, right, strict=True):
            score = algorithm.compare(proxy(query), proxy(candidate), config).score
            out.write(json.dumps({"id": query["id"], "results": [[candidate["id"], score]]}) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:4])
