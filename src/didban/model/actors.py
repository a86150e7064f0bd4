"""Who acts: a person or a device, for an authority, with a purpose, at a place or for a case."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from didban.model.marking import EVERYONE, Confidentiality

if TYPE_CHECKING:
    from didban.model.permissions import Role
    from didban.model.purposes import Purpose


class AuthorityKind(StrEnum):
    """What an authority is (PR-56). A publisher owns an official list and has no users."""

    POLICE = "police"
    BORDER = "border"
    CUSTOMS = "customs"
    JUDICIAL = "judicial"
    OVERSIGHT = "oversight"
    MILITARY = "military"
    PUBLISHER = "publisher"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """Who takes part in a bank: owns records and has users.

    - `code`: as it stands in audience tokens; `groups`: the codes of groups that it is a member of.
    """

    code: str
    name: str
    kind: AuthorityKind
    country: str | None = None
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who does something, and why. Built by `guard` of credentials; nothing else makes one.

    - `user`: identifier of the user, device or duty that acts; never a name (PR-37).
    - `authority`: code of the authority for which they act; `groups`: those it is a member of.
    - `purpose`, `reference`, `place`: why, for which case or post, and where (PR-01). They are
      bound to the session or the token, not to the request.
    - `clearance`: the highest classification that may be seen.
    - `device`: identifier of the API token, where a device or another program asks.
    """

    user: str
    authority: str
    kind: AuthorityKind
    roles: frozenset[Role]
    purpose: Purpose | None
    reference: str = ""
    place: str = ""
    groups: frozenset[str] = frozenset()
    clearance: Confidentiality = Confidentiality.FOR_OFFICIAL_USE
    device: str | None = None
    request_id: str = ""
    tokens: frozenset[str] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        """Work out the audience tokens that stand for this actor."""
        own = {EVERYONE, f"node:{self.authority}", f"kind:{self.kind}"}
        tokens = frozenset(own | {f"group:{group}" for group in self.groups})
        object.__setattr__(self, "tokens", tokens)
