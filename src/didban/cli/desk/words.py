"""What a desk is told, in words: what must be read first comes first, the score last."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from didban.cli.output import isolated, table

if TYPE_CHECKING:
    from collections.abc import Iterator


def hit_words(told: dict[str, Any]) -> str:
    """Return a hit, briefly or as it is seen when it is opened."""
    if "hit" not in told:
        return f"{told['id']}: {told['state']}"
    return "\n".join(_opened(told))


def _opened(told: dict[str, Any]) -> Iterator[str]:
    hit = told["hit"]
    yield f"{hit['id']}: {hit['state']}"
    for note in told["notes"]:
        yield f"  ! {note}"
    yield f"  the owner, {hit['owner']}, asks: {told['action_requested'] or 'nothing'}"
    if told["evidence"]:
        rows = [[e["feature"], e["asked"], e["listed"], e["detail"]] for e in told["evidence"]]
        yield table(("evidence", "asked", "listed", "why"), rows, indent="  ")
    rows = [
        [entry["at"][11:19], entry["event"], entry["state"], entry["actor"]]
        for entry in told["history"]
    ]
    yield table(("time", "what", "then", "by"), rows, indent="  ")
    if told["unseen"]:
        yield f"  not compared yet: {', '.join(told['unseen'])}"
    yield from (f"  due {each['due_at'][:19]}: {each['clock']}" for each in told["clocks"])
    yield f"  may follow: {', '.join(told['possible']) or 'nothing: it is over'}"
    yield f"  computed similarity: {hit['score']:.3f}"


def question_words(told: dict[str, Any]) -> str:
    """Return a question as the owner's desk sees it."""
    lines = [f"{told['id']}: {told['answer'] or 'open'}, about {told['record']}"]
    shown = {
        "asked by": told["authority"],
        "met at": told["place"],
        "reply by": told["reply_by"],
        "words": told["words"],
        "outcome": told["feedback"],
    }
    lines += [f"  {name}: {isolated(str(value))}" for name, value in shown.items() if value]
    if told["identity"]:
        named = {key: value for key, value in told["identity"].items() if key == "properties"}
        lines.append(f"  who was met: {isolated(json.dumps(named, ensure_ascii=False))}")
    return "\n".join(lines)
