"""Devices that check without a link: registered by two, served with packages, taken from, lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from didban.guard import authorities
from didban.guard.retention import policy_of
from didban.model.actors import AuthorityKind
from didban.model.devices import DeviceState, in_groups
from didban.model.marking import Confidentiality
from didban.model.permissions import ROLE_PURPOSES, Permission, Role
from didban.model.purposes import Purpose
from didban.screening.devices import enrolment, packing, returning, upkeep
from didban.web.desk import Go, Page, Room, Sent
from didban.web.i18n import N_
from didban.web.paging import ROWS, paged_by_name
from didban.web.presenters.steps import Step, page_of

if TYPE_CHECKING:
    from didban.web.desk import Desk
    from didban.web.forms import Attached

room = Room("devices")

_SERVE: Final = Permission.SCREENING_DEVICE_SERVE
_MANAGE: Final = Permission.SCREENING_DEVICE_MANAGE
_CONFIRM: Final = Permission.SCREENING_DEVICE_CONFIRM
_RECEIPTS: Final = 20
_MOST_AUTHORITIES: Final = 500

REVOKE: Final = Step(
    deed="devices.revoke",
    heading=N_("The device is lost or not used any more"),
    consequences=(
        N_("Nothing is made for it and nothing is taken from it any more."),
        N_("What it holds answers until its data is too old, and then nothing."),
        N_("It cannot be undone: a device that is found again gets new keys."),
    ),
    button=N_("Revoke the device"),
    is_grave=True,
)


@room.page("/devices", _SERVE)
def listed(desk: Desk) -> Page:
    """Show the devices, and deletions that they have not confirmed."""
    found = enrolment.listed(desk.tx, desk.who, after=desk.asked("after"), limit=ROWS + 1)
    rows, following = paged_by_name(desk, [(each.id, each) for each in found])
    owing = upkeep.owing(desk.tx, desk.who, desk.services.settings.devices)
    return Page(
        "pages/devices/listed.html",
        rows=rows,
        next=following,
        owing={each.device: each for each in owing},
        State=DeviceState,
    )


@room.page("/devices/new", _MANAGE)
def new(desk: Desk) -> Page:
    """Ask for the file that a device wrote, and what it is bound to."""
    found = authorities.listed(desk.tx, desk.who, limit=_MOST_AUTHORITIES)
    purposes = sorted(ROLE_PURPOSES[Role.FIRST_LINE])
    return Page(
        "pages/devices/new.html",
        owners=[(one.code, one.name) for one in found if one.kind is not AuthorityKind.PUBLISHER],
        purposes=[(one.value, desk.speech.term(one)) for one in purposes],
        clearances=[(str(int(one)), desk.speech.term(one)) for one in Confidentiality],
    )


@room.deed("/devices", _MANAGE, again=new)
def register(desk: Desk) -> Go:
    """Register a device; another person confirms it."""
    form = desk.form
    authority, spot = form.text("authority", needed=True), form.text("place", needed=True, most=200)
    purpose, clearance = form.one_of("purpose", Purpose), form.one_of("clearance", Confidentiality)
    sent = _file(desk)
    assert purpose is not None  # noqa: S101 - `require` has seen to it
    assert clearance is not None  # noqa: S101 - the same
    made = enrolment.register(
        desk.tx,
        desk.who,
        sent.content,
        authority=authority,
        purpose=purpose,
        place=spot,
        clearance=clearance,
    )
    return _back(made.id, N_("The device is registered. Another person confirms it."))


@room.deed("/devices/returns", _SERVE, again=listed)
def take_back(desk: Desk) -> Page:
    """Take in what a device brings back, and say what came of it."""
    sent = _file(desk)
    me = desk.services.other_nodes.me(desk.tx)
    policy = policy_of(desk.services.settings.retention)
    told = returning.take_in(desk.services.database, me, desk.who, sent.content, policy)
    return Page("pages/devices/taken.html", told=told)


@room.page("/devices/{device}", _SERVE)
def one(desk: Desk, device: str) -> Page:
    """Show one device: what it is bound to, what it holds, what it confirmed."""
    receipts = upkeep.receipts(desk.tx, desk.who, device, limit=_RECEIPTS)
    return Page(
        "pages/devices/one.html",
        about=enrolment.found_for(desk.tx, desk.who, device),
        receipts=receipts,
        in_groups=in_groups,
        State=DeviceState,
    )


@room.deed("/devices/{device}/confirmation", _CONFIRM, again=one)
def confirm(desk: Desk, device: str) -> Go:
    """Confirm a device as another person, having compared what it shows."""
    if not desk.form.is_ticked("compared"):
        desk.form.blame("compared", N_("Compare the identifier with what the device shows."))
    desk.form.require()
    enrolment.confirm(desk.tx, desk.who, device)
    return _back(device, N_("The device is confirmed: packages can be made for it."))


@room.deed("/devices/{device}/packages", _SERVE, again=one)
def pack(desk: Desk, device: str) -> Sent:
    """Make a package for a device, to be carried to it: what changed, or everything."""
    services = desk.services
    me = services.other_nodes.me(desk.tx)
    dock = packing.Dock.of(desk.tx, me, services.settings, services.secrets)
    is_whole = desk.form.text("whole") == "yes"
    made = packing.make(desk.tx, dock, desk.who, device, whole=is_whole)
    return Sent(
        content=made.package.to_bytes(),
        media_type="application/octet-stream",
        name=f"{made.device}.package",
    )


@room.page("/devices/{device}/revocation", _MANAGE)
def revoking(desk: Desk, device: str) -> Page:
    """Ask whether a device is lost or not used any more."""
    found = enrolment.found_for(desk.tx, desk.who, device)
    back = desk.url("devices.one", device=device)
    return page_of(desk, REVOKE, back=back, subject=found.label, device=device)


@room.deed("/devices/{device}/revocation", _MANAGE, again=revoking)
def revoke(desk: Desk, device: str) -> Go:
    """Revoke a device, at once."""
    enrolment.revoke(desk.tx, desk.who, device)
    return _back(device, N_("The device is revoked."))


def _file(desk: Desk) -> Attached:
    """Return the file that was sent, once all fields could be read. Raises InvalidFields."""
    sent = desk.form.files.get("file")
    if sent is None:
        desk.form.blame("file", N_("Choose a file."))
    desk.form.require()
    assert sent is not None  # noqa: S101 - `require` has seen to it
    return sent


def _back(device: str, said: str) -> Go:
    return Go("devices.one", path={"device": device}, said=said)
