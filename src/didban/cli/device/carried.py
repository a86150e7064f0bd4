"""`didban device` on the device: no network, no database; the core and `cryptography` alone."""

from __future__ import annotations

import getpass
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from didban.cli import options
from didban.cli.exits import Exit
from didban.errors import InvalidInput, Unavailable

if TYPE_CHECKING:
    from didban.screening.devices.installing import Trusts

_Folder = Annotated[
    Path,
    typer.Option("--device", metavar="FOLDER", envvar="DIDBAN_DEVICE", help="The device's folder."),
]
_Memory = Annotated[
    Path,
    typer.Option("--memory", metavar="FOLDER", help="A file system that is memory, not a disk."),
]
DEFAULT_FOLDER = Path("~/.local/share/didban-device")
DEFAULT_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder in it is made for this user alone
_VARIABLE = "DIDBAN_DEVICE_PASSPHRASE"


def new(
    label: Annotated[str, typer.Argument(metavar="LABEL", help="Which device: `Gate 4, no. 2`.")],
    *,
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="What is handed to the node.")
    ] = Path("device.json"),
    folder: _Folder = DEFAULT_FOLDER,
    as_json: options.Json = False,
) -> None:
    """Make the keys of a new device. They never leave it."""
    _require_cryptography()
    from didban.model.devices import in_groups
    from didban.screening.devices.vault import Vault

    word = _passphrase("A passphrase for this device: ", again=True)
    made = Vault.make(folder.expanduser(), label, word)
    out.write_bytes(made.request())
    if as_json:
        print(json.dumps({"id": made.id, "request": str(out)}))
        return
    print(f"{made.label}\n\n  {in_groups(made.id.removeprefix('dev_'))}\n")
    print(f"Bring {out} to the node: didban device enrol {out}")


def open_device(
    package: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[PACKAGE]...", help="What the node made, in its order."),
    ] = None,
    *,
    words: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT",
            help="With the first package: the thirteen words of the node, as an officer of it said.",
        ),
    ] = None,
    folder: _Folder = DEFAULT_FOLDER,
    memory: _Memory = DEFAULT_MEMORY,
    as_json: options.Json = False,
) -> None:
    """Open the device for a shift; take in packages first, if any are given."""
    _require_cryptography()
    from didban import clock
    from didban.cli.device.words import status_json, status_words
    from didban.screening.devices.installing import open_device as opened

    given = [path.read_bytes() for path in package or ()]
    session, told = opened(
        folder.expanduser(),
        _passphrase("Passphrase: "),
        given,
        _trust(words),
        now=clock.now(),
        in_memory=memory,
    )
    if as_json:
        print(json.dumps(status_json(session, told)))
        return
    for one in told:
        print(
            "It was there already."
            if one.is_known
            else f"Took in {one.put:,}, deleted {one.deleted:,}."
        )
    print(status_words(session))


def check(
    *,
    mrz: Annotated[
        list[str] | None,
        typer.Option(metavar="ZONE", help="A machine-readable zone; repeats; - reads input."),
    ] = None,
    name: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="A name, in any script; repeats.")
    ] = None,
    birth_date: Annotated[
        str | None, typer.Option(metavar="DATE", help="Of any precision.")
    ] = None,
    nationality: Annotated[
        list[str] | None, typer.Option(metavar="STATE", help="A state's code or name; repeats.")
    ] = None,
    sex: Annotated[str | None, typer.Option(metavar="SEX", help="M, F or X.")] = None,
    document: Annotated[
        list[str] | None,
        typer.Option(metavar="ISSUER:TYPE:NUMBER", help="As UTO:P:L898902C3; repeats."),
    ] = None,
    reference: Annotated[
        str, typer.Option(metavar="TEXT", help="The shift or case that asks.")
    ] = "",
    folder: _Folder = DEFAULT_FOLDER,
    memory: _Memory = DEFAULT_MEMORY,
    as_json: options.Json = False,
) -> None:
    """Check a person or a document, without a link.

    Ends with 0 for no match, 10 for a possible match, 20 when nothing can be said: the data is past
    its hard limit, or the clock was set back.
    """
    _require_cryptography()
    from didban import clock
    from didban.cli.device.words import answer_json, answer_words
    from didban.screening.devices import checking
    from didban.screening.devices import memory as in_memory
    from didban.screening.question import Question

    session = in_memory.resume(folder.expanduser(), memory)
    question = Question(
        names=tuple(name or ()),
        birth_date=birth_date,
        nationalities=tuple(nationality or ()),
        sex=sex,
        documents=tuple(document or ()),
        mrzs=tuple(options.zone_text(text) for text in mrz or ()),
    )
    answer = checking.check(session, question, reference=reference, now=clock.now())
    told = answer_json(answer, session) if as_json else answer_words(answer, session)
    print(told)
    raise typer.Exit(_EXITS[answer.verdict.value])


