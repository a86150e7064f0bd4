"""What travels beside a copy: suspensions, disputes and evidence as its owner says them.

What was noted here stands beside it too, and stays: nothing of it is the owner's to take away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from didban.model.disputes import REVIEW_TIME, Decision, DisputedBy
from didban.store import disputes
from didban.store.tables.attached import attachment, counter_evidence, dispute, suspension
from didban.store.tables.exchange_records import told_to_node
from didban.store.tables.exchange_trust import peer_authority

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from didban.model.bank import BankRecord
    from didban.store.database import Transaction

_AS_SAID = "as its owner says"


def attach(tx: Transaction, kept: BankRecord, node: str, now: datetime) -> None:
    """Make what travels with a copy what its owner's node says."""
    _suspensions(tx, kept, node)
    _disputes(tx, kept, node, now)
    _evidence(tx, kept, node, now)


def _suspensions(tx: Transaction, kept: BankRecord, node: str) -> None:
    by = f"node:{node}"
    theirs = (suspension.c.record == kept.id, suspension.c.suspended_by == by)
    tx.execute(delete(suspension).where(*theirs))
    held = [
        {
            "id": f"{kept.id}~{cause}",
            "record": kept.id,
            "cause": cause,
            "reason": _AS_SAID,
            "suspended_at": kept.recorded_at,
            "suspended_by": by,
            "authority": kept.owner,
        }
        for cause in sorted(kept.suspensions)
    ]
    if held:
        tx.execute(upsert(suspension).on_conflict_do_nothing(), held)


def _disputes(tx: Transaction, kept: BankRecord, node: str, now: datetime) -> None:
    told = f"{kept.id}~{node}"
    was_disputed = tx.execute(delete(dispute).where(dispute.c.id == told)).rowcount
    if was_disputed and not kept.is_disputed:  # the owner answered, what was raised here too
        by = f"node:{node}"
        disputes.decide_open(tx, kept.id, Decision.UPHOLD, at=now, by=by, answer=_AS_SAID)
    if kept.is_disputed:
        doubt = {
            "id": told,
            "record": kept.id,
            "raised_by": kept.owner,
            "disputed_by": DisputedBy.AUTHORITY,
            "ground": _AS_SAID,
            "raised_at": now,
            "due_on": (now + REVIEW_TIME).date(),
        }
        tx.execute(insert(dispute).values(doubt))


def _evidence(tx: Transaction, kept: BankRecord, node: str, now: datetime) -> None:
    against = counter_evidence.c
    said = [one.id for one in kept.counter_evidence]
    # What was given here stays until the owner says it too.
    from_afar = against.given_by.in_(select(peer_authority.c.code))
    again = against.text.in_([one.text for one in kept.counter_evidence])
    gone = (against.record == kept.id, against.id.not_in(said), from_afar | again)
    tx.execute(delete(counter_evidence).where(*gone))
    given = [
        {
            "id": one.id,
            "record": kept.id,
            "given_by": one.given_by,
            "text": one.text,
            "attachment": one.attachment,
            "given_at": one.given_at,
        }
        for one in kept.counter_evidence
    ]
    if given:
        tx.execute(upsert(counter_evidence).on_conflict_do_nothing(), given)
        known = [
            {"what": one.id, "record": kept.id, "node": node, "told_at": now}
            for one in kept.counter_evidence
        ]
        tx.execute(upsert(told_to_node).on_conflict_do_nothing(), known)  # its owner knows it


def suspended_here(tx: Transaction, record_id: str) -> bool:
    """Return whether a suspension stands that was made here and not by the owner."""
    held = suspension.c
    query = select(held.id).where(
        held.record == record_id, held.lifted_at.is_(None), held.suspended_by.not_like("node:%")
    )
    return tx.scalar(query.limit(1)) is not None


def strangers(tx: Transaction, record_ids: Collection[str], ids: Collection[str]) -> bool:
    """Return whether one of these identifiers of files or evidence is of another record's."""
    return any(
        tx.scalar(
            select(table.c.id)
            .where(table.c.id.in_(ids), table.c.record.not_in(record_ids))
            .limit(1)
        )
        for table in (attachment, counter_evidence)
    )
