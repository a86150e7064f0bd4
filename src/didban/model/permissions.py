"""What may be done (`scope:resource:action`) and which role may do it.

A permission says that a kind of deed is open to a role at all. Whether this record, this hit or
this field may be seen or changed is decided beside it: by ownership, audience, separation of duties
(PR-28) and the field matrix (PR-02).
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from didban.model.purposes import CHECK_PURPOSES, Purpose

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Role(StrEnum):
    """What a user is to the node. A user may have several, except those that `STAND_ALONE`."""

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
    CARRIER = "carrier"  # a program of an airline or another carrier (PR-45)
    SYSTEM = "system"  # the node's own duties: deadlines, retention, lists
    PEER = "peer"  # another node, for what it asks of this one


class Permission(StrEnum):
    """Every kind of deed, in alphabetical order. Each is used by a route or a service."""

    ACCESS_AUTHORITY_MANAGE = "access:authority:manage"
    ACCESS_AUTHORITY_READ = "access:authority:read"
    ACCESS_CONSENT_GIVE = "access:consent:give"
    ACCESS_RECOVERY_CONFIRM = "access:recovery:confirm"
    ACCESS_SESSION_HOLD = "access:session:hold"
    ACCESS_SIGNAL_TRIAGE = "access:signal:triage"
    ACCESS_TOKEN_ISSUE = "access:token:issue"  # noqa: S105 - a permission
    ACCESS_USER_MANAGE = "access:user:manage"
    ANALYSIS_FILE_JUDGE = "analysis:file:judge"
    ANALYSIS_FILE_READ = "analysis:file:read"
    AUDIT_LOG_READ = "audit:log:read"
    AUDIT_USE_READ = "audit:use:read"
    BANK_ALERT_REVIEW = "bank:alert:review"
    BANK_LIST_TAKE_IN = "bank:list:take_in"
    BANK_QUALITY_READ = "bank:quality:read"
    BANK_RECORD_EXPORT = "bank:record:export"
    BANK_RECORD_DISPUTE = "bank:record:dispute"
    BANK_RECORD_READ = "bank:record:read"
    BANK_RECORD_READ_FULL = "bank:record:read_full"
    BANK_RECORD_VALIDATE = "bank:record:validate"
    BANK_RECORD_WRITE = "bank:record:write"
    BANK_SEARCH_ASK = "bank:search:ask"
    BANK_SOURCE_MANAGE = "bank:source:manage"
    CASEWORK_CONTACT_MANAGE = "casework:contact:manage"
    CASEWORK_HIT_DECIDE = "casework:hit:decide"
    CASEWORK_HIT_SUPERVISE = "casework:hit:supervise"
    CASEWORK_HIT_TAKE_UP = "casework:hit:take_up"
    CASEWORK_HIT_WORK = "casework:hit:work"
    CASEWORK_MESSAGE_READ = "casework:message:read"
    CASEWORK_MESSAGE_WRITE = "casework:message:write"
    CASEWORK_NOTICE_DRAFT = "casework:notice:draft"
    CASEWORK_NOTICE_READ = "casework:notice:read"
    CASEWORK_NOTICE_REVIEW = "casework:notice:review"
    CASEWORK_QUESTION_ANSWER = "casework:question:answer"
    CASEWORK_TOKEN_READ = "casework:token:read"  # noqa: S105 - a permission
    EXCHANGE_IDENTITY_MANAGE = "exchange:identity:manage"
    EXCHANGE_PEER_MANAGE = "exchange:peer:manage"
    EXCHANGE_PEER_READ = "exchange:peer:read"
    EXCHANGE_QUESTION_ASK = "exchange:question:ask"
    EXCHANGE_SHARING_READ = "exchange:sharing:read"
    NODE_STATE_READ = "node:state:read"
    OVERSIGHT_CONTROL_RUN = "oversight:control:run"
    OVERSIGHT_EQUALITY_READ = "oversight:equality:read"
    OVERSIGHT_RECORD_SUSPEND = "oversight:record:suspend"
    RETENTION_RECORD_REVIEW = "retention:record:review"
    RETENTION_STATISTICS_READ = "retention:statistics:read"
    RIGHTS_ASSESSMENT_READ = "rights:assessment:read"
    RIGHTS_ASSESSMENT_WRITE = "rights:assessment:write"
    RIGHTS_ASSURANCE_ACCEPT = "rights:assurance:accept"
    RIGHTS_CORRECTION_RECEIVE = "rights:correction:receive"
    RIGHTS_REQUEST_DECIDE = "rights:request:decide"
    RIGHTS_REQUEST_HANDLE = "rights:request:handle"
    RIGHTS_SOURCE_ANSWER = "rights:source:answer"
    SCREENING_CARRIER_ASK = "screening:carrier:ask"
    SCREENING_CHECK_MAKE = "screening:check:make"
    SCREENING_CHECK_READ = "screening:check:read"
    SCREENING_DEVICE_CONFIRM = "screening:device:confirm"
    SCREENING_DEVICE_MANAGE = "screening:device:manage"
    SCREENING_DEVICE_SERVE = "screening:device:serve"
    SCREENING_LIST_HOLD = "screening:list:hold"
    SCREENING_LIST_READ = "screening:list:read"
    SCREENING_LIST_UNMASK = "screening:list:unmask"


_P, _R = Permission, Role
_CHECKERS = {_R.FIRST_LINE, _R.SECOND_LINE, _R.SUPERVISOR, _R.PASSENGER_UNIT}
_DESK = {_R.SECOND_LINE, _R.SUPERVISOR, _R.LIAISON_OFFICER, _R.ANALYST}
_BANK = {_R.RECORDER, _R.REVIEWER, _R.SYSTEM}
_WATCH = {_R.DATA_PROTECTION_OFFICER, _R.INSPECTOR}
_USERS = set(Role) - {_R.SYSTEM, _R.PEER}

HOLDERS: Final[Mapping[Permission, frozenset[Role]]] = {
    permission: frozenset(roles)
    for permission, roles in {
        _P.ACCESS_AUTHORITY_MANAGE: {_R.ADMINISTRATOR},
        _P.ACCESS_AUTHORITY_READ: _USERS - {_R.CARRIER},
        _P.ACCESS_CONSENT_GIVE: {_R.SUPERVISOR, _R.LIAISON_OFFICER},
        _P.ACCESS_RECOVERY_CONFIRM: {_R.ADMINISTRATOR, _R.SUPERVISOR},
        _P.ACCESS_SESSION_HOLD: _USERS,
        _P.ACCESS_SIGNAL_TRIAGE: {_R.DATA_PROTECTION_OFFICER},
        _P.ACCESS_TOKEN_ISSUE: {_R.ADMINISTRATOR},
        _P.ACCESS_USER_MANAGE: {_R.ADMINISTRATOR},
        _P.ANALYSIS_FILE_JUDGE: {_R.ANALYST},
        _P.ANALYSIS_FILE_READ: _DESK,
        _P.AUDIT_LOG_READ: {_R.DATA_PROTECTION_OFFICER, _R.INSPECTOR},
        _P.AUDIT_USE_READ: {_R.SUPERVISOR, *_WATCH},
        _P.BANK_ALERT_REVIEW: {_R.REVIEWER, _R.SUPERVISOR},
        _P.BANK_LIST_TAKE_IN: {_R.RECORDER, _R.SYSTEM, _R.ADMINISTRATOR},
        _P.BANK_QUALITY_READ: {_R.RECORDER, _R.REVIEWER, _R.SUPERVISOR, _R.ADMINISTRATOR, *_WATCH},
        _P.BANK_RECORD_EXPORT: {_R.SUPERVISOR, _R.LIAISON_OFFICER, _R.ANALYST},
        _P.BANK_RECORD_DISPUTE: (_DESK - {_R.ANALYST})
        | {_R.RECORDER, _R.REVIEWER, _R.DATA_PROTECTION_OFFICER, _R.PEER},
        _P.BANK_RECORD_READ: _CHECKERS | _DESK | _BANK,
        _P.BANK_RECORD_READ_FULL: _DESK | _BANK,
        _P.BANK_RECORD_VALIDATE: {_R.RECORDER, _R.REVIEWER, _R.SUPERVISOR},
        _P.BANK_RECORD_WRITE: {_R.RECORDER, _R.SYSTEM},
        _P.BANK_SEARCH_ASK: _DESK,
        _P.BANK_SOURCE_MANAGE: {_R.ADMINISTRATOR},
        _P.CASEWORK_CONTACT_MANAGE: {_R.SUPERVISOR},
        _P.CASEWORK_HIT_DECIDE: {_R.SECOND_LINE, _R.SUPERVISOR},
        _P.CASEWORK_HIT_SUPERVISE: {_R.SUPERVISOR},
        _P.CASEWORK_HIT_TAKE_UP: _CHECKERS,
        _P.CASEWORK_HIT_WORK: {_R.SECOND_LINE, _R.SUPERVISOR},
        _P.CASEWORK_MESSAGE_READ: _DESK,
        _P.CASEWORK_MESSAGE_WRITE: {_R.SECOND_LINE, _R.SUPERVISOR, _R.LIAISON_OFFICER},
        _P.CASEWORK_NOTICE_DRAFT: {_R.RECORDER, _R.LIAISON_OFFICER},
        _P.CASEWORK_NOTICE_READ: _DESK | {_R.RECORDER, _R.REVIEWER},
        _P.CASEWORK_NOTICE_REVIEW: {_R.REVIEWER, _R.SUPERVISOR},
        _P.CASEWORK_QUESTION_ANSWER: {_R.SECOND_LINE, _R.SUPERVISOR, _R.LIAISON_OFFICER},
        _P.CASEWORK_TOKEN_READ: {_R.DATA_PROTECTION_OFFICER},
        _P.EXCHANGE_IDENTITY_MANAGE: {_R.ADMINISTRATOR},
        _P.EXCHANGE_PEER_MANAGE: {_R.ADMINISTRATOR},
        _P.EXCHANGE_PEER_READ: {_R.ADMINISTRATOR, _R.SUPERVISOR, *_WATCH},
        _P.EXCHANGE_QUESTION_ASK: _DESK | {_R.PASSENGER_UNIT, _R.PEER},
        _P.EXCHANGE_SHARING_READ: {
            _R.SUPERVISOR,
            _R.RECORDER,
            _R.REVIEWER,
            _R.ADMINISTRATOR,
            *_WATCH,
        },
        _P.NODE_STATE_READ: {_R.ADMINISTRATOR, *_WATCH},
        _P.OVERSIGHT_CONTROL_RUN: _WATCH,
        _P.OVERSIGHT_EQUALITY_READ: {_R.SUPERVISOR, *_WATCH},
        _P.OVERSIGHT_RECORD_SUSPEND: {_R.INSPECTOR},
        _P.RETENTION_RECORD_REVIEW: {_R.REVIEWER},
        _P.RETENTION_STATISTICS_READ: {_R.SUPERVISOR, *_WATCH},
        _P.RIGHTS_ASSESSMENT_READ: _DESK | _WATCH,
        _P.RIGHTS_ASSESSMENT_WRITE: {_R.DATA_PROTECTION_OFFICER},
        _P.RIGHTS_ASSURANCE_ACCEPT: {_R.SUPERVISOR},
        _P.RIGHTS_CORRECTION_RECEIVE: _DESK,
        _P.RIGHTS_REQUEST_DECIDE: {_R.SUPERVISOR, _R.DATA_PROTECTION_OFFICER},
        _P.RIGHTS_REQUEST_HANDLE: {_R.DATA_PROTECTION_OFFICER},
        _P.RIGHTS_SOURCE_ANSWER: {_R.REVIEWER},
        _P.SCREENING_CARRIER_ASK: {_R.CARRIER},
        _P.SCREENING_CHECK_MAKE: _CHECKERS,
        _P.SCREENING_CHECK_READ: _CHECKERS,
        _P.SCREENING_DEVICE_CONFIRM: {_R.ADMINISTRATOR, _R.SUPERVISOR},
        _P.SCREENING_DEVICE_MANAGE: {_R.ADMINISTRATOR},
        _P.SCREENING_DEVICE_SERVE: {_R.ADMINISTRATOR, _R.SUPERVISOR},
        _P.SCREENING_LIST_HOLD: {_R.PASSENGER_UNIT},
        _P.SCREENING_LIST_READ: {_R.PASSENGER_UNIT, _R.SECOND_LINE, _R.SUPERVISOR},
        _P.SCREENING_LIST_UNMASK: {_R.PASSENGER_UNIT, _R.SUPERVISOR},
    }.items()
}
"""Which roles hold each permission. Every permission has its line, in alphabetical order."""

GRANTS: Final[Mapping[Role, frozenset[Permission]]] = {
    role: frozenset(permission for permission, roles in HOLDERS.items() if role in roles)
    for role in Role
}
"""The same by role: what each may do."""

NO_USERS: Final = frozenset({Role.SYSTEM, Role.PEER})
"""Roles that no user, device or program has: the node itself acts so, and other nodes."""

STAND_ALONE: Final = frozenset(
    {
        Role.ADMINISTRATOR,
        Role.CARRIER,
        Role.DATA_PROTECTION_OFFICER,
        Role.INSPECTOR,
        *NO_USERS,
    }
)
"""Roles that nobody has together with another: who gives access reads nothing, and who watches
over the use of data does not use them (PR-28)."""

DEVICE_ROLES: Final = frozenset({Role.CARRIER, Role.FIRST_LINE, Role.PASSENGER_UNIT, Role.RECORDER})
"""Roles that a device or another program may be given. Everything else needs a person."""

_CASEWORK = frozenset(CHECK_PURPOSES) - {Purpose.SUPERVISION}
_AT_THE_GATE = frozenset(
    {Purpose.BORDER_CONTROL, Purpose.WANTED_OR_MISSING_PERSON, Purpose.DOCUMENT_FRAUD}
)

ROLE_PURPOSES: Final[Mapping[Role, frozenset[Purpose]]] = {
    Role.FIRST_LINE: _AT_THE_GATE,
    Role.SECOND_LINE: _CASEWORK - {Purpose.QUALITY_TEST},
    Role.SUPERVISOR: _CASEWORK | {Purpose.SUPERVISION},
    Role.PASSENGER_UNIT: (_AT_THE_GATE - {Purpose.DOCUMENT_FRAUD})
    | {Purpose.CRIMINAL_INVESTIGATION, Purpose.SANCTIONS_SCREENING},
    Role.LIAISON_OFFICER: _CASEWORK - {Purpose.QUALITY_TEST},
    Role.ANALYST: _CASEWORK - {Purpose.BORDER_CONTROL},
    Role.RECORDER: _CASEWORK,
    Role.REVIEWER: _CASEWORK,
    Role.DATA_PROTECTION_OFFICER: frozenset({Purpose.DATA_PROTECTION}),
    Role.INSPECTOR: frozenset({Purpose.DATA_PROTECTION}),
    Role.ADMINISTRATOR: frozenset({Purpose.ADMINISTRATION}),
    Role.CARRIER: frozenset({Purpose.BORDER_CONTROL}),
    Role.SYSTEM: frozenset({Purpose.NODE_DUTY}),
    Role.PEER: _CASEWORK,
}
"""For which purposes each role may act; one of them is chosen at sign-in (PR-01, PR-02)."""


def permissions_of(roles: Iterable[Role]) -> frozenset[Permission]:
    """Return what any of these roles may do."""
    return frozenset().union(*(GRANTS[role] for role in roles))


def purposes_of(roles: Iterable[Role]) -> frozenset[Purpose]:
    """Return the purposes for which any of these roles may act."""
    return frozenset().union(*(ROLE_PURPOSES[role] for role in roles))


def may_stand_together(roles: frozenset[Role]) -> bool:
    """Return whether one user may have exactly these roles (PR-28)."""
    is_of_users = bool(roles) and roles.isdisjoint(NO_USERS)
    return is_of_users and (len(roles) == 1 or not roles & STAND_ALONE)
