"""`didban init`: a new node on this machine."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from didban.cli import node, options
from didban.errors import InvalidInput

KINDS = "police, border, customs, judicial, oversight, military or other"
_ENVIRONMENTS = {"production": False, "training": True}


def init(
    *,
    authority: Annotated[
        str, typer.Option(metavar="CODE", help="Code of the authority that runs the node: `xar`.")
    ],
    name: Annotated[str, typer.Option(metavar="TEXT", help="Its name.")],
    kind: Annotated[str, typer.Option(metavar="KIND", help=f"What it is: {KINDS}.")] = "police",
    country: Annotated[
        str | None, typer.Option(metavar="CODE", help="Its country, where it has one.")
    ] = None,
    environment: Annotated[
        str | None,
        typer.Option(
            metavar="WORD",
            help="production or training [default: as the charter's setting says]. A training node"
            " takes specimens only, and stays one.",
        ),
    ] = None,
    administrator: Annotated[
        str, typer.Option(metavar="LOGIN", help="Login name of the first administrator.")
    ] = "administrator",
    data: node.DataFolder = None,
    as_json: options.Json = False,
) -> None:
    """Make a node: its folder, database, secrets, authority and first administrator.

    Can be repeated after it was interrupted. Shows once the secret with which the administrator enrols.
    """
    if environment not in {None, *_ENVIRONMENTS}:
        raise InvalidInput("--environment: production or training")
    parts = node.parts_of(data)
    is_training = parts.settings.charter.is_training
    if environment is not None:
        is_training = _ENVIRONMENTS[environment]
    from didban.model.actors import Authority, AuthorityKind
    from didban.node.making import make

    if kind not in set(AuthorityKind):
        raise InvalidInput(f"--kind: {KINDS}")
    host = Authority(code=authority, name=name, kind=AuthorityKind(kind), country=country)
    made = make(
        parts,
        host,
        operator=node.who_runs_this(),
        login=administrator,
        is_training=is_training,
    )
    told = {
        "data": str(parts.places.root),
        "authority": host.code,
        "environment": "training" if is_training else "production",
        "administrator": made.administrator.user.login,
        "enrolment": made.administrator.secret,
    }
    print(json.dumps(told) if as_json else _WORDS.format(**told, up=node.up_again(data)))


_WORDS = """The node of '{authority}' ({environment}) is ready in {data}.

Next:
  {up}
  {administrator} enrols with {enrolment}
  (works once, and is not shown again)
Back up the folder 'secrets' in it now, and keep it apart from the backups of the database."""
