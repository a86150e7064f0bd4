"""The second story: a node, and one hit from the scan to its outcome."""

from __future__ import annotations

import json
import os
import tomllib
from contextlib import contextmanager
from datetime import UTC, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from didban import clock
from didban.cli.demo.telling import Scene, play, quietly, say
from didban.cli.exits import Exit

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = "bureau"
_SETTINGS = """[node]
data_folder = "bank"
port = {port}

[casework]
dwell_seconds = 1
"""
_PASSWORD = "a password for the demo only"  # noqa: S105 - invented, like everything here
_ZONE = (
    "P<XBOORLOVSKAYA<<VERA<<<<<<<<<<<<<<<<<<<<<<<",
    "B2290417<0XBO8803148F3105043<<<<<<<<<<<<<<<4",
)
_REPORT = {
    "entity": {
        "schema": "Passport",
        "properties": {"number": ["B2290417"], "country": ["xbo"]},
        "documents": [{"number": "B2290417", "issuer": "XBO", "type": "P", "status": "stolen"}],
    },
    "marking": {
        "purpose": "document_fraud",
        "legal_basis": "Passport Act of Boreland, s. 31",
        "handling": "H0",
        "source_evaluation": "A",
        "information_evaluation": "1",
    },
    "alert": {
        "action_requested": "seize",
        "document_status": "stolen",
        "facts": "Taken from a parked car. The holder has a new passport.",
    },
}

# Who they are: login, authority, role, and why they sign in.
_PEOPLE = (
    ("boris", "xbo", "recorder", "document_fraud", "Case B-114"),
    ("banu", "xbo", "second_line", "document_fraud", "Bureau, night desk"),
    ("farid", "xar", "first_line", "border_control", "Gate 4"),
    ("golnar", "xar", "second_line", "border_control", "Bureau, night desk"),
    ("hamid", "xar", "supervisor", "border_control", "Bureau, night desk"),
)


def tell(parent: Path) -> None:
    """Start a node in a folder of its own, and walk one hit through it."""
    folder = parent / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    if os.getuid() == 0:  # PostgreSQL runs as another user then, and must get to its data
        for each in (parent, folder):
            each.chmod(0o711)
    settings = _SETTINGS.format(port=_free_port())
    (folder / "didban.toml").write_text(settings, encoding="utf-8")
    report = json.loads(json.dumps(_REPORT))
    report["marking"]["retention_until"] = str(clock.today() + timedelta(days=365))
    (folder / "stolen_passport.json").write_text(json.dumps(report, indent=2), encoding="utf-8")
    say(
        "Now a node: the bureau of Arvand keeps a bank that Boreland shares. It has its own"
        " PostgreSQL, its own keys, and an administrator who cannot read a record."
    )
    with _running(folder) as address:
        _let_people_in(folder, address)
        _walk(folder)
        play(
            _scene(
                "Every search, view and step of these people is an entry in a log that can be"
                " recomputed from its first line: a changed bit would be found, and named.",
                *("audit", "verify", "--reference", "Demo, weekly look"),
            ),
            folder,
        )


def _free_port() -> int:
    """Return a port that nobody listens on, so that sessions find the node when it is up again."""
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def _running(folder: Path) -> Iterator[str]:
    """Make the node and run it meanwhile; give its address."""
    play(
        _scene("", "init", "--authority", "xar", "--name", "Police Bureau of Arvand",
               "--country", "XAR", "--environment", "training"),
        folder,
    )  # fmt: skip
    told = play(_scene("", "up", "--detach"), folder)
    try:
        yield told.split()[-1]
    finally:
        play(_scene("", "down"), folder)


def _let_people_in(folder: Path, address: str) -> None:
    """Register the other authority and five people; each enrols and signs in."""
    play(
        _scene("Boreland takes part. Five people get accounts, each with a password and a second"
               " factor of their own; all sign in for a purpose and a case or post.",
               "authority", "add", "xbo", "--name", "Police of Boreland", "--country", "XBO"),
        folder,
    )  # fmt: skip
    for login, authority, role, purpose, reference in _PEOPLE:
        made = json.loads(
            quietly(
                ("user", "add", login, "--role", role, "--authority", authority, "--json"), folder
            )
        )
        code = _enrol(address, made["enrolment"])
        quietly(
            ("desk", "sign-in", "--node", address, "--login", login, "--purpose", purpose,
             "--reference", reference, "--code", code, "--session", f"{login}.session"),
            folder,
            {"DIDBAN_DESK_PASSWORD": _PASSWORD},
        )  # fmt: skip


