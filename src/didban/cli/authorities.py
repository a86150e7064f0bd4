"""`didban authority`: who takes part in the bank of this machine's node."""

from __future__ import annotations

from typing import Annotated

import typer

from didban.cli import node, options
from didban.cli.init import KINDS
from didban.errors import InvalidInput

app = typer.Typer(help="Who takes part in the bank of this node, and in which groups.")

_MOST = 10_000  # rows of a list
_Code = Annotated[str, typer.Argument(metavar="CODE", help="Such as `xbo`.")]
_Group = Annotated[
    list[str] | None, typer.Option("--group", metavar="CODE", help="May be repeated.")
]


@app.command("add")
def add(
    code: _Code,
    *,
    name: Annotated[str, typer.Option(metavar="TEXT", help="Its name.")],
    kind: Annotated[str, typer.Option(metavar="KIND", help=f"What it is: {KINDS}.")] = "police",
    country: Annotated[str | None, typer.Option(metavar="CODE", help="Its country.")] = None,
    group: _Group = None,
    data: node.DataFolder = None,
) -> None:
    """Let an authority take part: from now on it can own records and have users."""
    from didban.guard import authorities
    from didban.model.actors import Authority, AuthorityKind

    if kind not in set(AuthorityKind):
        raise InvalidInput(f"--kind: {KINDS}")
    new = Authority(
        code=code,
        name=name,
        kind=AuthorityKind(kind),
        country=country,
        groups=tuple(sorted(set(group or ()))),
    )
    with node.operating(data) as (tx, who, settings):
        made = authorities.register(tx, who, new, settings.charter)
    print(f"{made.code} takes part.")


@app.command("list")
def list_authorities(*, data: node.DataFolder = None, as_json: options.Json = False) -> None:
    """List who takes part."""
    from didban.cli.output import tell_rows
    from didban.guard import authorities

    with node.operating(data) as (tx, who, _):
        found = authorities.listed(tx, who, limit=_MOST)
    tell_rows(
        [
            {
                "code": one.code,
                "name": one.name,
                "kind": one.kind,
                "country": one.country or "",
                "groups": ",".join(one.groups),
            }
            for one in found
        ],
        as_json=as_json,
    )


@app.command("groups")
def groups(code: _Code, *, group: _Group = None, data: node.DataFolder = None) -> None:
    """Say of which groups an authority is a member; without any it leaves them all."""
    from didban.guard import authorities

    with node.operating(data) as (tx, who, _):
        after = authorities.regroup(tx, who, code, group or ())
    print(f"{after.code}: {', '.join(after.groups) or 'no group'}")
