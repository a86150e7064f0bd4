"""An owner's consent to another use of its record (PR-06)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime

    from didban.model.onward import Onward
    from didban.model.purposes import Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """One consent. Its identifier goes with every use that it allows.

    - `authority`: who may use the record; `purpose`: for what; `until`: the last day.
    """

    id: str
    record: str
    owner: str
    authority: str
    purpose: Purpose
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentGiven:
    """A consent as it is listed: to another use, or to handing on.

    - `purpose`: the other use; None where the record may be handed on, for `use`.
    - `recipient`: the third party to whom; empty for a court. `until`: the last day.
    """

    id: str
    record: str
    owner: str
    authority: str
    purpose: Purpose | None
    use: Onward | None
    recipient: str
    until: date
    given_by: str
    given_at: datetime
