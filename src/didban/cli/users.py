"""`didban user` and `didban token`: access to the node of this machine, given by its operator.

What is done here is entered in the audit like what an administrator does, under the operating
system's user. Nothing here reads a record.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from didban.cli import node, options
from didban.cli.output import tell_rows
from didban.errors import InvalidInput, NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping

    from didban.model.permissions import Role
    from didban.model.users import User
    from didban.store.database import Transaction

app = typer.Typer(help="Who may sign in to the node of this machine.")
token_app = typer.Typer(help="Which devices and programs the node of this machine knows.")

_ROLES = (
    "first_line, second_line, supervisor, passenger_unit, liaison_officer, analyst, recorder,"
    " reviewer, data_protection_officer, inspector or administrator; of a program, also carrier"
)
_MOST = 10_000  # rows of a list

_Login = Annotated[str, typer.Argument(metavar="LOGIN", help="The login name.")]
_Role = Annotated[
    list[str], typer.Option("--role", metavar="ROLE", help=f"May be repeated: {_ROLES}.")
]
_Authority = Annotated[
    str | None,
    typer.Option(metavar="CODE", help="Whose they are [default: the authority of the node]."),
]
_Clearance = Annotated[
    int,
    typer.Option(min=0, max=2, help="0 for official use, 1 restricted, 2 confidential."),
]


@app.command("add")
def add(
    login: _Login,
    *,
    role: _Role,
    authority: _Authority = None,
    clearance: _Clearance = 0,
    language: Annotated[str, typer.Option(metavar="CODE", help="en, fa, ar or ru.")] = "en",
    data: node.DataFolder = None,
    as_json: options.Json = False,
) -> None:
    """Add a user, and show once the secret with which they enrol."""
    from didban.guard import users
    from didban.model.marking import Confidentiality
    from didban.model.users import User

    roles = _roles(role)
    with node.operating(data) as (tx, who, settings):
        draft = User(
            id="",
            login=login,
            authority=authority or who.authority,
            roles=roles,
            clearance=Confidentiality(clearance),
            language=language,
        )
        invited = users.add(tx, who, draft, settings.access)
    _tell_secret(
        {"id": invited.user.id, "login": invited.user.login, "enrolment": invited.secret}, as_json
    )


@app.command("list")
def list_users(*, data: node.DataFolder = None, as_json: options.Json = False) -> None:
    """List the users: who they are, what they may do, when they were last here."""
    from didban.guard import users

    with node.operating(data) as (tx, who, _):
        found = users.listed(tx, who, limit=_MOST)
    rows = [
        {
            "id": user.id,
            "login": user.login,
            "authority": user.authority,
            "roles": ",".join(sorted(user.roles)),
            "state": _state_of(user),
            "last_sign_in": f"{user.last_sign_in_at:%Y-%m-%d %H:%M}"
            if user.last_sign_in_at
            else "",
        }
        for user in found
    ]
    tell_rows(rows, as_json=as_json)


@app.command("disable")
def disable(login: _Login, *, data: node.DataFolder = None) -> None:
    """Close a user's access at once. The last administrator of an authority stays."""
    from didban.guard import users

    with node.operating(data) as (tx, who, _):
        ended = users.deactivate(tx, who, _user(tx, login).id)
    print(f"{ended.login} can no longer sign in, and every session is ended.")


@app.command("reset")
def reset(
    login: _Login,
    *,
    alone: Annotated[
        bool,
        typer.Option(
            "--no-second-person",
            help="Where nobody is left who could confirm it; the data-protection officer is told.",
        ),
    ] = False,
    data: node.DataFolder = None,
    as_json: options.Json = False,
) -> None:
    """Ask that a user may enrol anew; an administrator or supervisor confirms it (PR-28)."""
    from didban.guard import recovery

    with node.operating(data) as (tx, who, settings):
        user = _user(tx, login)
        if not alone:
            recovery.request(tx, who, user.id)
        else:
            invited = recovery.confirm_alone(tx, who, user.id, settings.access)
            told = {"id": user.id, "login": user.login, "enrolment": invited.secret}
            _tell_secret(told, as_json)
            return
    print(
        f"Asked. Another person confirms it within a day: POST /api/v1/users/{user.id}"
        "/recovery/confirmation"
    )


