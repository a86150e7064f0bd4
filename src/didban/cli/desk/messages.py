"""Messages to other authorities, from a terminal."""

from __future__ import annotations

import json
import mimetypes
from pathlib import Path
from typing import Annotated, Any

import typer

from didban.cli import options
from didban.cli.desk.client import DEFAULT_SESSION, Session, SessionFile, ask
from didban.cli.desk.deeds import send, worded
from didban.cli.desk.words import facts, plain
from didban.cli.output import isolated, moment, table
from didban.model.encoding import b64

app = typer.Typer(help="Write to other authorities: request, inform, read, answer, recall.")

_COMMANDS = {
    "open": "read",
    "acknowledge": "take",
    "answer": "reply",
    "answer_partly": "reply",
    "refuse": "reply",
}
"""By which command a step is taken, where it bears another name."""

_Message = Annotated[str, typer.Argument(metavar="MESSAGE", help="As `list` tells it.")]
_To = Annotated[str, typer.Argument(metavar="AUTHORITY", help="Code of the recipient.")]
_Topic = Annotated[
    str,
    typer.Option(
        metavar="WORD", help="document, vehicle, identity, whereabouts, case or cooperation."
    ),
]
_Text = Annotated[list[str] | None, typer.Option(help="A part in words.")]
_Record = Annotated[list[str] | None, typer.Option(help="A record that goes along.")]
_File = Annotated[list[Path] | None, typer.Option(help="A file that goes along.")]
_Handling = Annotated[str, typer.Option(metavar="H0..H3", help="What may be done with the parts.")]
_Conditions = Annotated[str, typer.Option(help="With H3: the conditions in words.")]
_Urgency = Annotated[
    str, typer.Option(metavar="WORD", help="flash, urgent, priority, normal or historical.")
]


@app.command("request")
def request(
    to: _To,
    *,
    topic: _Topic,
    urgency: _Urgency = "normal",
    text: _Text = None,
    record: _Record = None,
    file: _File = None,
    handling: _Handling = "H0",
    conditions: _Conditions = "",
    thread: Annotated[str | None, typer.Option(help="A thread that it goes on with.")] = None,
    session: SessionFile = DEFAULT_SESSION,
    as_json: options.Json = False,
) -> None:
    """Ask another authority for something."""
    parts = _parts(text, record, file, handling, conditions)
    body = {
        "kind": "request", "recipient": to, "topic": topic, "urgency": urgency, "thread": thread,
        "parts": parts,
    }  # fmt: skip
    send(session, "POST", "/messages", body, said=_line, as_json=as_json)


@app.command("inform")
def inform(
    to: _To,
    *,
    topic: _Topic,
    urgency: _Urgency = "normal",
    text: _Text = None,
    record: _Record = None,
    file: _File = None,
    handling: _Handling = "H0",
    conditions: _Conditions = "",
    session: SessionFile = DEFAULT_SESSION,
    as_json: options.Json = False,
) -> None:
    """Tell another authority what it did not ask for."""
    parts = _parts(text, record, file, handling, conditions)
    body = {
        "kind": "spontaneous", "recipient": to, "topic": topic, "urgency": urgency, "parts": parts
    }  # fmt: skip
    send(session, "POST", "/messages", body, said=_line, as_json=as_json)


@app.command("list")
def list_messages(
    *,
    sent: Annotated[bool, typer.Option("--sent", help="What you sent, not what came.")] = False,
    session: SessionFile = DEFAULT_SESSION,
    as_json: options.Json = False,
) -> None:
    """List messages, oldest first; nothing of what they say."""
    side = "sent" if sent else "received"
    told = ask(Session.kept(session), "GET", f"/messages?side={side}&limit=100")["items"]
    if as_json:
        print(json.dumps(told, ensure_ascii=False))
        return
    names = ("id", "sender", "recipient", "kind", "topic", "urgency", "state", "punctuality")
    print(table(names, [[one[name] for name in names] for one in told]))


@app.command("read")
def read(
    message: _Message, *, session: SessionFile = DEFAULT_SESSION, as_json: options.Json = False
) -> None:
    """Read a message: the sender learns that somebody has."""
    send(session, "GET", f"/messages/{message}", said=_read_words, as_json=as_json)


