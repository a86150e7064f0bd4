"""Authorities: who takes part in this bank, owns records and has users."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path
from pydantic import Field

from didban.api.v1.frame import Node, Router, Tx, Who, needs
from didban.api.v1.pages import Given, Page, Paging, Told
from didban.guard import authorities
from didban.model.actors import Authority, AuthorityKind
from didban.model.permissions import Permission

router = Router("authorities")

Code = Annotated[str, Field(pattern=rf"^{authorities.CODE}$", examples=["xbo"])]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2,3}$|^[a-z]{2}$", examples=["XBO"])]


class AuthorityGiven(Given):
    """A new authority."""

    code: Code
    name: Annotated[str, Field(min_length=1, max_length=200)]
    kind: AuthorityKind
    country: Country | None = None
    groups: Annotated[tuple[Code, ...], Field(max_length=50)] = ()


class AuthorityTold(Told):
    """An authority of the bank."""

    code: str
    name: str
    kind: AuthorityKind
    country: str | None
    groups: list[str]

    @classmethod
    def of(cls, authority: Authority) -> AuthorityTold:
        """Return the shape of an authority."""
        return cls(
            code=authority.code,
            name=authority.name,
            kind=authority.kind,
            country=authority.country,
            groups=list(authority.groups),
        )


@router.post("/authorities", status_code=201)
@needs(Permission.ACCESS_AUTHORITY_MANAGE)
def register_authority(tx: Tx, who: Who, node: Node, new: AuthorityGiven) -> AuthorityTold:
    """Register an authority: from now on it can own records and have users.

    Only the host's administrators may. A military authority is refused unless the charter of the
    network admits them, and so are specimens' codes outside a training network.
    """
    authority = Authority(
        code=new.code,
        name=new.name,
        kind=new.kind,
        country=new.country,
        groups=tuple(sorted(set(new.groups))),
    )
    return AuthorityTold.of(authorities.register(tx, who, authority, node.settings.charter))


class GroupsGiven(Given):
    """The groups that an authority is a member of."""

    groups: Annotated[tuple[Code, ...], Field(max_length=50)]


@router.put("/authorities/{code}/groups")
@needs(Permission.ACCESS_AUTHORITY_MANAGE)
def regroup_authority(
    tx: Tx, who: Who, code: Annotated[str, Path(max_length=40)], given: GroupsGiven
) -> AuthorityTold:
    """Say of which groups an authority is a member.

    What is open to these groups is open to its users from now on. Only the host's administrators
    may do so.
    """
    return AuthorityTold.of(authorities.regroup(tx, who, code, given.groups))


@router.get("/authorities")
@needs(Permission.ACCESS_AUTHORITY_READ)
def list_authorities(tx: Tx, who: Who, paging: Paging) -> Page[AuthorityTold]:
    """List the authorities of this bank, in the order of their codes."""
    after = paging.after[0] if paging.after else ""
    rows = authorities.listed(tx, who, after=after, limit=paging.fetch)
    return paging.page(rows, keys=lambda row: (row.code,), told=AuthorityTold.of)


@router.get("/authorities/{code}")
@needs(Permission.ACCESS_AUTHORITY_READ)
def get_authority(tx: Tx, who: Who, code: Annotated[str, Path(max_length=40)]) -> AuthorityTold:
    """Return one authority."""
    return AuthorityTold.of(authorities.found(tx, who, code))
