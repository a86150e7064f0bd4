"""`didban identity`: who the node of this machine is to other nodes.

Each command makes the next version of what the node says of itself. With `--unsigned` it is written
to a file instead, for a machine that has the root key: `sign` there, `publish` here.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from didban.cli import node, options, root_key
from didban.errors import InvalidInput

if TYPE_CHECKING:
    from didban.exchange.ours import Changes
    from didban.model.exchange.descriptors import Descriptor
    from didban.model.exchange.signed import Signed

app = typer.Typer(help="Who this node is to other nodes: its keys, and what it says of itself.")

_Root = Annotated[
    Path | None,
    typer.Option(
        "--root-key",
        metavar="FILE",
        help="The root key, on a medium that is kept elsewhere. Never in the node.",
    ),
]
_Unsigned = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Write the version here, to be signed on another machine."),
]
_Endpoint = Annotated[
    list[str] | None,
    typer.Option(metavar="URL", help="Where others reach it: https. May be repeated."),
]
_Authority = Annotated[
    list[str] | None,
    typer.Option(metavar="CODE", help="For whom it speaks beside its host. May be repeated."),
]
_Contact = Annotated[
    str | None, typer.Option(metavar="TEXT", help="The duty officer: a telephone, a mailbox.")
]
_Certificate = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Of the endpoints (PEM), where no public authority vouches."),
]
_Days = Annotated[int, typer.Option(min=1, max=396, help="How long the version stands.")]


@app.command("make")
def make(
    *,
    root: _Root = None,
    passphrase_file: root_key.PassphraseFile = None,
    endpoint: _Endpoint = None,
    authority: _Authority = None,
    contact: _Contact = None,
    certificate: _Certificate = None,
    secretariat: Annotated[
        bool, typer.Option("--secretariat", help="It reviews and analyses, and owns nothing.")
    ] = False,
    days: _Days = 365,
    data: node.DataFolder = None,
    as_json: options.Json = False,
) -> None:
    """Give the node its identity: keys, and the first version of what it says of itself.

    A root key is made where the file is not there yet. Put it into a safe, and a copy into another.
    """
    from didban.model.exchange.descriptors import NodeRole

    if root is None:
        raise InvalidInput("--root-key FILE: where the root key is, or is to be made")
    key = root_key.opened_or_new(root, passphrase_file)
    changes = _changes(
        days,
        root=key.public,
        endpoints=tuple(endpoint or ()),
        authorities=tuple(authority or ()),
        contact=contact,
        certificate=_text(certificate),
        role=NodeRole.SECRETARIAT if secretariat else None,
    )
    _next(changes, [root], passphrase_file, data=data, as_json=as_json, is_first=True)


@app.command("renew")
def renew(
    *,
    root: _Root = None,
    passphrase_file: root_key.PassphraseFile = None,
    unsigned: _Unsigned = None,
    endpoint: _Endpoint = None,
    authority: _Authority = None,
    contact: _Contact = None,
    certificate: _Certificate = None,
    new_log: Annotated[
        bool,
        typer.Option(
            "--new-log", help="Begin the audit log anew: witnesses saw more of it than there is."
        ),
    ] = False,
    days: _Days = 365,
    data: node.DataFolder = None,
    as_json: options.Json = False,
) -> None:
    """Make the next version, with the same keys: before the present one runs out."""
    changes = _changes(
        days,
        endpoints=tuple(endpoint) if endpoint else None,
        authorities=tuple(authority) if authority else None,
        contact=contact,
        certificate=_text(certificate),
        new_log=new_log,
    )
    _next(changes, [root], passphrase_file, unsigned=unsigned, data=data, as_json=as_json)


@app.command("rotate")
def rotate(
    *,
    root: _Root = None,
    passphrase_file: root_key.PassphraseFile = None,
    unsigned: _Unsigned = None,
    compromised_since: Annotated[
        datetime | None,
        typer.Option(help="Somebody else may have the keys since then (UTC): void from then on."),
    ] = None,
    days: _Days = 365,
    data: node.DataFolder = None,
    as_json: options.Json = False,
) -> None:
    """Let other keys begin. The old ones still check and open what there was."""
    since = compromised_since.replace(tzinfo=UTC) if compromised_since else None
    changes = _changes(days, new_keys=True, compromised_since=since)
    _next(changes, [root], passphrase_file, unsigned=unsigned, data=data, as_json=as_json)


@app.command("new-root")
def new_root(
    *,
    root: _Root = None,
    new: Annotated[Path, typer.Option(metavar="FILE", help="The root key that follows it.")],
    passphrase_file: root_key.PassphraseFile = None,
    days: _Days = 365,
    data: node.DataFolder = None,
    as_json: options.Json = False,
) -> None:
    """Let another root key follow: both sign. Its words are others, for nodes that come later."""
    made = root_key.opened_or_new(new, passphrase_file)
    changes = _changes(days, root=made.public)
    _next(changes, [root, new], passphrase_file, data=data, as_json=as_json)


@app.command("sign")
def sign(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `--unsigned` wrote.")],
    *,
    root: root_key.RootKey,
    passphrase_file: root_key.PassphraseFile = None,
) -> None:
    """Add the signature of a root key to a version, on the machine that has the key."""
    from didban.exchange import descriptors
    from didban.model.exchange.descriptors import Descriptor
    from didban.model.exchange.signed import Signed

    before = Signed.from_json(json.loads(file.read_text(encoding="utf-8")))
    descriptor = Descriptor.from_bytes(before.payload)
    made = descriptors.sign(descriptor, root_key.opened(root, passphrase_file))
    both = Signed(payload=made.payload, signatures={**before.signatures, **made.signatures})
    file.write_text(json.dumps(both.to_json()) + "\n", encoding="utf-8")
    print(f"Signed: version {descriptor.version} of '{descriptor.node}'.")


@app.command("publish")
def publish(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `sign` signed.")],
    *,
    data: node.DataFolder = None,
    as_json: options.Json = False,
) -> None:
    """Let a version that was signed elsewhere be what the node says of itself."""
    from didban import clock
    from didban.exchange import ours
    from didban.model.exchange.signed import Signed

    signed = Signed.from_json(json.loads(file.read_text(encoding="utf-8")))
    with node.operating(data) as (tx, who, _):
        made = ours.publish(tx, who, signed, clock.now())
    _tell(made, as_json=as_json)


@app.command("show")
def show(
    *,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the file for other nodes.")
    ] = None,
    data: node.DataFolder = None,
    as_json: options.Json = False,
) -> None:
    """Show who the node is, and the words that another node's officer compares."""
    from didban.exchange import descriptors, ours
    from didban.model.exchange.descriptors import Descriptor

    with node.operating(data) as (tx, _, _):
        versions = ours.introduction(tx)
    if out is not None:
        out.write_text(json.dumps(descriptors.to_file(versions)) + "\n", encoding="utf-8")
    _tell(Descriptor.from_bytes(versions[-1].payload), as_json=as_json)


