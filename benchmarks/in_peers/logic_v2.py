"""Rank a list by logic-v2 for each query, comparing with every entity of the list.

Runs inside the peers' environment, as a script of its own: it imports nothing of ours. Input and
output are JSON lines. An output that is already there is continued, because a whole run takes
minutes.

    python logic_v2.py LIST QUERIES OUTPUT
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from followthemoney import model
from nomenklatura.matching import get_algorithm

if TYPE_CHECKING:
    from followthemoney.proxy import EntityProxy

_KEPT = {
    *("name", "alias", "weakAlias", "previousName"),
    *("birthDate", "nationality", "country", "gender"),
}


def proxy(record: dict[str, Any]) -> EntityProxy:
    """Return a record as an entity whose values went through FollowTheMoney's own cleaning."""
    entity = model.make_entity(record["schema"])
    entity.id = record["id"]
    for name, values in record["properties"].items():
        if name in _KEPT and name in entity.schema.properties:
            entity.add(name, values, quiet=True)
    for document in record.get("documents", ()):
        if entity.schema.is_a("Person"):
            entity.add("passportNumber", document["number"], quiet=True)
    return entity


def read(path: str) -> list[dict[str, Any]]:
    """Return the values of a JSON lines file."""
    with Path(path).open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def main(list_path: str, query_path: str, output_path: str) -> None:
    """Write one line for each query: its id and the best ten of (id, score)."""
    algorithm = get_algorithm("logic-v2")
    if algorithm is None:
        raise SystemExit("this nomenklatura has no logic-v2")
    config = algorithm.default_config()
    listed = [proxy(record) for record in read(list_path)]
    output = Path(output_path)
    done = len(output.read_text(encoding="utf-8").splitlines()) if output.exists() else 0
    with output.open("a", encoding="utf-8") as out:
        for record in read(query_path)[done:]:
            query = proxy(record)
            scored = [(e.id, algorithm.compare(query, e, config).score) for e in listed]
            scored.sort(key=lambda pair: (-pair[1], pair[0]))
            out.write(json.dumps({"id": record["id"], "results": scored[:10]}) + "\n")
            out.flush()


if __name__ == "__main__":
    main(*sys.argv[1:4])
