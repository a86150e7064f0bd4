"""A hit, step by step, as the desks of the second line carry it."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from didban.cli import options
from didban.cli.desk.client import DEFAULT_SESSION, Session, SessionFile, ask
from didban.cli.desk.words import hit_words, opened_words

app = typer.Typer(help="Carry a hit: take up, refer, compare, ask, decide, close.")

_Hit = Annotated[str, typer.Argument(metavar="HIT", help="As `take-up` told it.")]
_ALL = "all"


@app.command("take-up")
def take_up(
    match: Annotated[str, typer.Argument(metavar="MATCH", help="As `didban desk check` told it.")],
    *,
    session: SessionFile = DEFAULT_SESSION,
    as_json: options.Json = False,
) -> None:
    """Take up a match: a person looks into it from here on."""
    _tell(ask(Session.kept(session), "POST", "/hits", {"match": match}), as_json=as_json)


@app.command("dismiss")
def dismiss(
    hit: _Hit,
    *,
    reason: Annotated[str, typer.Option(metavar="CODE", help="Such as `other_sex`.")],
    words: Annotated[str, typer.Option(help="In words.")] = "",
    session: SessionFile = DEFAULT_SESSION,
    as_json: options.Json = False,
) -> None:
    """Dismiss a match at the first line, with the reason."""
    _deed(session, hit, "dismiss", {"reason": reason, "words": words}, as_json=as_json)


@app.command("refer")
def refer(
    hit: _Hit,
    *,
    held: Annotated[bool, typer.Option("--held", help="A person waits meanwhile.")] = False,
    session: SessionFile = DEFAULT_SESSION,
    as_json: options.Json = False,
) -> None:
    """Give a hit to the second line."""
    _deed(session, hit, "refer", {"is_held": held}, as_json=as_json)


@app.command("show")
def show(
    hit: _Hit, *, session: SessionFile = DEFAULT_SESSION, as_json: options.Json = False
) -> None:
    """Open a hit: the evidence, the record, the history, and what may happen next."""
    told = ask(Session.kept(session), "GET", f"/hits/{hit}")
    print(json.dumps(told, ensure_ascii=False) if as_json else opened_words(told))


@app.command("compare")
def compare(
    hit: _Hit,
    *,
    seen: Annotated[
        list[str], typer.Option(metavar="PIECE", help=f"Compared evidence; `{_ALL}` for all of it.")
    ],
    session: SessionFile = DEFAULT_SESSION,
    as_json: options.Json = False,
) -> None:
    """Acknowledge which pieces of evidence you compared, value by value."""
    kept = Session.kept(session)
    pieces = seen
    if seen == [_ALL]:
        pieces = ask(kept, "GET", f"/hits/{hit}")["unseen"]
    _deed(session, hit, "compare", {"seen": pieces}, as_json=as_json)


@app.command("refute")
def refute(
    hit: _Hit,
    *,
    reason: Annotated[str, typer.Option(metavar="CODE", help="What differs.")],
    words: Annotated[str, typer.Option(help="In words.")],
    session: SessionFile = DEFAULT_SESSION,
    as_json: options.Json = False,
) -> None:
    """Find that it is somebody else, who is not stopped for this record again."""
    _deed(session, hit, "refute", {"reason": reason, "words": words}, as_json=as_json)


@app.command("ask")
def ask_owner(  # the gate's answers are asked for one by one: none has a default (PR-53)
    hit: _Hit,
    *,
    claim_for_protection: Annotated[
        bool,
        typer.Option(prompt="Does the person ask for protection?", help="Asks for protection."),
    ],
    refugee_papers: Annotated[
        bool, typer.Option(prompt="Does the person hold refugee papers?", help="Holds such papers.")
    ],
    flagged: Annotated[
        bool,
        typer.Option(
            prompt="Is the record or its owner flagged (Art. 2 or 3)?",
            help="An Art. 2 or 3 flag on the record or its owner.",
        ),
    ],
    urgency: Annotated[str, typer.Option(metavar="U|R", help="10 or 60 minutes.")] = "R",
    disclosure: Annotated[
        str, typer.Option(metavar="WORD", help="full, withheld or none.")
    ] = "full",
    session: SessionFile = DEFAULT_SESSION,
    as_json: options.Json = False,
) -> None:
    """Ask the owner of the record, behind the gate that protects the person."""
    gate = {
        "claim_for_protection": claim_for_protection,
        "refugee_papers": refugee_papers,
        "flagged": flagged,
        "disclosure": disclosure,
    }
    _deed(session, hit, "question", {"urgency": urgency, "gate": gate}, as_json=as_json)


@app.command("decide")
def decide(
    hit: _Hit,
    *,
    action: Annotated[str, typer.Option(metavar="WORD", help="As asked, or something lesser.")],
    legal_basis: Annotated[str, typer.Option(help="The provision that allows it here.")],
    session: SessionFile = DEFAULT_SESSION,
    as_json: options.Json = False,
) -> None:
    """Record what you decided about a confirmed hit, as the second person."""
    body = {"action": action, "legal_basis": legal_basis}
    _deed(session, hit, "decision", body, as_json=as_json)


@app.command("not-act")
def not_act(
    hit: _Hit,
    *,
    reason: Annotated[str, typer.Option(metavar="WORD", help="law, flag, expired, no_capacity.")],
    words: Annotated[str, typer.Option(help="In words.")],
    session: SessionFile = DEFAULT_SESSION,
    as_json: options.Json = False,
) -> None:
    """Record that what is asked is not done here, and why."""
    _deed(session, hit, "no-action", {"reason": reason, "words": words}, as_json=as_json)


@app.command("outcome")
def outcome(
    hit: _Hit,
    *,
    became: Annotated[str, typer.Argument(metavar="OUTCOME", help="Such as `document_seized`.")],
    words: Annotated[str, typer.Option(help="In words.")] = "",
    session: SessionFile = DEFAULT_SESSION,
    as_json: options.Json = False,
) -> None:
    """Record what became of it."""
    _deed(session, hit, "outcome", {"outcome": became, "words": words}, as_json=as_json)


@app.command("feedback")
def feedback(
    hit: _Hit, *, session: SessionFile = DEFAULT_SESSION, as_json: options.Json = False
) -> None:
    """Tell the owner the outcome, and close the hit."""
    _deed(session, hit, "feedback", {}, as_json=as_json)


def _deed(session: Any, hit: str, deed: str, body: dict[str, Any], *, as_json: bool) -> None:
    _tell(ask(Session.kept(session), "POST", f"/hits/{hit}/{deed}", body), as_json=as_json)


def _tell(told: dict[str, Any], *, as_json: bool) -> None:
    print(json.dumps(told, ensure_ascii=False) if as_json else hit_words(told))
