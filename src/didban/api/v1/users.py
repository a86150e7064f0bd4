"""Users: made, changed and deactivated by administrators; recovery of access by two persons."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Path
from pydantic import Field

from didban.api.v1.authorities import Code
from didban.api.v1.frame import Node, Router, Tx, Who, needs
from didban.api.v1.pages import Given, Page, Paging, Told
from didban.guard import recovery, users
from didban.model.marking import Confidentiality
from didban.model.permissions import Permission, Role
from didban.model.users import LANGUAGES, Recovery, RecoveryState, User

router = Router("users")

Identifier = Annotated[str, Path(max_length=40, examples=["usr_4kq2"])]
Roles = Annotated[frozenset[Role], Field(min_length=1, max_length=len(Role))]
Clearance = Annotated[
    Confidentiality, Field(description="0 for official use, 1 restricted, 2 confidential.")
]
Language = Annotated[str, Field(pattern=f"^({'|'.join(LANGUAGES)})$")]


class UserGiven(Given):
    """A new user. Password and second factor are set by the user alone."""

    login: Annotated[str, Field(min_length=3, max_length=64, examples=["z.karimi"])]
    authority: Code
    roles: Roles
    clearance: Clearance = Confidentiality.FOR_OFFICIAL_USE
    language: Language = "en"


class AccessGiven(Given):
    """What changes; what is left out stays."""

    roles: Roles | None = None
    clearance: Clearance | None = None
    language: Language | None = None


class SubjectGiven(Given):
    """Who a user is to the OpenID provider; an empty text unbinds."""

    subject: Annotated[str, Field(max_length=255)]


class UserTold(Told):
    """A user."""

    id: str
    login: str
    authority: str
    roles: list[Role]
    clearance: Confidentiality
    language: str
    is_active: bool
    is_enrolled: bool
    last_sign_in_at: datetime | None

    @classmethod
    def of(cls, user: User) -> UserTold:
        """Return the shape of a user."""
        return cls(
            id=user.id,
            login=user.login,
            authority=user.authority,
            roles=sorted(user.roles),
            clearance=user.clearance,
            language=user.language,
            is_active=user.is_active,
            is_enrolled=user.is_enrolled,
            last_sign_in_at=user.last_sign_in_at,
        )


class InvitationTold(Told):
    """A user who is to enrol. `secret` is told once: hand it over in person."""

    user: UserTold
    secret: str

    @classmethod
    def of(cls, invitation: users.Invitation) -> InvitationTold:
        """Return the shape of an invitation."""
        return cls(user=UserTold.of(invitation.user), secret=invitation.secret)


class RecoveryTold(Told):
    """A recovery of access."""

    id: str
    user: str
    state: RecoveryState
    requested_by: str
    requested_at: datetime

    @classmethod
    def of(cls, request: Recovery) -> RecoveryTold:
        """Return the shape of a request."""
        return cls(
            id=request.id,
            user=request.user,
            state=request.state,
            requested_by=request.requested_by,
            requested_at=request.requested_at,
        )


@router.post("/users", status_code=201)
@needs(Permission.ACCESS_USER_MANAGE)
def add_user(tx: Tx, who: Who, node: Node, new: UserGiven) -> InvitationTold:
    """Add a user. Roles that stand alone are not given together with others (PR-28)."""
    draft = User(
        id="",
        login=new.login,
        authority=new.authority,
        roles=new.roles,
        clearance=new.clearance,
        language=new.language,
    )
    return InvitationTold.of(users.add(tx, who, draft, node.settings.access))


@router.get("/users")
@needs(Permission.ACCESS_USER_MANAGE)
def list_users(tx: Tx, who: Who, paging: Paging) -> Page[UserTold]:
    """List the users of one's authority, or of all for the host's administrators."""
    after = paging.after[0] if paging.after else ""
    rows = users.listed(tx, who, after=after, limit=paging.fetch)
    return paging.page(rows, keys=lambda row: (row.login,), told=UserTold.of)


@router.patch("/users/{user}")
@needs(Permission.ACCESS_USER_MANAGE)
def change_user(tx: Tx, who: Who, user: Identifier, given: AccessGiven) -> UserTold:
    """Change what a user may do. Other roles or clearance end the user's sessions."""
    return UserTold.of(
        users.change(
            tx,
            who,
            user,
            roles=given.roles,
            clearance=given.clearance,
            language=given.language,
        )
    )


@router.put("/users/{user}/subject", status_code=204)
@needs(Permission.ACCESS_USER_MANAGE)
def bind_user(tx: Tx, who: Who, user: Identifier, given: SubjectGiven) -> None:
    """Say who a user is to the OpenID provider."""
    users.bind_subject(tx, who, user, given.subject)


@router.post("/users/{user}/deactivation")
@needs(Permission.ACCESS_USER_MANAGE)
def deactivate_user(tx: Tx, who: Who, user: Identifier) -> UserTold:
    """Close a user's access at once. The last administrator of an authority stays."""
    return UserTold.of(users.deactivate(tx, who, user))


@router.post("/users/{user}/activation")
@needs(Permission.ACCESS_USER_MANAGE)
def activate_user(tx: Tx, who: Who, user: Identifier) -> UserTold:
    """Open a deactivated user's access again."""
    return UserTold.of(users.activate(tx, who, user))


@router.get("/recoveries")
@needs(Permission.ACCESS_RECOVERY_CONFIRM)
def list_recoveries(tx: Tx, who: Who) -> list[RecoveryTold]:
    """List the recoveries that wait for a second person."""
    return [RecoveryTold.of(row) for row in recovery.listed(tx, who)]


@router.post("/users/{user}/recovery", status_code=201)
@needs(Permission.ACCESS_RECOVERY_CONFIRM)
def request_recovery(tx: Tx, who: Who, user: Identifier) -> RecoveryTold:
    """Ask that a user may enrol anew. Another person confirms it."""
    return RecoveryTold.of(recovery.request(tx, who, user))


@router.post("/users/{user}/recovery/confirmation", status_code=201)
@needs(Permission.ACCESS_RECOVERY_CONFIRM)
def confirm_recovery(tx: Tx, who: Who, node: Node, user: Identifier) -> InvitationTold:
    """Confirm a recovery as another person than who asked and who it is for (PR-28)."""
    return InvitationTold.of(recovery.confirm(tx, who, user, node.settings.access))


@router.post("/users/{user}/recovery/refusal", status_code=204)
@needs(Permission.ACCESS_RECOVERY_CONFIRM)
def refuse_recovery(tx: Tx, who: Who, user: Identifier) -> None:
    """Refuse a recovery as another person than who asked."""
    recovery.refuse(tx, who, user)
