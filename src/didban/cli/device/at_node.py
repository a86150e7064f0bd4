"""`didban device` at the node: registering devices, making packages, taking in what comes back."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from didban.cli import node, options
from didban.cli.exits import Exit
from didban.cli.output import tell_rows
from didban.errors import InvalidInput

if TYPE_CHECKING:
    from didban.screening.devices.packing import Packed

_Device = Annotated[str, typer.Argument(metavar="ID", help="As `didban device list` shows it.")]
_Out = Annotated[Path, typer.Option("--out", metavar="FILE", help="Where the package goes.")]
_MOST = 100_000


def enrol(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `didban device new` wrote.")],
    *,
    place: Annotated[str, typer.Option(metavar="TEXT", help="Where it is used: `Gate 4`.")],
    purpose: Annotated[str, typer.Option(metavar="CODE", help="Its one purpose.")],
    authority: Annotated[
        str | None, typer.Option(metavar="CODE", help="Whose post it is [default: the host's].")
    ] = None,
    clearance: Annotated[
        int, typer.Option(min=0, max=2, help="The highest classification that it may carry.")
    ] = 0,
    data: node.DataFolder = None,
    as_json: options.Json = False,
) -> None:
    """Register a device. Another person confirms it before anything is made for it."""
    from didban.model.devices import in_groups
    from didban.model.marking import Confidentiality
    from didban.model.purposes import Purpose
    from didban.screening.devices import enrolment

    if purpose not in set(Purpose):
        raise InvalidInput(f"--purpose: {', '.join(Purpose)}")
    with node.operating(data) as (tx, who, _):
        made = enrolment.register(
            tx,
            who,
            file.read_bytes(),
            authority=authority or who.authority,
            purpose=Purpose(purpose),
            place=place,
            clearance=Confidentiality(clearance),
        )
    if as_json:
        print(json.dumps({"id": made.id, "label": made.label, "state": made.state}))
        return
    print(f"{made.label} is registered. Compare with what the device shows:\n")
    print(f"  {in_groups(made.id.removeprefix('dev_'))}\n")
    print(f"Then another person confirms it: didban desk device confirm {made.id}")


def make(
    device: _Device, *, out: _Out, data: node.DataFolder = None, as_json: options.Json = False
) -> None:
    """Make a whole package: everything that the device's post may see and act upon."""
    _pack(device, out, data, whole=True, as_json=as_json)


def update(
    device: _Device, *, out: _Out, data: node.DataFolder = None, as_json: options.Json = False
) -> None:
    """Make a package of what changed since the last one. Packages are taken in their order."""
    _pack(device, out, data, whole=False, as_json=as_json)


def receive(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="What `didban device return` wrote.")
    ],
    *,
    data: node.DataFolder = None,
    as_json: options.Json = False,
) -> None:
    """Take in what a device brings back: its checks, and what it deleted. Twice is once."""
    from didban.guard.retention import policy_of
    from didban.screening.devices import returning

    raw = file.read_bytes()
    with node.operating_parts(data) as (tx, who, parts):
        me = parts.ourselves.identity(tx)
        policy = policy_of(parts.settings.retention)
        told = returning.take_in(parts.database, me, who, raw, policy)
    if as_json:
        print(json.dumps(asdict(told)))
        return
    print(f"{told.checks} checks taken in; {told.matches} matches with what the bank still has.")
    print(f"{told.deleted} deletions confirmed.")
    if told.known:
        print(f"{told.known} entries were here already.")
    if told.unread:
        print(f"{told.unread} checks could not be read.")
    if told.is_behind:
        print("The device brought more before: this is an older file, or the device was set back.")
        print("It is suspected, and the data-protection officer told.")


def list_devices(*, data: node.DataFolder = None, as_json: options.Json = False) -> None:
    """List the devices: whose they are, what they were given, when they were last here."""
    from didban.screening.devices import enrolment

    with node.operating(data) as (tx, who, _):
        found = enrolment.listed(tx, who, limit=_MOST)
    rows = [
        {
            "id": one.id,
            "label": one.label,
            "authority": one.authority,
            "place": one.place,
            "state": "SUSPECT" if one.suspect_since else str(one.state),
            "package": str(one.sent.seq),
            "last_here": f"{one.seen_at:%Y-%m-%d %H:%M}" if one.seen_at else "",
        }
        for one in found
    ]
    tell_rows(rows, as_json=as_json)


def receipts(
    device: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="One device; without it, what is owed.")
    ] = None,
    *,
    data: node.DataFolder = None,
    as_json: options.Json = False,
) -> None:
    """Show what devices have not confirmed to be deleted, or what one confirmed.

    Ends with 4 where a deletion is overdue.
    """
    from didban.screening.devices import upkeep

    is_late = False
    with node.operating(data) as (tx, who, settings):
        if device is None:
            owing = upkeep.owing(tx, who, settings.devices)
            is_late = any(one.is_overdue for one in owing)
            rows = [
                {
                    "device": one.device,
                    "not_confirmed": str(one.count),
                    "since": f"{one.since:%Y-%m-%d %H:%M}",
                    "overdue": "OVERDUE" if one.is_overdue else "",
                }
                for one in owing
            ]
        else:
            rows = [
                {
                    "package": str(one.edition),
                    "holds": str(one.records),
                    "deleted": str(one.deleted),
                    "at": f"{one.at:%Y-%m-%d %H:%M}",
                }
                for one in upkeep.receipts(tx, who, device, limit=_MOST)
            ]
    tell_rows(rows, as_json=as_json)
    if is_late:
        raise typer.Exit(Exit.REJECTS)


def revoke(device: _Device, *, data: node.DataFolder = None) -> None:
    """Revoke a device that is lost or not used any more, at once."""
    from didban.screening.devices import enrolment

    with node.operating(data) as (tx, who, settings):
        gone = enrolment.revoke(tx, who, device)
        hours = settings.devices.hard_limit_hours
    print(f"{gone.label} is served no more. What it holds answers for {hours} hours at most.")


def _pack(device: str, out: Path, data: Path | None, *, whole: bool, as_json: bool) -> None:
    """Make a package. Its file takes its name when the node has noted it, and not before."""
    from didban.screening.devices import packing

    beside = out.with_name(f"{out.name}.new")
    with node.operating_parts(data) as (tx, who, parts):
        dock = packing.Dock.of(tx, parts.ourselves.identity(tx), parts.settings, parts.secrets)
        made = packing.make(tx, dock, who, device, whole=whole)
        size = _write(beside, made.package.to_bytes())
    beside.replace(out)
    if as_json:
        counts = {"put": made.put, "withdrawn": made.withdrawn, "records": made.records}
        print(json.dumps({"device": device, "bytes": size, **counts}))
        return
    print(f"{out}: {_counted(made)}, {size:,} bytes. The device then holds {made.records:,}.")


def _counted(made: Packed) -> str:
    return f"{made.put:,} records to put, {made.withdrawn:,} to take out"


def _write(path: Path, raw: bytes) -> int:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(handle)
    return len(raw)
