"""A bureau of a story: a node in a folder of its own, and the people at its desks."""

from __future__ import annotations

import json
import os
import shlex
import tomllib
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from didban import clock
from didban.cli.demo.telling import Running, Scene, begin, play, quietly, succeeded
from didban.cli.exits import Exit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pyotp.totp import TOTP

_SETTINGS = """[node]
data_folder = "bank"
port = {port}

[casework]
dwell_seconds = 1

[desk]
map_file = '{map_file}'
"""
_PORTS = range(10_000, 20_000)
_MAP = Path(__file__).with_name("data") / "three_states.json"
_PASSPHRASE = "four-invented-words-here"  # noqa: S105 - as is this
PASSWORD = "a password for the demo only"  # noqa: S105 - invented, like everything here


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody at a desk: login, authority, role, and why they sign in."""

    login: str
    authority: str
    role: str
    purpose: str
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bureau:
    """A node of a story. `folder` is its own; `address` is where it listens.

    Commands are written as in a shell; words that hold blanks may follow as they are.
    """

    folder: Path
    code: str
    name: str
    country: str
    port: int

    @classmethod
    def at(cls, folder: Path, code: str, name: str, *, settings: str = "") -> Bureau:
        """Prepare a folder and the settings of a node. `settings` are more of them, as TOML."""
        folder.mkdir(parents=True, exist_ok=True)
        if os.getuid() == 0:  # PostgreSQL runs as another user then, and must get to its data
            for each in (folder.parent, folder):
                each.chmod(0o711)
        port = _free_port()
        text = _SETTINGS.format(port=port, map_file=_MAP) + settings
        (folder / "didban.toml").write_text(text, encoding="utf-8")
        return cls(folder=folder, code=code, name=name, country=code.upper(), port=port)

    @classmethod
    def kept(cls, folder: Path, code: str, name: str) -> Bureau:
        """Return a bureau as an earlier story left it."""
        terms = tomllib.loads((folder / "didban.toml").read_text(encoding="utf-8"))
        port = terms["node"]["port"]
        return cls(folder=folder, code=code, name=name, country=code.upper(), port=port)

    @property
    def address(self) -> str:
        """Where the node listens."""
        return f"http://127.0.0.1:{self.port}"

    def play(self, told: str, command: str, *more: str, ends: Exit = Exit.DONE) -> str:
        """Tell a scene at the node's own machine."""
        return play(Scene(told=told, command=_words(command, more), ends=ends), self.folder)

    def quietly(self, command: str, *more: str) -> str:
        """Run a command that is not told."""
        return quietly(_words(command, more), self.folder)

    def desk(self, login: str, told: str, command: str, *more: str, ends: Exit = Exit.DONE) -> str:
        """Tell a scene at the desk of one of the people."""
        variables = (("DIDBAN_SESSION", f"{login}.session"),)
        scene = Scene(
            told=told, command=("desk", *_words(command, more)), ends=ends, variables=variables
        )
        return play(scene, self.folder)

    def desk_quietly(self, login: str, command: str) -> str:
        """Run a command at the desk of one of the people that is not told."""
        return self.quietly(f"desk {command} --session {login}.session")

    def ask(self, login: str, method: str, path: str, body: object = None) -> Any:
        """Ask the node as one of the people, without a command: it is quicker than the eye."""
        from didban.cli.desk.client import Session, ask

        return ask(Session.kept(self.folder / f"{login}.session"), method, path, body)

    def device(self, told: str, command: str, *more: str, ends: Exit = Exit.DONE) -> str:
        """Tell a scene at the device that lies in the bureau's folder."""
        variables = (("DIDBAN_DEVICE", "device"), ("DIDBAN_DEVICE_PASSPHRASE", _PASSPHRASE))
        scene = Scene(
            told=told, command=("device", *_words(command, more)), ends=ends, variables=variables
        )
        return play(scene, self.folder)

    def untold(self, _told: str, command: str, *more: str) -> str:
        """Run what `play` would tell."""
        return self.quietly(command, *more)

    def begin(self, command: str) -> Running:
        """Begin a command that is not told, beside others."""
        return begin(_words(command, ()), self.folder, {})

    @contextmanager
    def up(self) -> Iterator[None]:
        """Run the node, which was made, meanwhile."""
        self.quietly("up --detach")
        try:
            yield
        finally:
            self.quietly("down")

    def let_in(self, *people: Person) -> None:
        """Give people accounts; each enrols with a password and a second factor, and signs in."""
        begun = [
            self.begin(
                f"user add {person.login} --role {person.role} --authority {person.authority}"
                " --json"
            )
            for person in people
        ]
        secrets = [json.loads(succeeded(each))["enrolment"] for each in begun]
        with ThreadPoolExecutor() as pool:  # a password takes its time, at the node and on purpose
            list(pool.map(self._enrol, people, secrets))

    def _enrol(self, person: Person, secret: str) -> None:
        factor = _enrol(self.address, secret)
        kept = self.folder / f"{person.login}.factor"
        kept.write_text(factor.provisioning_uri(), encoding="utf-8")
        # A node takes the code before and after, and each once: the next one is fresh for longest.
        self._sign_in(person, factor.at(clock.now().astimezone(UTC), counter_offset=1))

    def factor_of(self, login: str) -> TOTP | None:
        """Return what somebody's authenticator shows; None where nobody is called so here."""
        import pyotp
        from pyotp.totp import TOTP

        kept = self.folder / f"{login}.factor"
        if not login.isalnum() or not kept.exists():
            return None
        factor = pyotp.parse_uri(kept.read_text(encoding="utf-8"))
        return factor if isinstance(factor, TOTP) else None

    def _sign_in(self, person: Person, code: str) -> None:
        """Begin a session as `didban desk sign-in` does, and keep it where the story finds it."""
        from didban.cli.desk.client import Session, ask

        line = Session(address=self.address, secret="")
        given = {
            "login": person.login,
            "password": PASSWORD,
            "code": code,
            "purpose": person.purpose,
            "reference": person.reference,
        }
        begun = ask(line, "POST", "/session", given)
        Session(address=self.address, secret=begun["secret"]).keep(
            self.folder / f"{person.login}.session"
        )

    def write(self, name: str, what: Mapping[str, object]) -> str:
        """Put a report into the folder, kept for a year; return the file's name."""
        report = json.loads(json.dumps(what))
        report["marking"]["retention_until"] = str(clock.today() + timedelta(days=365))
        (self.folder / name).write_text(json.dumps(report, indent=2), encoding="utf-8")
        return name

    def wait_to_read(self) -> None:
        """Wait as long as the settings want evidence to be read."""
        import time

        terms = tomllib.loads((self.folder / "didban.toml").read_text(encoding="utf-8"))
        time.sleep(terms["casework"]["dwell_seconds"])


def _words(command: str, more: tuple[str, ...]) -> tuple[str, ...]:
    """Return a command as its words: written as in a shell, and then words as they are."""
    return (*shlex.split(command), *more)


def _enrol(address: str, secret: str) -> TOTP:
    """Enrol as a person would with an authenticator; return what theirs shows from then on."""
    import pyotp
    from pyotp.totp import TOTP

    from didban.cli.desk.client import Session, ask

    line = Session(address=address, secret="")
    begun = ask(line, "POST", "/enrolment/second-factor", {"secret": secret})
    shown = pyotp.parse_uri(begun["address"])
    assert isinstance(shown, TOTP)  # noqa: S101 - the only kind that a node hands out
    code = shown.at(clock.now().astimezone(UTC))
    given = {"secret": secret, "password": PASSWORD, "code": code}
    ask(line, "POST", "/enrolment", given)
    return shown


def _free_port() -> int:
    """Return a port that nobody listens on, so that sessions find the node when it is up again.

    It is none of those that systems give to whoever asks for any, so nobody is given it meanwhile.
    """
    import random
    import socket

    while True:
        port = random.choice(_PORTS)  # noqa: S311 - two stories at once choose others
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
