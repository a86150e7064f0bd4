"""`didban audit`: read the audit log of the node on this machine, prove entries, verify it whole.

Each command is itself entered in the log (PR-40), under the operating system's user.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from didban.cli import options
from didban.cli.exits import Exit
from didban.cli.node import DataFolder, parts_of, who_runs_this
from didban.cli.output import counted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from didban.guard.audit_verification import Fault
    from didban.guard.checkpoints import Signer
    from didban.model.actors import Actor
    from didban.node.parts import Parts

app = typer.Typer(help="The audit log of a node: who did what kind of thing, when and why.")

_Reference = Annotated[
    str,
    typer.Option("--reference", metavar="TEXT", help="Why the log is read: a case, an inspection."),
]


@app.command()
def show(
    *,
    reference: _Reference,
    data: DataFolder = None,
    actor: Annotated[str | None, typer.Option(help="Entries of this user.")] = None,
    subject: Annotated[str | None, typer.Option(help="Entries about this identifier.")] = None,
    since: Annotated[datetime | None, typer.Option(help="From this moment on (UTC).")] = None,
    until: Annotated[datetime | None, typer.Option(help="Before this moment (UTC).")] = None,
    last: Annotated[int, typer.Option(min=1, max=1000, help="How many entries.")] = 20,
    as_json: options.Json = False,
) -> None:
    """Show entries, the newest last: who, when, why and what kind of thing; never the content."""
    from didban.cli.output import table
    from didban.guard import audit_reading
    from didban.model.audit import plain
    from didban.store.audit import Selection

    chosen = Selection(actor=actor, subject=subject, since=_utc(since), until=_utc(until))
    with _node(data, reference) as (parts, who, _), parts.database.begin() as tx:
        found = audit_reading.select(tx, who, chosen, limit=last)
    told = [plain(entry) for entry in reversed(found)]
    if as_json:
        for entry in told:
            print(json.dumps(entry, ensure_ascii=False))
        return
    head = ("number", "at", "actor", "authority", "purpose", "reference", "deed", "subject")
    print(table(head, [[str(entry[name] or "") for name in head] for entry in told]))


@app.command()
def verify(
    *,
    reference: _Reference,
    data: DataFolder = None,
    checkpoint: Annotated[
        list[Path] | None,
        typer.Option(help="A file with a checkpoint that was kept elsewhere: must still hold."),
    ] = None,
    earlier_key: Annotated[
        list[str] | None,
        typer.Option(help="A key (from `didban audit key`) that signed before the present one."),
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Compute the whole log again from its entries; exit 3 if anything was changed, and say where."""
    from didban.guard import audit_reading, checkpoints
    from didban.guard.checkpoints import Verifier

    noted = [path.read_text(encoding="utf-8") for path in checkpoint or []]
    earlier = [Verifier.from_text(text) for text in earlier_key or []]
    with _node(data, reference) as (parts, who, _), parts.database.begin() as tx:
        present = [one.verifier for one in checkpoints.signers_of(tx, parts.secrets)]
        found = audit_reading.verify(tx, who, [*present, *earlier], noted=noted)
    if as_json:
        told = {
            "whole": not found.faults,
            "entries": found.size,
            "root": found.root.hex(),
            "checkpoints": found.checked,
            "signed_entries": found.signed_size,
            "faults": [_told(fault) for fault in found.faults],
        }
        print(json.dumps(told))
    else:
        print(f"{found.size} entries; root {found.root.hex()}")
        hold = counted(found.checked, "checkpoint holds", "checkpoints hold")
        print(f"{hold}; the last of them signs {found.signed_size:,} entries")
        for fault in found.faults:
            print(f"FAULT: {_line(fault)}")
        print("The log is NOT whole: call the supervisor." if found.faults else "The log is whole.")
    sys.exit(Exit.FAILED if found.faults else Exit.DONE)


