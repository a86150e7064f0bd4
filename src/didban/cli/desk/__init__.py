"""`didban desk`: the work of officers at a node, from a terminal.

Thin clients of `/api/v1`: what a command sends, its route describes; who may do what, the node
decides. A session is begun once, with purpose and case or post, and kept in a file.
"""

from __future__ import annotations

import typer

from didban.cli.desk import (
    ask,
    cases,
    checks,
    devices,
    hits,
    messages,
    notices,
    questions,
    records,
    reviews,
    session,
)

app = typer.Typer(
    name="desk",
    help="Work at a node: sign in, report, check, take up hits, answer questions.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.command("enrol")(session.enrol)
app.command("sign-in")(session.sign_in)
app.command("sign-out")(session.sign_out)
app.command("report")(records.report)
app.command("withdraw")(records.withdraw)
app.command("check")(checks.check)
app.add_typer(hits.app, name="hit")
app.add_typer(messages.app, name="message")
app.add_typer(notices.app, name="notice")
app.add_typer(cases.app, name="case")
app.add_typer(questions.app, name="question")
app.add_typer(ask.app, name="ask")
app.add_typer(reviews.app, name="review")
app.add_typer(devices.app, name="device")
