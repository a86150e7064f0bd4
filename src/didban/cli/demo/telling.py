"""How a story is told: words, then a real command and how it must end."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

from didban.cli.exits import Exit
from didban.cli.output import terminal_width

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One step of a story: what is told, the command that is run, and how it must end.

    `variables` are shown before the command.
    """

    told: str
    command: tuple[str, ...]
    ends: Exit = Exit.DONE
    variables: tuple[tuple[str, str], ...] = ()


def play(scene: Scene, folder: Path) -> str:
    """Tell a scene and run its command in the folder; return what it printed.

    A command that ends otherwise than it must ends the demo.
    """
    if scene.told:
        say(scene.told)
    prefix = "".join(f"{name}={value} " for name, value in scene.variables)
    print(f"$ {prefix}didban {shlex.join(scene.command)}\n", flush=True)
    done = _run(scene.command, folder, dict(scene.variables))
    print(f"{done.stdout}\n(exit code {done.returncode})", flush=True)
    _require(done.returncode, scene.ends)
    return done.stdout


def quietly(command: tuple[str, ...], folder: Path) -> str:
    """Run a command that is not told, and must succeed; return what it printed."""
    done = _run(command, folder, {})
    _require(done.returncode, Exit.DONE)
    return done.stdout


def _run(
    command: tuple[str, ...], folder: Path, variables: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DIDBAN_")}
    return subprocess.run(  # noqa: S603 - our own commands, as written in the story
        [sys.executable, "-m", "didban", *command],
        cwd=folder,
        env={**kept, "COLUMNS": str(terminal_width()), **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,  # a refusal belongs to the story
        text=True,
        check=False,
    )


def _require(ended: int, ends: Exit) -> None:
    if ended != ends:
        print(f"didban: this should have ended with {int(ends)}, not {ended}", file=sys.stderr)
        sys.exit(Exit.FAILED)


def say(text: str) -> None:
    """Print words in lines that fit the terminal."""
    print(f"\n{textwrap.fill(text, terminal_width())}\n", flush=True)
