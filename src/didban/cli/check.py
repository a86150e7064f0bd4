"""`didban check`: one person or document against the snapshot, answered in words or JSON."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from didban.cli import options
from didban.cli.exits import Exit

if TYPE_CHECKING:
    from didban.cli.occasion import Occasion
    from didban.screening.check import Depth
    from didban.screening.question import Question


def check(
    *,
    snapshot: options.Snapshot = None,
    mrz: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ZONE", help="A machine-readable zone, or lines of one; repeats; - reads input."
        ),
    ] = None,
    name: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="A name, in any script; repeats.")
    ] = None,
    birth_date: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="1970, 1970-03-02, circa 1970, 1349/01/02 ..."),
    ] = None,
    nationality: Annotated[
        list[str] | None, typer.Option(metavar="STATE", help="A state's code or name; repeats.")
    ] = None,
    sex: Annotated[str | None, typer.Option(metavar="SEX", help="M, F or X.")] = None,
    document: Annotated[
        list[str] | None,
        typer.Option(metavar="ISSUER:TYPE:NUMBER", help="A document, as UTO:P:L898902C3; repeats."),
    ] = None,
    schema: Annotated[
        str | None,
        typer.Option(
            metavar="SCHEMA",
            help="What is looked for: Person, Organization, Vessel ... [default: Person]",
        ),
    ] = None,
    mode: options.ModeName = None,
    limit: options.Limit = None,
    threshold: options.Threshold = None,
    purpose: options.Purpose = None,
    reference: options.Reference = None,
    as_json: options.Json = False,
) -> None:
    """Look for one person or document, and explain what was found.

    Ends with 0 for no match, 10 for a possible match, 20 when the data is too old to say.
    """
    from didban.cli.occasion import depth_of, occasion
    from didban.screening.question import Question

    run = occasion("check", snapshot, purpose, reference)
    question = Question(
        names=tuple(name or ()),
        birth_date=birth_date,
        nationalities=tuple(nationality or ()),
        sex=sex,
        documents=tuple(document or ()),
        mrzs=tuple(options.zone_text(text) for text in mrz or ()),
        schema=schema,
    )
    depth = depth_of(run.settings, mode, limit, threshold)
    _answer(run, question, depth, as_json=as_json)


def _answer(run: Occasion, question: Question, depth: Depth, *, as_json: bool) -> None:
    """Ask, enter the check in the log, and only then tell the answer."""
    from didban import clock
    from didban.cli.answer_words import answer_in_words, answer_json
    from didban.guard.entries import Outcome
    from didban.match.snapshot import Snapshot
    from didban.screening.check import Below, Verdict, ask, asked_of, look_below

    asked = asked_of(question, clock.today())
    freshness = run.freshness()
    opened = Snapshot.open(run.snapshot)
    answer = ask(opened, asked, depth, freshness)
    is_unknown = answer.verdict is Verdict.UNKNOWN
    is_below_told = answer.verdict is Verdict.NO_MATCH and not as_json
    below = look_below(opened, answer) if is_below_told else Below()
    run.log.append(
        run.reason,
        command="check",
        snapshot=freshness.built_at.isoformat(),
        asked=1,
        matched=int(answer.verdict is Verdict.POSSIBLE_MATCH),
        outcome=Outcome.UNKNOWN if is_unknown else Outcome.DONE,
    )
    print(answer_json(answer, run) if as_json else answer_in_words(answer, run, below))
    sys.exit(_EXITS[answer.verdict.value])


_EXITS = {
    "no_match": Exit.DONE,
    "possible_match": Exit.POSSIBLE_MATCH,
    "unknown": Exit.UNKNOWN,
}