@app.command("acknowledge")
def acknowledge(
    message: _Message,
    *,
    part: Annotated[int, typer.Option(help="Number of the part, from 0.")],
    session: SessionFile = DEFAULT_SESSION,
) -> None:
    """Acknowledge the conditions of a part, so that the rest of it is shown."""
    ask(Session.kept(session), "POST", f"/messages/{message}/acknowledgement", {"part": part})
    print("Acknowledged.")


@app.command("take")
def take(
    message: _Message, *, session: SessionFile = DEFAULT_SESSION, as_json: options.Json = False
) -> None:
    """Take a request into work."""
    send(session, "POST", f"/messages/{message}/work", said=_line, as_json=as_json)


@app.command("reply")
def reply(
    message: _Message,
    *,
    kind: Annotated[
        str, typer.Option(metavar="WORD", help="answer, partial_answer or refusal.")
    ] = "answer",
    ground: Annotated[
        str | None, typer.Option(metavar="WORD", help="Of a refusal, such as `law`.")
    ] = None,
    text: _Text = None,
    record: _Record = None,
    file: _File = None,
    handling: _Handling = "H0",
    conditions: _Conditions = "",
    session: SessionFile = DEFAULT_SESSION,
    as_json: options.Json = False,
) -> None:
    """Answer a request, in part or whole, or refuse it on a ground."""
    parts = _parts(text, record, file, handling, conditions)
    body = {"kind": kind, "ground": ground, "parts": parts}
    send(session, "POST", f"/messages/{message}/reply", body, said=_line, as_json=as_json)


@app.command("close")
def close(
    message: _Message,
    *,
    useful: Annotated[int, typer.Option(help="0 (not at all) to 3.")],
    session: SessionFile = DEFAULT_SESSION,
    as_json: options.Json = False,
) -> None:
    """Close a request of yours that was replied to."""
    path = f"/messages/{message}/closure"
    send(session, "POST", path, {"useful": useful}, said=_line, as_json=as_json)


def _parts(
    texts: list[str] | None,
    records: list[str] | None,
    files: list[Path] | None,
    handling: str,
    conditions: str,
) -> list[dict[str, Any]]:
    marked = {"handling": handling, "conditions": conditions}
    made: list[dict[str, Any]] = [{"text": text} for text in texts or ()]
    made += [{"record": record} for record in records or ()]
    made += [{"file": _file(path)} for path in files or ()]
    return [{**part, **marked} for part in made]


def _file(path: Path) -> dict[str, str]:
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    data = b64(path.read_bytes())
    return {"name": path.name, "media_type": media_type, "data": data}


def _line(told: dict[str, Any]) -> str:
    due = f", due {moment(told['due_at'])}" if told["due_at"] else ""
    return f"{told['id']}: {plain(told['state'])}, in {told['thread']}{due}"


def _read_words(told: dict[str, Any]) -> str:
    message = told["message"]
    lines = [
        f"{message['id']}: {message['kind']} of {message['sender']} about {message['topic']}",
        f"  {message['state']}, {message['handling']}, {message['urgency']}",
    ]
    for number, part in enumerate(told["parts"]):
        grade = part["source_evaluation"] + part["information_evaluation"]
        lines.append(
            f"  part {number}: {part['kind']} of {part['owner']}, {part['handling']} {grade}"
        )
        if part["conditions"]:
            lines.append(f"    ! {isolated(part['conditions'])}")
        if part["is_withheld"]:
            lines.append("    acknowledge the conditions to read the rest")
        if part["text"]:
            lines.append(f"    {isolated(part['text'])}")
        if part["entity"]:
            lines += facts(part["entity"].get("properties", {}), "    ")
        if part["name"]:
            lines.append(f"    file: {isolated(part['name'])}")
    follow = ", ".join(dict.fromkeys(_COMMANDS.get(each, each) for each in told["possible"]))
    return "\n".join([*lines, f"  may follow: {follow or 'nothing'}"])


for _name, _path, _summary in (
    (
        "reopen",
        "reopening",
        "Ask again, because the reply is not enough; the other side reads why.",
    ),
    ("recall", "recall", "Take a message back: what it says is erased at both ends."),
):
    worded(app, _name, ("/messages", _path), _summary, _line)
