"""A person, document, zone or vehicle checked against the bank."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from didban.cli import options
from didban.cli.desk.client import DEFAULT_SESSION, Session, SessionFile, ask
from didban.cli.exits import Exit

_LARGE = {"possible_match": "POSSIBLE MATCH", "no_match": "NO MATCH", "unknown": "UNKNOWN"}


def check(
    *,
    name: Annotated[list[str] | None, typer.Option(help="A name, in any script.")] = None,
    birth_date: Annotated[str | None, typer.Option(help="Of any precision.")] = None,
    nationality: Annotated[list[str] | None, typer.Option(help="A state.")] = None,
    sex: Annotated[str | None, typer.Option(help="M, F or X.")] = None,
    document: Annotated[
        list[str] | None, typer.Option(metavar="STATE:TYPE:NUMBER", help="A document.")
    ] = None,
    mrz: Annotated[list[str] | None, typer.Option(help="One line of a zone; repeat it.")] = None,
    plate: Annotated[str | None, typer.Option(metavar="STATE:NUMBER", help="A vehicle.")] = None,
    chip: Annotated[
        str | None, typer.Option(help="What reading the chip came to: passed, failed ...")
    ] = None,
    session: SessionFile = DEFAULT_SESSION,
    as_json: options.Json = False,
) -> None:
    """Check a person, a document or a vehicle. A match is a reason to look, never a decision."""
    asked: dict[str, Any] = {
        "names": name,
        "birth_date": birth_date,
        "nationalities": nationality,
        "sex": sex,
        "mrz": ["\n".join(mrz)] if mrz else None,
        "chip": chip,
    }
    if document:
        asked["documents"] = [_document(text) for text in document]
    if plate:
        country, _, number = plate.rpartition(":")
        asked["vehicle"] = {"number": number, "country": country}
    body = {key: value for key, value in asked.items() if value}
    answer = ask(Session.kept(session), "POST", "/checks", body)
    print(json.dumps(answer, ensure_ascii=False) if as_json else _words(answer))
    if answer["verdict"] == "possible_match":
        raise typer.Exit(Exit.POSSIBLE_MATCH)
    if answer["verdict"] == "unknown":
        raise typer.Exit(Exit.UNKNOWN)


def _document(text: str) -> dict[str, str]:
    *front, number = text.split(":")
    issuer, kind = [*front, "", ""][:2]
    return {"number": number, "issuer": issuer, "type": kind}


def _words(answer: dict[str, Any]) -> str:
    from didban.cli.desk.words import facts, note, plain
    from didban.cli.output import banner

    lines = [
        banner(_LARGE[answer["verdict"]]),
        *(f"note: {note(one)}" for one in answer["remarks"]),
    ]
    for match in answer["matches"]:
        lines += ["", f"{match['match']}"]
        lines += [f"   ! {note(code)}" for code in match["notes"]]
        asked = plain(match["action"] or "") or "nothing; look and let the second line know"
        lines.append(f"   asked: {asked}")
        shown = {name: one for name, one in match["shown"].items() if name != "notes"}
        lines += facts(shown, "   ")
    return "\n".join(lines)
