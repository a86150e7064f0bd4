"""The first story: a morning at an invented border post, with no node at all."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from didban.cli.demo.telling import Scene, play, say
from didban.cli.exits import Exit

if TYPE_CHECKING:
    from collections.abc import Iterator

_DATA = Path(__file__).with_name("data")
_FILES = (
    "arvand_wanted.ftm.jsonl",
    "boreland_sanctions.csv",
    "boreland_sanctions.toml",
    "stolen_documents.csv",
    "passengers.csv",
)
SETTINGS = 'purpose = "border_control"\nreference = "Demo, gate 4"\n'
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


_SCENES = (
    Scene(
        told="Three lists came in: people wanted by Arvand, written in Persian, Arabic, Hebrew and"
        " Urdu letters; people sanctioned by Boreland, mostly in Cyrillic; and lost and stolen"
        " documents, among them a box of blank passports. They become one snapshot.",
        command=_BUILD,
        ends=Exit.DONE,
    ),
    Scene(
        told="A traveller's passport is read by a scanner. Nothing is known of the name. But the"
        " number lies in the box of blanks that was stolen: whoever filled it in was not Boreland.",
        command=("check", *_SNAPSHOT, "--mrz", _ZONE[0], "--mrz", _ZONE[1]),
        ends=Exit.POSSIBLE_MATCH,
    ),
    Scene(
        told="The next traveller's name is in Latin letters, as a clerk heard it. The list has it"
        " in Persian only, where short vowels are not written. The table shows what speaks for"
        " and against; the weights add up to the score.",
        command=(*_NAMED, "--birth-date", "1984-02-11"),
        ends=Exit.POSSIBLE_MATCH,
    ),
    Scene(
        told="A young man of the same name. Nineteen years lie between the birth dates: he is not"
        " stopped for his name. Most people who share a name with a wanted person are like him.",
        command=(*_NAMED, "--birth-date", "2003-08-25"),
        ends=Exit.DONE,
    ),
    Scene(
        told="A flight has sent its passengers: twenty rows, in several scripts, one of them empty."
        " The empty row is refused and said; the others are screened.",
        command=("screen", *_FLIGHT),
        ends=Exit.POSSIBLE_MATCH,
    ),
    Scene(
        told="Months pass and nobody brings the lists up to date. Old data must not say that"
        " nothing was found, so it says that it does not know.",
        command=("check", *_SNAPSHOT, "--name", "Beatrix Wolkenstein-Aue"),
        ends=Exit.UNKNOWN,
        variables=(("DIDBAN_STALENESS_UNKNOWN_AFTER_HOURS", "0"),),
    ),
    Scene(
        told="Each of these checks left an entry: who, when, why, how many; never a name. The seals"
        " tie the entries together, so that a change would show.",
        command=("log", "show", "lists.snapshot"),
        ends=Exit.DONE,
    ),
    Scene(told="", command=("log", "verify", "lists.snapshot"), ends=Exit.DONE),
)


def tell(folder: Path) -> None:
    """Write the lists into the folder and run the morning there."""
    for name in _FILES:
        shutil.copy(_DATA / name, folder)
    (folder / "didban.toml").write_text(SETTINGS, encoding="utf-8")
    say("Didban shows a morning at a border post. All people, states and lists are invented.")
    for number, scene in enumerate(_SCENES):
        play(scene, folder)
        if scene.command[0] == "screen":
            print("\n".join(_passengers(folder)), flush=True)
        if number == 0:
            say(
                "(A settings file, didban.toml, names the purpose and the post for all that"
                " follows; without a purpose nothing is searched.)"
            )


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
