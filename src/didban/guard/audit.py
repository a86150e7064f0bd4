"""The audit trail: every search, view, change and export leaves one entry.

It is written in the deed's own transaction, and says who, when, why and of what kind, never what
(PR-37).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from didban import clock
from didban.store import audit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from didban.model.actors import Actor
    from didban.model.deeds import Deed
    from didban.store.database import Transaction


def enter(
    tx: Transaction,
    actor: Actor,
    deed: Deed,
    *,
    subject: str = "",
    facts: Mapping[str, str | int | bool] | None = None,
) -> None:
    """Enter a deed. It stands or falls with the transaction.

    - `subject`: identifier of what it was done to (a record, hit, user ...); never a name.
    - `facts`: counts, states, versions, digests: what kind of thing happened, without content.
    """
    audit.append(tx, actor, deed, at=clock.now(), subject=subject, facts=dict(facts or {}))
