"""How a story is told: words, then a real command and how it must end."""

from __future__ import annotations

import importlib
import os
import shlex
import sys
import tempfile
import textwrap
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, NoReturn

from didban.cli.exits import Exit
from didban.cli.output import terminal_width

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A command that was begun in a process of its own, and where it prints."""

    process: int
    out: IO[bytes]

    def ended(self) -> tuple[int, str]:
        """Wait for its end; return how it ended and what it printed."""
        _, status = os.waitpid(self.process, 0)
        with self.out:
            self.out.seek(0)
            return os.waitstatus_to_exitcode(status), self.out.read().decode()


def play(scene: Scene, folder: Path) -> str:
    """Tell a scene and run its command in the folder; return what it printed.

    A command that ends otherwise than it must ends the demo.
    """
    if scene.told:
        say(scene.told)
    prefix = "".join(f"{name}={value} " for name, value in scene.variables)
    print(f"$ {prefix}didban {shlex.join(scene.command)}\n", flush=True)
    code, said = begin(scene.command, folder, dict(scene.variables)).ended()
    print(f"{said}\n(exit code {code})", flush=True)
    _require(code, scene.ends)
    return said


def quietly(command: tuple[str, ...], folder: Path) -> str:
    """Run a command that is not told, and must succeed; return what it printed."""
    return succeeded(begin(command, folder, {}))


def succeeded(running: Running) -> str:
    """Return what a command printed that must succeed, once it has."""
    code, said = running.ended()
    if code != Exit.DONE:
        print(said, file=sys.stderr)
    _require(code, Exit.DONE)
    return said


def load(modules: Iterable[str]) -> None:
    """Load what commands need, so that each that is begun has it already."""
    for name in modules:
        importlib.import_module(name)


def begin(command: tuple[str, ...], folder: Path, variables: Mapping[str, str]) -> Running:
    """Begin a command as from a shell in the folder.

    The new process is a copy of this one, so that it need not load everything again.
    """
    out = tempfile.TemporaryFile()  # noqa: SIM115 - `Running.ended` closes it
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        _become(command, folder, variables, out.fileno())
    return Running(process=child, out=out)


def _become(
    command: tuple[str, ...], folder: Path, variables: Mapping[str, str], out: int
) -> NoReturn:
    """Be the command from here on. A refusal belongs to the story: it is printed with the rest."""
    from didban.cli import main

    for name in [name for name in os.environ if name.startswith("DIDBAN_")]:
        del os.environ[name]
    os.environ.update({"COLUMNS": str(terminal_width()), **variables})
    os.chdir(folder)
    for stream in (1, 2):
        os.dup2(out, stream)
    sys.argv = ["didban", *command]
    code: object = Exit.FAILED
    try:
        main()
        code = Exit.DONE
    except SystemExit as end:
        code = end.code
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(int(code) if isinstance(code, int) else Exit.FAILED if code else Exit.DONE)


def _require(ended: int, ends: Exit) -> None:
    if ended != ends:
        print(f"didban: this should have ended with {int(ends)}, not {ended}", file=sys.stderr)
        sys.exit(Exit.FAILED)


def say(text: str) -> None:
    """Print words in lines that fit the terminal."""
    print(f"\n{textwrap.fill(text, terminal_width())}\n", flush=True)
