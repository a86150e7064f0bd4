"""A match as plain data for JSON: one shape for the command line, whole lists and HTTP.

Numbers are rounded to `DIGITS` decimals, so that equal input gives equal bytes on every machine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from didban.match.evidence.particulars import Explanation
    from didban.match.search import Match

DIGITS = 6


def result_json(match: Match) -> dict[str, Any]:
    """Return one match as `screen` and `check --json` write it.

    `prior` and the weights of the explanations add up to the logit of the score.
    """
    record = match.record.to_json()
    result = {
        "id": match.id,
        "schema": record["schema"],
        "caption": record["caption"],
        "score": round(match.score, DIGITS),
        "match": match.match,
        "datasets": list(match.record.datasets),
        "properties": record["properties"],
        "prior": round(match.prior, DIGITS),
    }
    if "documents" in record:
        result["documents"] = record["documents"]
    result["explanations"] = {
        feature: explanation_json(explanation)
        for feature, explanation in match.explanations.items()
    }
    return result


def explanation_json(explanation: Explanation) -> dict[str, Any]:
    """Return one line of evidence: the two values, how alike they are, what that weighs."""
    return {
        "query": explanation.query,
        "candidate": explanation.candidate,
        "similarity": round(explanation.similarity, DIGITS),
        "weight": round(explanation.weight, DIGITS),
        "detail": explanation.detail,
    }
