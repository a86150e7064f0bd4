"""Packages for a device: everything that its post may see and act upon, or what changed since.

What is in a package is decided anew each time from the bank: what came in, changed, waits for a
review, lost its lease or was withdrawn shows as a difference to what the device holds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Protocol

from didban import clock
from didban.errors import Conflict, InvalidInput
from didban.guard import audit
from didban.guard.crypto import envelopes
from didban.guard.secrets import SecretName
from didban.match.modes import Mode
from didban.model.deeds import Deed
from didban.model.devices import Device, Edition, Kind
from didban.model.exchange.envelopes import Envelope, Header, Place
from didban.model.exchange.feeds import START, Cursor
from didban.screening.devices import enrolment
from didban.screening.devices.carried import carried_of, digest_of, root_of, until_of
from didban.screening.devices.packages import Package, Part, parts_of
from didban.screening.devices.silence import token_for, token_of
from didban.screening.screener import mode_of
from didban.settings import Devices
from didban.store import devices, non_match
from didban.store.exchange import peers
from didban.store.visibility import open_to

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from didban.guard.crypto.dsse import SigningKey
    from didban.guard.crypto.hpke import PrivateKey
    from didban.guard.secrets import Secrets
    from didban.model.actors import Actor
    from didban.model.exchange.signed import Signed
    from didban.model.records import Record
    from didban.settings import Settings
    from didban.store.database import Transaction

_AT_ONCE: Final = 2_000


class Me(Protocol):
    """Who this node is to its devices (`exchange.identity.Identity`)."""

    @property
    def node(self) -> str:
        """The code of the node."""

    @property
    def signing(self) -> SigningKey:
        """The key that signs now."""

    @property
    def sealing(self) -> Mapping[str, PrivateKey]:
        """By identifier, old ones too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dock:
    """What a node serves its devices with.

    - `descriptor`: the newest that its root key signed; the device trusts nothing else.
    - `key`: the secret `non_match`, by which a device learns of whom it stays silent (PR-25).
    """

    me: Me
    descriptor: Signed
    key: bytes = field(repr=False)
    terms: Devices = field(default_factory=Devices)
    mode: Mode = Mode.BALANCED

    @classmethod
    def of(cls, tx: Transaction, me: Me, settings: Settings, secrets: Secrets) -> Dock:
        """Return what a node with these settings serves its devices with. Raises InvalidInput."""
        return cls(
            me=me,
            descriptor=peers.signed(tx, me.node)[-1],
            key=secrets.get(SecretName.NON_MATCH),
            terms=settings.devices,
            mode=mode_of(settings.screening.mode),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """A package that was made, and what is in it."""

    device: str
    package: Package
    put: int
    withdrawn: int
    records: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Difference:
    put: list[Record]
    withdraw: list[str]
    digests: dict[str, bytes]


def make(tx: Transaction, dock: Dock, actor: Actor, device_id: str, *, whole: bool) -> Packed:
    """Make a package for a device: the whole of it, or what changed since the last one.

    The device takes them in their order, or a whole one in the place of all before.

    Raises NotPermitted, NotFound; Conflict for a device that is not served, or that has nothing yet
    to which changes could be added.
    """
    device = enrolment.served(tx, actor, device_id)
    if not whole and not device.sent.epoch:
        raise Conflict("nothing was made for this device yet: make a whole package first")
    now = clock.now()
    found = _difference(tx, dock, device, now, whole=whole)
    edition = _edition(dock, device, found, now)
    sealed = _sealed(
        dock, device, [*parts_of(found.put, found.withdraw, edition)], now, whole=whole
    )
    last = Header.from_bytes(sealed[-1].header).place
    if last is None:
        raise RuntimeError("a part without a place")
    devices.note_held(tx, device.id, ((one.id, found.digests[one.id]) for one in found.put))
    devices.note_withdrawn(tx, device.id, found.withdraw, edition=last.seq, now=now)
    devices.note_sent(tx, device.id, Cursor(epoch=last.epoch, seq=last.seq, head=sealed[-1].hash))
    facts = {"whole": whole, "put": len(found.put), "withdrawn": len(found.withdraw)}
    audit.enter(tx, actor, Deed.DEVICE_PACKED, subject=device.id, facts=facts)
    return Packed(
        device=device.id,
        package=Package(descriptor=dock.descriptor, envelopes=tuple(sealed)),
        put=len(found.put),
        withdrawn=len(found.withdraw),
        records=edition.records,
    )


def _difference(
    tx: Transaction, dock: Dock, device: Device, now: datetime, *, whole: bool
) -> _Difference:
    held = devices.held(tx, device.id)
    put, digests = [], {}
    for one in _present(tx, dock, device, now):
        digest = digests[one.id] = digest_of(one)
        known = held.get(one.id)
        if whole or known is None or known.withdrawn_in is not None or known.digest != digest:
            put.append(one)
    gone = sorted(
        record
        for record, known in held.items()
        if record not in digests and (whole or known.withdrawn_in is None)
    )
    return _Difference(put=put, withdraw=gone, digests=digests)


def _present(tx: Transaction, dock: Dock, device: Device, now: datetime) -> list[Record]:
    """Return what the device should hold now."""
    seen = open_to(tx, enrolment.actor_of(tx, device))
    found, last = [], 0
    while batch := devices.candidates(tx, seen, after=last, most=_AT_ONCE):
        last = batch[-1][0]
        leases = devices.leases(tx, [record.id for _, record in batch])
        listed = {record.id: record.entity for _, record in batch}
        silent = _silent(tx, dock.key, device.id, listed)
        for _, record in batch:
            tokens = tuple(sorted(silent[record.id]))
            carried = carried_of(record, now.date(), leases.get(record.id), tokens)
            if carried is not None and until_of(carried) > now:
                found.append(carried)
    return found


def _silent(
    tx: Transaction, key: bytes, device: str, listed: Mapping[str, Record]
) -> dict[str, set[str]]:
    """Return the tokens of those whom these records were found not to mean, by record (PR-25).

    Of a hit whose content is erased there is none: nobody can make it anew.
    """
    found: dict[str, set[str]] = {record: set() for record in listed}
    for told in non_match.told_of(tx, listed):
        found[told.record].add(token_of(told.salt, told.digest))
    for record, token, asked in non_match.issued_of(tx, listed):
        if made := token_for(device, key, token, asked, listed[record]):
            found[record].add(made)
    return found


def _edition(dock: Dock, device: Device, found: _Difference, now: datetime) -> Edition:
    soft = timedelta(hours=dock.terms.soft_limit_hours)
    hard = timedelta(hours=dock.terms.hard_limit_hours)
    if soft > hard:
        raise InvalidInput("devices.soft_limit_hours is above devices.hard_limit_hours")
    return Edition(
        made_at=now,
        soft=soft,
        hard=hard,
        records=len(found.digests),
        root=root_of(found.digests),
        mode=dock.mode,
        purpose=device.purpose,
        place=device.place,
        authority=device.authority,
        taken=device.returned.seq,
    )


def _sealed(
    dock: Dock, device: Device, parts: Sequence[Part], now: datetime, *, whole: bool
) -> list[Envelope]:
    """Return the parts as entries of the feed that the device alone reads."""
    epoch = device.sent.epoch + 1 if whole else device.sent.epoch
    prev, seq = START if whole else device.sent.head, device.sent.seq
    key, made = enrolment.sealing_key(device), []
    for part in parts:
        seq += 1
        header = Header(
            sender=dock.me.node,
            kind=Kind.PART,
            time=now,
            place=Place(feed=device.id, epoch=epoch, seq=seq, prev=prev),
        )
        sealed = envelopes.seal(header, part.to_bytes(), dock.me.signing, [(device.id, key)])
        made.append(sealed)
        prev = sealed.hash
    return made
