"""Devices are registered by one person and confirmed by another; who loses one has it revoked.

The keys are made on the device and never leave it. What is handed in is the public part, which the
device signed; its identifier is their fingerprint, so that the second person compares one word on
the device with one at the node.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from didban import clock
from didban.errors import BadSignature, Conflict, InvalidInput, Malformed, NotFound
from didban.guard import access, audit
from didban.guard.crypto import dsse
from didban.guard.crypto.hpke import PublicKey, Suite
from didban.guard.reach import reach_of
from didban.model.actors import Actor, AuthorityKind
from didban.model.deeds import Deed
from didban.model.devices import DEVICE_LIFE, Device, DeviceEvent, DeviceRequest, DeviceState
from didban.model.exchange.signed import Signed
from didban.model.marking import Confidentiality
from didban.model.permissions import ROLE_PURPOSES, Permission, Role
from didban.store import authorities, devices

if TYPE_CHECKING:
    from didban.model.purposes import Purpose
    from didban.store.database import Transaction


def register(  # noqa: PLR0913 - what is handed in, and what is bound to it
    tx: Transaction,
    actor: Actor,
    request: bytes,
    *,
    authority: str,
    purpose: Purpose,
    place: str,
    clearance: Confidentiality = Confidentiality.FOR_OFFICIAL_USE,
) -> Device:
    """Register a device by the file that it wrote; another person confirms it.

    Raises NotPermitted; NotFound for an authority that is not the actor's to manage; InvalidInput
    for a file that no device signed, a purpose of no first line, or no place; Conflict where it is
    registered already.
    """
    access.require(actor, Permission.SCREENING_DEVICE_MANAGE)
    owner = authorities.get(tx, authority)
    if owner is None or reach_of(tx, actor) not in {None, owner.code}:
        raise NotFound("there is no authority of this code")
    if owner.kind is AuthorityKind.PUBLISHER:
        raise InvalidInput("a publisher of lists has no devices")
    if purpose not in ROLE_PURPOSES[Role.FIRST_LINE]:
        raise InvalidInput(f"a device checks for: {', '.join(sorted(_PURPOSES))}")
    if not place.strip():
        raise InvalidInput("a device has a place: where it stands, or who carries it where")
    asked = read_request(request)
    new = Device(
        id=asked.keys.id,
        label=asked.label,
        authority=owner.code,
        purpose=purpose,
        place=place.strip(),
        clearance=clearance,
        keys=asked.keys,
        state=DEVICE_LIFE.initial,
        registered_by=actor.user,
        registered_at=clock.now(),
    )
    if not devices.add(tx, new):
        raise Conflict("this device is registered already: revoked keys are not used again")
    facts = {"authority": new.authority, "purpose": new.purpose}
    audit.enter(tx, actor, Deed.DEVICE_REGISTERED, subject=new.id, facts=facts)
    return new


def confirm(tx: Transaction, actor: Actor, device_id: str) -> Device:
    """Confirm a device as another person than who registered it (PR-28).

    Raises NotPermitted, NotFound; Conflict where it was confirmed or revoked before.
    """
    access.require(actor, Permission.SCREENING_DEVICE_CONFIRM)
    found = found_for(tx, actor, device_id, to_change=True)
    target = DEVICE_LIFE.transition(found.state, DeviceEvent.CONFIRM).target
    access.require_other_person(actor, found.registered_by, "the confirmation")
    devices.move(tx, found.id, target, by=actor.user, now=clock.now())
    audit.enter(tx, actor, Deed.DEVICE_CONFIRMED, subject=found.id)
    return found_for(tx, actor, device_id)


def revoke(tx: Transaction, actor: Actor, device_id: str) -> Device:
    """Revoke a device that is lost or not used any more: nothing goes to it or comes from it.

    What it holds answers until its hard limit, and then nothing. Raises NotPermitted, NotFound;
    Conflict where it was revoked before.
    """
    access.require(actor, Permission.SCREENING_DEVICE_MANAGE)
    found = found_for(tx, actor, device_id, to_change=True)
    target = DEVICE_LIFE.transition(found.state, DeviceEvent.REVOKE).target
    devices.move(tx, found.id, target, by=actor.user, now=clock.now())
    audit.enter(tx, actor, Deed.DEVICE_REVOKED, subject=found.id)
    return found_for(tx, actor, device_id)


def listed(tx: Transaction, actor: Actor, *, after: str = "", limit: int) -> list[Device]:
    """Return the devices of the actor's authority, or of all for the host's people."""
    access.require(actor, Permission.SCREENING_DEVICE_SERVE)
    found = devices.listed(tx, reach_of(tx, actor), after=after, limit=limit)
    audit.enter(tx, actor, Deed.DEVICE_LISTED, facts={"count": len(found)})
    return found


def found_for(tx: Transaction, actor: Actor, device_id: str, *, to_change: bool = False) -> Device:
    """Return a device in the actor's reach. Raises NotFound."""
    found = devices.get(tx, device_id, reach_of(tx, actor), to_change=to_change)
    if found is None:
        raise NotFound("there is no device of this identifier")
    return found


def served(tx: Transaction, actor: Actor, device_id: str) -> Device:
    """Return a device that something is to be made for or taken from, and nobody else changes.

    Raises NotPermitted, NotFound; Conflict for one that is not confirmed or was revoked.
    """
    access.require(actor, Permission.SCREENING_DEVICE_SERVE)
    found = found_for(tx, actor, device_id, to_change=True)
    if found.state is DeviceState.PROPOSED:
        raise Conflict("another person confirms the device first (PR-28)")
    if found.state is DeviceState.REVOKED:
        raise Conflict("this device was revoked: nothing goes to it or comes from it")
    return found


def actor_of(tx: Transaction, device: Device) -> Actor:
    """Return who acts when a check is made on a device: its post, for what it was registered."""
    owner = authorities.get(tx, device.authority)
    if owner is None:
        raise NotFound("there is no authority of this code")
    return Actor(
        user=device.id,
        authority=owner.code,
        kind=owner.kind,
        roles=frozenset({Role.FIRST_LINE}),
        purpose=device.purpose,
        place=device.place,
        groups=frozenset(owner.groups),
        clearance=device.clearance,
        device=device.id,
    )


def sealing_key(device: Device) -> PublicKey:
    """Return the key under which contents for a device are sealed."""
    return PublicKey(device.id, Suite(device.keys.suite), device.keys.sealing)


def read_request(raw: bytes) -> DeviceRequest:
    """Return what a device asks for, if it signed it. Raises InvalidInput."""
    try:
        signed = Signed.from_json(json.loads(raw))
        found = DeviceRequest.from_bytes(signed.payload)
        signature = signed.signatures.get(found.keys.id, b"")
        dsse.verify(found.keys.signing, dsse.DEVICE, signed.payload, signature)
        key = PublicKey(found.keys.id, Suite(found.keys.suite), found.keys.sealing)
        key.wrap(bytes(32), b"")
    except (Malformed, BadSignature, ValueError, RecursionError) as wrong:
        raise InvalidInput("this is not what a device writes to be registered") from wrong
    return found


_PURPOSES = ROLE_PURPOSES[Role.FIRST_LINE]
