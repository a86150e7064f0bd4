"""Oversight: whether all groups fare alike, and whether the protection rules hold on this node."""

from __future__ import annotations

from typing import TYPE_CHECKING

import didban
from didban.guard import checkpoints, control_desk, equality
from didban.guard.retention import policy_of
from didban.model.permissions import Permission
from didban.web.desk import Page, Room

if TYPE_CHECKING:
    from didban.web.desk import Desk

room = Room("oversight")


@room.page("/oversight", Permission.OVERSIGHT_EQUALITY_READ)
def alike(desk: Desk) -> Page:
    """Show the rates of refusal and refutation by issuer, nationality and script."""
    found = equality.report(desk.tx, desk.who, desk.services.settings.rights)
    return Page("pages/oversight/alike.html", found=found)


@room.deed("/oversight/control", Permission.OVERSIGHT_CONTROL_RUN)
def control(desk: Desk) -> Page:
    """Try the protection rules on this node, and show the signed report."""
    signer = checkpoints.signer_of(desk.tx, desk.services.secrets)
    policy = policy_of(desk.services.settings.retention)
    found = control_desk.run(desk.tx, desk.who, signer, policy, software=didban.__version__)
    return Page("pages/oversight/control.html", found=found)
