"""Readers: one module for each official format. A new format is a module and one line below."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Final, cast

from didban.intake.readers.jsonlines import read_objects

if TYPE_CHECKING:
    from didban.intake.readers.base import Reader, Source

_MODULES: Final = {
    "un-sc": "un_sc",
    "ofac-sdn": "ofac_sdn",
    "us-csl": "us_csl",
    "uk-ofsi": "uk_ofsi",
    "eu-fsf": "eu_fsf",
    "stolen-documents": "stolen_documents",
    "ftm": "ftm",
    "csv": "tabular",
}


class _Readers(Mapping[str, "Reader"]):
    """The readers by kind; each is imported when it is asked for."""

    def __getitem__(self, kind: str) -> Reader:
        return cast("Reader", import_module(f"{__name__}.{_MODULES[kind]}"))

    def __iter__(self) -> Iterator[str]:
        return iter(_MODULES)

    def __len__(self) -> int:
        return len(_MODULES)


READERS: Final[Mapping[str, Reader]] = _Readers()


def is_delta(source: Source) -> bool:
    """Whether a file says what changed, and not what is: its lines have operations.

    An empty file is a delta in which nothing changed; taken for a whole list, it would delist all.
    """
    if source.kind != "ftm":
        return False
    objects = read_objects(source.path, source.name, lambda _reject: None)
    _, first, _ = next(objects, (0, {}, ""))
    return not first or "op" in first
