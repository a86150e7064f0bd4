"""Files that somebody names to a command: which kind a given one is, whether one can be written."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from didban.errors import InvalidFile, InvalidInput, Malformed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_HEAD: Final = 4_096

INTRODUCTION: Final = "what a node says of itself ('didban identity show --out')"
COURIER: Final = "entries for a courier ('didban export')"
_SIGNED: Final = "a charter, or a step that is to be signed ('didban charter', 'didban identity')"
_RECORD: Final = "a record ('didban desk report')"

_BY_MEMBER: Final[Mapping[str, str]] = {
    "descriptors": INTRODUCTION,
    "payload": _SIGNED,
    "header": COURIER,
    "entity": _RECORD,
}


@contextmanager
def reading(path: Path, wanted: str) -> Iterator[None]:
    """Let a file that is not of the wanted kind be refused with its name and what it is.

    Raises InvalidFile.
    """
    try:
        yield
    except (Malformed, UnicodeDecodeError, json.JSONDecodeError) as wrong:
        found = kind_of(path)
        what = f"it is {found}" if found not in {None, wanted} else str(wrong)
        raise InvalidFile(f"{path} is not {wanted}: {what}") from wrong


def kind_of(path: Path) -> str | None:
    """Return in words what a file is, as its beginning says; None where it says nothing."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head:
        return "empty"
    if b"-----BEGIN" in head and b"PRIVATE KEY" in head:
        return "a root key: it stays in its safe, and is given to nobody"
    if not head.lstrip().startswith(b"{"):
        return None
    return next((words for name, words in _BY_MEMBER.items() if f'"{name}"'.encode() in head), None)


def refuse_unusable(snapshot: Path, *paths: Path | None) -> None:
    """Say before the work what it could not be written to, and keep it out of the snapshot."""
    for path in paths:
        if path is None:
            continue
        if path.is_dir():
            raise InvalidInput(f"{path} is a folder; name a file")
        if not path.parent.is_dir():
            raise InvalidInput(f"there is no folder {path.parent}")
        if snapshot.resolve() in path.resolve().parents:
            raise InvalidInput(f"{path} lies in the snapshot; write it elsewhere")