def _changes(days: int, **values: Any) -> Changes:
    from didban.exchange.ours import Changes

    return Changes(stands=timedelta(days=days), **values)


def _next(
    changes: Changes,
    roots: list[Path | None],
    passphrase: Path | None,
    *,
    unsigned: Path | None = None,
    data: Path | None,
    as_json: bool,
    is_first: bool = False,
) -> None:
    """Make the next version, and sign and publish it or write it to a file."""
    from didban import clock
    from didban.errors import Conflict
    from didban.exchange import descriptors, ours

    now = clock.now()
    if unsigned is None and None in roots:
        raise InvalidInput("--root-key FILE, or --unsigned FILE to have it signed elsewhere")
    with node.operating_parts(data) as (tx, who, parts):
        if is_first != (ours.published(tx) is None):
            raise Conflict(
                "this node has an identity: 'didban identity renew' makes the next version"
                if is_first
                else "this node has no identity yet: run 'didban identity make'"
            )
        made = ours.draft(tx, who, parts.secrets, changes, now)
        if unsigned is not None:
            _write(unsigned, descriptors.sign(made))
            return
        keys = [root_key.opened(path, passphrase) for path in roots if path is not None]
        made = ours.publish(tx, who, descriptors.sign(made, *keys), now)
    _tell(made, as_json=as_json)


def _write(path: Path, signed: Signed) -> None:
    path.write_text(json.dumps(signed.to_json()) + "\n", encoding="utf-8")
    print(f"Sign it with 'didban identity sign {path} --root-key FILE', then publish it here.")


def _text(path: Path | None) -> str | None:
    return path.read_text(encoding="ascii") if path else None


def _tell(made: Descriptor, *, as_json: bool) -> None:
    from didban.exchange import words

    told = {
        "node": made.node,
        "version": made.version,
        "role": made.role.value,
        "authorities": [one.code for one in made.authorities],
        "endpoints": list(made.endpoints),
        "until": made.expires_at.isoformat(),
        "log": made.log,
        "witness": made.witness,
        "words": " ".join(words.of(made.node, made.root)),
    }
    if as_json:
        print(json.dumps(told))
        return
    print(f"'{made.node}', version {made.version}, until {made.expires_at:%Y-%m-%d}")
    print(f"speaks for {', '.join(one.code for one in made.authorities)}")
    print(f"is reached at {', '.join(made.endpoints) or 'no address'}")
    if not made.endpoints:
        print("  so no node can fetch from it, and couriers carry files instead; to be reached:")
        print("  didban identity renew --endpoint https://HOST:PORT")
    print("\nThe words of its root key, to be read to the officers of other nodes:\n")
    print(words.lines(made.node, made.root))
