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

    `variables` are shown before the command; what a scene must not show goes to `play`.
    """

    told: str
    command: tuple[str, ...]
    ends: Exit = Exit.DONE
    variables: tuple[tuple[str, str], ...] = ()


def play(scene: Scene, folder: Path, hidden: Mapping[str, str] | None = None) -> str:
    """Tell a scene and run its command in the folder; return what it printed.

    - `hidden`: further variables, such as a password that nobody types on a command line.

    A command that ends otherwise than it must ends the demo.
    """
    if scene.told:
        say(scene.told)
    prefix = "".join(f"{name}={value} " for name, value in scene.variables)
    print(f"$ {prefix}didban {shlex.join(scene.command)}\n", flush=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DIDBAN_")}
    done = subprocess.run(  # noqa: S603 - our own commands, as written in the story
        [sys.executable, "-m", "didban", *scene.command],
        cwd=folder,
        env={**kept, **dict(scene.variables), **(hidden or {})},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    print(f"{done.stdout}\n(exit code {done.returncode})", flush=True)
    if done.returncode != scene.ends:
        print(f"didban: this should have ended with {int(scene.ends)}", file=sys.stderr)
        sys.exit(Exit.FAILED)
    return done.stdout


def say(text: str) -> None:
    """Print words in lines that fit the terminal."""
    print(f"\n{textwrap.fill(text, terminal_width())}\n", flush=True)
