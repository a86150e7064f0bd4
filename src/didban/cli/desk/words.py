"""What a desk is told, in words: what must be read first comes first, the score last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from didban.cli.output import isolated, table

if TYPE_CHECKING:
    from collections.abc import Iterator


def hit_words(told: dict[str, Any]) -> str:
    """Return where a hit stands, and what is still to be compared."""
    hit = told.get("hit", told)
    unseen = told.get("unseen", ())
    return f"{hit['id']}: {hit['state']}" + (
        f"; not compared: {', '.join(unseen)}" if unseen else ""
    )


def opened_words(told: dict[str, Any]) -> str:
    """Return a hit as it is seen when it is opened."""
    return "\n".join(_opened(told))


def facts(value: Any, indent: str) -> Iterator[str]:
    """Yield nested facts line by line: what each is called, and what it says."""
    for name, one in value.items():
        if isinstance(one, dict):
            yield f"{indent}{name}:"
            yield from facts(one, indent + "  ")
        elif isinstance(one, list) and any(isinstance(each, dict) for each in one):
            for each in one:
                yield f"{indent}{name}: " + ", ".join(f"{k} {v}" for k, v in each.items())
        else:
            shown = ", ".join(map(str, one)) if isinstance(one, list) else str(one)
            yield f"{indent}{name}: {isolated(shown)}"


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
        "asked by": told["authority"] or told["node"],
        "met at": told["place"],
        "reply by": told["reply_by"],
        "words": told["words"],
        "outcome": told["feedback"],
    }
    lines += [f"  {name}: {isolated(str(value))}" for name, value in shown.items() if value]
    if told["identity"]:
        lines.append("  who was met:")
        lines += facts(told["identity"].get("properties", {}), "    ")
    return "\n".join(lines)


def review_words(told: dict[str, Any]) -> str:
    """Return where the review of an alert stands, and what speaks against it."""
    against = f"; against it: {', '.join(told['doubts'])}" if told["doubts"] else ""
    ground = f" ({told['ground']})" if told["ground"] else ""
    return f"{told['id']}: {told['state']}{ground}, alert of {told['owner']}{against}"


def review_view_words(told: dict[str, Any]) -> str:
    """Return a review with all that a reviewer goes by."""
    return "\n".join(_reviewed(told))


def _reviewed(told: dict[str, Any]) -> Iterator[str]:
    yield review_words(told["review"])
    for doubt in told["doubts"]:
        yield f"  ! {doubt}"
    for one in told["earlier"]:
        yield f"  ! refused or withdrawn on {one['refused_at'][:10]}: {one['ground']}"
    for one in told["held"]:
        yield f"  ! held of {one['partner']}: {one['harm']}, {one['verdict']}"
    yield f"  accepted, it asks here: {told['would_ask'] or 'nothing'}"
    yield "  the record:"
    yield from facts({n: v for n, v in told["record"].items() if v}, "    ")
    for step in told["history"]:
        yield f"  {step['at'][:19]} {step['event']}: {step['state']}, by {step['actor']}"
    yield f"  digest of what was read: {told['review']['digest']}"
