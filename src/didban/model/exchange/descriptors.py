"""What a node says of itself, signed by its root key: where it is, its keys, for whom it speaks."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from didban.errors import Malformed
from didban.model.actors import Authority, AuthorityKind
from didban.model.encoding import b64
from didban.model.exchange.envelopes import Fields, time_text

if TYPE_CHECKING:
    from datetime import datetime

MAX_BYTES: Final = 262_144
_MOST: Final = 200  # keys, authorities, endpoints
_MAX_TEXT: Final = 8_000


class NodeRole(StrEnum):
    """What a node is to its network."""

    MEMBER = "member"
    SECRETARIAT = "secretariat"  # reviews and analyses, and owns nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlineKey:
    """A signing key of the node's daily work (Ed25519, 32 bytes), and when it may sign.

    - `compromised_since`: what it signed from then on is nobody's word.
    """

    id: str
    public: bytes
    valid_from: datetime
    valid_until: datetime
    compromised_since: datetime | None = None

    def may_sign_at(self, moment: datetime) -> bool:
        """Return whether what bears that time may be signed by it."""
        if self.compromised_since is not None and moment >= self.compromised_since:
            return False
        return self.valid_from <= moment < self.valid_until


@dataclass(frozen=True, slots=True, kw_only=True)
class SealingKey:
    """A key under which bodies for this node are sealed (`suite`: see `guard.crypto.hpke`)."""

    id: str
    suite: str
    public: bytes
    valid_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Descriptor:
    """One version of what a node says of itself.

    - `version` counts from 1, each by one; `root`: the root key that signed it (Ed25519).
    - `authorities`: for whom it speaks; the first one runs it. Their groups are the network's.
    - `endpoints`: addresses, `https` unless on the loopback; `certificate`: of the endpoints, PEM,
      where no public authority vouches for it.
    - `log`, `witness`: the keys with which it signs the checkpoints of its audit log, and cosigns
      those of others, each in one line as signed notes name them.
    """

    node: str
    version: int
    role: NodeRole
    root: bytes
    made_at: datetime
    expires_at: datetime
    authorities: tuple[Authority, ...]
    endpoints: tuple[str, ...]
    online_keys: tuple[OnlineKey, ...]
    sealing_keys: tuple[SealingKey, ...]
    log: str
    witness: str
    contact: str = ""
    certificate: str = ""
    is_training: bool = False

    @property
    def host(self) -> Authority:
        """The authority that runs the node."""
        return self.authorities[0]

    def to_bytes(self) -> bytes:
        """Return the bytes that the root key signs."""
        data: dict[str, Any] = {
            "node": self.node,
            "version": self.version,
            "role": self.role.value,
            "root": b64(self.root),
            "made_at": time_text(self.made_at),
            "expires_at": time_text(self.expires_at),
            "is_training": self.is_training,
            "authorities": [_authority_json(one) for one in self.authorities],
            "endpoints": [{"url": url} for url in self.endpoints],
            "online_keys": [_online_json(key) for key in self.online_keys],
            "sealing_keys": [_sealing_json(key) for key in self.sealing_keys],
            "log": self.log,
            "witness": self.witness,
        }
        data |= {n: v for n in ("contact", "certificate") if (v := getattr(self, n))}
        return json.dumps(data, separators=(",", ":"), ensure_ascii=True).encode("ascii")

    @classmethod
    def from_bytes(cls, raw: bytes) -> Descriptor:
        """Read what `to_bytes` wrote. Raises Malformed; does not check any signature."""
        fields = Fields.of(raw, MAX_BYTES)
        found = cls(
            node=fields.text("node"),
            version=fields.number("version"),
            role=fields.member("role", NodeRole),
            root=fields.bytes("root", 32),
            made_at=fields.time("made_at"),
            expires_at=fields.time("expires_at"),
            is_training=fields.truth("is_training"),
            authorities=tuple(fields.each("authorities", _MOST, _authority)),
            endpoints=tuple(fields.each("endpoints", _MOST, lambda one: one.text("url", 2_000))),
            online_keys=tuple(fields.each("online_keys", _MOST, _online)),
            sealing_keys=tuple(fields.each("sealing_keys", _MOST, _sealing)),
            log=fields.text("log"),
            witness=fields.text("witness"),
            contact=fields.text("contact") if fields.has("contact") else "",
            certificate=fields.text("certificate", _MAX_TEXT) if fields.has("certificate") else "",
        )
        fields.require_all_read()
        if not found.authorities or found.host.code != found.node:
            raise Malformed("a node bears the code of the authority that runs it, named first")
        return found


def _authority_json(one: Authority) -> dict[str, Any]:
    data = {"code": one.code, "name": one.name, "kind": one.kind.value, "groups": list(one.groups)}
    return data if one.country is None else {**data, "country": one.country}


def _authority(fields: Fields) -> Authority:
    groups = fields.raw("groups")
    if not isinstance(groups, list) or not all(isinstance(group, str) for group in groups):
        raise Malformed("'groups' is no list of codes")
    found = Authority(
        code=fields.text("code"),
        name=fields.text("name"),
        kind=fields.member("kind", AuthorityKind),
        country=fields.text("country") if fields.has("country") else None,
        groups=tuple(groups),
    )
    fields.require_all_read()
    return found


def _online_json(key: OnlineKey) -> dict[str, Any]:
    data = {"id": key.id, "public": b64(key.public)}
    for name in ("valid_from", "valid_until", "compromised_since"):
        if getattr(key, name) is not None:
            data[name] = time_text(getattr(key, name))
    return data


def _online(fields: Fields) -> OnlineKey:
    has_end = fields.has("compromised_since")
    found = OnlineKey(
        id=fields.text("id"),
        public=fields.bytes("public", 32),
        valid_from=fields.time("valid_from"),
        valid_until=fields.time("valid_until"),
        compromised_since=fields.time("compromised_since") if has_end else None,
    )
    fields.require_all_read()
    return found


def _sealing_json(key: SealingKey) -> dict[str, Any]:
    until = time_text(key.valid_until)
    return {"id": key.id, "suite": key.suite, "public": b64(key.public), "valid_until": until}


def _sealing(fields: Fields) -> SealingKey:
    found = SealingKey(
        id=fields.text("id"),
        suite=fields.text("suite"),
        public=fields.bytes("public"),
        valid_until=fields.time("valid_until"),
    )
    fields.require_all_read()
    return found
