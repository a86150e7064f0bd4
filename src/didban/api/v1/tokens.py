"""Device tokens: how a scanner, a gate or another program is known."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Path
from pydantic import AwareDatetime, Field

from didban.api.v1.authorities import Code
from didban.api.v1.frame import Node, Router, Tx, Who, needs
from didban.api.v1.pages import Given, Page, Paging, Told
from didban.api.v1.users import Clearance, Roles
from didban.guard import tokens
from didban.model.marking import Confidentiality
from didban.model.permissions import Permission, Role
from didban.model.purposes import Purpose
from didban.model.users import DeviceToken

router = Router("tokens")

Named = Annotated[str, Field(min_length=1, max_length=200)]


class TokenGiven(Given):
    """A new token, with everything that is bound to it (PR-01)."""

    authority: Code
    label: Named
    roles: Roles
    purpose: Purpose
    place: Named
    expires_at: AwareDatetime
    clearance: Clearance = Confidentiality.FOR_OFFICIAL_USE


class TokenTold(Told):
    """A device token, without its secret."""

    id: str
    authority: str
    label: str
    roles: list[Role]
    purpose: Purpose
    place: str
    clearance: Confidentiality
    expires_at: datetime
    created_by: str
    last_used_at: datetime | None
    revoked_at: datetime | None

    @classmethod
    def of(cls, token: DeviceToken) -> TokenTold:
        """Return the shape of a token."""
        return cls(
            id=token.id,
            authority=token.authority,
            label=token.label,
            roles=sorted(token.roles),
            purpose=token.purpose,
            place=token.place,
            clearance=token.clearance,
            expires_at=token.expires_at,
            created_by=token.created_by,
            last_used_at=token.last_used_at,
            revoked_at=token.revoked_at,
        )


class TokenIssued(Told):
    """A token that was made. `secret` is told once: send it as `Authorization: ApiKey`."""

    token: TokenTold
    secret: str


@router.post("/tokens", status_code=201)
@needs(Permission.ACCESS_TOKEN_ISSUE)
def issue_token(tx: Tx, who: Who, node: Node, new: TokenGiven) -> TokenIssued:
    """Issue a device token of an authority. A device is never anybody's second person."""
    draft = DeviceToken(
        id="",
        label=new.label,
        authority=new.authority,
        roles=new.roles,
        purpose=new.purpose,
        place=new.place,
        expires_at=new.expires_at,
        clearance=new.clearance,
    )
    issued = tokens.issue(tx, who, draft, node.settings.access)
    return TokenIssued(token=TokenTold.of(issued.token), secret=issued.secret)


@router.get("/tokens")
@needs(Permission.ACCESS_TOKEN_ISSUE)
def list_tokens(tx: Tx, who: Who, paging: Paging) -> Page[TokenTold]:
    """List the tokens of one's authority, or of all for the host's administrators."""
    after = paging.after[0] if paging.after else ""
    rows = tokens.listed(tx, who, after=after, limit=paging.fetch)
    return paging.page(rows, keys=lambda row: (row.id,), told=TokenTold.of)


@router.delete("/tokens/{token}")
@needs(Permission.ACCESS_TOKEN_ISSUE)
def revoke_token(tx: Tx, who: Who, token: Annotated[str, Path(max_length=40)]) -> TokenTold:
    """Revoke a token, at once."""
    return TokenTold.of(tokens.revoke(tx, who, token))
