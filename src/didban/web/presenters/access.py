"""Access in words: what each role is for, and what a step with a user or a token changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from didban.model.actors import AuthorityKind
from didban.model.marking import Confidentiality
from didban.model.permissions import (
    DEVICE_ROLES,
    GRANTS,
    NO_USERS,
    ROLE_PURPOSES,
    STAND_ALONE,
    Role,
)
from didban.model.purposes import Purpose
from didban.web.i18n import N_
from didban.web.presenters.steps import Step

if TYPE_CHECKING:
    from collections.abc import Iterable

    from didban.model.users import User
    from didban.web.desk import Desk

MEANING: Final = {
    Role.FIRST_LINE: N_("checks at the gate, and sees what to do and no more"),
    Role.SECOND_LINE: N_("works on hits and decides whether it is the same person"),
    Role.SUPERVISOR: N_("confirms decisions as the second person, and looks across cases"),
    Role.PASSENGER_UNIT: N_("takes in passenger lists and passes hits on"),
    Role.LIAISON_OFFICER: N_("writes to other authorities and answers them"),
    Role.ANALYST: N_("searches, and puts together who is who"),
    Role.RECORDER: N_("enters and changes the records of the authority"),
    Role.REVIEWER: N_("validates records, and decides what is kept"),
    Role.DATA_PROTECTION_OFFICER: N_("handles requests of persons and signals; has no other role"),
    Role.INSPECTOR: N_("reads the audit log and doubts records; has no other role"),
    Role.ADMINISTRATOR: N_("gives access and runs the node; reads no record"),
    Role.CARRIER: N_("a program of a carrier that asks about its passengers"),
}
"""What a user of each role does."""

NEEDS_TWO: Final = (
    N_("a decision on a hit, where a person is stopped or handed over"),
    N_("a record before others see it, and one that asks to arrest"),
    N_("a notice before it leaves"),
    N_("a question to an owner about somebody who seeks protection"),
    N_("the recovery of a lost password or second factor"),
    N_("a device before it gets data"),
    N_("the unmasking of passengers"),
    N_("a node that is pinned: somebody of that node reads the words out"),
)
"""What no person does alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleView:
    """A role: what it is for, what it may do, for which purposes, and what it is shown of a record."""

    role: Role
    meaning: str
    deeds: tuple[str, ...]
    purposes: tuple[str, ...]
    stands_alone: bool


def matrix(desk: Desk) -> list[RoleView]:
    """Return what each role may do, in words."""
    term = desk.speech.term
    return [
        RoleView(
            role=role,
            meaning=desk.gettext(MEANING[role]),
            deeds=tuple(sorted(term(one) for one in GRANTS[role])),
            purposes=tuple(term(one) for one in Purpose if one in ROLE_PURPOSES[role]),
            stands_alone=role in STAND_ALONE,
        )
        for role in Role
        if role not in NO_USERS
    ]


def last_day(desk: Desk, user: User) -> str:
    """Return the last day of a user's access, as a field of a form has it; empty without an end."""
    if user.access_until is None:
        return ""
    return (desk.speech.local(user.access_until) - timedelta(seconds=1)).date().isoformat()


DEACTIVATE: Final = Step(
    deed="access.deactivate",
    heading=N_("Close the access of this user"),
    consequences=(
        N_("The user is signed out everywhere at once and cannot sign in any more."),
        N_("What they did stays in the audit log. The access can be opened again."),
    ),
    button=N_("Close the access"),
    is_grave=True,
)

ACTIVATE: Final = Step(
    deed="access.activate",
    heading=N_("Open the access of this user again"),
    consequences=(N_("The user signs in with the password and second factor that they had."),),
    button=N_("Open the access"),
)

REVOKE: Final = Step(
    deed="access.revoke",
    heading=N_("Revoke the token"),
    consequences=(N_("The program that has it is refused from now on. It cannot be undone."),),
    button=N_("Revoke the token"),
    is_grave=True,
)


def roles(desk: Desk, among: Iterable[Role] = ()) -> list[tuple[str, str]]:
    """Return the roles that a user, or a device, can be given, each with what it does."""
    chosen = set(among) or set(Role) - NO_USERS
    return [
        (
            role.value,
            desk.gettext(
                N_("%(role)s: %(meaning)s"),
                role=desk.speech.term(role),
                meaning=desk.gettext(MEANING[role]),
            ),
        )
        for role in Role
        if role in chosen
    ]


def clearances(desk: Desk) -> list[tuple[str, str]]:
    """Return the clearances, the lowest first."""
    return [(str(int(level)), desk.speech.term(level)) for level in Confidentiality]


def kinds(desk: Desk) -> list[tuple[str, str]]:
    """Return the kinds of authorities."""
    return [(kind.value, desk.speech.term(kind)) for kind in AuthorityKind]


def device_purposes(desk: Desk) -> list[tuple[str, str]]:
    """Return for what a device or a program may act."""
    found = frozenset().union(*(ROLE_PURPOSES[role] for role in DEVICE_ROLES))
    return [(one.value, desk.speech.term(one)) for one in sorted(found)]