@token_app.command("issue")
def issue(
    label: Annotated[str, typer.Argument(metavar="LABEL", help="Which device or program.")],
    *,
    role: _Role,
    purpose: Annotated[str, typer.Option(metavar="CODE", help="Its one purpose.")],
    place: Annotated[str, typer.Option(metavar="TEXT", help="Where it stands: `Gate 4`.")],
    days: Annotated[int, typer.Option(min=1, help="How long it works.")] = 90,
    authority: _Authority = None,
    clearance: _Clearance = 0,
    data: node.DataFolder = None,
    as_json: options.Json = False,
) -> None:
    """Issue a device token, and show its secret once."""
    from didban import clock
    from didban.guard import tokens
    from didban.model.marking import Confidentiality
    from didban.model.purposes import Purpose
    from didban.model.users import DeviceToken

    if purpose not in set(Purpose):
        raise InvalidInput(f"--purpose: {', '.join(Purpose)}")
    roles = _roles(role)
    with node.operating(data) as (tx, who, settings):
        draft = DeviceToken(
            id="",
            label=label,
            authority=authority or who.authority,
            roles=roles,
            purpose=Purpose(purpose),
            place=place,
            expires_at=clock.now() + timedelta(days=days),
            clearance=Confidentiality(clearance),
        )
        issued = tokens.issue(tx, who, draft, settings.access)
    _tell_secret({"id": issued.token.id, "label": label, "secret": issued.secret}, as_json)


@token_app.command("list")
def list_tokens(*, data: node.DataFolder = None, as_json: options.Json = False) -> None:
    """List the device tokens: where they stand, until when they work, when they were last used."""
    from didban.guard import tokens

    with node.operating(data) as (tx, who, _):
        found = tokens.listed(tx, who, limit=_MOST)
    rows = [
        {
            "id": token.id,
            "label": token.label,
            "authority": token.authority,
            "place": token.place,
            "purpose": str(token.purpose),
            "until": "revoked" if token.revoked_at else f"{token.expires_at:%Y-%m-%d}",
            "last_used": f"{token.last_used_at:%Y-%m-%d %H:%M}" if token.last_used_at else "",
        }
        for token in found
    ]
    tell_rows(rows, as_json=as_json)


@token_app.command("revoke")
def revoke(
    token: Annotated[str, typer.Argument(metavar="ID", help="As `didban token list` shows it.")],
    *,
    data: node.DataFolder = None,
) -> None:
    """Revoke a device token, at once."""
    from didban.guard import tokens

    with node.operating(data) as (tx, who, _):
        revoked = tokens.revoke(tx, who, token)
    print(f"{revoked.label} is no longer known.")


def _roles(words: list[str]) -> frozenset[Role]:
    from didban.model.permissions import Role

    if not set(words) <= set(Role):
        raise InvalidInput(f"--role: {_ROLES}")
    return frozenset(map(Role, words))


def _user(tx: Transaction, login: str) -> User:
    from didban.model.users import folded_login
    from didban.store import users

    found = users.by_login(tx, folded_login(login))
    if found is None:
        raise NotFound("there is no user of this login name")
    return found


def _state_of(user: User) -> str:
    if not user.is_active:
        return "closed"
    return "enrolled" if user.is_enrolled else "invited"


def _tell_secret(told: Mapping[str, str], as_json: bool) -> None:  # noqa: FBT001 - as it was asked
    if as_json:
        print(json.dumps(told))
        return
    for name, value in told.items():
        print(f"{name:<10} {value}")
    print("The secret is not shown again: hand it over in person.")
