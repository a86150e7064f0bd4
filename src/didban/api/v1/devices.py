"""Devices that check without a link: who they are, what is carried to them and what they bring back."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Path, Query
from pydantic import Field

from didban.api.v1.authorities import Code
from didban.api.v1.frame import Node, Router, Tx, Who, needs
from didban.api.v1.pages import Given, Page, Paging, Told
from didban.api.v1.users import Clearance
from didban.errors import InvalidInput
from didban.guard.retention import policy_of
from didban.model.devices import MAX_REQUEST_BYTES, Device, DeviceState
from didban.model.encoding import b64, from_b64
from didban.model.marking import Confidentiality
from didban.model.permissions import Permission
from didban.model.purposes import Purpose
from didban.screening.devices import enrolment, packing, returning, upkeep
from didban.screening.devices.upkeep import Owing
from didban.store.devices import Receipt

router = Router("devices")

_MAX_FILE = 20_000_000

DeviceId = Annotated[str, Path(max_length=40, examples=["dev_4kq2"])]


class DeviceGiven(Given):
    """A new device, with everything that is bound to it (PR-01)."""

    request: str = Field(
        min_length=1, max_length=MAX_REQUEST_BYTES, description="The file that the device wrote."
    )
    authority: Code
    purpose: Purpose
    place: str = Field(min_length=1, max_length=200)
    clearance: Clearance = Confidentiality.FOR_OFFICIAL_USE


class DeviceTold(Told):
    """A device. `id` is the fingerprint of its keys: compare it with what the device shows."""

    id: str
    label: str
    authority: str
    purpose: Purpose
    place: str
    clearance: Confidentiality
    state: DeviceState
    registered_by: str
    registered_at: datetime
    confirmed_by: str | None
    revoked_at: datetime | None
    packages: int
    returned: int
    seen_at: datetime | None
    suspect_since: datetime | None

    @classmethod
    def of(cls, device: Device) -> DeviceTold:
        """Return the shape of a device."""
        return cls(
            id=device.id,
            label=device.label,
            authority=device.authority,
            purpose=device.purpose,
            place=device.place,
            clearance=device.clearance,
            state=device.state,
            registered_by=device.registered_by,
            registered_at=device.registered_at,
            confirmed_by=device.confirmed_by,
            revoked_at=device.revoked_at,
            packages=device.sent.seq,
            returned=device.returned.seq,
            seen_at=device.seen_at,
            suspect_since=device.suspect_since,
        )


class PackageGiven(Given):
    """Which package is wanted."""

    whole: bool = Field(
        default=False, description="Everything, in the place of all packages before."
    )


class PackageTold(Told):
    """A package. `file` is base64, and for this device alone."""

    device: str
    put: int
    withdrawn: int
    records: int
    file: str


class ReturnGiven(Given):
    """What a device wrote to be brought back, as base64."""

    file: str = Field(min_length=1, max_length=_MAX_FILE)


class ReturnTold(Told):
    """What came of it. `known`: entries that were here already.

    `is_behind`: the device brought more before, so that the file is older, or it was set back.
    """

    device: str
    checks: int
    matches: int
    receipts: int
    deleted: int
    known: int
    unread: int
    is_behind: bool


class ReceiptTold(Told):
    """A device's word of what it holds. `edition`: the number of the package that is in force."""

    seq: int
    edition: int
    records: int
    deleted: int
    at: datetime

    @classmethod
    def of(cls, receipt: Receipt) -> ReceiptTold:
        """Return the shape of a receipt."""
        return cls(**{name: getattr(receipt, name) for name in cls.model_fields})


class OwingTold(Told):
    """Deletions that a device has not confirmed."""

    device: str
    count: int
    since: datetime
    is_overdue: bool

    @classmethod
    def of(cls, owing: Owing) -> OwingTold:
        """Return the shape."""
        return cls(**{name: getattr(owing, name) for name in cls.model_fields})


@router.post("/devices", status_code=201)
@needs(Permission.SCREENING_DEVICE_MANAGE)
def register_device(tx: Tx, who: Who, new: DeviceGiven) -> DeviceTold:
    """Register a device. It is not served before another person has confirmed it (PR-28)."""
    made = enrolment.register(
        tx,
        who,
        new.request.encode(),
        authority=new.authority,
        purpose=new.purpose,
        place=new.place,
        clearance=new.clearance,
    )
    return DeviceTold.of(made)


@router.get("/devices")
@needs(Permission.SCREENING_DEVICE_SERVE)
def list_devices(tx: Tx, who: Who, paging: Paging) -> Page[DeviceTold]:
    """List the devices of one's authority, or of all for the host's people."""
    after = paging.after[0] if paging.after else ""
    rows = enrolment.listed(tx, who, after=after, limit=paging.fetch)
    return paging.page(rows, keys=lambda row: (row.id,), told=DeviceTold.of)


@router.post("/devices/{device}/confirmation")
@needs(Permission.SCREENING_DEVICE_CONFIRM)
def confirm_device(tx: Tx, who: Who, device: DeviceId) -> DeviceTold:
    """Confirm a device as another person, having compared its identifier with what it shows."""
    return DeviceTold.of(enrolment.confirm(tx, who, device))


@router.delete("/devices/{device}")
@needs(Permission.SCREENING_DEVICE_MANAGE)
def revoke_device(tx: Tx, who: Who, device: DeviceId) -> DeviceTold:
    """Revoke a device that is lost or not used any more, at once."""
    return DeviceTold.of(enrolment.revoke(tx, who, device))


@router.post("/devices/{device}/packages", status_code=201)
@needs(Permission.SCREENING_DEVICE_SERVE)
def pack_device(tx: Tx, who: Who, node: Node, device: DeviceId, given: PackageGiven) -> PackageTold:
    """Make a package: what changed since the last one, or everything."""
    dock = packing.Dock.of(tx, node.other_nodes.me(tx), node.settings, node.secrets)
    made = packing.make(tx, dock, who, device, whole=given.whole)
    return PackageTold(
        device=made.device,
        put=made.put,
        withdrawn=made.withdrawn,
        records=made.records,
        file=b64(made.package.to_bytes()),
    )


@router.post("/devices/returns", status_code=201)
@needs(Permission.SCREENING_DEVICE_SERVE)
def return_device(tx: Tx, who: Who, node: Node, given: ReturnGiven) -> ReturnTold:
    """Take in what a device brings back; the same file again changes nothing."""
    try:
        raw = from_b64(given.file)
    except ValueError as wrong:
        raise InvalidInput("the file is not base64") from wrong
    me, policy = node.other_nodes.me(tx), policy_of(node.settings.retention)
    told = returning.take_in(node.database, me, who, raw, policy)
    return ReturnTold(**{name: getattr(told, name) for name in ReturnTold.model_fields})


@router.get("/devices/owing")
@needs(Permission.SCREENING_DEVICE_SERVE)
def list_owing(tx: Tx, who: Who, node: Node) -> list[OwingTold]:
    """List the deletions that devices have not confirmed, the longest due first (PR-34)."""
    return [OwingTold.of(one) for one in upkeep.owing(tx, who, node.settings.devices)]


@router.get("/devices/{device}/receipts")
@needs(Permission.SCREENING_DEVICE_SERVE)
def list_receipts(
    tx: Tx, who: Who, device: DeviceId, limit: Annotated[int, Query(ge=1, le=100)] = 20
) -> list[ReceiptTold]:
    """List what a device confirmed, the latest first."""
    return [ReceiptTold.of(one) for one in upkeep.receipts(tx, who, device, limit=limit)]
