"""`didban charter`: the charter of the network to which the node of this machine belongs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from didban.cli import node, options, root_key
from didban.cli.init import KINDS
from didban.errors import InvalidInput

if TYPE_CHECKING:
    from didban.model.exchange.charters import Group, NetworkCharter
    from didban.model.exchange.descriptors import Descriptor
    from didban.model.exchange.signed import Signed

app = typer.Typer(help="The charter of a network: who belongs to it, signed by its members.")

_File = Annotated[Path, typer.Argument(metavar="FILE", help="The charter.")]


@app.command("make")
def make(
    file: _File,
    *,
    network: Annotated[str, typer.Option(metavar="CODE", help="What the network is called.")],
    agreement: Annotated[
        str, typer.Option(metavar="TEXT", help="The agreement on which it rests.")
    ],
    member: Annotated[
        list[Path],
        typer.Option(
            metavar="FILE", help="What `didban identity show --out` wrote there. For each member."
        ),
    ],
    threshold: Annotated[
        int, typer.Option(min=1, help="How many members sign a version: more than half.")
    ],
    kind: Annotated[
        list[str] | None,
        typer.Option(metavar="KIND", help=f"What may take part [police, border, ...]: {KINDS}."),
    ] = None,
    group: Annotated[
        list[str] | None,
        typer.Option(metavar="CODE=CODES", help="A group and its authorities: ports=xar,xbo."),
    ] = None,
    panel: Annotated[
        list[str] | None, typer.Option(metavar="CODE", help="A node that reviews for all.")
    ] = None,
    secretariat: Annotated[
        str, typer.Option(metavar="CODE", help="The node that reviews notices and owns nothing.")
    ] = "",
    version: Annotated[int, typer.Option(min=1, help="One more than the one in force.")] = 1,
) -> None:
    """Write a charter, to be signed by its members. Needs no node."""
    from didban import clock
    from didban.exchange import charter
    from didban.model.actors import AuthorityKind
    from didban.model.exchange.charters import Member, NetworkCharter

    said = [_newest(path) for path in member]
    if not set(kind or ()) <= set(AuthorityKind):
        raise InvalidInput(f"--kind: {KINDS}")
    kinds = [AuthorityKind(one) for one in kind or _PEACEFUL]
    made = NetworkCharter(
        network=network,
        version=version,
        made_at=clock.now(),
        agreement=agreement,
        threshold=threshold,
        members=tuple(Member(node=one.node, root=one.root) for one in said),
        kinds=tuple(kinds),
        groups=tuple(_group(text) for text in group or ()),
        panel=tuple(panel or ()),
        secretariat=secretariat,
        is_training=all(one.is_training for one in said),
    )
    NetworkCharter.from_bytes(made.to_bytes())  # refused here rather than at every member
    _write(file, charter.unsigned(made))
    _tell(made, 0)


@app.command("sign")
def sign(
    file: _File, *, root: root_key.RootKey, passphrase_file: root_key.PassphraseFile = None
) -> None:
    """Add the signature of a member's root key, on the machine that has the key."""
    from didban.exchange import charter
    from didban.model.exchange.charters import NetworkCharter

    signed = charter.sign(_read(file), root_key.opened(root, passphrase_file))
    _write(file, signed)
    _tell(NetworkCharter.from_bytes(signed.payload), len(signed.signatures))


@app.command("accept")
def accept(file: _File, *, data: node.DataFolder = None) -> None:
    """Let a charter be in force here, which enough members signed: they are pinned by it."""
    from didban import clock
    from didban.exchange import charter

    with node.operating(data) as (tx, who, settings):
        made = charter.accept(tx, who, _read(file), settings.charter, clock.now())
        absent = charter.missing(tx, made)
    _tell(made, None)
    if absent:
        print(f"Not here yet: {', '.join(absent)}. 'didban peer add' takes in their files.")


@app.command("show")
def show(*, data: node.DataFolder = None, as_json: options.Json = False) -> None:
    """Show the charter in force."""
    from didban.exchange import charter

    with node.operating(data) as (tx, _, _):
        found = charter.in_force(tx)
    if found is None:
        print("null" if as_json else "This node belongs to no network with a charter.")
    elif as_json:
        print(found.to_bytes().decode("ascii"))
    else:
        _tell(found, None)


_PEACEFUL = ("police", "border", "customs", "judicial", "oversight", "other")


def _newest(path: Path) -> Descriptor:
    """Return what a member says of itself, verified from its first version on."""
    from didban import clock
    from didban.exchange import descriptors

    return descriptors.chain([], descriptors.from_file(path.read_bytes()), clock.now())[-1][0]


def _group(text: str) -> Group:
    from didban.model.exchange.charters import Group

    code, equals, codes = text.partition("=")
    if not equals:
        raise InvalidInput("--group: as in ports=xar,xbo")
    return Group(code=code, authorities=tuple(filter(None, codes.split(","))))


def _read(path: Path) -> Signed:
    from didban.model.exchange.envelopes import Fields
    from didban.model.exchange.signed import Signed

    return Signed.from_json(Fields.parsed(path.read_bytes(), _MAX_BYTES))


def _write(path: Path, signed: Signed) -> None:
    path.write_text(json.dumps(signed.to_json()) + "\n", encoding="utf-8")


_MAX_BYTES = 1_000_000


def _tell(made: NetworkCharter, signatures: int | None) -> None:
    from didban.exchange import words

    print(f"'{made.network}', version {made.version}, on {made.agreement}")
    for one in made.members:
        role = " (secretariat)" if one.node == made.secretariat else ""
        role += " (panel)" if one.node in made.panel else ""
        print(f"  {one.node}{role}: {' '.join(words.of(one.node, one.root))}")
    print(f"admits {', '.join(made.kinds)}")
    for group in made.groups:
        print(f"group {group.code}: {', '.join(group.authorities)}")
    if signatures is not None:
        print(f"{signatures} of {made.threshold} signatures that are needed")
