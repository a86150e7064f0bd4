"""Access in words: what each role is for, and what a step with a user or a token changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from didban.model.actors import AuthorityKind
from didban.model.marking import Confidentiality
from didban.model.permissions import DEVICE_ROLES, NO_USERS, ROLE_PURPOSES, Role
from didban.web.i18n import N_
from didban.web.presenters.steps import Step

if TYPE_CHECKING:
    from collections.abc import Iterable

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