@app.command()
def checkpoint(*, reference: _Reference, data: DataFolder = None) -> None:
    """Seal what was entered up to now, and print the signed checkpoint: keep it elsewhere."""
    from didban.guard import checkpoints

    with _node(data, reference) as (parts, who, signer):
        print(checkpoints.make(parts.database, signer, who), end="")


@app.command()
def prove(
    entry: Annotated[int, typer.Argument(metavar="NUMBER", help="The number of an entry.")],
    *,
    reference: _Reference,
    data: DataFolder = None,
) -> None:
    """Print an entry with the proof that it is in the last checkpoint, in JSON."""
    from didban.guard import audit_reading

    with _node(data, reference) as (parts, who, _), parts.database.begin() as tx:
        print(json.dumps(audit_reading.prove(tx, who, entry).to_json(), ensure_ascii=False))


@app.command()
def key(*, data: DataFolder = None) -> None:
    """Print the public key of the log: whoever has it can check its checkpoints."""
    with _node(data, "public key") as (_, _, signer):
        print(signer.verifier.text())


def _node(data: Path | None, reference: str) -> AbstractContextManager[tuple[Parts, Actor, Signer]]:
    """Give the node of this machine, who asks, and what signs its log."""
    from contextlib import closing, contextmanager

    from didban.guard import checkpoints
    from didban.model.actors import Actor, AuthorityKind
    from didban.model.permissions import Role
    from didban.model.purposes import Purpose
    from didban.node import parts as building

    @contextmanager
    def opened() -> Iterator[tuple[Parts, Actor, Signer]]:
        with closing(parts_of(data)) as built:
            parts, row = building.opened(built)
            who = Actor(
                user=f"operator:{who_runs_this()}",
                authority=row.host,
                kind=AuthorityKind.OVERSIGHT,
                roles=frozenset({Role.INSPECTOR}),
                purpose=Purpose.DATA_PROTECTION,
                reference=reference,
                place="command line",
            )
            with parts.database.begin() as tx:
                signer = checkpoints.signer_of(tx, parts.secrets)
            yield parts, who, signer

    return opened()


def _utc(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment else None


def _told(fault: Fault) -> dict[str, object]:
    return {
        "what": fault.what,
        "entry": fault.entry,
        "leaf": fault.leaf,
        "fields": list(fault.fields),
    }


def _line(fault: Fault) -> str:
    where = [f"entry {fault.entry}"] if fault.entry is not None else []
    where += [f"leaf {fault.leaf}"] if fault.leaf is not None else []
    fields = f" ({', '.join(fault.fields)})" if fault.fields else ""
    return f"{', '.join(where)}: {fault.what}{fields}" if where else fault.what


@app.command()
def witnesses(*, data: DataFolder = None, as_json: options.Json = False) -> None:
    """Show which other nodes cosigned the log, how far and how long ago; exit 3 if one refuses."""
    from didban import clock
    from didban.cli.output import span, tell_rows
    from didban.exchange import witness

    with _node(data, "witnesses") as (parts, _, _), parts.database.begin() as tx:
        found = witness.standing(tx, parts.secrets)
        note = witness.cosigned(tx, parts.secrets)
    now = clock.now()
    rows = [
        {
            "node": one.node,
            "saw": str(one.size),
            "behind": str(one.behind),
            "age": span(now - one.seen_at) if one.seen_at else "never",
            "fault": one.fault or "",
        }
        for one in found
    ]
    tell_rows(rows, as_json=as_json)
    if not as_json:
        holding = sum(one.seen_at is not None and one.fault is None for one in found)
        if holding < witness.WANTED:
            print(f"\n{witness.WANTED} witnesses are wanted; there are {holding}.")
        if note is not None:
            print(f"\nThe newest checkpoint that anybody cosigned:\n\n{note}", end="")
    sys.exit(Exit.FAILED if any(one.fault for one in found) else Exit.DONE)
