"""The desks of the story of three nodes, for whoever wants to sit down at them in a browser."""

from __future__ import annotations

import signal
import sys
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Final

from didban.cli.demo import waiting
from didban.cli.demo.bureau import PASSWORD, Bureau, Person
from didban.cli.demo.network import PEOPLE, STATES
from didban.cli.demo.telling import say
from didban.errors import InvalidInput
from didban.model.permissions import Role
from didban.model.purposes import Purpose

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_ROLES: Final = (
    ("ahmad", "analyst", "criminal_investigation", "Case A-7"),
    ("leila", "liaison_officer", "wanted_or_missing_person", "Bureau, liaison desk"),
    ("nadia", "passenger_unit", "border_control", "Passenger data unit"),
    ("roya", "recorder", "document_fraud", "Case A-31"),
    ("parisa", "data_protection_officer", "data_protection", "Yearly review"),
    ("iman", "inspector", "data_protection", "Inspection 2"),
    ("amir", "administrator", "administration", "Operation of the node"),
)
"""Those of Arvand whom the story does not need: login, role, purpose, case or post."""

MORE: Final = tuple(
    Person(login=login, authority="xar", role=role, purpose=purpose, reference=reference)
    for login, role, purpose, reference in _ROLES
)


@contextmanager
def desks(parent: Path) -> Iterator[dict[str, Bureau]]:
    """Run the nodes that the story left in a folder, with somebody in every role, meanwhile.

    Raises InvalidInput where there are none.
    """
    bureaus = kept(parent)
    with ExitStack() as stack:
        for bureau in bureaus.values():
            bureau.quietly("down")  # one that an earlier sitting left running
            stack.enter_context(bureau.up())
        arvand = bureaus["xar"]
        if new := [person for person in MORE if arvand.factor_of(person.login) is None]:
            arvand.let_in(*new)
            waiting.leave(bureaus)
        yield bureaus


def kept(parent: Path) -> dict[str, Bureau]:
    """Return the bureaus that the story left in a folder, by their codes."""
    return {code: Bureau.kept(parent / name.lower(), code, name) for code, name in STATES}


def people_of(code: str) -> Sequence[Person]:
    """Return who sits in a bureau."""
    return (*PEOPLE[code], *(person for person in MORE if person.authority == code))


def sit(parent: Path) -> None:
    """Run the nodes until Ctrl-C; say who works where, and the code of whoever signs in."""
    for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # a window that is closed, too
        signal.signal(ending, _end)
    say("The nodes start ...")
    with desks(parent) as bureaus:
        for bureau in bureaus.values():
            say(f"{bureau.name}: {bureau.address}/desk")
            _introduce(people_of(bureau.code))
        say("To scan at a gate, a passport that Boreland reported stolen and one of nobody's:")
        print("", *waiting.PASSPORT, "", *waiting.NOBODYS, sep="\n  ")
        say(
            f'The desks are open. Everybody has the password "{PASSWORD}"; type a login and Enter'
            " for the code of the moment, each of which is good once. Ctrl-C or Ctrl-D ends."
        )
        try:
            for line in sys.stdin:
                print(f"  {_code_of(bureaus, line.strip())}", flush=True)
        except KeyboardInterrupt:
            pass
        say("The nodes stop ...")


def _end(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _introduce(people: Sequence[Person]) -> None:
    """Print who sits in a bureau, in the words that stand at the door of a desk."""
    from didban.web.i18n.speech import Speech
    from didban.web.look import Look

    term = Speech(look=Look(), zone="UTC").term
    rows = [("Login", "Role", "Purpose of this session", "Post, gate or case")]
    rows += [
        (one.login, term(Role(one.role)), term(Purpose(one.purpose)), one.reference)
        for one in people
    ]
    for row in rows:
        print("  {:<8} {:<28} {:<28} {}".format(*row))


def _code_of(bureaus: dict[str, Bureau], login: str) -> str:
    for bureau in bureaus.values():
        if login and (factor := bureau.factor_of(login)) is not None:
            return factor.now()
    return f"nobody is called {login!r}"


def refuse_empty(folder: Path) -> None:
    """Return if the story was left in a folder. Raises InvalidInput."""
    missing = [name for _, name in STATES if not (folder / name.lower() / "didban.toml").exists()]
    if missing:
        raise InvalidInput(
            f"no nodes of the story are in {folder}: 'didban demo --story network --keep FOLDER'"
            " leaves them there"
        )
