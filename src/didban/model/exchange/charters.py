"""The charter of a network: who belongs to it, and what they agreed, signed by k of its n members."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from didban.errors import Malformed
from didban.model.actors import AuthorityKind
from didban.model.encoding import b64
from didban.model.exchange.envelopes import Fields, time_text

if TYPE_CHECKING:
    from datetime import datetime

MAX_BYTES: Final = 262_144
_MOST: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A node of the network, and the root key by which it is known."""

    node: str
    root: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Authorities that share records among themselves, as `group:<code>` stands in audiences."""

    code: str
    authorities: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkCharter:
    """One version of a charter.

    - `agreement`: the treaty or memorandum on which the network rests.
    - `threshold`: how many root keys of members sign the next version: more than half.
    - `kinds`: what authorities may be that take part (PR-56).
    - `panel`: nodes that may review alerts for all (PR-52, PR-57); `secretariat`: the node that
      reviews notices and owns nothing, if there is one.
    - `is_training`: a training network (PR-51).
    """

    network: str
    version: int
    made_at: datetime
    agreement: str
    threshold: int
    members: tuple[Member, ...]
    kinds: tuple[AuthorityKind, ...]
    groups: tuple[Group, ...] = ()
    panel: tuple[str, ...] = ()
    secretariat: str = ""
    is_training: bool = False

    def member(self, node: str) -> Member | None:
        """Return a member, or None."""
        return next((one for one in self.members if one.node == node), None)

    def groups_of(self, authority: str) -> tuple[str, ...]:
        """Return the codes of the groups of which an authority is a member."""
        return tuple(sorted(one.code for one in self.groups if authority in one.authorities))

    def to_bytes(self) -> bytes:
        """Return the bytes that root keys sign."""
        data: dict[str, Any] = {
            "network": self.network,
            "version": self.version,
            "made_at": time_text(self.made_at),
            "agreement": self.agreement,
            "threshold": self.threshold,
            "members": [{"node": one.node, "root": b64(one.root)} for one in self.members],
            "kinds": [kind.value for kind in self.kinds],
            "groups": [
                {"code": one.code, "authorities": list(one.authorities)} for one in self.groups
            ],
            "panel": list(self.panel),
            "is_training": self.is_training,
        }
        if self.secretariat:
            data["secretariat"] = self.secretariat
        return json.dumps(data, separators=(",", ":"), ensure_ascii=True).encode("ascii")

    @classmethod
    def from_bytes(cls, raw: bytes) -> NetworkCharter:
        """Read what `to_bytes` wrote. Raises Malformed; does not check any signature."""
        fields = Fields.of(raw, MAX_BYTES)
        found = cls(
            network=fields.text("network"),
            version=fields.number("version"),
            made_at=fields.time("made_at"),
            agreement=fields.text("agreement", 2_000),
            threshold=fields.number("threshold"),
            members=tuple(fields.each("members", _MOST, _member)),
            kinds=tuple(_words(fields, "kinds", AuthorityKind)),
            groups=tuple(fields.each("groups", _MOST, _group)),
            panel=tuple(_texts(fields, "panel")),
            secretariat=fields.text("secretariat") if fields.has("secretariat") else "",
            is_training=fields.truth("is_training"),
        )
        fields.require_all_read()
        _require_sound(found)
        return found


def _require_sound(found: NetworkCharter) -> None:
    nodes = [one.node for one in found.members]
    if len(set(nodes)) != len(nodes) or len({one.root for one in found.members}) != len(nodes):
        raise Malformed("a member or a root key stands twice")
    if not len(nodes) < 2 * found.threshold <= 2 * len(nodes):
        raise Malformed("the threshold is more than half of the members, and no more than all")
    if not found.version or not found.kinds:
        raise Malformed("a charter has a version, and says which authorities may take part")
    if not {*found.panel, *filter(None, [found.secretariat])} <= set(nodes):
        raise Malformed("panel and secretariat are members")
    codes = [group.code for group in found.groups]
    if len(set(codes)) != len(codes):
        raise Malformed("a group stands twice")


def _member(fields: Fields) -> Member:
    found = Member(node=fields.text("node"), root=fields.bytes("root", 32))
    fields.require_all_read()
    return found


def _group(fields: Fields) -> Group:
    found = Group(code=fields.text("code"), authorities=tuple(_texts(fields, "authorities")))
    fields.require_all_read()
    return found


def _texts(fields: Fields, name: str) -> list[str]:
    raw = fields.raw(name)
    if not isinstance(raw, list) or len(raw) > _MOST:
        raise Malformed(f"'{name}' is no list of at most {_MOST}")
    return [Fields({name: one}).text(name) for one in raw]


def _words(fields: Fields, name: str, of: type[AuthorityKind]) -> list[AuthorityKind]:
    try:
        return [of(one) for one in _texts(fields, name)]
    except ValueError as wrong:
        raise Malformed(f"'{name}' holds a word that does not belong there") from wrong
