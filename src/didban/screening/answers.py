"""The answer to one check as plain data for JSON: the same for the command line and over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from didban.screening.freshness import incomplete_json
from didban.screening.results import result_json

if TYPE_CHECKING:
    from didban.guard.reasons import Reason
    from didban.screening.check import Answer


def answer_data(answer: Answer, reason: Reason) -> dict[str, Any]:
    """Return the answer to a check for programs. Only what the clock does not change is in it."""
    freshness = answer.freshness
    return {
        "answer": answer.verdict.value,
        "results": [
            {**result_json(found.match), "found_by": found.origin} for found in answer.found
        ],
        "asked": [
            {"origin": asked.origin, **asked.record.to_json(), "notes": list(asked.notes)}
            for asked in answer.asked
        ],
        "mode": answer.depth.mode.value,
        "snapshot": {
            "built_at": freshness.built_at.isoformat(),
            "state": freshness.state.value,
            "incomplete": incomplete_json(freshness),
        },
        "purpose": reason.purpose,
        "reference": reason.reference,
    }
