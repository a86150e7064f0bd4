"""Records as entities of the OpenSanctions API: the same properties, times without a zone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from didban.screening.results import DIGITS, explanation_json
from didban.screening.texts.fields import is_target

if TYPE_CHECKING:
    from didban.match.search import Match
    from didban.model.records import Record

_DATE_LENGTH = 10  # characters of YYYY-MM-DD


def entity(record: Record) -> dict[str, Any]:
    """Return a record in the shape `Entity`, with `documents` beside it where it has any."""
    data = record.to_json()
    shaped = {
        "id": record.id,
        "caption": record.caption or record.id,
        "schema": record.schema,
        "properties": data["properties"],
        "datasets": list(record.datasets),
        "referents": list(record.referents),
        "target": is_target(record.values("topics")),
        "first_seen": _moment(record.first_seen),
        "last_seen": _moment(record.last_seen),
        "last_change": _moment(record.last_change),
    }
    if "documents" in data:
        shaped["documents"] = data["documents"]
    return shaped


def scored_entity(match: Match, threshold: float) -> dict[str, Any]:
    """Return a result in the shape `ScoredEntity`; `match` is by the request's own threshold."""
    explanations = {}
    for feature, explanation in match.explanations.items():
        said = explanation_json(explanation)
        explanations[feature] = {
            "detail": said["detail"],
            "score": said["similarity"],
            "query": said["query"],
            "candidate": said["candidate"],
            "weight": said["weight"],
        }
    return {
        **entity(match.record),
        "score": round(match.score, DIGITS),
        "match": match.score >= threshold,
        "explanations": explanations,
    }


def _moment(text: str | None) -> str | None:
    """Return a time as clients expect it: seconds, no zone."""
    if text is None:
        return None
    return f"{text}T00:00:00" if len(text) == _DATE_LENGTH else text[:19]
