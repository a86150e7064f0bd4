"""`didban demo`: a morning at an invented border post, told by the commands themselves.

The demo writes its invented lists and passengers into a folder and runs the real commands there,
so that what it shows is what a reader gets who types the same.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from didban.cli.exits import Exit
from didban.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Iterator

_DATA = Path(__file__).with_name("demo_data")
_FILES = (
    "arvand_wanted.ftm.jsonl",
    "boreland_sanctions.csv",
    "boreland_sanctions.toml",
    "stolen_documents.csv",
    "passengers.csv",
)
_SETTINGS = 'purpose = "border_control"\nreference = "Demo, gate 4"\n'
_SNAPSHOT = ("--snapshot", "lists.snapshot")
_NAMED = ("check", *_SNAPSHOT, "--name", "Keyvan Behroozinia", "--nationality", "XAR")
_BUILD = (
    *("lists", "build", "lists.snapshot"),
    *("--source", "ftm:arvand-wanted=arvand_wanted.ftm.jsonl"),
    *("--source", "csv:boreland-sanctions=boreland_sanctions.csv"),
    *("--mapping", "boreland-sanctions=boreland_sanctions.toml"),
    *("--source", "stolen-documents=stolen_documents.csv"),
)
_ZONE = (
    "P<XBOVENTUROSO<<ORLANDO<<<<<<<<<<<<<<<<<<<<<",
    "B7300412<8XBO8501307M3412318<<<<<<<<<<<<<<<8",
)
_FLIGHT = ("passengers.csv", *_SNAPSHOT, "--output", "answers.jsonl", "--rejects", "refused.jsonl")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scene:
    """One step of the story: what is told, the command that is run, and how it must end."""

    told: str
    command: tuple[str, ...]
    ends: Exit
    variables: tuple[tuple[str, str], ...] = ()


_SCENES = (
    _Scene(
        told="Three lists came in: people wanted by Arvand, written in Persian, Arabic, Hebrew and"
        " Urdu letters; people sanctioned by Boreland, mostly in Cyrillic; and lost and stolen"
        " documents, among them a box of blank passports. They become one snapshot.",
        command=_BUILD,
        ends=Exit.DONE,
    ),
    _Scene(
        told="A traveller's passport is read by a scanner. Nothing is known of the name. But the"
        " number lies in the box of blanks that was stolen: whoever filled it in was not Boreland.",
        command=("check", *_SNAPSHOT, "--mrz", _ZONE[0], "--mrz", _ZONE[1]),
        ends=Exit.POSSIBLE_MATCH,
    ),
    _Scene(
        told="The next traveller's name is in Latin letters, as a clerk heard it. The list has it"
        " in Persian only, where short vowels are not written. The table shows what speaks for"
        " and against; the weights add up to the score.",
        command=(*_NAMED, "--birth-date", "1984-02-11"),
        ends=Exit.POSSIBLE_MATCH,
    ),
    _Scene(
        told="A young man of the same name. Nineteen years lie between the birth dates: he is not"
        " stopped for his name. Most people who share a name with a wanted person are like him.",
        command=(*_NAMED, "--birth-date", "2003-08-25"),
        ends=Exit.DONE,
    ),
    _Scene(
        told="A flight has sent its passengers: twenty rows, in several scripts, one of them empty."
        " The empty row is refused and said; the others are screened.",
        command=("screen", *_FLIGHT),
        ends=Exit.POSSIBLE_MATCH,
    ),
    _Scene(
        told="Months pass and nobody brings the lists up to date. Old data must not say that"
        " nothing was found, so it says that it does not know.",
        command=("check", *_SNAPSHOT, "--name", "Beatrix Wolkenstein-Aue"),
        ends=Exit.UNKNOWN,
        variables=(("DIDBAN_STALENESS_UNKNOWN_AFTER_HOURS", "0"),),
    ),
    _Scene(
        told="Each of these checks left an entry: who, when, why, how many; never a name. The seals"
        " tie the entries together, so that a change would show.",
        command=("log", "show", "lists.snapshot"),
        ends=Exit.DONE,
    ),
    _Scene(told="", command=("log", "verify", "lists.snapshot"), ends=Exit.DONE),
)


def demo(
    *,
    keep: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Leave the demo's files in this new folder."),
    ] = None,
) -> None:
    """Show what Didban does, on invented lists.

    Builds them, screens invented passengers, and tells what happens; takes seconds.
    """
    import shutil
    import tempfile

    with ExitStack() as stack:
        folder = keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="didban-")))
        folder.mkdir(parents=True, exist_ok=True)
        _refuse_foreign_settings(folder / "didban.toml")
        for name in _FILES:
            shutil.copy(_DATA / name, folder)
        (folder / "didban.toml").write_text(_SETTINGS, encoding="utf-8")
        _say("Didban shows a morning at a border post. All people, states and lists are invented.")
        for number, scene in enumerate(_SCENES):
            _play(scene, folder)
            if scene.command[0] == "screen":
                print("\n".join(_passengers(folder)), flush=True)
            if number == 0:
                _say("(A settings file, didban.toml, names the purpose and the post for all that"
                     " follows; without a purpose nothing is searched.)")  # fmt: skip
        _say(_after(keep))


def _refuse_foreign_settings(path: Path) -> None:
    """Keep `--keep .` from writing the demo's settings over an office's own."""
    if path.exists() and path.read_text(encoding="utf-8", errors="replace") != _SETTINGS:
        raise InvalidInput(f"{path} is not the demo's; name a new folder")


def _play(scene: _Scene, folder: Path) -> None:
    """Tell one scene and run its command; a command that ends otherwise ends the demo."""
    import shlex
    import subprocess

    if scene.told:
        _say(scene.told)
    prefix = "".join(f"{name}={value} " for name, value in scene.variables)
    print(f"$ {prefix}didban {shlex.join(scene.command)}\n", flush=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DIDBAN_")}
    done = subprocess.run(  # noqa: S603 - our own commands, as written above
        [sys.executable, "-m", "didban", *scene.command],
        cwd=folder,
        env={**kept, **dict(scene.variables)},
        check=False,
    )
    print(f"\n(exit code {done.returncode})", flush=True)
    if done.returncode != scene.ends:
        print(f"didban: this should have ended with {int(scene.ends)}", file=sys.stderr)
        sys.exit(Exit.FAILED)


def _passengers(folder: Path) -> Iterator[str]:
    """Return the answers of the flight as a table."""
    from didban.cli.output import table

    rows = []
    with (folder / "answers.jsonl").open(encoding="utf-8") as file:
        for line in file:
            answer = json.loads(line)
            best = answer["results"][0] if answer["results"] else None
            if best:
                why = ", ".join(best["explanations"])
                rows.append([answer["id"], best["caption"], f"{best['score']:.4f}", why])
    yield "\nWho needs a human look, of all on board:\n"
    yield table(("passenger", "is like", "score", "evidence from"), rows)


def _say(text: str) -> None:
    import textwrap

    from didban.cli.output import terminal_width

    print(f"\n{textwrap.fill(text, terminal_width())}\n", flush=True)


def _after(keep: Path | None) -> str:
    if keep is None:
        return "To go on by yourself: didban demo --keep FOLDER leaves all of this in a folder."
    return f"All files are in {keep}: go there and try the commands yourself."
