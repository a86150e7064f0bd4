"""Every duty of a node, and how often it is looked at."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from didban.api import idempotency
from didban.guard import sealing, signals
from didban.node.duties import Duty

if TYPE_CHECKING:
    from collections.abc import Sequence

    from didban.node.parts import Parts


def duties_of(_parts: Parts) -> Sequence[Duty]:
    """Return what a node does by itself."""
    return (
        Duty(name="audit.seal", every=timedelta(seconds=1), run=sealing.run_due),
        Duty(name="answers.forget", every=timedelta(hours=1), run=idempotency.run_due),
        Duty(name="signals.forget", every=timedelta(hours=6), run=signals.run_due),
    )