def status(
    *,
    folder: _Folder = DEFAULT_FOLDER,
    memory: _Memory = DEFAULT_MEMORY,
    as_json: options.Json = False,
) -> None:
    """Show how old the data is, what it may still say, and what waits to be brought back.

    Ends with 20 past the hard limit.
    """
    _require_cryptography()
    from didban import clock
    from didban.cli.device.words import status_json, status_words
    from didban.screening.devices import checking
    from didban.screening.devices import memory as in_memory

    session = in_memory.resume(folder.expanduser(), memory)
    print(json.dumps(status_json(session, [])) if as_json else status_words(session))
    freshness, _ = checking.freshness_of(session, clock.now())
    if freshness.is_expired:
        raise typer.Exit(Exit.UNKNOWN)


def bring_back(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What is brought to the node.")],
    *,
    folder: _Folder = DEFAULT_FOLDER,
    as_json: options.Json = False,
) -> None:
    """Write what the node is to have: checks, sealed to it, and proofs of what was deleted.

    It needs no passphrase: nobody but the node can read it. It stays here until the next package
    says that the node has it.
    """
    _require_cryptography()
    from didban.screening.devices import journal
    from didban.screening.devices.vault import held, replace_file

    place = folder.expanduser()
    with held(place):
        raw = journal.to_return(place)
        count = sum(1 for _ in journal.entries(place, 0))
    replace_file(file, raw)
    print(
        json.dumps({"entries": count, "bytes": len(raw)})
        if as_json
        else f"{file}: {count} entries, {len(raw):,} bytes. At the node: didban device receive"
    )


def close(*, folder: _Folder = DEFAULT_FOLDER, memory: _Memory = DEFAULT_MEMORY) -> None:
    """End the shift: forget what is open in memory."""
    _require_cryptography()
    from didban.screening.devices import memory as in_memory
    from didban.screening.devices.vault import held, public_part

    place = folder.expanduser()
    with held(place):
        was_open = in_memory.close(memory, str(public_part(place)["id"]))
    print("Closed." if was_open else "It was not open.")


_EXITS = {
    "no_match": Exit.DONE,
    "possible_match": Exit.POSSIBLE_MATCH,
    "unknown": Exit.UNKNOWN,
}


def _trust(words: str | None) -> Trusts:
    """Return what decides whether the words of a node's root key were compared."""

    def trusts(code: str, root: bytes) -> bool:
        from didban.exchange import words as in_words

        given = words
        if given is None and sys.stdin.isatty():
            print(f"This package is of '{code}'. Ask an officer there for the thirteen words")
            print("that 'didban identity show' prints, and type them.")
            given = input("Words: ")
        if not given:
            return False
        if in_words.read(given) != in_words.of(code, root):
            raise InvalidInput("the words are not those of the key that signed: do not use it")
        return True

    return trusts


def _passphrase(prompt: str, *, again: bool = False) -> str:
    given = os.environ.get(_VARIABLE)
    if given is None and sys.stdin.isatty():
        given = getpass.getpass(prompt)
        if again and given != getpass.getpass("Again: "):
            raise InvalidInput("the passphrases differ")
    if not given:
        raise InvalidInput(f"no passphrase: type it at a terminal, or set {_VARIABLE}")
    return given


def _require_cryptography() -> None:
    try:
        import cryptography  # noqa: F401 - only whether it is there
    except ModuleNotFoundError as error:
        raise Unavailable(
            "cryptography is missing: install Didban for a device, didban[device]"
        ) from error
