"""The owner's desk: questions that other authorities put, and their answers."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from didban.cli import options
from didban.cli.desk.client import DEFAULT_SESSION, Session, SessionFile, ask
from didban.cli.desk.words import question_words

app = typer.Typer(help="Answer what other authorities ask about your records.")


@app.command("list")
def list_questions(
    *, session: SessionFile = DEFAULT_SESSION, as_json: options.Json = False
) -> None:
    """List the open questions, in the order in which they left."""
    page = ask(Session.kept(session), "GET", "/questions")
    for question in page["items"]:
        print(json.dumps(question, ensure_ascii=False) if as_json else question_words(question))


@app.command("answer")
def answer(
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="As `list` tells it.")],
    said: Annotated[
        str, typer.Argument(metavar="ANSWER", help="confirmed, refuted or will_be_confirmed.")
    ],
    *,
    words: Annotated[str, typer.Option(help="Why it is refuted.")] = "",
    until: Annotated[
        str | None, typer.Option(metavar="TIME", help="When it will be confirmed.")
    ] = None,
    session: SessionFile = DEFAULT_SESSION,
    as_json: options.Json = False,
) -> None:
    """Say whether the record is valid and concerns who was met."""
    body = {"answer": said, "words": words, "until": until}
    told = ask(Session.kept(session), "POST", f"/questions/{question}/answer", body)
    print(json.dumps(told, ensure_ascii=False) if as_json else question_words(told))