def _enrol(address: str, secret: str) -> str:
    """Enrol as a person would with an authenticator; return the code for the first sign-in."""
    import pyotp
    from pyotp.totp import TOTP

    from didban.cli.desk.client import Session, ask

    line = Session(address=address, secret="")
    begun = ask(line, "POST", "/enrolment/second-factor", {"secret": secret})
    shown = pyotp.parse_uri(begun["address"])
    assert isinstance(shown, TOTP)  # noqa: S101 - the only kind that a node hands out
    now = clock.now().astimezone(UTC)
    code = shown.at(now - timedelta(seconds=shown.interval))  # each code is good once
    given = {"secret": secret, "password": _PASSWORD, "code": code}
    ask(line, "POST", "/enrolment", given)
    return shown.at(now)


def _walk(folder: Path) -> None:
    """Walk the hit."""
    play(_as("boris", "A passport of Boreland was stolen. Its own police reports it, and only they"
             " can change or withdraw that.", "report", "stolen_passport.json"), folder)  # fmt: skip
    seen = play(
        _as("farid", "An hour later it is read at gate 4 of Arvand. The officer sees that there is"
            " a match and what to do; not the file.",
            "check", "--mrz", _ZONE[0], "--mrz", _ZONE[1], ends=Exit.POSSIBLE_MATCH),
        folder,
    )  # fmt: skip
    match = next(line for line in seen.splitlines() if line.startswith("mat_"))
    taken = play(_as("farid", "The officer takes it up, and gives it to the second line.",
                     "hit", "take-up", match), folder)  # fmt: skip
    hit = taken.partition(":")[0]
    play(_as("farid", "", "hit", "refer", hit, "--held"), folder)
    play(_as("golnar", "The bureau opens it, and compares value by value.",
             "hit", "show", hit), folder)  # fmt: skip
    play(_as("golnar", "", "hit", "compare", hit, "--seen", "all"), folder)
    play(_as("golnar", "A match is no ground to act. Boreland, which owns the record, is asked: ten"
             " minutes to answer. First the gate: is this somebody who must be protected from the"
             " state that asks?",
             "hit", "ask", hit, "--urgency", "U", "--no-claim-for-protection",
             "--no-refugee-papers", "--no-flagged"), folder)  # fmt: skip
    asked = play(_as("banu", "The desk of Boreland sees the question, and answers.",
                     "question", "list"), folder)  # fmt: skip
    play(_as("banu", "", "question", "answer", asked.partition(":")[0], "confirmed"), folder)
    _decide(folder, hit)


def _decide(folder: Path, hit: str) -> None:
    """Let the second person decide, and the hit end."""
    play(_as("golnar", "Who asked may not decide.",
             "hit", "decide", hit, "--action", "seize", "--legal-basis", "Border Act, s. 9",
             ends=Exit.REFUSED), folder)  # fmt: skip
    quietly(("desk", "hit", "compare", hit, "--seen", "all", "--session", "hamid.session"), folder)
    _wait_to_read(folder)
    play(_as("hamid", "A second person, who has read the evidence, decides and says by which"
             " provision.",
             "hit", "decide", hit, "--action", "seize", "--legal-basis", "Border Act, s. 9"),
         folder)  # fmt: skip
    play(_as("golnar", "What became of it is recorded, and the owner is told.",
             "hit", "outcome", hit, "document_seized"), folder)  # fmt: skip
    play(_as("golnar", "", "hit", "feedback", hit), folder)
    play(_as("golnar", "The whole life of the hit, by whom and when:", "hit", "show", hit), folder)


def _wait_to_read(folder: Path) -> None:
    """Wait as long as the settings of the demo want evidence to be read."""
    import time

    terms = tomllib.loads((folder / "didban.toml").read_text(encoding="utf-8"))["casework"]
    time.sleep(terms["dwell_seconds"])


def _scene(told: str, *command: str, ends: Exit = Exit.DONE) -> Scene:
    return Scene(told=told, command=command, ends=ends)


def _as(login: str, told: str, *command: str, ends: Exit = Exit.DONE) -> Scene:
    """Return a scene at the desk of one of the people."""
    variables = (("DIDBAN_SESSION", f"{login}.session"),)
    return Scene(told=told, command=("desk", *command), ends=ends, variables=variables)
