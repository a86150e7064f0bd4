"""The root key as commands use it: a file that is kept elsewhere, and its passphrase."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from didban.errors import InvalidInput

if TYPE_CHECKING:
    from didban.guard.crypto.dsse import SigningKey

RootKey = Annotated[
    Path,
    typer.Option(
        "--root-key",
        metavar="FILE",
        help="The root key, on a medium that is kept elsewhere. Never in the node.",
    ),
]
PassphraseFile = Annotated[
    Path | None,
    typer.Option(
        "--passphrase-file",
        metavar="FILE",
        help="The passphrase of the root key, where nobody sits at a terminal to be asked.",
    ),
]


def opened(path: Path, passphrase: Path | None) -> SigningKey:
    """Return the root key of a file; asks for its passphrase where it has one. Raises as `read`."""
    from didban.guard.crypto import root_keys

    word = _from_file(passphrase)
    if word is None and root_keys.needs_passphrase(path) and sys.stdin.isatty():
        word = getpass.getpass(f"Passphrase of {path}: ")
    return root_keys.read(path, word)


def opened_or_new(path: Path, passphrase: Path | None) -> SigningKey:
    """Return the root key of a file, which is made where there is none yet."""
    from didban.guard.crypto import root_keys

    if path.exists():
        return opened(path, passphrase)
    word = _from_file(passphrase)
    if word is None and sys.stdin.isatty():
        word = getpass.getpass(f"A passphrase for {path} (none: leave it empty): ")
        if word and word != getpass.getpass("Again: "):
            raise InvalidInput("the passphrases differ")
    made = root_keys.new()
    root_keys.write(path, made, word)
    return made


def _from_file(path: Path | None) -> str | None:
    return path.read_text(encoding="utf-8").strip() if path else None
