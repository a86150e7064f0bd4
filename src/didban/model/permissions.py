"""What may be done (`scope:resource:action`) and which role may do it.

A permission says that a kind of deed is open to a role at all. Whether this record, this hit or
this field may be seen or changed is decided beside it: by ownership, audience, separation of duties
(PR-28) and the field matrix (PR-02).
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Role(StrEnum):
    """What a user is to the node. A user may have several, but not `ADMINISTRATOR` with others."""

    FIRST_LINE = "first_line"
    SECOND_LINE = "second_line"
    SUPERVISOR = "supervisor"
    PASSENGER_UNIT = "passenger_unit"
    LIAISON_OFFICER = "liaison_officer"
    ANALYST = "analyst"
    RECORDER = "recorder"
    REVIEWER = "reviewer"
    DATA_PROTECTION_OFFICER = "data_protection_officer"
    INSPECTOR = "inspector"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"  # the node's own duties: deadlines, retention, lists


class Permission(StrEnum):
    """Every kind of deed, in alphabetical order. Each is used by a route or a service."""

    ACCESS_USER_MANAGE = "access:user:manage"
    AUDIT_LOG_READ = "audit:log:read"
    BANK_RECORD_READ = "bank:record:read"
    BANK_RECORD_READ_FULL = "bank:record:read_full"
    BANK_RECORD_WRITE = "bank:record:write"
    BANK_SEARCH_ASK = "bank:search:ask"
    SCREENING_CHECK_MAKE = "screening:check:make"


_P = Permission

GRANTS: Final[Mapping[Role, frozenset[Permission]]] = {
    Role.FIRST_LINE: frozenset({_P.SCREENING_CHECK_MAKE, _P.BANK_RECORD_READ}),
    Role.SECOND_LINE: frozenset(
        {
            _P.SCREENING_CHECK_MAKE,
            _P.BANK_RECORD_READ,
            _P.BANK_RECORD_READ_FULL,
            _P.BANK_SEARCH_ASK,
        }
    ),
    Role.SUPERVISOR: frozenset(
        {
            _P.SCREENING_CHECK_MAKE,
            _P.BANK_RECORD_READ,
            _P.BANK_RECORD_READ_FULL,
            _P.BANK_SEARCH_ASK,
        }
    ),
    Role.PASSENGER_UNIT: frozenset({_P.SCREENING_CHECK_MAKE, _P.BANK_RECORD_READ}),
    Role.LIAISON_OFFICER: frozenset(
        {_P.BANK_RECORD_READ, _P.BANK_RECORD_READ_FULL, _P.BANK_SEARCH_ASK}
    ),
    Role.ANALYST: frozenset({_P.BANK_RECORD_READ, _P.BANK_RECORD_READ_FULL, _P.BANK_SEARCH_ASK}),
    Role.RECORDER: frozenset({_P.BANK_RECORD_READ, _P.BANK_RECORD_READ_FULL, _P.BANK_RECORD_WRITE}),
    Role.REVIEWER: frozenset({_P.BANK_RECORD_READ, _P.BANK_RECORD_READ_FULL}),
    Role.DATA_PROTECTION_OFFICER: frozenset({_P.AUDIT_LOG_READ}),
    Role.INSPECTOR: frozenset({_P.AUDIT_LOG_READ}),
    Role.ADMINISTRATOR: frozenset({_P.ACCESS_USER_MANAGE}),
    Role.SYSTEM: frozenset({_P.BANK_RECORD_READ, _P.BANK_RECORD_READ_FULL, _P.BANK_RECORD_WRITE}),
}


def permissions_of(roles: Iterable[Role]) -> frozenset[Permission]:
    """Return what any of these roles may do."""
    return frozenset().union(*(GRANTS[role] for role in roles))
