"""What carriers ask before boarding (PR-45)."""

from __future__ import annotations

from didban.api.v1.checks import CheckGiven
from didban.api.v1.frame import Node, Router, Tx, Who, needs
from didban.api.v1.pages import Told
from didban.model.permissions import Permission
from didban.screening import carrier_check
from didban.screening.carrier_check import Advice
from didban.serving.desks import booth_of

router = Router("carrier checks")


class AdviceTold(Told):
    """All that a carrier is told."""

    advice: Advice


@router.post("/carrier-checks")
@needs(Permission.SCREENING_CARRIER_ASK)
def ask_for_carrier(tx: Tx, who: Who, node: Node, asked: CheckGiven) -> AdviceTold:
    """Say whether a passenger proceeds or is referred to the authority, and nothing else."""
    return AdviceTold(advice=carrier_check.ask(tx, booth_of(node), who, asked.question()))
