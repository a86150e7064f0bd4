"""Reads the examples of a documentation page and runs them as a reader would.

A block fenced as `console` holds commands after `$ `, their further lines after `> `, and below
them what they print. A block fenced as `python` is run as a program. All blocks of one page run in
order in one folder. A block fenced as `text $ COMMAND` shows what that command prints. What stands
above a block can change that:

    <!-- not run: it needs a second machine -->
    <!-- exits 2: the purpose is missing on purpose -->

The output shown must occur in the real one, line by line and in order. A line `...` stands for
anything; numbers and spacing may differ, since times and columns do.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_BLOCK = re.compile(
    r"(?:<!-- (?P<note>(?:not run|exits \d+): [^>]+?) -->\n)?"
    r"^```(?P<language>console|python|text) ?(?:\$ (?P<command>[^\n]+))?\n(?P<body>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_PATIENCE = 900  # seconds for one command
_USUAL_EXITS = frozenset({0, 10})  # done, and done with a possible match


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One command with the output that the page shows below it."""

    command: str
    shown: str
    exits: frozenset[int] = _USUAL_EXITS


def examples(page: Path) -> Iterator[Example]:
    """Yield the examples of a page that are to be run, in order."""
    for block in _BLOCK.finditer(page.read_text(encoding="utf-8")):
        note = block["note"] or ""
        if note.startswith("not run"):
            continue
        code = re.match(r"exits (\d+)", note)
        exits = frozenset({int(code[1])}) if code else _USUAL_EXITS
        if block["language"] == "python":
            command = f"{sys.executable} - <<'END_OF_EXAMPLE'\n{block['body']}END_OF_EXAMPLE"
            yield Example(command=command, shown="", exits=exits)
        elif block["language"] == "console":
            yield from _commands(block["body"], exits)
        elif block["command"]:
            yield Example(command=block["command"], shown=block["body"], exits=exits)


def _commands(body: str, exits: frozenset[int]) -> Iterator[Example]:
    for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
        first, *rest = part.splitlines()
        command = [first]
        shown: list[str] = []
        for line in rest:
            if (line.startswith("> ") or line == ">") and not shown:
                command.append(line[2:])
            else:
                shown.append(line)
        yield Example(command="\n".join(command), shown="\n".join(shown), exits=exits)


def run_page(page: Path, folder: Path) -> None:
    """Run the examples of a page in order in a folder; end what they left in the background."""
    groups: list[int] = []
    try:
        for example in examples(page):
            run(example, folder, groups)
    finally:
        for group in groups:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(group, signal.SIGTERM)


def run(example: Example, folder: Path, groups: list[int] | None = None) -> None:
    """Run one example in a folder and assert what the page says of it.

    The process group of its commands is added to `groups`.
    """
    shell = subprocess.Popen(
        ["bash", "-c", example.command],
        cwd=folder,
        env=_environment(folder),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    if groups is not None:
        groups.append(shell.pid)
    printed, _ = shell.communicate(timeout=_PATIENCE)
    told = f"$ {example.command}\n{printed}"
    assert shell.returncode in example.exits, f"exit code {shell.returncode}: {told}"
    missing = _first_missing_line(example.shown, printed)
    assert missing is None, f"the page shows what is not printed: {missing!r}\n{told}"


def _environment(folder: Path) -> dict[str, str]:
    """Return a newcomer's environment: our commands first, nothing of Didban's set."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("DIDBAN_", "COV_"))}
    return kept | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(folder),
        "COLUMNS": "100",
        "NO_COLOR": "1",
        "TERM": "dumb",
        "LC_ALL": "C.UTF-8",
    }


def _first_missing_line(shown: str, printed: str) -> str | None:
    lines = iter([_bare(line) for line in printed.splitlines()])
    for wanted in shown.splitlines():
        bare = _bare(wanted)
        if bare not in ("", "...") and not any(bare == line for line in lines):
            return wanted
    return None


def _bare(line: str) -> str:
    """Return a line with its numbers and spacing made equal."""
    return " ".join(re.sub(r"\d+(?:[.,:]\d+)*", "0", line).split())
