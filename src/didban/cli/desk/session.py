"""Enrolling once, signing in for a purpose, signing out."""

from __future__ import annotations

from typing import Annotated

import typer

from didban.cli import options
from didban.cli.desk.client import DEFAULT_SESSION, Session, SessionFile, ask
from didban.cli.output import moment

Address = Annotated[
    str, typer.Option("--node", metavar="URL", envvar="DIDBAN_NODE_ADDRESS", help="The node.")
]
Password = Annotated[
    str,
    typer.Option(
        prompt=True,
        hide_input=True,
        envvar="DIDBAN_DESK_PASSWORD",
        help="Asked for where it is not in the environment; better not typed as an option.",
    ),
]
_HERE = "http://127.0.0.1:8800"


def enrol(
    *,
    secret: Annotated[str, typer.Option(prompt=True, help="What the administrator handed over.")],
    password: Password,
    node: Address = _HERE,
) -> None:
    """Set password and second factor of a new account, with the administrator's one-time secret."""
    line = Session(address=node, secret="")
    begun = ask(line, "POST", "/enrolment/second-factor", {"secret": secret})
    print(f"Put this into your authenticator:\n\n  {begun['address']}\n")
    code = typer.prompt("What it shows now")
    given = {"secret": secret, "password": password, "code": code}
    done = ask(line, "POST", "/enrolment", given)
    print(f"Enrolled as {done['login']}.")


def sign_in(
    *,
    login: Annotated[str, typer.Option(prompt=True, help="The login name.")],
    password: Password,
    code: Annotated[str, typer.Option(prompt=True, help="What the authenticator shows now.")],
    purpose: options.Purpose = None,
    reference: options.Reference = None,
    place: Annotated[str, typer.Option(help="The post, where there is no case.")] = "",
    node: Address = _HERE,
    session: SessionFile = DEFAULT_SESSION,
) -> None:
    """Begin a session for one purpose and one case or post; every deed is entered under it."""
    from didban import settings

    chosen = settings.load()
    given = {
        "login": login,
        "password": password,
        "code": code,
        "purpose": purpose or chosen.purpose or "",
        "reference": reference or chosen.reference or "",
        "place": place,
    }
    begun = ask(Session(address=node, secret=""), "POST", "/session", given)
    Session(address=node, secret=begun["secret"]).keep(session)
    print(f"Signed in for {begun['authority']} until {moment(begun['ends_at'])}.")


def sign_out(*, session: SessionFile = DEFAULT_SESSION) -> None:
    """End the session."""
    ask(Session.kept(session), "DELETE", "/session")
    session.expanduser().unlink()
    print("Signed out.")
