"""What another node says of a record is checked before it is kept, as if it were entered here.

Nothing of it is mended: what does not hold is refused, and its owner's node is told.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from didban import ids
from didban.errors import HandlingRefused, Malformed
from didban.intake.changes import is_issuers_word, misplaced_states
from didban.intake.drafts import Draft, in_our_form
from didban.intake.validation import faults_of
from didban.model.corroboration import is_raised
from didban.model.countries import country
from didban.model.exchange import records as wire
from didban.model.exchange.descriptors import NodeRole
from didban.model.exchange.sharing import LONGEST_LEASE
from didban.model.retention import RetentionPolicy, maximum_for
from didban.store import authorities, node

if TYPE_CHECKING:
    from datetime import date, datetime

    from didban.model.alerts import Alert
    from didban.model.bank import BankRecord
    from didban.model.exchange.feeds import Arrived
    from didban.model.marking import Marking
    from didban.store.database import Transaction
    from didban.store.node import NodeRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A record as another node says it, and the entry that says so."""

    record: BankRecord
    files: tuple[wire.SharedFile, ...]
    arrived: Arrived
    rev: int
    valid_until: datetime


class Border:
    """The rules for what comes in one transaction; asks the bank once for what does not change."""

    def __init__(self, tx: Transaction, now: datetime, policy: RetentionPolicy) -> None:
        self._tx = tx
        self._now = now
        self._policy = policy
        self._here: NodeRow | None = node.get(tx)
        self._states: dict[str, str | None] = {}

    def admit(self, arrived: Arrived) -> Incoming | None:
        """Return what an entry says, as it is kept here; None where it says nothing to us.

        Raises Malformed, HandlingRefused: the codes say what, and never the content.
        """
        if arrived.content is None:
            return None  # for others, or erased since
        record, files = wire.from_json(arrived.content)
        header = arrived.header
        if header.record != record.id or header.rev is None or header.valid_until is None:
            raise Malformed("the header and the body are not about the same")
        if header.handling != record.marking.handling:
            raise Malformed("the header says another handling code than the body")
        self._require_owner(arrived, record)
        record = self._shortened(record)
        self._require_valid(record)
        until = min(header.valid_until, self._now + LONGEST_LEASE)
        return Incoming(
            record=record, files=files, arrived=arrived, rev=header.rev, valid_until=until
        )

    def _require_owner(self, arrived: Arrived, record: BankRecord) -> None:
        """Only the owner's own node speaks of a record (PR-07); a secretariat owns nothing."""
        is_member = arrived.peer.descriptor.role is NodeRole.MEMBER
        if not is_member or not arrived.peer.speaks_for(record.owner):
            raise HandlingRefused("a record is said by its owner's node alone (PR-07)")
        if (bound := ids.owner_of(record.id)) and bound != record.owner:
            raise HandlingRefused("the identifier is of another owner's records (PR-07)")
        if not is_issuers_word(record.entity, self._state_of(record.owner)):
            raise HandlingRefused("what became of a document is its issuer's word alone (4.1)")

    def _state_of(self, owner: str) -> str | None:
        if owner not in self._states:
            found = authorities.get(self._tx, owner)
            if found is None:
                raise HandlingRefused("the owner is no authority that we know")
            self._states[owner] = country(found.country) if found.country else None
        return self._states[owner]

    def _shortened(self, record: BankRecord) -> BankRecord:
        """Return a record that is kept no longer than our own rules allow (PR-30)."""
        action = record.alert.action_requested if record.alert else None
        latest = maximum_for(record.entity.schema, action, self._now.date(), self._policy)
        if record.marking.retention_until <= latest:
            return record
        return replace(record, marking=replace(record.marking, retention_until=latest))

    def _require_valid(self, record: BankRecord) -> None:
        """Return if the record could be kept as our own: form, marking, alert, PR-12, PR-51."""
        today = self._now.date()
        draft = in_our_form(
            Draft(
                entity=record.entity,
                marking=record.marking,
                alert=_timeless(record, today),
                sensitive=record.sensitive,
                valid_from=record.valid_from,
                valid_to=record.valid_to,
            )
        )
        faults = [place for place, _ in faults_of(draft, today, self._policy)]
        if draft.entity != record.entity:
            faults.append("/entity")
        faults += [place for place, _ in misplaced_states(self._here, record.entity)]
        if faults:
            places = ", ".join(sorted(set(faults))[:10])
            raise HandlingRefused(f"the record cannot be kept: {places}")


def _timeless(record: BankRecord, today: date) -> Alert | None:
    """Return the alert without an end that has passed: it travels on, and asks nothing any more."""
    alert = record.alert
    is_over = alert is not None and alert.valid_until is not None and alert.valid_until < today
    return replace(alert, valid_until=None) if alert and is_over else alert


def require_same_word(before: Marking, after: Marking) -> None:
    """Return if a new revision leaves to another source what is its own (PR-10, PR-11).

    Raises HandlingRefused.
    """
    if before.owner != after.owner:
        raise HandlingRefused("a record does not change hands (PR-07)")
    if not before.origin:
        return
    if before.origin != after.origin:
        raise HandlingRefused("whose information it is does not change (PR-11)")
    if is_raised(before, after):
        raise HandlingRefused("another source's grade may not be raised (PR-10)")
