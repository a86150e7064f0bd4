"""Official files as the command line names them: `KIND=PATH`, `ftm:NAME=PATH`, `csv:NAME=PATH`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from didban.errors import InvalidInput
from didban.intake.readers import READERS
from didban.intake.readers.base import Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_NAMED_KINDS = frozenset({"ftm", "csv"})  # formats of anybody: the user names the dataset
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_RESERVED = frozenset({"default"})  # as a scope of the HTTP interface it means all datasets


def read_source(text: str, mappings: Mapping[str, Path]) -> Source:
    """Return the source that `KIND[:NAME]=PATH` names.

    Raises `InvalidInput` for an unknown kind, a missing or needless name, a missing path or
    mapping. Does not open the file: its reader does.
    """
    left, equals, path = text.partition("=")
    kind, colon, name = left.strip().partition(":")
    if not equals or not path:
        raise InvalidInput(f"'{text}' is not a source; write KIND=PATH, as in un-sc=list.xml")
    if kind not in READERS:
        raise InvalidInput(f"'{kind}' is not a kind of source; the kinds are: {_kinds()}")
    if (kind in _NAMED_KINDS) != bool(colon):
        need = "needs a name" if kind in _NAMED_KINDS else "has its own name"
        raise InvalidInput(f"'{text}': the kind '{kind}' {need}; the kinds are: {_kinds()}")
    dataset = name or kind
    if not _NAME.fullmatch(dataset) or dataset in _RESERVED:
        raise InvalidInput(f"'{dataset}' cannot be a dataset's name: use letters, digits and - . _")
    if not Path(path).exists():
        raise InvalidInput(f"there is no file or folder {path}")
    if kind == "csv" and dataset not in mappings:
        raise InvalidInput(f"'{text}' needs a mapping: --mapping {dataset}=FILE.toml")
    return Source(kind=kind, name=dataset, path=Path(path), mapping=mappings.get(dataset))


def read_sources(sources: Iterable[str], mappings: Iterable[str]) -> list[Source]:
    """Return all sources of a command, with the mappings that `NAME=FILE` give them."""
    files: dict[str, Path] = {}
    for text in mappings:
        name, equals, path = text.partition("=")
        if not equals or not Path(path).is_file():
            raise InvalidInput(
                f"'{text}' is not a mapping; write NAME=FILE, with a file that exists"
            )
        files[name.removeprefix("csv:")] = Path(path)
    read = [read_source(text, files) for text in sources]
    needless = files.keys() - {source.name for source in read}
    if needless:
        raise InvalidInput(f"no source has the name of the mapping '{min(needless)}'")
    return read


def _kinds() -> str:
    return ", ".join(f"{kind}:NAME" if kind in _NAMED_KINDS else kind for kind in READERS)
