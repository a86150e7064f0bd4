"""A hit's evidence, as far as who looks may see it (PR-02, PR-08)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from didban.guard.fields import Field

if TYPE_CHECKING:
    from collections.abc import Mapping

    from didban.model.casework import Evidence, Hit


def evidence(hit: Hit, record: Mapping[str, Any] | None) -> tuple[Evidence, ...]:
    """Return the evidence of a hit, without the record's values where its identity is not shown.

    - `record`: what `guard.disclosure` shows; None where the record is gone or not open.
    """
    if record is not None and Field.IDENTITY in record:
        return hit.evidence
    return tuple(replace(piece, listed="", detail="") for piece in hit.evidence)
