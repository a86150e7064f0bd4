"""What may be done with a record now, by who reads it: the pages of its life."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from didban.intake.status import LIFTED_HERE
from didban.model.bank import FOUND
from didban.model.document_life import RECORD_LIFE, LifeEvent
from didban.model.permissions import Permission
from didban.model.schemata import is_a
from didban.web.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from didban.model.bank import BankRecord
    from didban.web.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A page of a record's life: its name, what its link says, and the rest of its path."""

    page: str
    words: str
    path: Mapping[str, str] = field(default_factory=dict)


_WRITE, _VALIDATE = Permission.BANK_RECORD_WRITE, Permission.BANK_RECORD_VALIDATE

_BY_EVENT: Final = (
    (LifeEvent.VALIDATE, _VALIDATE, "records_life.validating", N_("Validate the report")),
    (LifeEvent.REJECT, _VALIDATE, "records_life.rejecting", N_("Refuse the report")),
    (LifeEvent.CORRECT, _WRITE, "corrections.form", N_("Correct it")),
    (LifeEvent.UPHOLD, _WRITE, "disputes.deciding", N_("Answer the dispute")),
    (LifeEvent.INVALIDATE, _WRITE, "records_life.invalidating", N_("Declare it invalid")),
    (LifeEvent.WITHDRAW, _WRITE, "records_life.withdrawing", N_("Withdraw")),
)
"""What its owner may do, by what its state allows."""


def ways_on(desk: Desk, kept: BankRecord) -> list[Way]:
    """Return what who asks may do with a record as it stands; the verbs decide again."""
    is_mine = kept.owner == desk.who.authority
    found = list(_of_owner(desk, kept)) if is_mine else []
    if kept.state in FOUND and desk.may(Permission.BANK_RECORD_DISPUTE):
        found += [
            Way(page="disputes.disputing", words=N_("Dispute")),
            Way(page="disputes.countering", words=N_("Say what speaks against it")),
        ]
    if kept.state in FOUND and not is_mine and desk.may(Permission.BANK_RECORD_EXPORT):
        found.append(Way(page="consents.handing_on", words=N_("Hand the record on")))
    return found


def _of_owner(desk: Desk, kept: BankRecord) -> Iterator[Way]:
    possible = RECORD_LIFE.events(kept.state)
    for event, permission, page, words in _BY_EVENT:
        is_asked = event is not LifeEvent.UPHOLD or kept.is_disputed
        if event in possible and is_asked and desk.may(permission):
            yield Way(page=page, words=words)
    yield from _beside_its_life(desk, kept)
    if desk.may(_VALIDATE):
        for cause in sorted(kept.suspensions & LIFTED_HERE):
            path = {"cause": str(cause)}
            yield Way(page="records_life.lifting", words=N_("Lift the suspension"), path=path)
    if kept.state not in FOUND or not desk.may(_WRITE):
        return
    yield Way(page="records_life.confirming", words=N_("Confirm"))
    if is_a(kept.entity.schema, "Person"):
        yield Way(page="records_life.changing_status", words=N_("What became of the person"))
    if kept.document_status:
        yield Way(page="records_life.recovering", words=N_("The document is back"))
    yield Way(page="records_life.noting_achieved", words=N_("The purpose is achieved"))
    yield Way(page="records_life.attaching", words=N_("Attach a photo or a file"))


def _beside_its_life(desk: Desk, kept: BankRecord) -> Iterator[Way]:
    """Yield what its owner may do that leaves the record as it is."""
    if desk.may(Permission.EXCHANGE_SHARING_READ):
        yield Way(page="shared_records.of_record", words=N_("Who has a copy"))
    if desk.may(Permission.RETENTION_RECORD_REVIEW):
        yield Way(page="retention.record", words=N_("Keep or delete"))
    if kept.state in FOUND and desk.may(Permission.ACCESS_CONSENT_GIVE):
        yield Way(page="consents.letting_use", words=N_("Let another authority use the record"))
        words = N_("Let another authority hand the record on")
        yield Way(page="consents.letting_hand_on", words=words)
