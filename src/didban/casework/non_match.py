"""Non-match tokens: an innocent namesake is not stopped twice (PR-25)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from didban.casework.steps import advance
from didban.guard import access, audit
from didban.guard.reach import reach_of
from didban.model.deeds import Deed
from didban.model.hits import HitEvent
from didban.model.non_match import digest
from didban.model.permissions import Permission
from didban.store import hits, non_match

if TYPE_CHECKING:
    from datetime import datetime

    from didban.casework.guards import Step
    from didban.model.actors import Actor
    from didban.model.casework import Hit
    from didban.store.database import Transaction


def issue(step: Step, key: bytes) -> Hit:
    """Issue the token of a refuted hit, and close the hit.

    - `step`: the step that refuted it, with the hit as it stands since.

    No token is issued where a side is erased: then there is nothing to recognise it by.
    """
    hit = step.hit
    listed = hits.content_of(step.tx, hit.record)
    facts = {}
    if hit.asked is not None and listed is not None:
        token = digest(key, hit.asked, listed)
        facts["token"] = non_match.issue(
            step.tx, token, hit_id=hit.id, record=hit.record, at=step.at, by=step.actor.user
        )
    closing = replace(step, event=HitEvent.ISSUE_TOKEN, reason="", words="")
    return advance(closing, facts=facts)


def revoke(tx: Transaction, hit_id: str, at: datetime) -> None:
    """End the token of a reopened hit."""
    non_match.revoke(tx, hit_id, at)


def counted(tx: Transaction, actor: Actor) -> list[tuple[str, int, int]]:
    """Return authority, living and revoked tokens, for the data-protection officer.

    Those of other authorities are told to the host's officer alone: an owner would learn from them
    that its person was met (PR-53).
    """
    access.require(actor, Permission.CASEWORK_TOKEN_READ)
    found = non_match.counted(tx, reach_of(tx, actor))
    audit.enter(tx, actor, Deed.CHECK_LISTED, facts={"authorities": len(found)})
    return found
