"""What may leave with an export, and on what conditions (PR-08)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from didban.model.marking import Handling

if TYPE_CHECKING:
    from datetime import date

    from didban.model.bank import BankRecord


class Onward(StrEnum):
    """For whom an export is made."""

    OWN_USE = "own_use"  # the asker's own desk
    COURT = "court"  # a bundle of evidence
    THIRD_PARTY = "third_party"  # an authority that has no access of its own


@dataclass(frozen=True, slots=True, kw_only=True)
class OnwardConsent:
    """An owner's consent that another authority hands a record on (`onward_transfer_consent`).

    - `authority`: who may hand it on; `recipient`: to which authority, where `use` is a third party.
    - `until`: the last day.
    """

    id: str
    record: str
    owner: str
    authority: str
    use: Onward
    recipient: str
    until: date


def needs_consent(record: BankRecord, authority: str, use: Onward) -> bool:
    """Return whether an authority may hand a record on for that use only with its owner's consent.

    H1 is no evidence, H2 not for third parties; owners decide freely about their own.
    """
    if record.owner == authority:
        return False
    handling = record.marking.handling
    return (handling, use) in {(Handling.H1, Onward.COURT), (Handling.H2, Onward.THIRD_PARTY)}
