"""What a desk is told, in words: what must be read first comes first, the score last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from didban.cli.output import isolated, moment, table
from didban.web.i18n import terms

if TYPE_CHECKING:
    from collections.abc import Iterator


_NOTES = {
    "awaits_review": "nobody here has reviewed this alert yet, so nothing is asked",
    "information_only": "for information only",
    "refused_before": "the same person was refused or withdrawn before",
}
"""What must be read first, in words; any other code is its own word."""


_CODED = frozenset(
    {"action_requested", "confidentiality", "document_status", "notes", "person_status", "purpose",
     "requested", "state", "suspensions"}
)  # fmt: skip
"""Facts whose values are codes of ours."""


def plain(code: str) -> str:
    """Return a code as a phrase: `confirmation_requested` is "confirmation requested"."""
    phrase = terms.plain(code)
    return phrase[:1].lower() + phrase[1:]


def note(code: str) -> str:
    """Return in words what must be read first."""
    return _NOTES.get(code) or plain(code)


def hit_words(told: dict[str, Any]) -> str:
    """Return where a hit stands, and what is still to be compared."""
    hit = told.get("hit", told)
    unseen = told.get("unseen", ())
    left = f"; not compared: {', '.join(unseen)}" if unseen else ""
    return f"{hit['id']}: {plain(hit['state'])}{left}"


def opened_words(told: dict[str, Any]) -> str:
    """Return a hit as it is seen when it is opened."""
    return "\n".join(_opened(told))


def facts(value: Any, indent: str) -> Iterator[str]:
    """Yield nested facts line by line: what each is called, and what it says."""
    for code, one in value.items():
        name = plain(code)
        if isinstance(one, dict):
            yield f"{indent}{name}:"
            yield from facts(one, indent + "  ")
        elif isinstance(one, list) and any(isinstance(each, dict) for each in one):
            for each in one:
                yield f"{indent}{name}: " + ", ".join(f"{plain(k)} {v}" for k, v in each.items())
        elif one is not None:
            shown = one if isinstance(one, list) else [one]
            yield f"{indent}{name}: {isolated(', '.join(_value(code, each) for each in shown))}"


def _value(name: str, value: object) -> str:
    """Return a value in words where it is one of ours; what people and papers say stays as it is."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name.endswith("_at"):
        return moment(str(value))
    return note(str(value)) if name in _CODED else str(value)


def _opened(told: dict[str, Any]) -> Iterator[str]:
    hit = told["hit"]
    yield f"{hit['id']}: {plain(hit['state'])}"
    yield from (f"  ! {note(code)}" for code in told["notes"])
    yield f"  the owner, {hit['owner']}, asks: {plain(told['action_requested'] or 'nothing')}"
    if told["evidence"]:
        rows = [[e["feature"], e["asked"], e["listed"], e["detail"]] for e in told["evidence"]]
        yield table(("evidence", "asked", "listed", "why"), rows, indent="  ")
    rows = [
        [moment(entry["at"]), plain(entry["event"]), plain(entry["state"]), entry["actor"]]
        for entry in told["history"]
    ]
    yield table(("time", "what", "then", "by"), rows, indent="  ")
    if told["unseen"]:
        yield f"  not compared yet: {', '.join(told['unseen'])}"
    for each in told["clocks"]:
        yield f"  due {moment(each['due_at'])}: {plain(each['clock'])}"
    follow = ", ".join(map(plain, told["possible"]))
    yield f"  may follow: {follow or 'nothing: it is over'}"
    yield f"  computed similarity: {hit['score']:.3f}"


def question_words(told: dict[str, Any]) -> str:
    """Return a question as the owner's desk sees it."""
    lines = [f"{told['id']}: {plain(told['answer'] or 'open')}, about {told['record']}"]
    shown = {
        "asked by": told["authority"] or told["node"],
        "met at": told["place"],
        "reply by": moment(told["reply_by"]),
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
    against = f"; against it: {', '.join(map(note, told['doubts']))}" if told["doubts"] else ""
    ground = f" ({plain(told['ground'])})" if told["ground"] else ""
    return f"{told['id']}: {plain(told['state'])}{ground}, alert of {told['owner']}{against}"


def review_view_words(told: dict[str, Any]) -> str:
    """Return a review with all that a reviewer goes by."""
    return "\n".join(_reviewed(told))


def _reviewed(told: dict[str, Any]) -> Iterator[str]:
    yield review_words(told["review"])
    yield from (f"  ! {note(doubt)}" for doubt in told["doubts"])
    for one in told["earlier"]:
        yield f"  ! refused or withdrawn on {one['refused_at'][:10]}: {one['ground']}"
    for one in told["held"]:
        yield f"  ! held of {one['partner']}: {one['harm']}, {one['verdict']}"
    yield f"  accepted, it asks here: {plain(told['would_ask'] or 'nothing')}"
    yield "  the record:"
    yield from facts({n: v for n, v in told["record"].items() if v}, "    ")
    for step in told["history"]:
        done, then = plain(step["event"]), plain(step["state"])
        yield f"  {moment(step['at'])} {done}: {then}, by {step['actor']}"
    yield f"  digest of what was read: {told['review']['digest']}"
