"""Readers: one module for each official format. A new format is a module and one line below."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    from didban.intake.readers.base import Reader

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
