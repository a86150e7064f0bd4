"""What goes before the use of another authority's record: its conditions, and its consent."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import Path
from pydantic import Field

from didban.api.v1.authorities import Code
from didban.api.v1.frame import Router, Tx, Who, needs
from didban.api.v1.pages import Given, Told
from didban.guard import conditions, consents
from didban.intake import bank
from didban.model.consents import Consent
from didban.model.permissions import Permission
from didban.model.purposes import Purpose

router = Router("consents")

RecordId = Annotated[str, Path(max_length=200, examples=["rec_4kq2c7x5yz6aabbccddeeff2"])]


class AcknowledgementGiven(Given):
    """Which conditions were read: those of this version."""

    version: Annotated[int, Field(ge=1, le=2**31 - 1)]


class UseConsentGiven(Given):
    """Who may use the record for what, and the last day of it."""

    authority: Code
    purpose: Purpose
    until: date


class UseConsentTold(Told):
    """A consent to another use. Its identifier goes with every use (PR-06)."""

    id: str
    record: str
    owner: str
    authority: str
    purpose: Purpose
    until: date

    @classmethod
    def of(cls, consent: Consent) -> UseConsentTold:
        """Return the shape of a consent."""
        return cls(
            id=consent.id,
            record=consent.record,
            owner=consent.owner,
            authority=consent.authority,
            purpose=consent.purpose,
            until=consent.until,
        )


@router.post("/records/{record_id}/acknowledgement", status_code=204)
@needs(Permission.BANK_RECORD_READ)
def acknowledge_conditions(
    tx: Tx, who: Who, record_id: RecordId, given: AcknowledgementGiven
) -> None:
    """Acknowledge the owner's conditions of a record (H3): the rest of it is shown from now on."""
    record = bank.read(tx, who, record_id)
    conditions.acknowledge(tx, who, record, version=given.version)


@router.post("/records/{record_id}/use-consents", status_code=201)
@needs(Permission.ACCESS_CONSENT_GIVE)
def give_use_consent(
    tx: Tx, who: Who, record_id: RecordId, given: UseConsentGiven
) -> UseConsentTold:
    """Let another authority use a record of one's own for another purpose (PR-06)."""
    record = bank.read(tx, who, record_id)
    consent = consents.give(
        tx, who, record, authority=given.authority, purpose=given.purpose, until=given.until
    )
    return UseConsentTold.of(consent)
