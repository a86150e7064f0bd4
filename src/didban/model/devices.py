"""Devices that check without a link: who they are, and what one edition of their data promises.

    proposed --confirm [another person]--> active --revoke--> revoked

A device's identifier is the fingerprint of its public keys: who compares it has compared them.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from didban.errors import Malformed
from didban.model.encoding import b64
from didban.model.exchange.envelopes import Fields, time_text
from didban.model.exchange.feeds import START, Cursor
from didban.model.machines import Machine, Transition
from didban.model.marking import Confidentiality

if TYPE_CHECKING:
    from datetime import datetime

    from didban.model.purposes import Purpose

MAX_REQUEST_BYTES: Final = 16_384
_VERSION: Final = 1
_DIGEST_BYTES: Final = 15
_GROUP: Final = 4
_NOTHING_SENT: Final = Cursor(epoch=0, seq=0, head=START)
_NOTHING_RETURNED: Final = Cursor(epoch=1, seq=0, head=START)


class DeviceState(StrEnum):
    """Whether a device is served."""

    PROPOSED = "proposed"  # one person registered it
    ACTIVE = "active"
    REVOKED = "revoked"  # lost, or taken out of use: nothing is made for it nor taken from it


class DeviceEvent(StrEnum):
    """What can happen to one."""

    CONFIRM = "confirm"
    REVOKE = "revoke"


_S, _E = DeviceState, DeviceEvent
DEVICE_LIFE: Final = Machine(
    name="device",
    initial=_S.PROPOSED,
    final=frozenset({_S.REVOKED}),
    transitions=(
        Transition(source=_S.PROPOSED, event=_E.CONFIRM, target=_S.ACTIVE, guards=("other",)),
        Transition(source=_S.PROPOSED, event=_E.REVOKE, target=_S.REVOKED),
        Transition(source=_S.ACTIVE, event=_E.REVOKE, target=_S.REVOKED),
    ),
)


class Kind(StrEnum):
    """What an envelope between a node and its device holds. Feeds of other nodes know none of it."""

    PART = "device_part"  # node to device: records to put and to take out; the last one an edition
    CHECK = "device_check"  # device to node: a check that was made
    INSTALLED = "device_installed"  # device to node: what it holds now, and how much it deleted


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceKeys:
    """The public keys of a device: Ed25519, and one to seal under (`guard.crypto.hpke`)."""

    signing: bytes
    suite: str
    sealing: bytes

    @property
    def id(self) -> str:
        """The device's identifier, which stands for both keys."""
        text = b"\n".join((b"didban/device/1", self.signing, self.suite.encode(), self.sealing))
        return f"dev_{fingerprint(text)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceRequest:
    """What a device asks to be registered with. It signs it: whoever hands it in had the key."""

    label: str
    keys: DeviceKeys

    def to_bytes(self) -> bytes:
        """Return the bytes that the device signs."""
        keys = {"signing": b64(self.keys.signing), "suite": self.keys.suite}
        data = {"v": _VERSION, "label": self.label, **keys, "sealing": b64(self.keys.sealing)}
        return json.dumps(data, separators=(",", ":")).encode("ascii")

    @classmethod
    def from_bytes(cls, raw: bytes) -> DeviceRequest:
        """Read what `to_bytes` wrote. Raises Malformed."""
        fields = Fields.of(raw, MAX_REQUEST_BYTES)
        if fields.number("v") != _VERSION:
            raise Malformed("the device speaks a version that this node does not")
        found = cls(
            label=fields.text("label"),
            keys=DeviceKeys(
                signing=fields.bytes("signing", 32),
                suite=fields.text("suite"),
                sealing=fields.bytes("sealing"),
            ),
        )
        fields.require_all_read()
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A device as its node knows it.

    - `purpose`, `place`, `clearance`: bound to it; its checks are made for them (PR-01).
    - `sent`: the newest package that was made for it, `returned`: the last entry taken from it.
    - `suspect_since`: it brought back what does not continue what it brought before.
    """

    id: str
    label: str
    authority: str
    purpose: Purpose
    place: str
    keys: DeviceKeys
    state: DeviceState
    registered_by: str
    registered_at: datetime
    clearance: Confidentiality = Confidentiality.FOR_OFFICIAL_USE
    confirmed_by: str | None = None
    revoked_at: datetime | None = None
    sent: Cursor = _NOTHING_SENT
    returned: Cursor = _NOTHING_RETURNED
    seen_at: datetime | None = None
    suspect_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """What holds on a device from one package on.

    - `made_at`: how old the data is counts from here.
    - `soft`, `hard`: ages from which answers are downgraded, and from which they are UNKNOWN (PR-43).
    - `records`, `root`: how many it holds then, and the digest over all of them.
    - `mode`: of `match.modes`; `purpose`, `place`, `authority`: for what its checks are made.
    - `taken`: the last entry of the device that its node has; those up to it may go.
    """

    made_at: datetime
    soft: timedelta
    hard: timedelta
    records: int
    root: bytes
    mode: str
    purpose: str
    place: str
    authority: str
    taken: int

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "made_at": time_text(self.made_at),
            "soft": int(self.soft.total_seconds()),
            "hard": int(self.hard.total_seconds()),
            "records": self.records,
            "root": b64(self.root),
            "mode": self.mode,
            "purpose": self.purpose,
            "place": self.place,
            "authority": self.authority,
            "taken": self.taken,
        }

    @classmethod
    def from_fields(cls, fields: Fields) -> Edition:
        """Read what `to_json` wrote. Raises Malformed."""
        found = cls(
            made_at=fields.time("made_at"),
            soft=timedelta(seconds=fields.number("soft")),
            hard=timedelta(seconds=fields.number("hard")),
            records=fields.number("records"),
            root=fields.bytes("root", 32),
            mode=fields.text("mode"),
            purpose=fields.text("purpose"),
            place=fields.text("place"),
            authority=fields.text("authority"),
            taken=fields.number("taken"),
        )
        fields.require_all_read()
        return found


def fingerprint(raw: bytes) -> str:
    """Return a short text that stands for some bytes and nothing else (120 bits)."""
    digest = hashlib.sha256(raw).digest()[:_DIGEST_BYTES]
    return base64.b32encode(digest).decode("ascii").lower()


def in_groups(text: str) -> str:
    """Return a fingerprint as two people read it to each other."""
    return " ".join(text[at : at + _GROUP] for at in range(0, len(text), _GROUP))
