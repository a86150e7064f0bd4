"""Users and devices as they are managed: no value here holds a password, a second factor or a key."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from didban.model.marking import Confidentiality

if TYPE_CHECKING:
    from datetime import datetime

    from didban.model.permissions import Role
    from didban.model.purposes import Purpose

LANGUAGES: Final = ("en", "fa", "ar", "ru")
"""Languages in which the node speaks to its users."""

LOGIN: Final = r"[a-z0-9][a-z0-9._@-]{1,62}[a-z0-9]"
"""What a login name looks like, once it is `folded_login`."""


def folded_login(text: str) -> str:
    """Return a login name as it is kept: capital letters and spaces around it say nothing."""
    return text.strip().lower()


def is_login(text: str) -> bool:
    """Return whether a folded text can be a login name."""
    return re.fullmatch(LOGIN, text) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person who may sign in.

    - `roles`: those that may stand together (`model.permissions.may_stand_together`).
    - `is_enrolled`: whether they have set a password and a second factor.
    - `access_until`: from when on they cannot sign in; None: without end.
    """

    id: str
    login: str
    authority: str
    roles: frozenset[Role]
    clearance: Confidentiality = Confidentiality.FOR_OFFICIAL_USE
    language: str = "en"
    is_active: bool = True
    is_enrolled: bool = False
    last_sign_in_at: datetime | None = None
    access_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceToken:
    """What a device or another program presents, with everything that is bound to it (PR-01)."""

    id: str
    label: str
    authority: str
    roles: frozenset[Role]
    purpose: Purpose
    place: str
    expires_at: datetime
    clearance: Confidentiality = Confidentiality.FOR_OFFICIAL_USE
    created_by: str = ""
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None


class RecoveryState(StrEnum):
    """Where the recovery of a user's access stands."""

    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    LAPSED = "lapsed"  # nobody confirmed it in time


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """A request to let a user enrol anew, which another person confirms or refuses."""

    id: str
    user: str
    state: RecoveryState
    requested_by: str
    requested_at: datetime
    decided_by: str | None = None
