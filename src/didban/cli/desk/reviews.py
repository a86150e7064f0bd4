"""The receiver's desk: alerts of other nodes, accepted or refused."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from didban.cli import options
from didban.cli.desk.client import DEFAULT_SESSION, Session, SessionFile, ask
from didban.cli.desk.words import review_view_words, review_words

app = typer.Typer(help="Accept or refuse what other nodes ask about persons.")

_Digest = Annotated[
    str, typer.Option(metavar="DIGEST", help="Of what was read, as `show` tells it.")
]
_Review = Annotated[str, typer.Argument(metavar="REVIEW", help="As `list` tells it.")]


@app.command("list")
def list_reviews(*, session: SessionFile = DEFAULT_SESSION, as_json: options.Json = False) -> None:
    """List the alerts that wait for somebody, oldest first."""
    page = ask(Session.kept(session), "GET", "/alert-reviews?limit=100")
    for review in page["items"]:
        print(json.dumps(review, ensure_ascii=False) if as_json else review_words(review))


@app.command("show")
def show(
    review: _Review, *, session: SessionFile = DEFAULT_SESSION, as_json: options.Json = False
) -> None:
    """Show what the sender attached, earlier refusals, and what is held of the owner."""
    told = ask(Session.kept(session), "GET", f"/alert-reviews/{review}")
    print(json.dumps(told, ensure_ascii=False) if as_json else review_view_words(told))


@app.command("accept")
def accept(
    review: _Review,
    *,
    claim: Annotated[bool, typer.Option(help="A claim for protection, or refugee papers.")],
    rights: Annotated[bool, typer.Option(help="Art. 2: ill-treatment or no fair trial.")],
    political: Annotated[
        bool, typer.Option(help="Art. 3: political, military, religious, racial.")
    ],
    digest: _Digest,
    words: Annotated[str, typer.Option(help="Why, where something speaks against it.")] = "",
    session: SessionFile = DEFAULT_SESSION,
    as_json: options.Json = False,
) -> None:
    """Accept an alert. With a doubt, another person has to do the same."""
    body = {
        "read": digest,
        "claim_for_protection": claim,
        "human_rights": rights,
        "political": political,
        "words": words,
    }
    _say(ask(Session.kept(session), "POST", f"/alert-reviews/{review}/acceptance", body), as_json)


@app.command("refuse")
def refuse(
    review: _Review,
    ground: Annotated[
        str,
        typer.Argument(
            metavar="GROUND",
            help="art2, art3, protection, harm, threshold, incomplete, quality or law.",
        ),
    ],
    *,
    words: Annotated[str, typer.Option(help="Why, in a sentence.")],
    digest: _Digest,
    session: SessionFile = DEFAULT_SESSION,
    as_json: options.Json = False,
) -> None:
    """Refuse an alert: it stays information, and its owner is not told."""
    body = {"read": digest, "ground": ground, "words": words}
    _say(ask(Session.kept(session), "POST", f"/alert-reviews/{review}/refusal", body), as_json)


def _say(told: dict[str, Any], as_json: bool) -> None:  # noqa: FBT001 - as it was asked
    print(json.dumps(told, ensure_ascii=False) if as_json else review_words(told))
